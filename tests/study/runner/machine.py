"""Made-up coordinators, and a machine that starts and finds them."""

from __future__ import annotations

import dataclasses
import functools
import itertools
from collections.abc import Callable, Iterator

from archsearch.store import JobRow
from archsearch.study.runner.processes import Coordinator, Note


@dataclasses.dataclass
class Process:
    """A made-up coordinator, which ends only when a test says so."""

    pid: int
    own: bool = True
    status: int | None = None
    asked: int = 0
    killed: int = 0
    when_asked: Callable[[], None] = lambda: None

    def ask_to_end(self) -> None:
        self.asked += 1
        self.when_asked()

    def kill(self) -> None:
        self.killed += 1


class Broken:
    """A coordinator that does not end, and at which one thing goes wrong: find, status, ask_to_end or kill."""

    own = False

    def __init__(self, at: str, error: Exception) -> None:
        self._at = at
        self._error = error

    def meet(self, what: str) -> None:
        """Something is wanted of it."""
        if what == self._at:
            raise self._error

    @property
    def status(self) -> int | None:
        self.meet("status")
        return None

    def ask_to_end(self) -> None:
        self.meet("ask_to_end")

    def kill(self) -> None:
        self.meet("kill")


@dataclasses.dataclass
class Machine:
    """Starts made-up processes, and finds those that earlier servers have left."""

    started: list[tuple[str, int]] = dataclasses.field(default_factory=list)
    """Study and workers of each start."""
    found: list[str] = dataclasses.field(default_factory=list)
    processes: dict[str, Process] = dataclasses.field(default_factory=dict)
    """The latest process of each study."""
    left: dict[str, Coordinator] = dataclasses.field(default_factory=dict)
    obedient: bool = False
    """Whether its processes end as soon as they are asked."""
    before_note: Callable[[], None] = lambda: None
    pids: Iterator[int] = dataclasses.field(default_factory=lambda: itertools.count(100))

    def start(self, job: JobRow, note: Note) -> Process:
        self.before_note()
        process = Process(next(self.pids))
        if self.obedient:
            process.when_asked = functools.partial(setattr, process, "status", 130)
        note(process.pid, process.pid / 4)
        self.started.append((job.study, job.workers))
        self.processes[job.study] = process
        return process

    def find(self, job: JobRow) -> Coordinator:
        self.found.append(job.study)
        found = self.left.get(job.study, Process(0, own=False, status=1))
        if isinstance(found, Broken):
            found.meet("find")
        return found
