"""Who answers the questions of a space: the whole coupling to a search library."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from archsearch.errors import InvalidInput, Problem, one_of, quoted

Choice = str | int | float


class Chooser(Protocol):
    """Answers each question once; names and labels are fixed for a space, the order of questions is not."""

    def category(self, name: str, labels: Sequence[str]) -> str:
        """One of the labels."""

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """A whole number in [low, high]."""

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """A number in [low, high]."""


class RandomChooser:
    """Uniform (or log-uniform) answers from an explicit generator."""

    def __init__(self, generator: random.Random) -> None:
        self.generator = generator

    def category(self, name: str, labels: Sequence[str]) -> str:
        """One of the labels, each equally likely."""
        return self.generator.choice(list(labels))

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """A whole number in [low, high]."""
        if not log:
            return self.generator.randint(low, high)
        drawn = math.exp(self.generator.uniform(math.log(low - 0.5), math.log(high + 0.5)))
        return min(max(round(drawn), low), high)

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """A number in [low, high]."""
        if not log:
            return self.generator.uniform(low, high)
        return min(max(math.exp(self.generator.uniform(math.log(low), math.log(high))), low), high)


class RecordedChooser:
    """Answers from a stored record; raises `InvalidInput` where the record does not fit the space."""

    def __init__(self, choices: Mapping[str, Choice]) -> None:
        self.choices = choices

    def category(self, name: str, labels: Sequence[str]) -> str:
        """The recorded label."""
        label = self._found(name)
        if label not in labels:
            raise InvalidInput(Problem((name,), f"{quoted(label)} is not an option", one_of(labels, str(label))))
        return str(label)

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """The recorded whole number."""
        number = self._number(name, low, high)
        if number != int(number):
            raise InvalidInput(Problem((name,), f"{quoted(number)} is not a whole number"))
        return int(number)

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """The recorded number."""
        return self._number(name, low, high)

    def _found(self, name: str) -> Choice:
        if name not in self.choices:
            raise InvalidInput(Problem((name,), "no choice is recorded for this hole"))
        return self.choices[name]

    def _number(self, name: str, low: float, high: float) -> float:
        number = self._found(name)
        if isinstance(number, bool | str) or not low <= number <= high:
            raise InvalidInput(Problem((name,), f"{quoted(number)} is out of range", f"allowed: {low} to {high}"))
        return number


class EnumeratingChooser:
    """Follows a fixed prefix of category answers, then takes first options, and knows which answers come next.

    Ranges are not enumerated: their low end is taken.
    """

    def __init__(self, prefix: Sequence[int]) -> None:
        self.prefix = prefix
        self.taken: list[int] = []
        self.widths: list[int] = []

    def category(self, name: str, labels: Sequence[str]) -> str:
        """The label that the prefix names at this depth, or the first."""
        index = self.prefix[len(self.taken)] if len(self.taken) < len(self.prefix) else 0
        self.taken.append(index)
        self.widths.append(len(labels))
        return labels[index]

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """The low end."""
        return low

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """The low end."""
        return low

    def following(self) -> list[int] | None:
        """The next prefix in order; None after the last."""
        taken = list(self.taken)
        while taken:
            if taken[-1] + 1 < self.widths[len(taken) - 1]:
                taken[-1] += 1
                return taken
            taken.pop()
        return None


def every_chooser() -> Iterator[EnumeratingChooser]:
    """One chooser per configuration, in order. Each must be used for a fill before the next is asked for."""
    prefix: list[int] | None = []
    while prefix is not None:
        chooser = EnumeratingChooser(prefix)
        yield chooser
        prefix = chooser.following()


class PathSizeChooser(RandomChooser):
    """Random answers whose product of widths estimates the number of configurations without bias (Knuth 1975)."""

    def __init__(self, generator: random.Random) -> None:
        super().__init__(generator)
        self.size = 1

    def category(self, name: str, labels: Sequence[str]) -> str:
        """One of the labels, each equally likely."""
        self.size *= len(labels)
        return super().category(name, labels)
