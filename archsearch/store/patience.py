"""Waiting for a database that does not answer: as long as it takes, up to a limit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from archsearch.errors import Interrupted
from archsearch.store import NoAnswer

PATIENCE = 600.0
"""Seconds that a coordinator waits by default."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 2.0
_Result = TypeVar("_Result")


class Patience:
    """Repeats what fails because the database does not answer, until `seconds` have passed without an answer.

    The second failure in a row is told, once. `Interrupted` once `stop` is set.
    """

    def __init__(
        self, seconds: float = PATIENCE, tell: Callable[[str], None] | None = None, stop: threading.Event | None = None
    ) -> None:
        self._seconds = seconds
        self._tell = tell or _keep_quiet
        self._stop = stop or threading.Event()

    def __call__(self, action: Callable[[], _Result]) -> _Result:
        """Return what `action` returns; it must be one that can be repeated."""
        deadline: float | None = None
        failures, pause = 0, _FIRST_PAUSE
        while True:
            try:
                return action()
            except NoAnswer as error:
                now = time.monotonic()
                deadline = now + self._seconds if deadline is None else deadline
                failures += 1
                if now >= deadline:
                    raise
                if failures == 1:  # a connection that was only cut is there again at once
                    continue
                if failures == 2:
                    self._tell(f"{error}; waiting up to {self._seconds:g} s")
                if self._stop.wait(min(pause, deadline - now)):
                    raise Interrupted("stopped while the database did not answer; run it again to go on") from error
                pause = min(2 * pause, _LONGEST_PAUSE)


def _keep_quiet(text: str) -> None:
    """Tell nothing."""
