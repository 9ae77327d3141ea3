"""What `validate` proves of a space: every configuration is a sound cell, and `contains` is true."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from archsearch.errors import InvalidInput, Problem
from archsearch.ir import lower
from archsearch.ir.identity import arch_id
from archsearch.schema.holes import Hole, OneOf
from archsearch.space.chooser import Choice, RandomChooser
from archsearch.space.holes import NO, YES, label_of, require
from archsearch.space.library import load_cell, textbook_wirings
from archsearch.space.size import LIMIT, count_configurations, every_configuration
from archsearch.space.space import Configuration, SearchSpace
from archsearch.space.wiring_space import WiringSpace

SAMPLES_BEYOND = 1_000


def prove(space: SearchSpace, limit: int = LIMIT, seed: int = 0) -> dict[str, dict[str, Choice]]:
    """Lower every configuration (beyond `limit` each option at least once and a seeded sample) and find `contains`.

    Returns the choices that make each promised cell. Raises `InvalidInput` for the first unsound configuration, or for
    promised cells that were not found.
    """
    require(unknown_promises(space.definition.contains))
    missing = {name: arch_id(lower(load_cell(name))) for name in space.definition.contains}
    choices: dict[str, dict[str, Choice]] = {}
    complete = count_configurations(space, limit) is not None
    tried = every_configuration(space) if complete else _some(space, seed)
    for configuration in itertools.chain(_led_to(space, list(missing)), tried):
        here = arch_id(configuration.ir) if missing else ""
        for name in [name for name, promised in missing.items() if promised == here]:
            choices[name] = configuration.choices
            del missing[name]
    if missing:
        which = "all configurations" if complete else "the configurations tried (the space is too large to try all)"
        raise InvalidInput(
            Problem(
                ("contains", space.definition.contains.index(name)),
                f"{name} is not among {which}",
                "remove it or widen the space",
            )
            for name in missing
        )
    return choices


def unknown_promises(names: object) -> list[Problem]:
    """What is wrong with the names of promised cells; the schema reports values that are not names."""
    problems = []
    for index, name in enumerate(names if isinstance(names, list) else ()):
        try:
            load_cell(name if isinstance(name, str) else "lstm")
        except InvalidInput as error:
            problems += [problem.under("contains", index) for problem in error.problems]
    return problems


def _led_to(space: SearchSpace, names: list[str]) -> Iterator[Configuration]:
    """The nearest configuration of a wiring space to each of these shipped wirings."""
    for name in names:
        if name in textbook_wirings() and isinstance(space.body, WiringSpace):
            yield space.fill(TowardChooser(space.definition.holes, textbook_wirings()[name]))


def _some(space: SearchSpace, seed: int) -> Iterator[Configuration]:
    """Each option of each question at least once, then a seeded sample."""
    generator = random.Random(seed)
    tried: set[tuple[str, str]] = set()
    for _ in range(SAMPLES_BEYOND):
        chooser = _NewOptionsFirst(generator, tried)
        yield space.fill(chooser)


class _NewOptionsFirst(RandomChooser):
    """Random answers that prefer labels not given yet."""

    def __init__(self, generator: random.Random, tried: set[tuple[str, str]]) -> None:
        super().__init__(generator)
        self.tried = tried

    def category(self, name: str, labels: Sequence[str]) -> str:
        fresh = [label for label in labels if (name, label) not in self.tried]
        answer = super().category(name, fresh or labels)
        self.tried.add((name, answer))
        return answer


class TowardChooser:
    """For each question the answer that agrees with `reads`, every field of the target wiring that counts for it."""

    def __init__(self, table: Mapping[str, Hole], reads: Mapping[str, Any]) -> None:
        self.table = table
        self.reads = reads

    def category(self, name: str, labels: Sequence[str]) -> str:
        """The label that agrees, or the first where none does."""
        if name not in self.table:  # a member of a subset
            return YES if self.reads.get(name) else NO
        return next((label for label in labels if self._agrees(name, label)), labels[0])

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """The target number, moved into the range."""
        return int(self.real(name, low, high, log))

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """The target number, moved into the range."""
        value = self.reads.get(name)
        return min(max(float(value), low), high) if isinstance(value, int | float) else low

    def _agrees(self, name: str, label: str) -> bool:
        hole, target = self.table[name], self.reads.get(name)
        if not isinstance(hole, OneOf):
            return isinstance(hole, list) and {label_of(option): option for option in hole}[label] == target
        option = hole.one_of[label]
        if not isinstance(option, dict):
            return bool(option == target)
        return target == "gate" and all(
            self.reads.get(f"{name}.{key}", value) == value for key, value in option.items()
        )
