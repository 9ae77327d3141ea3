"""The store: a study's database, opened for writing by its coordinator or for reading by anybody.

Each method is one transaction. Errors that a user can meet are `Refused` or `InvalidInput`; `ValueError` is a mistake
of the calling code. No exception of the database library leaves this package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import Connection, Engine, select

from archsearch.errors import Refused
from archsearch.schema.score import Failure, Phase, Score
from archsearch.store import deletion, entries, evaluations, figures, jobs, pages, results, studies, trials
from archsearch.store.address import Address, parse_address
from archsearch.store.creation import open_for_reading, open_for_writing
from archsearch.store.engine import reading, writing
from archsearch.store.lock import utc_now
from archsearch.store.pages import Cut, Page, StudySort, TrialFilter, TrialSort
from archsearch.store.rows import (
    AttemptRow,
    Choice,
    CoordinatorState,
    EntryFigures,
    EntryResult,
    EntryRow,
    EvaluationKey,
    EvaluationRow,
    JobRow,
    NewEntry,
    Progress,
    Role,
    Run,
    RunRow,
    SpecRow,
    StudyRow,
    StudyState,
    TrialEnd,
    TrialRow,
    TrialState,
)

Clock = Callable[[], str]
_Result = TypeVar("_Result")


class Store:
    """An open database. A context manager; may be used from several threads."""

    def __init__(self, engine: Engine, address: Address, *, read_only: bool, clock: Clock = utc_now) -> None:
        """Use `Store.create` or `Store.read`."""
        self._engine = engine
        self._address = address
        self._read_only = read_only
        self._clock = clock

    @classmethod
    def create(cls, url: str, clock: Clock = utc_now) -> Store:
        """Open for writing; file and tables are made when missing, by one of however many processes ask at once."""
        address = parse_address(url)
        return cls(open_for_writing(address), address, read_only=False, clock=clock)

    @classmethod
    def read(cls, url: str) -> Store:
        """Open an existing database for reading; `Refused` when there is none, and it never makes one."""
        address = parse_address(url)
        return cls(open_for_reading(address), address, read_only=True)

    @property
    def url(self) -> str:
        """The database's URL without its password."""
        return self._address.url.render_as_string(hide_password=True)

    def close(self) -> None:
        """Close what is open."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _write(self, change: Callable[[Connection], _Result]) -> _Result:
        if self._read_only:
            raise Refused(f"the database {self._address} is open for reading only")
        with writing(self._engine, self._address) as connection:
            return change(connection)

    def _read(self, query: Callable[[Connection], _Result]) -> _Result:
        with reading(self._engine, self._address) as connection:
            return query(connection)

    def ping(self) -> None:
        """Raise `Unavailable` unless the database answers."""
        self._read(lambda c: c.execute(select(1)))

    # --- studies

    def create_study(self, name: str, definition: str) -> StudyRow:
        """Add a study in state "running"; `AlreadyCounted` when the name is taken."""
        return self._write(lambda c: studies.create_study(c, name, definition, self._clock()))

    def find_study(self, name: str) -> StudyRow | None:
        """The study called exactly `name`."""
        return self._read(lambda c: studies.find_study(c, name))

    def list_studies(self) -> tuple[StudyRow, ...]:
        """All studies, by name."""
        return self._read(studies.list_studies)

    def page_studies(
        self, sort: StudySort, cut: Cut, part: str | None = None, state: StudyState | None = None
    ) -> Page[StudyRow]:
        """Some of the studies in this state whose name has this part."""
        return self._read(lambda c: pages.page_studies(c, part, state, sort, cut))

    def stamp(self, study_id: int) -> tuple[object, ...]:
        """A value that changes whenever a board of the study may have changed."""
        return self._read(lambda c: studies.stamp(c, study_id))

    def set_definition(self, study_id: int, definition: str) -> None:
        """Replace the definition, a JSON text."""
        self._write(lambda c: studies.set_definition(c, study_id, definition))

    def set_state(self, study_id: int, state: CoordinatorState) -> None:
        """Replace the state that the coordinator says."""
        self._write(lambda c: studies.set_state(c, study_id, state))

    def progress(self, study_id: int) -> Progress:
        """How far a study is, in numbers."""
        return self._read(lambda c: studies.progress(c, study_id))

    def begin_study(self, study_id: int) -> None:
        """A coordinator begins: the study runs, and a job that nobody was to run any more is no longer shown."""
        self._write(lambda c: jobs.begin_study(c, study_id))

    def end_study(self, study_id: int, state: CoordinatorState) -> None:
        """A coordinator has come to the study's end: its job is done, unless somebody asks for it anew."""
        self._write(lambda c: jobs.end_study(c, study_id, state))

    def delete_study(self, study_id: int) -> None:
        """Delete a study with all that no other one refers to; `Refused` while a runner has it."""
        self._write(lambda c: deletion.delete_study(c, study_id))

    # --- jobs

    def add_studies(self, named: Sequence[tuple[str, str]]) -> tuple[StudyRow, ...]:
        """Add studies in state "created" by name and definition, all or none; `AlreadyCounted` for a name twice."""
        return self._write(lambda c: jobs.add_studies(c, named, self._clock()))

    def enqueue(self, study_id: int, workers: int) -> None:
        """Let a study be run when its turn comes; `Refused` where a runner has it already."""
        self._write(lambda c: jobs.enqueue(c, study_id, workers, self._clock()))

    def cancel(self, study_id: int) -> StudyState:
        """Take a study out of the queue, or ask for its end; `Refused` where there is nothing to cancel."""
        return self._write(lambda c: jobs.cancel(c, study_id, self._clock()))

    def jobs(self) -> tuple[JobRow, ...]:
        """All jobs, in the order of the queue."""
        return self._read(jobs.list_jobs)

    def job(self, study_id: int) -> JobRow | None:
        """The job of a study."""
        return self._read(lambda c: jobs.find_job(c, study_id))

    def begin_job(self, study_id: int) -> bool:
        """Take a study out of the queue to run it; False when it is not there any more."""
        return self._write(lambda c: jobs.begin_job(c, study_id, self._clock()))

    def set_process(self, study_id: int, pid: int, pid_started: float, host: str) -> None:
        """Say which process runs a study."""
        self._write(lambda c: jobs.set_process(c, study_id, pid, pid_started, host, self._clock()))

    def clear_process(self, study_id: int) -> None:
        """Say that no process runs a study, without anything having gone wrong."""
        self._write(lambda c: jobs.clear_process(c, study_id, self._clock()))

    def fail_job(self, study_id: int, reason: str) -> None:
        """The study cannot be run, and why."""
        self._write(lambda c: jobs.fail_job(c, study_id, trials.clean(reason), self._clock()))

    def stop_job(self, study_id: int) -> None:
        """What was asked to stop has stopped."""
        self._write(lambda c: jobs.stop_job(c, study_id, self._clock()))

    def count_crash(self, study_id: int) -> int:
        """One crash more of the coordinator; how many there were in a row."""
        return self._write(lambda c: jobs.count_crash(c, study_id, self._clock()))

    def forget_crashes(self, study_id: int) -> None:
        """The coordinator has got on since it crashed."""
        self._write(lambda c: jobs.forget_crashes(c, study_id, self._clock()))

    # --- specs and entries

    def add_specs(self, specs: Iterable[SpecRow]) -> None:
        """Store specs and architectures; those that are there already stay as they are."""
        self._write(lambda c: entries.add_specs(c, specs))

    def spec(self, spec_id: str) -> SpecRow | None:
        """The spec with this id."""
        return self._read(lambda c: entries.find_spec(c, spec_id))

    def add_entry(
        self, study_id: int, phase: Phase, role: Role, spec: SpecRow, label: str = "", rank: int | None = None
    ) -> None:
        """Let a spec take part in a phase; a second time only replaces the rank, if one is given."""
        self.add_entries(study_id, phase, [NewEntry(role, spec, label, rank)])

    def add_entries(self, study_id: int, phase: Phase, new: Iterable[NewEntry]) -> None:
        """Let several specs take part in a phase, all or none."""
        self._write(lambda c: entries.add_entries(c, study_id, phase, new))

    def entries(self, study_id: int, phase: Phase) -> tuple[EntryRow, ...]:
        """The entries of a phase: candidates before baselines, then by rank, then in order of addition."""
        return self._read(lambda c: entries.list_entries(c, study_id, phase))

    def has_entry(self, study_id: int, phase: Phase, spec_id: str) -> bool:
        """Whether a spec takes part in a phase."""
        return self._read(lambda c: entries.has_entry(c, study_id, phase, spec_id))

    def results(self, study_id: int, phase: Phase) -> tuple[EntryResult, ...]:
        """Every entry of a phase, in the order of `entries`, with its finished runs; curves included, weights not."""
        return self._read(lambda c: results.list_results(c, study_id, phase))

    def figures(self, study_id: int, phase: Phase) -> tuple[EntryFigures, ...]:
        """Every entry of a phase, in the order of `entries`, with what a board takes from its finished runs."""
        return self._read(lambda c: results.list_figures(c, study_id, phase))

    def runs(self, study_id: int, phase: Phase, spec_id: str) -> tuple[RunRow, ...]:
        """The finished runs of one spec in a phase, by seed index."""
        return self._read(lambda c: results.list_runs(c, study_id, phase, spec_id))

    # --- trials

    def record_proposal(self, study_id: int, number: int, choices: Mapping[str, Choice], spec: SpecRow) -> None:
        """Add a running trial with its spec and its entry in the search.

        `AlreadyCounted` when the number is taken, or when another trial of the study has the same spec.
        """
        self._write(lambda c: trials.record_proposal(c, study_id, number, choices, spec, self._clock()))

    def record_repeat(self, study_id: int, number: int, choices: Mapping[str, Choice], repeat_of: int) -> TrialRow:
        """Add a trial with the spec, state and value of trial `repeat_of`; while that one runs, both end together."""
        return self._write(lambda c: trials.record_repeat(c, study_id, number, choices, repeat_of, self._clock()))

    def record_refusal(self, study_id: int, number: int, choices: Mapping[str, Choice], reason: str) -> None:
        """Add a failed trial from whose choices no spec could be made."""
        self._write(lambda c: trials.record_refusal(c, study_id, number, choices, reason, self._clock()))

    def finish_trial(self, study_id: int, end: TrialEnd) -> None:
        """End a running trial by itself; `AlreadyCounted` when it has ended before."""
        self._write(lambda c: trials.finish_trial(c, study_id, end, self._clock()))

    def trials(self, study_id: int, state: TrialState | None = None) -> tuple[TrialRow, ...]:
        """The trials by number, repeats included."""
        return self._read(lambda c: trials.list_trials(c, study_id, state))

    def page_trials(
        self, study_id: int, sort: TrialSort, cut: Cut, wanted: TrialFilter | None = None
    ) -> Page[TrialRow]:
        """Some of the trials; without a value last."""
        return self._read(lambda c: pages.page_trials(c, study_id, wanted or TrialFilter(), sort, cut))

    def find_trial(self, study_id: int, number: int) -> TrialRow | None:
        """The trial with this number."""
        return self._read(lambda c: trials.find_trial(c, study_id, number))

    def trial_of_spec(self, study_id: int, spec_id: str) -> TrialRow | None:
        """The trial that proposed a spec first."""
        return self._read(lambda c: trials.trial_of_spec(c, study_id, spec_id))

    def best_trials(self, study_id: int, count: int) -> tuple[TrialRow, ...]:
        """The `count` best complete trials, one per architecture, best value first; of equals the earlier one."""
        return self._read(lambda c: trials.best_trials(c, study_id, count))

    # --- evaluations

    def find_complete(self, key: EvaluationKey) -> EvaluationRow | None:
        """The complete evaluation with this key, of any study and phase."""
        return self._read(lambda c: evaluations.find_complete(c, key))

    def record_completion(
        self,
        run: Run,
        key: EvaluationKey,
        score: Score,
        environment: Mapping[str, object],
        *,
        reports: Sequence[tuple[int, float]] = (),
        weights: bytes | None = None,
        trial: TrialEnd | None = None,
    ) -> int:
        """Store an evaluation, its run, its weights and the end of its trial in one transaction; return its id.

        `AlreadyCounted` when the run has a result already. When another study has finished an evaluation with this
        key meanwhile, the run counts that one.
        """
        return self._write(
            lambda c: evaluations.record_completion(
                c, run, key, score, environment, reports, weights, trial, self._clock()
            )
        )

    def record_pruned(
        self,
        run: Run,
        key: EvaluationKey,
        environment: Mapping[str, object],
        *,
        seconds: float,
        reports: Sequence[tuple[int, float]] = (),
        trial: TrialEnd | None = None,
    ) -> int:
        """Store an evaluation that was stopped early, its run and the end of its trial; return its id."""
        return self._write(
            lambda c: evaluations.record_pruned(c, run, key, environment, reports, seconds, trial, self._clock())
        )

    def link_existing(self, run: Run, key: EvaluationKey, *, trial: TrialEnd | None = None) -> bool:
        """Count an evaluation that is complete already as the result of `run`.

        False when there is none with this key, or no more: the study that had it may have been deleted meanwhile.
        """
        return self._write(lambda c: evaluations.link_existing(c, run, key, trial, self._clock()))

    def record_attempt(self, run: Run, failure: Failure) -> int:
        """Store a failure that will be tried again; return the number of failed attempts so far."""
        return self._write(lambda c: evaluations.record_attempt(c, run, failure, self._clock()))

    def record_failure(self, run: Run, failure: Failure, *, trial: TrialEnd | None = None) -> None:
        """Count a failure as the result of `run`."""
        self._write(lambda c: evaluations.record_failure(c, run, failure, trial, self._clock()))

    def attempts(self, run: Run) -> int:
        """The number of failed attempts at `run` so far."""
        return self._read(lambda c: evaluations.count_attempts(c, run))

    def failures(self, study_id: int, latest: int | None = None) -> tuple[AttemptRow, ...]:
        """The failed attempts of a study, or the latest so many, in order of time, tried again or final."""
        return self._read(lambda c: evaluations.list_attempts(c, study_id, latest))

    def evaluation(self, evaluation_id: int) -> EvaluationRow | None:
        """The evaluation with this id."""
        return self._read(lambda c: evaluations.find_evaluation(c, evaluation_id))

    def weights(self, evaluation_id: int) -> bytes | None:
        """The safetensors file of an evaluation whose weights were kept."""
        return self._read(lambda c: evaluations.find_weights(c, evaluation_id))

    def environment(self, fingerprint: str) -> dict[str, object] | None:
        """The environment with this fingerprint."""
        return self._read(lambda c: evaluations.find_environment(c, fingerprint))

    # --- numbers for pages

    def trial_values(self, study_id: int) -> tuple[tuple[int, TrialState, float | None], ...]:
        """Number, state and value of the trials that have ended, in the order in which they did, repeats left out."""
        return self._read(lambda c: figures.trial_values(c, study_id))

    def last_evaluations(self, study_id: int, count: int) -> tuple[tuple[str, float], ...]:
        """When the latest evaluations of a study ended and the seconds they took, the latest first."""
        return self._read(lambda c: figures.last_evaluations(c, study_id, count))

    def baselines(self, study_id: int, phase: Phase) -> tuple[tuple[str, str, float | None], ...]:
        """Label, spec and mean objective of the baselines of a phase that have a result; None where a seed failed."""
        return self._read(lambda c: figures.baselines(c, study_id, phase))

    def failure_kinds(self, study_id: int) -> dict[str, int]:
        """How many attempts and proposals of a study failed, by kind, the most frequent first."""
        return self._read(lambda c: figures.failure_kinds(c, study_id))

    def refusals(self, study_id: int, latest: int | None = None) -> tuple[TrialRow, ...]:
        """The trials, or the latest so many, of which no cell could be made, in order of time."""
        return self._read(lambda c: trials.list_refusals(c, study_id, latest))

    def lines(self, study_id: int, spec_ids: Iterable[str]) -> dict[str, str]:
        """What specs are called in a study: a baseline by its label, a candidate by its line."""
        wanted = frozenset(spec_ids)
        return self._read(lambda c: figures.lines_of(c, study_id, wanted))

    def environments(self, study_id: int) -> tuple[tuple[dict[str, object], int], ...]:
        """The environments in which a study's evaluations ran, each with how many, the most used first."""
        return self._read(lambda c: figures.environments_of(c, study_id))
