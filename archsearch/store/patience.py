"""Wait for a database that does not answer, up to a limit."""

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
    """Repeats an action that fails with `NoAnswer`, until `seconds` have passed without an answer.

    `tell` is called once, at the second failure in a row. Raises `Interrupted` once `stop` is set.
    """

    def __init__(
        self, seconds: float = PATIENCE, tell: Callable[[str], None] | None = None, stop: threading.Event | None = None
    ) -> None:
        self._seconds = seconds
        self._tell = tell or _keep_quiet
        self._stop = stop or threading.Event()

    def __call__(self, action: Callable[[], _Result]) -> _Result:
        """Return the result of `action`, which may run several times."""
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
                if failures == 1:  # a connection that was only cut works again at once
                    continue
                if failures == 2:
                    self._tell(f"{error}; waiting up to {self._seconds:g} s")
                if self._stop.wait(min(pause, deadline - now)):
                    raise Interrupted("stopped while the database did not answer; run it again to go on") from error
                pause = min(2 * pause, _LONGEST_PAUSE)


def _keep_quiet(text: str) -> None:
    """Tell nothing."""
