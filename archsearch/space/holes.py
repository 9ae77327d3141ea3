"""Holes at work: from what a file says to a question for a chooser and the value that its answer stands for."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from archsearch.errors import InvalidInput, Path, Problem, quoted
from archsearch.schema.holes import FloatRange, Hole, IntRange, OneOf, SubsetOf
from archsearch.space.chooser import Choice, Chooser

YES, NO = "yes", "no"


def label_of(value: Any) -> str:
    """The label of a plain option as YAML spells it: `true`, `none`, `16`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


@dataclasses.dataclass
class Holes:
    """A table of holes being filled once: each hole is asked at its first use and keeps its answer."""

    table: Mapping[str, Hole]
    chooser: Chooser
    choices: dict[str, Choice] = dataclasses.field(default_factory=dict)
    implied: dict[str, Choice] = dataclasses.field(default_factory=dict)
    """Answers that followed from others and so were not asked for."""

    def __contains__(self, name: str) -> bool:
        return name in self.table

    def value(self, name: str) -> Any:
        """The value with which the hole is filled."""
        match self.table[name]:
            case list() as options:
                return self._option(name, {label_of(option): option for option in options})
            case OneOf(one_of=options):
                return self._option(name, options)
            case SubsetOf(subset_of=elements):
                return [element for element in elements if self.member(name, element)]
            case IntRange(bounds=[low, high], log=log):
                return self._asked(name, lambda: self.chooser.integer(name, low, high, log))
            case FloatRange(bounds=[low, high], log=log):
                return self._asked(name, lambda: self.chooser.real(name, low, high, log))
            case other:
                raise TypeError(f"not a hole: {other!r}")

    def member(self, name: str, element: str) -> bool:
        """Whether the subset contains `element`: a question of its own, called `<hole>.<element>`.

        Once so few elements are left that `at_least` needs them all, they are in without being asked.
        """
        hole = self.table[name]
        if not isinstance(hole, SubsetOf):
            return element in self.value(name)
        if element not in hole.subset_of:
            return False
        question = f"{name}.{element}"
        before = hole.subset_of[: hole.subset_of.index(element)]
        if hole.at_least:
            chosen = sum(self.member(name, earlier) for earlier in before)
            if len(hole.subset_of) - len(before) <= hole.at_least - chosen:
                self.implied[question] = YES
                return True
        return self._asked(question, lambda: self.chooser.category(question, [NO, YES])) == YES

    def _option(self, name: str, options: Mapping[str, Any]) -> Any:
        labels = list(options)
        if len(labels) == 1:
            return options[labels[0]]
        return options[str(self._asked(name, lambda: self.chooser.category(name, labels)))]

    def _asked(self, name: str, ask: Any) -> Choice:
        if name not in self.choices:
            self.choices[name] = ask()
        return self.choices[name]


def options_of(hole: Hole) -> list[tuple[Path, Any]]:
    """Every option with its place inside the hole: of a subset each element as a list, of a range both ends."""
    match hole:
        case list():
            return [((index,), option) for index, option in enumerate(hole)]
        case OneOf(one_of=options):
            return [(("one_of", label), option) for label, option in options.items()]
        case SubsetOf(subset_of=elements):
            return [(("subset_of", index), [element]) for index, element in enumerate(elements)]
        case IntRange(bounds=bounds) | FloatRange(bounds=bounds):
            kind = "int" if isinstance(hole, IntRange) else "float"
            return [((kind, index), bound) for index, bound in enumerate(bounds)]


def misfits(path: str, hole: Hole, check: Callable[[str, Any], Iterable[Problem]]) -> Iterator[Problem]:
    """What `check` says of the hole's options as the field at `path`, each problem at its option."""
    for place, option in options_of(hole):
        for problem in check(path, option):
            yield problem.under("holes", path, *place)


def check_table(table: Mapping[str, Hole]) -> list[Problem]:
    """What is wrong with the holes themselves, apart from the fields that they fill."""
    problems = []
    for name, hole in table.items():
        for what, allowed in _faults(hole):
            problems.append(Problem(("holes", name), what, allowed))
    return problems


def require(problems: list[Problem]) -> None:
    """Raise `InvalidInput` when there are problems."""
    if problems:
        raise InvalidInput(problems)


def _faults(hole: Hole) -> list[tuple[str, str]]:
    if isinstance(hole, list):
        labels = [label_of(option) for option in hole]
        twice = {label for label in labels if labels.count(label) > 1}
        return [(f"the option {quoted(label)} stands twice", "list each option once") for label in sorted(twice)]
    if isinstance(hole, SubsetOf):
        twice = {element for element in hole.subset_of if hole.subset_of.count(element) > 1}
        faults = [(f"the element {quoted(label)} stands twice", "list each element once") for label in sorted(twice)]
        if hole.at_least > len(hole.subset_of):
            faults.append((f"at_least is {hole.at_least}", f"allowed: at most {len(hole.subset_of)}, the elements"))
        return faults
    if isinstance(hole, IntRange | FloatRange):
        return _range_faults(hole)
    return []


def _range_faults(hole: IntRange | FloatRange) -> list[tuple[str, str]]:
    low, high = hole.bounds
    if not math.isfinite(high - low):
        return [(f"the range {low} to {high} is too wide", "allowed: a finite width")]
    if low > high:
        return [(f"the range {low} to {high} is empty", "allowed: [low, high] with low <= high")]
    if hole.log and low <= 0:
        return [(f"a logarithmic range from {low}", "allowed: a low end above 0")]
    return []
