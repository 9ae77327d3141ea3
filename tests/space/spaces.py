"""Small spaces for tests, and choosers that watch what is asked."""

from __future__ import annotations

import random
from collections.abc import Sequence

from archsearch.space import RandomChooser, SearchSpace, load_space
from archsearch.space.chooser import EnumeratingChooser


def wiring_space(holes: str, base: str = "lstm", contains: str = "[]") -> SearchSpace:
    """A space over a wiring; `holes` is indented YAML."""
    return load_space(f"space: test\nwiring: {base}\nholes:\n{holes}\ncontains: {contains}\n")


def cell_space(equations: str, holes: str, states: str = "{h: 0}", contains: str = "[]") -> SearchSpace:
    """A space over equations, with output h."""
    return load_space(
        f"space: test\ncell:\n  states: {states}\n  output: h\n  equations:\n{equations}\n"
        f"holes:\n{holes}\ncontains: {contains}\n"
    )


class Watching(RandomChooser):
    """Random answers; remembers the questions in order."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__(random.Random(seed))
        self.asked: list[str] = []

    def category(self, name: str, labels: Sequence[str]) -> str:
        """A random label."""
        self.asked.append(name)
        return super().category(name, labels)

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """A random whole number."""
        self.asked.append(name)
        return super().integer(name, low, high, log)

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """A random number."""
        self.asked.append(name)
        return super().real(name, low, high, log)


class Answering(EnumeratingChooser):
    """Given answers where there are some, else the first label; remembers the questions."""

    def __init__(self, **answers: str) -> None:
        super().__init__([])
        self.answers = {name.replace("__", "."): answer for name, answer in answers.items()}
        self.asked: dict[str, tuple[str, ...]] = {}

    def category(self, name: str, labels: Sequence[str]) -> str:
        """The given answer, or the first label."""
        self.asked[name] = tuple(labels)
        answer = self.answers.get(name, labels[0])
        assert answer in labels, f"{answer} is no answer to {name}: {labels}"
        return answer
