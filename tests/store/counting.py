"""Counting what is read of a database."""

from __future__ import annotations

from typing import Any

import pytest

from archsearch.store import FailedAttempt, pages


def failures_read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """A list that grows by each failure that is read from now on."""
    read: list[object] = []
    real = pages._read_failure

    def count(row: Any, lines: Any) -> FailedAttempt:
        read.append(row)
        return real(row, lines)

    monkeypatch.setattr(pages, "_read_failure", count)
    return read
