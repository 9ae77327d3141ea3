"""Studies: how far each is, and what it is to do."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from archsearch.errors import counted
from archsearch.findings.boards import Standing, every_candidate_failed, not_reproducible
from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.states import COMPLETED, TRIAL_STATES, StudyState, TrialState
from archsearch.study.stored import plan_of

if TYPE_CHECKING:
    from archsearch.store import Counts, JobRow, StudyRow
    from archsearch.store.store import Store


WATCHED = 24
"""Evaluations from whose ends the pace is taken."""

LEAST = 3
"""Fewer evaluations allow no estimate."""

_SLACK = 1.0  # seconds between two evaluations of one worker


@dataclasses.dataclass(frozen=True)
class StudySummary:
    """A study in one row. `trials` have ended; `best` is a value of the search, not a result.

    workers: cores that a server gives it or is to give it; None where no server has it. position: its place in the
    queue of the server, from 1; None unless it waits. reason: why the server could not run it. note: that every
    candidate failed, or that results are not reproducible; empty for most studies.
    """

    study: str
    state: StudyState
    workers: int | None
    task: str
    trials: int
    trials_wanted: int
    best: float | None
    best_line: str | None
    created_at: str
    position: int | None
    reason: str
    note: str


@dataclasses.dataclass(frozen=True)
class Studies:
    """Some studies, and how many pass the filters in all."""

    total: int
    studies: tuple[StudySummary, ...]


@dataclasses.dataclass(frozen=True)
class Queue:
    """The server's cores, and the studies that it runs, is to run or could not run."""

    cores: int
    jobs: tuple[StudySummary, ...]


@dataclasses.dataclass(frozen=True)
class PhaseCounts:
    """Evaluations of a phase; `planned` counts as if none repeated, and what was done of a phase that is over."""

    phase: Phase
    done: int
    planned: int
    failed: int


@dataclasses.dataclass(frozen=True)
class Progress(StudySummary):
    """How far a study is. `seconds_left` is an estimate; None unless it runs and enough of it is done."""

    trial_states: dict[TrialState, int]
    repeats: int
    tried_again: int
    phases: tuple[PhaseCounts, ...]
    seconds_left: float | None

    @property
    def done(self) -> int:
        """Evaluations of all phases that have ended."""
        return sum(phase.done for phase in self.phases)

    @property
    def planned(self) -> int:
        """Evaluations of all phases when none repeats."""
        return sum(phase.planned for phase in self.phases)

    @property
    def trials_line(self) -> str:
        """The trials by state, in words."""
        states = (f"{number:,} {state}" for state, number in self.trial_states.items() if number)
        return ", ".join((*states, *self.extra))

    @property
    def extra(self) -> tuple[str, ...]:
        """What is said beside the trials by state: repeats, and evaluations that were tried again."""
        repeats = f"{counted(self.repeats, 'proposal')} repeated an earlier one" if self.repeats else ""
        again = f"{counted(self.tried_again, 'evaluation')} tried again" if self.tried_again else ""
        return tuple(filter(None, (repeats, again)))


@dataclasses.dataclass(frozen=True)
class StudyFinding(Progress):
    """A study with its definition: `study` is its file, the space and the baselines written out.

    `verdict` is on the report phase, `decided` once it has results. Minus infinity is null in the definition.
    """

    verdict: str
    decided: bool
    definition: dict[str, Any]


def studies_of(store: Store, rows: Sequence[StudyRow], total: int | None = None) -> Studies:
    """Some studies, of `total` that pass the filters (by default these are all)."""
    jobs = store.jobs()
    summaries = (_summary(store, row, store.progress(row.id), jobs) for row in rows)
    return Studies(len(rows) if total is None else total, tuple(summaries))


def queue_of(store: Store, cores: int) -> Queue:
    """What a server with these cores runs, what waits, and what could not be run."""
    names = (job.study for job in store.jobs() if job.state in ("queued", "running", "stopping", "failed"))
    rows = [row for name in names if (row := store.find_study(name)) is not None]
    return Queue(cores, studies_of(store, rows).studies)


def summary_of(store: Store, row: StudyRow) -> StudySummary:
    """A study in one row."""
    return _summary(store, row, store.progress(row.id), store.jobs())


def progress_of(store: Store, row: StudyRow) -> Progress:
    """How far a study is: its summary, its trials by state, its phases."""
    plan, counts = plan_of(row), store.progress(row.id)
    phases = []
    for index, phase in enumerate(PHASES):
        done = counts.runs.get(phase, 0)
        later = not counts.trials.get("running") and any(map(counts.runs.get, PHASES[index + 1 :]))
        # Of a study that was extended, entries that are no longer among the best count as well.
        planned = done if later or row.state in COMPLETED else max(plan.runs(phase, counts.draws), done)
        phases.append(PhaseCounts(phase, done, planned, counts.failed.get(phase, 0)))
    return Progress(
        **vars(_summary(store, row, counts, store.jobs())),
        trial_states={state: counts.trials.get(state, 0) for state in TRIAL_STATES},
        repeats=counts.repeats,
        tried_again=counts.attempts,
        phases=tuple(phases),
        seconds_left=seconds_left(store, row, phases),
    )


def study_of(store: Store, row: StudyRow, standing: Standing) -> StudyFinding:
    """A study with its definition and the verdict."""
    definition = _finite(json.loads(row.definition))
    progress = vars(progress_of(store, row))
    return StudyFinding(**progress, verdict=standing.verdict, decided=standing.decided, definition=definition)


def _finite(value: Any) -> Any:
    """Plain data with None in place of the numbers that JSON lacks."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _summary(store: Store, row: StudyRow, counts: Counts, jobs: Sequence[JobRow]) -> StudySummary:
    from archsearch.study.jobs import positions

    plan = plan_of(row)
    best = store.best_trial(row.id)
    job = next((job for job in jobs if job.study_id == row.id), None)
    return StudySummary(
        study=row.name,
        state=row.state,
        workers=None if job is None else job.workers,
        task=plan.task["name"],
        trials=sum(number for state, number in counts.trials.items() if state != "running"),
        trials_wanted=plan.trials,
        best=best.value if best else None,
        best_line=best.line if best else None,
        created_at=row.created_at,
        position=positions(jobs).get(row.id),
        reason=job.reason if job else "",
        note="; ".join(filter(None, (every_candidate_failed(store, row, counts), not_reproducible(counts)))),
    )


def seconds_left(store: Store, row: StudyRow, phases: Sequence[PhaseCounts]) -> float | None:
    """Seconds until the study is through its plan; None unless it runs and enough of it is done.

    `phases` count evaluations done and planned.
    """
    if row.state != "running":
        return None
    seconds = pace(store.last_evaluations(row.id, WATCHED))
    return None if seconds is None else seconds * sum(phase.planned - phase.done for phase in phases)


def pace(latest: Sequence[tuple[str, float]]) -> float | None:
    """Seconds from one evaluation's end to the next one's, by the ends and durations of the latest, the latest first.

    While a study runs, an evaluation begins before or when the one before it ends, so that a gap longer than the
    evaluation after it is time in which nothing ran: it does not count.
    """
    if len(latest) < LEAST:
        return None
    ends = [(datetime.fromisoformat(at), seconds) for at, seconds in latest]
    gaps = [min((end - earlier).total_seconds(), seconds + _SLACK) for (end, seconds), (earlier, _) in pairwise(ends)]
    return max(0.0, sum(gaps)) / len(gaps)
