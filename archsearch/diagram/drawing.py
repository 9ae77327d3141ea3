"""A finished drawing: shapes, lines and texts with their places in pixels. x grows to the right, y downwards."""

from __future__ import annotations

import dataclasses
from typing import Literal

Xy = tuple[float, float]
Style = Literal["plain", "state", "bundle", "peephole"]


@dataclasses.dataclass(frozen=True)
class Box:
    """A rectangle by its middle and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def left(self) -> float:
        """The left edge."""
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        """The upper edge."""
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height / 2


@dataclasses.dataclass(frozen=True)
class NodeShape:
    """A node inside the frame: a gate's box, an operation's circle (or pill), a bundle's bar."""

    key: str
    kind: str
    box: Box
    sign: str
    name: str


@dataclasses.dataclass(frozen=True)
class Mark:
    """A small sign where a line enters an operation in which order matters."""

    box: Box
    sign: str
    into: str


@dataclasses.dataclass(frozen=True)
class Line:
    """A line with right angles. Where lines of one value join, they end in a common dot."""

    value: str
    style: Style
    points: tuple[Xy, ...]


@dataclasses.dataclass(frozen=True)
class Arrow:
    """The tip of a line: the value enters `into` here. `way` is 0 to the right, 1 down, 2 left, 3 up."""

    tip: Xy
    way: int
    style: Style
    into: str


@dataclasses.dataclass(frozen=True)
class Label:
    """A text outside of the frame, at the end of a line."""

    key: str
    text: str
    box: Box


@dataclasses.dataclass(frozen=True)
class Drawing:
    """Everything that is drawn."""

    title: str
    description: str
    width: float
    height: float
    frame: Box
    shapes: tuple[NodeShape, ...]
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    dots: tuple[Xy, ...]
    arrows: tuple[Arrow, ...]
    labels: tuple[Label, ...]
