"""The counted results of one study: read once, then kept in step with every transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.score import Failure, Score
from archsearch.store import EvaluationKey, EvaluationRow, Run, TrialEnd
from archsearch.store.owned import Owned
from archsearch.study.outcomes import (
    Outcome,
    Reports,
    complete,
    failed,
    outcome_of_evaluation,
    outcome_of_run,
    pruned,
)
from archsearch.study.progress import RunningCounts

Fault = Callable[[str], None]
"""Called at named moments, at which tests let the process die."""


class Ledger:
    """Records outcomes, each in one transaction, and knows all that have been recorded.

    `checks` is the number of checks of a whole training. `counts` is kept up to date for the display.
    """

    def __init__(self, store: Owned, checks: int, counts: RunningCounts, fault: Fault) -> None:
        self.store = store
        self.study_id = store.study_id
        self.versions: set[int] = set()
        self._fault = fault
        self._checks = checks
        self._counts = counts
        self._outcomes: dict[Run, Outcome] = {}
        for phase in PHASES:
            for entry in store.results(store.study_id, phase):
                for row in entry.runs:
                    self._keep(self.run(phase, row.spec_id, row.seed_index), outcome_of_run(row, checks))
                    if row.evaluation is not None:
                        self.versions.add(row.evaluation.key.version)

    def run(self, phase: Phase, spec_id: str, seed_index: int) -> Run:
        """The name under which the store counts a result."""
        return Run(self.study_id, phase, spec_id, seed_index)

    def find(self, run: Run) -> Outcome | None:
        """The outcome recorded under this name."""
        return self._outcomes.get(run)

    def of(self, phase: Phase, spec_id: str, seeds: int) -> list[Outcome]:
        """The recorded outcomes of the first `seeds` seeds of a spec."""
        outcomes = (self._outcomes.get(self.run(phase, spec_id, index)) for index in range(seeds))
        return [outcome for outcome in outcomes if outcome is not None]

    def first_reports(self) -> dict[str, Reports]:
        """The reports of the first seed of each spec of the search."""
        return {
            run.spec_id: outcome.reports
            for run, outcome in self._outcomes.items()
            if run.phase == "search" and run.seed_index == 0
        }

    def link(self, run: Run, evaluation: EvaluationRow, end: TrialEnd | None) -> bool:
        """Count an evaluation that is complete already; False where it has been deleted."""
        linked = self.store.link_existing(run, evaluation.key, trial=end)
        if linked:
            self._count(run, outcome_of_evaluation(evaluation, self._checks))
        return linked

    def complete(
        self,
        run: Run,
        key: EvaluationKey,
        score: Score,
        environment: Mapping[str, object],
        reports: Reports,
        weights: bytes | None,
        end: TrialEnd | None,
    ) -> None:
        """Count a score."""
        self.store.record_completion(run, key, score, environment, reports=reports, weights=weights, trial=end)
        self._count(run, self.completed(score, reports))

    def completed(self, score: Score, reports: Reports) -> Outcome:
        """The outcome that a score will be."""
        return complete(score, reports, self._checks)

    def prune(
        self,
        run: Run,
        key: EvaluationKey,
        environment: Mapping[str, object],
        reports: Reports,
        seconds: float,
        end: TrialEnd | None,
    ) -> None:
        """Count a pruned evaluation."""
        self.store.record_pruned(run, key, environment, seconds=seconds, reports=reports, trial=end)
        self._count(run, pruned(reports))

    def fail(self, run: Run, failure: Failure, end: TrialEnd | None) -> None:
        """Count a failure."""
        self.store.record_failure(run, failure, trial=end)
        self._count(run, failed(failure))

    def record_attempt(self, run: Run, failure: Failure) -> None:
        """Record a failed attempt that is not counted."""
        self.store.record_attempt(run, failure)
        self._fault("attempt recorded")

    def _count(self, run: Run, outcome: Outcome) -> None:
        self._fault("evaluation recorded")
        self._keep(run, outcome)

    def _keep(self, run: Run, outcome: Outcome) -> None:
        if run not in self._outcomes:
            self._outcomes[run] = outcome
            self._counts.done[run.phase] += 1
            self._counts.failed[run.phase] += outcome.state == "failed"
