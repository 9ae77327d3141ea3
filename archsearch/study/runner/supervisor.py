"""What is done at each look at the queue."""

from __future__ import annotations

import dataclasses
import logging
import socket
import time
from collections.abc import Callable

from archsearch.spelling import signal_name
from archsearch.store import JobRow, Store
from archsearch.store.rows import JobState
from archsearch.study.runner.processes import HELD, Coordinator, Launch, Missing

LOG = logging.getLogger("archsearch.runner")

MOST_CRASHES = 3
"""Deaths of a coordinator in a row, without an evaluation in between, after which its study is given up."""
PATIENCE = 10.0
"""Seconds between asking a coordinator to end and killing it."""
_DELAY, _LONGEST_DELAY = 1.0, 30.0

_ALIVE: tuple[JobState, ...] = ("running", "stopping")


@dataclasses.dataclass
class _Care:
    """What is remembered of one job; all of it can be lost. Times are those of the clock."""

    process: Coordinator
    asked: float | None = None
    """When it was asked to end."""
    killed: bool = False
    """Whether it has been killed, as far as that can be done from here."""
    not_before: float | None = None
    """When it may be started again, once it is gone."""
    refusals: int = 0
    """How often in a row somebody else had the study."""
    runs: int = 0
    """Runs that the study had when it was started."""


class Supervisor:
    """Looks after the jobs of a database. One at a time: whoever calls it holds the runner's lock."""

    def __init__(self, store: Store, cores: int, launch: Launch, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._cores = cores
        self._launch = launch
        self._clock = clock
        self._cares: dict[int, _Care] = {}

    def look(self) -> None:
        """Do what is to be done now."""
        for job in self._store.jobs():
            if job.state in _ALIVE:
                self._tend(job)
        self._begin_waiting()
        alive = {job.study_id for job in self._store.jobs() if job.state in _ALIVE}
        for study_id in [each for each in self._cares if each not in alive]:
            if self._cares[study_id].process.status is not None:  # else it is about to end, and is to be reaped
                del self._cares[study_id]

    def stop(self, wait: Callable[[float], None] = time.sleep) -> None:
        """Let all coordinators stop cleanly. Their jobs stay as they are: the next supervisor goes on with them."""
        for job in self._store.jobs():
            if job.state in _ALIVE:
                self._care(job)
        cares = self._cares  # among them coordinators that have come to the end and are about to go
        for care in cares.values():
            care.process.ask_to_end()
        deadline = self._clock() + PATIENCE
        while any(care.process.status is None for care in cares.values()) and self._clock() < deadline:
            wait(0.05)
        for study_id, care in cares.items():
            if care.process.status is not None:
                self._store.stop_job(study_id)  # where somebody has asked for that
                self._store.clear_process(study_id)

    # --- jobs that run

    def _care(self, job: JobRow) -> _Care:
        if job.study_id not in self._cares:
            self._cares[job.study_id] = _Care(self._launch.find(job), runs=self._runs(job))
        return self._cares[job.study_id]

    def _tend(self, job: JobRow) -> None:
        care = self._care(job)
        status = care.process.status
        if status is None:
            if job.state == "stopping":
                self._press(job, care)
            elif job.crashes and self._runs(job) > care.runs:  # now: whoever sees its next death may not know of this
                self._store.forget_crashes(job.study_id)
            return
        now = self._store.job(job.study_id)  # a coordinator that came to its end has removed its job
        if now is None or now.state not in _ALIVE:
            del self._cares[job.study_id]
        elif now.state == "stopping":
            self._store.stop_job(job.study_id)
            self._tell("cancelled", job)
            del self._cares[job.study_id]
        elif care.not_before is None:
            self._note_death(now, care, status)
        elif self._clock() >= care.not_before:
            self._start(now)

    def _press(self, job: JobRow, care: _Care) -> None:
        """Ask a coordinator to end, later make it."""
        if care.asked is None:
            care.asked = self._clock()
            care.process.ask_to_end()
        elif self._clock() - care.asked > PATIENCE:
            if not care.killed:
                care.killed = True
                self._tell("killed", job)
            care.process.kill()

    def _note_death(self, job: JobRow, care: _Care, status: int) -> None:
        """Decide when a coordinator that is gone is started again, or that it is not."""
        if care.process.own and status == HELD:
            care.refusals += 1
            care.not_before = self._clock() + min(_DELAY * 2**care.refusals, _LONGEST_DELAY)
            return
        if job.pid is None:  # its server stopped it, or died before it could say which process it is
            care.not_before = self._clock()
            self._start(job)
            return
        if self._runs(job) > care.runs:
            self._store.forget_crashes(job.study_id)
        crashes = self._store.count_crash(job.study_id)
        self._tell("died", job, status=status, crashes=crashes)
        if crashes >= MOST_CRASHES:
            self._store.fail_job(job.study_id, f"its process died {crashes} times in a row: {_spell(status, care)}")
            del self._cares[job.study_id]
        else:
            care.not_before = self._clock() + _DELAY * (crashes - 1)
            if crashes == 1:
                self._start(job)

    # --- jobs that wait

    def _begin_waiting(self) -> None:
        """Start what waits, in its order; what is too large for now keeps what comes later waiting."""
        jobs = self._store.jobs()
        free = self._cores - sum(job.workers for job in jobs if job.state in _ALIVE)
        for job in (job for job in jobs if job.state == "queued"):
            last = self._cares.get(job.study_id)
            if min(job.workers, self._cores) > free or (last and last.process.status is None):
                return
            if self._store.begin_job(job.study_id):
                self._cares.pop(job.study_id, None)
                self._start(job)
                free -= job.workers

    def _start(self, job: JobRow) -> None:
        refusals = self._cares[job.study_id].refusals if job.study_id in self._cares else 0
        wanted = dataclasses.replace(job, workers=min(job.workers, self._cores))
        runs = self._runs(job)

        def note(pid: int, started: float) -> None:
            self._store.set_process(job.study_id, pid, started, socket.gethostname())
            self._tell("started", job, pid=pid)

        try:
            process = self._launch.start(wanted, note)
        except OSError as error:  # no process or no memory to be had: the other studies are looked after all the same
            LOG.warning("no coordinator", extra={"facts": {"study": job.study, "reason": str(error)}})
            later = self._clock() + _LONGEST_DELAY
            self._cares[job.study_id] = _Care(Missing(), not_before=later, refusals=refusals, runs=runs)
        else:
            self._cares[job.study_id] = _Care(process, refusals=refusals, runs=runs)

    def _runs(self, job: JobRow) -> int:
        return sum(self._store.progress(job.study_id).runs.values())

    def _tell(self, event: str, job: JobRow, **facts: object) -> None:
        LOG.info("coordinator %s", event, extra={"facts": {"study": job.study, **facts}})


def _spell(status: int, care: _Care) -> str:
    if not care.process.own:
        return "nobody saw how"
    return signal_name(-status) if status < 0 else f"status {status}"
