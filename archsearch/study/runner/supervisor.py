"""What is done at each look at the queue."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import time
from collections.abc import Callable, Iterator

from archsearch.errors import Refused
from archsearch.spelling import signal_name
from archsearch.store import JobRow, JobState, Unavailable
from archsearch.store.store import Store
from archsearch.study.runner.processes import HELD, UNAVAILABLE, Coordinator, Launch, Missing, here

LOG = logging.getLogger("archsearch.runner")

MOST_CRASHES = 3
"""Deaths of a coordinator in a row, without an evaluation in between, after which its study is given up."""
PATIENCE = 10.0
"""Seconds between asking a coordinator to end and killing it."""
_DELAY, _LONGEST_DELAY = 1.0, 30.0
_DOUBLINGS = 10

_ALIVE: tuple[JobState, ...] = ("running", "stopping")


@dataclasses.dataclass
class _Care:
    """What is remembered of one job; all of it can be lost. Times are those of the clock."""

    study: str
    process: Coordinator
    asked: float | None = None
    """When it was asked to end."""
    killed: bool = False
    """Whether it has been killed, as far as that can be done from here."""
    over: float | None = None
    """When its job was first seen to be over."""
    not_before: float | None = None
    """When it may be started again, once it is gone."""
    refusals: int = 0
    """How often in a row it could not run, because of somebody else or of what was lacking."""
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
        self._troubles: dict[str, str] = {}  # by study, so that each is logged once

    def look(self) -> None:
        """Do what is to be done now. What goes wrong at one job keeps no other from its turn.

        Raises `Unavailable` where the database does not answer.
        """
        for job in self._store.jobs():
            if job.state in _ALIVE:
                with self._apart(job.study):
                    self._tend(job)
        self._begin_waiting()
        alive = {job.study_id for job in self._store.jobs() if job.state in _ALIVE}
        for study_id, care in list(self._cares.items()):
            if study_id not in alive:
                with self._apart(care.study):
                    self._see_off(study_id, care)

    def stop(self, wait: Callable[[float], None] = time.sleep) -> None:
        """Let all coordinators stop cleanly. Their jobs stay as they are: the next supervisor goes on with them.

        What the database does not let be read or written is left out.
        """
        known = set(self._cares)
        self._ask_all(known)
        with self._without_database():
            for job in self._store.jobs():
                if job.state in _ALIVE and job.study_id not in known:
                    with self._without_database(), self._apart(job.study):
                        self._cares[job.study_id] = _Care(job.study, self._launch.find(job))
        self._ask_all(set(self._cares) - known)
        self._await(wait)
        for study_id, care in self._cares.items():
            if self._has_ended(care):
                with self._without_database():
                    self._settle(study_id, care)  # where somebody has asked for that
                with self._without_database():
                    self._store.clear_process(study_id)

    def leave(self, wait: Callable[[float], None] = time.sleep) -> None:
        """Let the coordinators that are known stop cleanly, where there is no database to say so."""
        self._ask_all(set(self._cares))
        self._await(wait)

    def _ask_all(self, wanted: set[int]) -> None:
        for care in [self._cares[study_id] for study_id in wanted]:
            with self._without_database(), self._apart(care.study):
                care.process.ask_to_end()

    def _await(self, wait: Callable[[float], None]) -> None:
        cares = self._cares.values()  # among them coordinators that have come to the end and are about to go
        deadline = self._clock() + PATIENCE
        while not all(map(self._has_ended, cares)) and self._clock() < deadline:
            wait(0.05)

    def _has_ended(self, care: _Care) -> bool:
        """Not where that cannot be told."""
        with self._without_database(), self._apart(care.study):
            return care.process.status is not None
        return False

    @contextlib.contextmanager
    def _apart(self, study: str) -> Iterator[None]:
        """Keep what goes wrong at one study from the others, and log it once; `Unavailable` concerns all of them."""
        try:
            yield
        except Unavailable:
            raise
        except Exception as error:
            if self._troubles.get(study) != repr(error):
                LOG.exception("a study is passed over", extra={"facts": {"study": study, "reason": str(error)}})
            self._troubles[study] = repr(error)
        else:
            self._troubles.pop(study, None)

    @contextlib.contextmanager
    def _without_database(self) -> Iterator[None]:
        """Go on where it does not answer."""
        try:
            yield
        except Refused as error:
            LOG.warning("stopping without the database", extra={"facts": {"reason": str(error)}})

    # --- jobs that run

    def _care(self, job: JobRow) -> _Care:
        if job.study_id not in self._cares:
            self._cares[job.study_id] = _Care(job.study, self._launch.find(job), runs=self._runs(job))
        return self._cares[job.study_id]

    def _tend(self, job: JobRow) -> None:
        care = self._care(job)
        status = care.process.status
        if status is None:
            if job.state == "stopping":
                self._press(care)
            elif job.crashes and self._runs(job) > care.runs:  # now: whoever sees its next death may not know of this
                self._store.forget_crashes(job.study_id)
            return
        now = self._store.job(job.study_id)  # a coordinator that came to its end has removed its job
        if now is None or now.state not in _ALIVE:
            del self._cares[job.study_id]
        elif now.state == "stopping":
            self._settle(job.study_id, care)
            self._tell("cancelled", job.study)
            del self._cares[job.study_id]
        elif care.not_before is None:
            self._note_death(now, care, status)
        elif self._clock() >= care.not_before:
            self._start(now)

    def _press(self, care: _Care) -> None:
        """Ask a coordinator to end, later make it."""
        if care.asked is None:
            care.asked = self._clock()
            care.process.ask_to_end()
        elif self._clock() - care.asked > PATIENCE:
            if not care.killed:
                care.killed = True
                self._tell("killed", care.study)
            care.process.kill()

    def _settle(self, study_id: int, care: _Care) -> None:
        """What was asked to stop has stopped."""
        if care.refusals or (care.process.own and care.process.status == HELD):
            self._store.clear_process(study_id)  # what somebody else runs goes on
        self._store.stop_job(study_id)

    def _see_off(self, study_id: int, care: _Care) -> None:
        """Forget a coordinator whose job is over once it has ended, and been asked how; make it where it hangs."""
        if care.process.status is not None:
            del self._cares[study_id]
        elif care.over is None:
            care.over = self._clock()
        elif self._clock() - care.over > PATIENCE:
            self._press(care)

    def _note_death(self, job: JobRow, care: _Care, status: int) -> None:
        """Decide when a coordinator that is gone is started again, or that it is not."""
        if self._runs(job) > care.runs:
            self._store.forget_crashes(job.study_id)
        if care.process.own and status in (HELD, UNAVAILABLE):
            self._put_off(job, care, status)
            return
        if job.pid is None:  # its server stopped it, or died before it could say which process it is
            care.not_before = self._clock()
            self._start(job)
            return
        crashes = self._store.count_crash(job.study_id)
        self._tell("died", job.study, status=status, crashes=crashes)
        if crashes >= MOST_CRASHES:
            self._store.fail_job(job.study_id, f"its process died {crashes} times in a row: {_spell(status, care)}")
            del self._cares[job.study_id]
        else:
            care.not_before = self._clock() + _DELAY * (crashes - 1)
            if crashes == 1:
                self._start(job)

    def _put_off(self, job: JobRow, care: _Care, status: int) -> None:
        """What somebody else runs, or what lacks something for now, is tried again ever more rarely."""
        care.refusals += 1
        care.not_before = self._clock() + min(_DELAY * 2 ** min(care.refusals, _DOUBLINGS), _LONGEST_DELAY)
        if status != HELD or care.refusals == 1:
            reason = "somebody else runs the study" if status == HELD else "its process has said what is lacking"
            self._tell("put off", job.study, status=status, reason=reason)
        self._store.clear_process(job.study_id)  # nor is it a crash for the next server

    # --- jobs that wait

    def _begin_waiting(self) -> None:
        """Start what waits, in its order; what is too large for now keeps what comes later waiting."""
        jobs = self._store.jobs()
        free = self._cores - sum(job.workers for job in jobs if job.state in _ALIVE)
        for job in (job for job in jobs if job.state == "queued"):
            if min(job.workers, self._cores) > free:
                return
            with self._apart(job.study):
                last = self._cares.get(job.study_id)
                if last and last.process.status is None:
                    return
                if self._store.begin_job(job.study_id):
                    free -= job.workers
                    self._cares.pop(job.study_id, None)
                    self._start(job)

    def _start(self, job: JobRow) -> None:
        refusals = self._cares[job.study_id].refusals if job.study_id in self._cares else 0
        wanted = dataclasses.replace(job, workers=min(job.workers, self._cores))
        runs = self._runs(job)

        def note(pid: int, started: float) -> None:
            self._store.set_process(job.study_id, pid, started, here())
            self._tell("started", job.study, pid=pid)

        try:
            process = self._launch.start(wanted, note)
        except OSError as error:  # no process or no memory to be had: the other studies are looked after all the same
            LOG.warning("no coordinator", extra={"facts": {"study": job.study, "reason": str(error)}})
            later = self._clock() + _LONGEST_DELAY
            self._cares[job.study_id] = _Care(job.study, Missing(), not_before=later, refusals=refusals, runs=runs)
            self._store.clear_process(job.study_id)  # the one before has been counted
        else:
            self._cares[job.study_id] = _Care(job.study, process, refusals=refusals, runs=runs)

    def _runs(self, job: JobRow) -> int:
        return sum(self._store.progress(job.study_id).runs.values())

    def _tell(self, event: str, study: str, **facts: object) -> None:
        LOG.info("coordinator %s", event, extra={"facts": {"study": study, **facts}})


def _spell(status: int, care: _Care) -> str:
    if not care.process.own:
        return "nobody saw how"
    return signal_name(-status) if status < 0 else f"status {status}"
