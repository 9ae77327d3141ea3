"""What a database is asked. Each method is one transaction that reads."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from archsearch.schema.phases import Phase
from archsearch.schema.score import FailureKind
from archsearch.schema.states import StudyState, TrialState
from archsearch.store import entries, evaluations, figures, jobs, pages, results, studies, trials
from archsearch.store.access import Access
from archsearch.store.pages import Cut, FailurePage, Page, StudySort, TrialFilter, TrialSort
from archsearch.store.rows import (
    AttemptRow,
    EntryFigures,
    EntryResult,
    EntryRow,
    EvaluationKey,
    EvaluationRow,
    JobRow,
    Progress,
    Run,
    RunRow,
    SpecRow,
    StudyRow,
    TrialRow,
)
from archsearch.store.tallies import Memory, list_figures


class Queries(Access):
    """The part of the store that changes nothing."""

    @functools.cached_property
    def _memory(self) -> Memory:
        return Memory()

    # --- studies

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

    def progress(self, study_id: int) -> Progress:
        """How far a study is, in numbers."""
        return self._read(lambda c: studies.progress(c, study_id))

    def usual_failure(self, study_id: int) -> tuple[str, int] | None:
        """What candidates have failed of most often in the search, and how often."""
        return self._read(lambda c: trials.usual_failure(c, study_id))

    # --- jobs

    def jobs(self) -> tuple[JobRow, ...]:
        """All jobs, in the order of the queue."""
        return self._read(jobs.list_jobs)

    def job(self, study_id: int) -> JobRow | None:
        """The job of a study."""
        return self._read(lambda c: jobs.find_job(c, study_id))

    # --- specs and entries

    def spec(self, spec_id: str) -> SpecRow | None:
        """The spec with this id."""
        return self._read(lambda c: entries.find_spec(c, spec_id))

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
        """Every entry of a phase, in the order of `entries`, with what a board takes from its finished runs.

        Asked again, it reads what is new.
        """
        return self._read(lambda c: list_figures(c, study_id, phase, self._memory))

    def runs(self, study_id: int, phase: Phase, spec_id: str) -> tuple[RunRow, ...]:
        """The finished runs of one spec in a phase, by seed index."""
        return self._read(lambda c: results.list_runs(c, study_id, phase, spec_id))

    # --- trials

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

    def attempts(self, run: Run, kind: FailureKind | None = None) -> int:
        """The number of failed attempts at `run` so far, of one kind or of all."""
        return self._read(lambda c: evaluations.count_attempts(c, run, kind))

    def machine_failures(self, study_id: int) -> int:
        """The number of results that an earlier version counted, and that the machine has lost."""
        return self._read(lambda c: evaluations.count_machine_failures(c, study_id))

    def failures(self, study_id: int, latest: int | None = None) -> tuple[AttemptRow, ...]:
        """The failed attempts of a study, or the latest so many, in order of time, tried again or final."""
        return self._read(lambda c: evaluations.list_attempts(c, study_id, latest))

    def page_failures(self, study_id: int, limit: int | None = None, offset: int = 0) -> FailurePage:
        """Some of what failed in a study, the latest first: attempts, and proposals of which no cell could be made."""
        return self._read(lambda c: pages.page_failures(c, study_id, limit, offset))

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
