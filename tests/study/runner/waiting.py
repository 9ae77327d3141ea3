"""Waiting for what other processes do."""

from __future__ import annotations

import time
from collections.abc import Callable

DEADLINE = 180.0
"""Seconds after which what was to happen does not happen any more; far more than it takes."""


def wait_until(condition: Callable[[], object], deadline: float = DEADLINE) -> None:
    """Return as soon as the condition holds."""
    end = time.monotonic() + deadline
    while not condition():
        assert time.monotonic() < end, f"still not so after {deadline} s"
        time.sleep(0.02)
