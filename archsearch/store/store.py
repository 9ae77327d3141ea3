"""The store: a study's database, opened for writing by its coordinator or for reading by anybody.

Each method is one transaction. Errors that a user can meet are `Refused` or `InvalidInput`; `ValueError` is a mistake
of the calling code. No exception of the database library leaves this package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from archsearch.schema.phases import Phase
from archsearch.schema.score import Failure, Score
from archsearch.schema.states import Role, StudyState
from archsearch.store import deletion, entries, evaluations, jobs, studies, trials
from archsearch.store.queries import Queries
from archsearch.store.rows import (
    Choice,
    CoordinatorState,
    EvaluationKey,
    NewEntry,
    Run,
    SpecRow,
    StudyRow,
    TrialEnd,
    TrialRow,
)


class Store(Queries):
    """What changes a database, besides what it is asked."""

    # --- studies

    def create_study(self, name: str, definition: str) -> StudyRow:
        """Add a study in state "running"; `AlreadyCounted` when the name is taken."""
        return self._write(lambda c: studies.create_study(c, name, definition, self._clock()))

    def set_definition(self, study_id: int, definition: str) -> None:
        """Replace the definition, a JSON text."""
        self._write(lambda c: studies.set_definition(c, study_id, definition))

    def set_state(self, study_id: int, state: CoordinatorState) -> None:
        """Replace the state that the coordinator says."""
        self._write(lambda c: studies.set_state(c, study_id, state))

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

    def add_entry(
        self, study_id: int, phase: Phase, role: Role, spec: SpecRow, label: str = "", rank: int | None = None
    ) -> None:
        """Let a spec take part in a phase; a second time only replaces the rank, if one is given."""
        self.add_entries(study_id, phase, [NewEntry(role, spec, label, rank)])

    def add_entries(self, study_id: int, phase: Phase, new: Iterable[NewEntry]) -> None:
        """Let several specs take part in a phase, all or none."""
        self._write(lambda c: entries.add_entries(c, study_id, phase, new))

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

    # --- evaluations

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
