"""Fills databases for tests, without a coordinator."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from archsearch.schema.phases import Phase
from archsearch.schema.score import Failure
from archsearch.schema.states import Role
from archsearch.store import (
    CoordinatorState,
    NewEntry,
    Run,
    SpecRow,
    StudyRow,
    TrialEnd,
    TrialRow,
    entries,
    jobs,
    studies,
)
from archsearch.store.owned import Owned
from archsearch.store.patience import Patience
from archsearch.store.store import Store


class _Unlocked(Owned):
    """Writes without the study's lock: any number of them may, at the same time."""

    def hold(self) -> None:
        """Leave the lock alone."""


class FreeStore(Store):
    """A store that takes over whichever study it is told to write to, at each write."""

    def owned(self, study_id: int) -> Owned:
        """The study in our hands: who owned it before does so no more."""
        owned = _Unlocked(self._engine, self._address, "", Patience(0), self._clock)
        owned.study_id, owned._fence = study_id, self._write(lambda c: studies.set_fence(c, study_id))
        return owned

    def create_study(self, name: str, definition: str) -> StudyRow:
        return self._write(lambda c: studies.create_study(c, name, definition, self._clock()))

    def set_definition(self, study_id: int, definition: str) -> None:
        self._write(lambda c: studies.set_definition(c, study_id, definition))

    def set_state(self, study_id: int, state: CoordinatorState) -> None:
        self.owned(study_id).set_state(state)

    def end_study(self, study_id: int, state: CoordinatorState) -> None:
        self.owned(study_id).end(state)

    def begin_study(self, study_id: int) -> None:
        self._write(lambda c: jobs.begin_study(c, study_id))

    def add_specs(self, specs: Iterable[SpecRow]) -> None:
        self._write(lambda c: entries.add_specs(c, specs))

    def add_entry(
        self, study_id: int, phase: Phase, role: Role, spec: SpecRow, label: str = "", rank: int | None = None
    ) -> None:
        self.add_entries(study_id, phase, [NewEntry(role, spec, label, rank)])

    def add_entries(self, study_id: int, phase: Phase, new: Iterable[NewEntry]) -> None:
        self.owned(study_id).add_entries(phase, new)

    def record_proposal(self, study_id: int, *arguments: Any) -> None:
        self.owned(study_id).record_proposal(*arguments)

    def record_repeat(self, study_id: int, *arguments: Any, **named: Any) -> TrialRow:
        return self.owned(study_id).record_repeat(*arguments, **named)

    def record_refusal(self, study_id: int, *arguments: Any) -> None:
        self.owned(study_id).record_refusal(*arguments)

    def finish_trial(self, study_id: int, end: TrialEnd) -> None:
        self.owned(study_id).finish_trial(end)

    def record_completion(self, run: Run, *arguments: Any, **named: Any) -> int:
        return self.owned(run.study_id).record_completion(run, *arguments, **named)

    def record_pruned(self, run: Run, *arguments: Any, **named: Any) -> int:
        return self.owned(run.study_id).record_pruned(run, *arguments, **named)

    def link_existing(self, run: Run, *arguments: Any, **named: Any) -> bool:
        return self.owned(run.study_id).link_existing(run, *arguments, **named)

    def record_attempt(self, run: Run, failure: Failure) -> int:
        return self.owned(run.study_id).record_attempt(run, failure)

    def record_failure(self, run: Run, failure: Failure, **named: Any) -> None:
        self.owned(run.study_id).record_failure(run, failure, **named)
