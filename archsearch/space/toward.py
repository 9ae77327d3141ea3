"""Answers that lead a wiring space to a given wiring, where the space holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from archsearch.schema.holes import Hole, OneOf
from archsearch.space.holes import NO, YES, label_of


class TowardChooser:
    """For each question the answer that agrees with `reads`, every field of the wanted wiring that counts for it."""

    def __init__(self, table: Mapping[str, Hole], reads: Mapping[str, Any]) -> None:
        self.table = table
        self.reads = reads

    def category(self, name: str, labels: Sequence[str]) -> str:
        """The label that agrees, or the first where none does."""
        if name not in self.table:  # a member of a subset
            return YES if self.reads.get(name) else NO
        return next((label for label in labels if self._agrees(name, label)), labels[0])

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """The wanted number, moved into the range."""
        return int(self.real(name, low, high, log))

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """The wanted number, moved into the range."""
        wanted = self.reads.get(name)
        return min(max(float(wanted), low), high) if isinstance(wanted, int | float) else low

    def _agrees(self, name: str, label: str) -> bool:
        hole, wanted = self.table[name], self.reads.get(name)
        if not isinstance(hole, OneOf):
            return isinstance(hole, list) and {label_of(option): option for option in hole}[label] == wanted
        option = hole.one_of[label]
        if not isinstance(option, dict):
            return bool(option == wanted)
        return wanted == "gate" and all(
            self.reads.get(f"{name}.{key}", value) == value for key, value in option.items()
        )
