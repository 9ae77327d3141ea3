"""Hypothesis as a chooser: it answers a space's questions and shrinks the answers."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st

ORDINARY = 100
"""Examples of a property in the ordinary profile."""


def examples(count: int) -> settings:
    """`count` examples in the ordinary profile, in proportion in others."""
    return settings(max_examples=max(1, count * settings().max_examples // ORDINARY))


class HypothesisChooser:
    """Draws each answer from Hypothesis' data; first labels and low ends are its simplest."""

    def __init__(self, data: st.DataObject) -> None:
        self.data = data

    def category(self, name: str, labels: Sequence[str]) -> str:
        """One of the labels."""
        label: str = self.data.draw(st.sampled_from(list(labels)), label=name)
        return label

    def integer(self, name: str, low: int, high: int, log: bool) -> int:
        """A whole number in [low, high]."""
        return self.data.draw(st.integers(low, high), label=name)

    def real(self, name: str, low: float, high: float, log: bool) -> float:
        """A number in [low, high]."""
        return self.data.draw(st.floats(low, high), label=name)
