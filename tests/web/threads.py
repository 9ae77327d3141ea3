"""In which threads something is done."""

from __future__ import annotations

import importlib
import threading
from typing import Any

import pytest


def note_threads(monkeypatch: pytest.MonkeyPatch, name: str) -> list[bool]:
    """For each call of the function `name` from now on, whether it was made beside the event loop, by a reader's."""
    module, _, attribute = name.rpartition(".")
    real = getattr(importlib.import_module(module), attribute)
    found: list[bool] = []

    def noted(*given: Any, **named: Any) -> Any:
        found.append(threading.current_thread().name.startswith("archsearch_"))
        return real(*given, **named)

    monkeypatch.setattr(name, noted)
    return found
