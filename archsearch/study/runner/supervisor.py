"""The supervisor: starts, restarts and stops coordinators, at each look at the queue."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import time
from collections.abc import Callable, Iterator

from archsearch.errors import Refused
from archsearch.spelling import signal_name
from archsearch.store import JobRow, Unavailable
from archsearch.store.jobs import ALIVE
from archsearch.store.store import Store
from archsearch.study.runner.processes import HELD, UNAVAILABLE, Coordinator, Launch, Missing, here

LOG = logging.getLogger("archsearch.runner")

MOST_CRASHES = 3
"""Deaths of a coordinator in a row, without an evaluation in between, after which its job fails."""
PATIENCE = 10.0
"""Seconds between asking a coordinator to end and killing it."""
_DELAY, _LONGEST_DELAY = 1.0, 30.0
_DOUBLINGS = 10


@dataclasses.dataclass
class _Supervision:
    """What the supervisor remembers of one job, none of it indispensable. Times are those of the clock."""

    study: str
    process: Coordinator
    asked: float | None = None
    """When the supervisor asked it to end."""
    killed: bool = False
    """Whether the supervisor has killed it, or tried to."""
    over: float | None = None
    """When the supervisor first found its job finished."""
    not_before: float | None = None
    """When a dead coordinator may be started again."""
    refusals: int = 0
    """How often in a row it could not run: another process had the study, or the machine lacked something."""
    runs: int = 0
    """Runs that the study had when the coordinator was started."""


class Supervisor:
    """Looks after the jobs of a database. Its caller holds the runner's lock, so that there is one at a time."""

    def __init__(self, store: Store, cores: int, launch: Launch, clock: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._cores = cores
        self._launch = launch
        self._clock = clock
        self._supervised: dict[int, _Supervision] = {}
        self._errors: dict[str, str] = {}  # by study, so that each is logged once

    def look(self) -> None:
        """Do what the queue needs now. An error at one job does not affect the others.

        Raises `Unavailable` where the database does not answer.
        """
        for job in self._store.jobs():
            if job.state in ALIVE:
                with self._isolated(job.study):
                    self._supervise(job)
        self._begin_waiting()
        alive = {job.study_id for job in self._store.jobs() if job.state in ALIVE}
        for study_id, supervision in list(self._supervised.items()):
            if study_id not in alive:
                with self._isolated(supervision.study):
                    self._reap(study_id, supervision)

    def stop(self, wait: Callable[[float], None] = time.sleep) -> None:
        """Let all coordinators stop cleanly. Their jobs stay as they are: the next supervisor goes on with them.

        Steps that fail because the database does not answer are left out.
        """
        known = set(self._supervised)
        self._ask_to_end(known)
        with self._without_database():
            for job in self._store.jobs():
                if job.state in ALIVE and job.study_id not in known:
                    with self._without_database(), self._isolated(job.study):
                        self._supervised[job.study_id] = _Supervision(job.study, self._launch.find(job))
        self._ask_to_end(set(self._supervised) - known)
        self._wait_for_ends(wait)
        for study_id, supervision in self._supervised.items():
            if self._has_ended(supervision):
                with self._without_database():
                    self._record_stop(study_id, supervision)  # where a user has asked for that
                with self._without_database():
                    self._store.clear_process(study_id)

    def leave(self, wait: Callable[[float], None] = time.sleep) -> None:
        """Let the known coordinators stop cleanly, without recording it: the database does not answer."""
        self._ask_to_end(set(self._supervised))
        self._wait_for_ends(wait)

    def _ask_to_end(self, study_ids: set[int]) -> None:
        for supervision in [self._supervised[study_id] for study_id in study_ids]:
            with self._without_database(), self._isolated(supervision.study):
                supervision.process.ask_to_end()

    def _wait_for_ends(self, wait: Callable[[float], None]) -> None:
        supervisions = self._supervised.values()  # some have finished and are about to exit
        deadline = self._clock() + PATIENCE
        while not all(map(self._has_ended, supervisions)) and self._clock() < deadline:
            wait(0.05)

    def _has_ended(self, supervision: _Supervision) -> bool:
        """Whether a coordinator has ended; False where that cannot be found out."""
        with self._without_database(), self._isolated(supervision.study):
            return supervision.process.status is not None
        return False

    @contextlib.contextmanager
    def _isolated(self, study: str) -> Iterator[None]:
        """Log an error of one study, once, instead of raising it; `Unavailable` concerns all studies and is raised."""
        try:
            yield
        except Unavailable:
            raise
        except Exception as error:
            if self._errors.get(study) != repr(error):
                LOG.exception("a study is passed over", extra={"facts": {"study": study, "reason": str(error)}})
            self._errors[study] = repr(error)
        else:
            self._errors.pop(study, None)

    @contextlib.contextmanager
    def _without_database(self) -> Iterator[None]:
        """Log that the database does not answer, and go on."""
        try:
            yield
        except Refused as error:
            LOG.warning("stopping without the database", extra={"facts": {"reason": str(error)}})

    # --- jobs that run

    def _supervision(self, job: JobRow) -> _Supervision:
        if job.study_id not in self._supervised:
            self._supervised[job.study_id] = _Supervision(job.study, self._launch.find(job), runs=self._runs(job))
        return self._supervised[job.study_id]

    def _supervise(self, job: JobRow) -> None:
        supervision = self._supervision(job)
        status = supervision.process.status
        if status is None:
            if job.state == "stopping":
                self._end(supervision)
            elif job.crashes and self._runs(job) > supervision.runs:  # now: a later supervisor does not know `runs`
                self._store.forget_crashes(job.study_id)
            return
        now = self._store.job(job.study_id)  # a coordinator removes its job when it finishes
        if now is None or now.state not in ALIVE:
            del self._supervised[job.study_id]
        elif now.state == "stopping":
            self._record_stop(job.study_id, supervision)
            self._log("cancelled", job.study)
            del self._supervised[job.study_id]
        elif supervision.not_before is None:
            self._handle_death(now, supervision, status)
        elif self._clock() >= supervision.not_before:
            self._start(now)

    def _end(self, supervision: _Supervision) -> None:
        """Ask a coordinator to end; kill it if it has not exited after PATIENCE seconds."""
        if supervision.asked is None:
            supervision.asked = self._clock()
            supervision.process.ask_to_end()
        elif self._clock() - supervision.asked > PATIENCE:
            if not supervision.killed:
                supervision.killed = True
                self._log("killed", supervision.study)
            supervision.process.kill()

    def _record_stop(self, study_id: int, supervision: _Supervision) -> None:
        """Record that the coordinator of `study_id` has stopped."""
        if supervision.refusals or (supervision.process.own and supervision.process.status == HELD):
            self._store.clear_process(study_id)  # another process runs the study, and goes on
        self._store.stop_job(study_id)

    def _reap(self, study_id: int, supervision: _Supervision) -> None:
        """Reap a coordinator whose job is over; kill it if it has not exited after PATIENCE seconds."""
        if supervision.process.status is not None:
            del self._supervised[study_id]
        elif supervision.over is None:
            supervision.over = self._clock()
        elif self._clock() - supervision.over > PATIENCE:
            self._end(supervision)

    def _handle_death(self, job: JobRow, supervision: _Supervision, status: int) -> None:
        """Restart a dead coordinator after a delay, or fail its job after MOST_CRASHES crashes in a row."""
        if self._runs(job) > supervision.runs:
            self._store.forget_crashes(job.study_id)
        if supervision.process.own and status in (HELD, UNAVAILABLE):
            self._postpone(job, supervision, status)
            return
        if job.pid is None:  # its server stopped it, or died before it recorded the process
            supervision.not_before = self._clock()
            self._start(job)
            return
        crashes = self._store.count_crash(job.study_id)
        self._log("died", job.study, status=status, crashes=crashes)
        if crashes >= MOST_CRASHES:
            self._store.fail_job(
                job.study_id, f"its process died {crashes} times in a row: {_describe_end(status, supervision)}"
            )
            del self._supervised[job.study_id]
        else:
            supervision.not_before = self._clock() + _DELAY * (crashes - 1)
            if crashes == 1:
                self._start(job)

    def _postpone(self, job: JobRow, supervision: _Supervision, status: int) -> None:
        """Restart a coordinator that could not run after a delay that doubles each time."""
        supervision.refusals += 1
        supervision.not_before = self._clock() + min(
            _DELAY * 2 ** min(supervision.refusals, _DOUBLINGS), _LONGEST_DELAY
        )
        if status != HELD or supervision.refusals == 1:
            reason = "another process runs the study" if status == HELD else "see the message of its process"
            self._log("put off", job.study, status=status, reason=reason)
        self._store.clear_process(job.study_id)  # so that the next server does not count a crash

    # --- jobs that wait

    def _begin_waiting(self) -> None:
        """Start queued jobs in their order; a job that needs more cores than are free holds up those behind it."""
        jobs = self._store.jobs()
        free = self._cores - sum(job.workers for job in jobs if job.state in ALIVE)
        for job in (job for job in jobs if job.state == "queued"):
            if min(job.workers, self._cores) > free:
                return
            with self._isolated(job.study):
                last = self._supervised.get(job.study_id)
                if last and last.process.status is None:
                    return
                if self._store.begin_job(job.study_id):
                    free -= job.workers
                    self._supervised.pop(job.study_id, None)
                    self._start(job)

    def _start(self, job: JobRow) -> None:
        refusals = self._supervised[job.study_id].refusals if job.study_id in self._supervised else 0
        limited = dataclasses.replace(job, workers=min(job.workers, self._cores))
        runs = self._runs(job)

        def note(pid: int, started: float) -> None:
            self._store.set_process(job.study_id, pid, started, here())
            self._log("started", job.study, pid=pid)

        try:
            process = self._launch.start(limited, note)
        except OSError as error:  # no process or memory available; the other studies are not affected
            LOG.warning("no coordinator", extra={"facts": {"study": job.study, "reason": str(error)}})
            later = self._clock() + _LONGEST_DELAY
            self._supervised[job.study_id] = _Supervision(
                job.study, Missing(), not_before=later, refusals=refusals, runs=runs
            )
            self._store.clear_process(job.study_id)  # its last crash has been counted
        else:
            self._supervised[job.study_id] = _Supervision(job.study, process, refusals=refusals, runs=runs)

    def _runs(self, job: JobRow) -> int:
        return sum(self._store.progress(job.study_id).runs.values())

    def _log(self, event: str, study: str, **facts: object) -> None:
        LOG.info("coordinator %s", event, extra={"facts": {"study": study, **facts}})


def _describe_end(status: int, supervision: _Supervision) -> str:
    if not supervision.process.own:
        return "its exit status is unknown"
    return signal_name(-status) if status < 0 else f"status {status}"
