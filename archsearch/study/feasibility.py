"""Whether a study's limits leave anything to evaluate, before it begins."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from archsearch.errors import InvalidInput, Path, Problem
from archsearch.ir import canonical
from archsearch.schema.cell import Cell
from archsearch.schema.holes import Hole
from archsearch.schema.score import Failure
from archsearch.schema.study import Limits, Training
from archsearch.space import Candidate, Candidates, DoesNotFit, RandomChooser
from archsearch.space.candidate import possible
from archsearch.study.estimate import estimate, exceeded
from archsearch.tasks import Task

_DRAWS = 20  # configurations that are looked at, always the same ones


def infeasible(candidates: Candidates, baselines: Mapping[int, Cell], task: Task, limits: Limits) -> Iterator[Problem]:
    """Baselines of which no draw fits the limits, and a space of which no drawn candidate does or is sound."""

    def check(candidate: Candidate) -> Failure | None:
        spec = candidate.spec
        return exceeded(estimate(canonical(candidate.ir).ir, spec.model, spec.training, task), limits)

    for index, cell in baselines.items():
        try:
            candidates.check_sizes(cell)
        except DoesNotFit as error:
            yield from error.problems
            continue
        chooser = RandomChooser(random.Random(0))
        draws = (candidates.of_cell(cell, chooser) for _ in range(_DRAWS if candidates.holes else 1))
        yield from _hopeless(draws, check, ("baselines", index), "this baseline")
    chooser = RandomChooser(random.Random(0))
    yield from _hopeless(
        _sound(candidates, chooser), check, ("limits",), f"each of {_DRAWS} candidates drawn at random"
    )


def short_budget(training: Training, holes: Mapping[str, Hole] = MappingProxyType({})) -> Iterator[Problem]:
    """A budget of less than one batch: no such training would keep to it."""
    sequences, batch = "training.sequences", "training.batch_size"
    budgets = _whole(possible(sequences, training.sequences, holes))
    batches = _whole(possible(batch, training.batch_size, holes))
    if budgets and batches and min(budgets) < max(batches):
        path = ("holes", sequences) if sequences in holes else ("training", "sequences")
        yield Problem(
            path, f"{min(budgets)} sequences are less than a batch of {max(batches)}", "allowed: at least batch_size"
        )


def _whole(values: Sequence[object]) -> list[int]:
    return [value for value in values if isinstance(value, int)]  # others do not fit, which is said elsewhere


def _sound(candidates: Candidates, chooser: RandomChooser) -> Iterator[Candidate]:
    """Drawn candidates; those that are not sound are left out, unless none is."""
    first, any_sound = None, False
    for _ in range(_DRAWS):
        try:
            candidate = candidates.fill(chooser)
        except InvalidInput as error:
            first = first or error
        else:
            any_sound = True
            yield candidate
    if first is not None and not any_sound:
        if isinstance(first, DoesNotFit):
            raise first
        raise InvalidInput(problem.under("space") for problem in first.problems)


def _hopeless(
    draws: Iterator[Candidate], check: Callable[[Candidate], Failure | None], path: Path, who: str
) -> Iterator[Problem]:
    failure = None
    for candidate in draws:
        failure = check(candidate)
        if failure is None:
            return
    if failure is not None:
        yield Problem(
            path, f"{who} would fail: {failure.kind}: {failure.reason}", "raise the limit or make the model smaller"
        )
