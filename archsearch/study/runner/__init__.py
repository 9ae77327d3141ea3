"""Run the queue: one coordinator process per study, within a limit of cores.

A coordinator is a process of its own, holds the lock of its study and needs no server. After any crash, the database
and the living processes tell what is left, and `Supervisor.look` does the rest: it starts queued studies, restarts dead
coordinators and stops cancelled ones. It works without what it keeps in memory.
"""

from __future__ import annotations

import threading
from pathlib import Path

from archsearch.errors import Refused
from archsearch.store import HeldElsewhere
from archsearch.store.lock import runner_lock
from archsearch.store.store import Store
from archsearch.study.runner.processes import Launch, LocalLaunch
from archsearch.study.runner.supervisor import LOG, Supervisor

POLL = 0.5
"""Seconds between two looks at the queue, unless `wake` is called."""
_TURN = 2.0
"""Seconds between two attempts to become the runner of a database."""


class Runner:
    """Runs the queue of the database at `url` within `cores`, from `start` to `stop`.

    One runner per database: a second one waits until the first is gone. `stop` lets the coordinators stop cleanly, and
    the next runner goes on with their studies; when the process dies instead, they go on by themselves, and the next
    runner finds them. Tests give a `launch`.
    """

    def __init__(self, url: str, cores: int, tasks_from: Path | None = None, launch: Launch | None = None) -> None:
        self._url = url
        self._cores = cores
        self._launch = launch or LocalLaunch(url, tasks_from)
        self._last: Supervisor | None = None
        """The last one whose look succeeded, unless another server has taken over since."""
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name="runner", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now."""
        self._woken.set()

    def stop(self) -> None:
        """Let all coordinators stop, and wait for them; one that takes longer than some seconds is left running."""
        self._stopping.set()
        self._woken.set()
        self._thread.join()

    def _live(self) -> None:
        while not self._stopping.is_set():
            try:
                with runner_lock(self._url), Store.create(self._url, lasting=True) as store:
                    self._supervise(Supervisor(store, self._cores, self._launch))
            except HeldElsewhere:
                self._last = None
                self._rest(_TURN)
            except Refused as error:  # the database does not answer; coordinators go on meanwhile
                LOG.warning("the queue cannot be read", extra={"facts": {"reason": str(error)}})
                self._rest(_TURN)
            except Exception:  # noqa: BLE001 (an error must not stop the queue for good)
                LOG.exception("the runner begins anew")
                self._rest(_TURN)
        if self._last is not None:  # the database has stopped answering
            self._last.leave()

    def _supervise(self, supervisor: Supervisor) -> None:
        try:
            while not self._stopping.is_set():
                supervisor.look()
                self._last = supervisor
                self._rest(POLL)
        finally:  # `look` may have waited a minute for the database, without success
            if self._stopping.is_set():
                supervisor.stop()
                if self._last is supervisor:
                    self._last = None

    def _rest(self, seconds: float) -> None:
        self._woken.wait(seconds)
        if not self._stopping.is_set():
            self._woken.clear()
