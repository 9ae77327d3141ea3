"""Proposals: an Optuna study in memory, rebuilt from our tables, that is asked for the next candidate.

It holds one Optuna trial for each of ours, repeats and refusals included. Optuna is loaded and the study rebuilt when
it is asked for the first time: the first evaluations are those of baselines, which need neither.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from archsearch import registry
from archsearch.errors import InvalidInput
from archsearch.space import Candidate, Choice
from archsearch.store import TrialEnd, TrialRow
from archsearch.study import pruners, samplers
from archsearch.study.definition import Definition
from archsearch.study.optuna_trials import Distributions, OptunaChooser, optuna_state, quieten, to_optuna
from archsearch.study.outcomes import Reports

if TYPE_CHECKING:
    import optuna
    from optuna.storages import BaseStorage


@dataclasses.dataclass(frozen=True)
class Proposal:
    """What was proposed as trial `number`; without a candidate when the choices make none, for this `reason`."""

    number: int
    choices: dict[str, Choice]
    candidate: Candidate | None
    reason: str = ""


class Proposals:
    """The sampler and the pruner of a study at work."""

    def __init__(self, definition: Definition, trials: Sequence[TrialRow], reports: Mapping[str, Reports]) -> None:
        """`trials` are all trials of the study by number, `reports` those of each spec's first seed."""
        self._definition = definition
        self._make_sampler: samplers.Sampler = registry.load(samplers.PACKAGE, definition.study.search.sampler)
        self._make_pruner: pruners.Pruner = registry.load(pruners.PACKAGE, definition.study.search.pruner)
        self._earlier = trials
        self._earlier_reports = reports
        self._places = {row.number: place for place, row in enumerate(trials)}  # Optuna's numbers, without gaps

    @functools.cached_property
    def _study(self) -> optuna.Study:
        import optuna

        quieten()
        study = optuna.create_study(
            storage=optuna.storages.InMemoryStorage(), direction="maximize", pruner=self._make_pruner()
        )
        distributions = Distributions(self._definition.candidates)
        for row in self._earlier:
            known = self._earlier_reports.get(row.spec_id or "", ()) if row.state != "running" else ()
            study.add_trial(to_optuna(row, distributions.of(row.choices), known))
        return study

    @property
    def _storage(self) -> BaseStorage:
        return self._study._storage

    def ask(self, number: int) -> Proposal:
        """Trial `number`, which is a new one."""
        self._study.sampler = self._make_sampler(self._definition.study.seed, number)
        trial = self._study.ask()
        self._places[number] = trial.number
        try:
            candidate = self._definition.candidates.fill(OptunaChooser(trial))
        except InvalidInput as error:
            return Proposal(number, dict(trial.params), None, str(error.problems[0]))
        return Proposal(number, candidate.choices, candidate)

    def report(self, number: int, check: int, value: float) -> bool:
        """Take in a running trial's report; whether the trial is to be given up."""
        identity = self._identity(number)
        self._storage.set_trial_intermediate_value(identity, check, value)
        return bool(self._study.pruner.prune(self._study, self._storage.get_trial(identity)))

    def end(self, end: TrialEnd, reports: Reports) -> None:
        """Take in that a trial has ended."""
        identity = self._identity(end.number)
        known = self._storage.get_trial(identity).intermediate_values
        for check, value in reports:
            if check in known:
                continue
            self._storage.set_trial_intermediate_value(identity, check, value)
        values = None if end.value is None else [end.value]
        self._storage.set_trial_state_values(identity, optuna_state(end.state), values)

    def _identity(self, number: int) -> int:
        return self._storage.get_trial_id_from_study_id_trial_number(self._study._study_id, self._places[number])
