"""Our trials as Optuna's: choices with their distributions, states, reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from archsearch.errors import InvalidInput
from archsearch.schema.states import TrialState
from archsearch.space import Candidates, Choice, RecordedChooser
from archsearch.store import TrialRow
from archsearch.store.optuna_copy import NUMBER
from archsearch.study.outcomes import Reports

if TYPE_CHECKING:
    import optuna
    from optuna.distributions import BaseDistribution

REPEAT_OF = "repeat_of"
"""User attribute: the number of the trial that had the same spec first."""


class OptunaChooser:
    """Answers a space's questions by an Optuna trial's suggestions."""

    def __init__(self, trial: optuna.Trial) -> None:
        self.trial = trial

    def category(self, name: str, labels: Sequence[str]) -> str:
        """One of the labels."""
        return str(self.trial.suggest_categorical(name, list(labels)))

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """A whole number in [low, high]."""
        return self.trial.suggest_int(name, low, high, log=log)

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """A number in [low, high]."""
        return self.trial.suggest_float(name, low, high, log=log)


class Distributions:
    """What each question of a space allows, learnt by answering them again from a record.

    Labels and bounds are fixed for a name, so a record is gone through only when it holds a name not seen before.
    """

    def __init__(self, candidates: Candidates) -> None:
        self._candidates = candidates
        self._known: dict[str, BaseDistribution] = {}

    def of(self, choices: Mapping[str, Choice]) -> dict[str, BaseDistribution]:
        """The distributions of recorded choices, in their order."""
        if not self._known.keys() >= choices.keys():
            self._learn(choices)
        return {name: self._known[name] for name in choices}

    def _learn(self, choices: Mapping[str, Choice]) -> None:
        listener = _Listener(choices, self._known)
        try:
            self._candidates.fill(listener)
        except InvalidInput:  # a refused proposal; every question that it has answered was asked
            if not self._known.keys() >= choices.keys():
                raise


class _Listener:
    """Answers from a record and writes down what was asked."""

    def __init__(self, choices: Mapping[str, Choice], known: dict[str, BaseDistribution]) -> None:
        self._recorded = RecordedChooser(choices)
        self._known = known

    def category(self, name: str, labels: Sequence[str]) -> str:
        from optuna.distributions import CategoricalDistribution

        self._known[name] = CategoricalDistribution(list(labels))
        return self._recorded.category(name, labels)

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        from optuna.distributions import IntDistribution

        self._known[name] = IntDistribution(low, high, log=log)
        return self._recorded.integer(name, low, high, log)

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        from optuna.distributions import FloatDistribution

        self._known[name] = FloatDistribution(low, high, log=log)
        return self._recorded.real(name, low, high, log)


def to_optuna(
    row: TrialRow, distributions: Mapping[str, BaseDistribution], reports: Reports
) -> optuna.trial.FrozenTrial:
    """A trial of our tables as Optuna keeps it."""
    import optuna

    return optuna.trial.FrozenTrial(
        number=row.number,
        trial_id=row.number,
        state=optuna_state(row.state),
        value=row.value,
        datetime_start=_local_time(row.proposed_at),
        datetime_complete=None if row.finished_at is None else _local_time(row.finished_at),
        params=dict(row.choices),
        distributions=dict(distributions),
        user_attrs=attributes(row),
        system_attrs={},
        intermediate_values=dict(reports),
    )


def optuna_state(state: TrialState) -> optuna.trial.TrialState:
    """The state under Optuna's name."""
    from optuna.trial import TrialState as Theirs

    states = {"running": Theirs.RUNNING, "complete": Theirs.COMPLETE, "pruned": Theirs.PRUNED, "failed": Theirs.FAIL}
    return states[state]


def attributes(row: TrialRow) -> dict[str, Any]:
    """What Optuna keeps of a trial besides choices, score and reports."""
    given = {NUMBER: row.number, "spec_id": row.spec_id, "arch_id": row.arch_id, "line": row.line, "reason": row.reason}
    attributes = {name: value for name, value in given.items() if value not in (None, "")}
    return attributes if row.repeat_of is None else {**attributes, REPEAT_OF: row.repeat_of}


def _local_time(utc: str) -> dt.datetime:
    """Optuna keeps naive local times in Python."""
    return dt.datetime.fromisoformat(utc).astimezone().replace(tzinfo=None)


def quieten() -> None:
    """Let Optuna log warnings and errors only."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
