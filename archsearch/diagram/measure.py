"""Sizes in pixels: how wide a text and how large a node is."""

from __future__ import annotations

import math

from archsearch.diagram.graph import Node

PITCH = 14.0
"""Between neighbouring lines, and between the places where lines enter a node."""
MARGIN = 17.0
"""Between a node and lines that pass it."""
SIGN_SIZE, NAME_SIZE, PORT_SIZE = 15.0, 12.0, 15.0
GATE_HEIGHT, ROUND = 42.0, 30.0
MARK = 13.0
"""The size of a mark where a line enters."""
BUNDLE_WIDTH = 5.0
LONGEST_NAME = 14

_NARROW, _WIDE = set("ijlftr.,:;|!()[]'~_ "), set("mwMW@%")


def text_width(text: str, size: float) -> float:
    """A generous estimate of a text's width in a sans-serif font."""
    units = sum(0.38 if char in _NARROW else 0.95 if char in _WIDE else 0.65 for char in text)
    return units * size


def shortened(name: str) -> str:
    """A name that is not too long to be written into a box."""
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def label_of(node: Node) -> str:
    """What is written into a box or beside a line: the name, and where a bias starts."""
    return shortened(node.name) + (f", b={node.start}" if node.start else "")


def inputs_below(node: Node) -> int:
    """How many lines enter a node from below at most."""
    if node.kind == "gate":
        return sum(read.kind == "matrix" for read in node.reads)
    return max(len(node.reads) - 2, 1) if node.kind == "operation" else 1


def inputs_left(node: Node) -> int:
    """How many lines enter a node from the left at most."""
    return max(len(node.reads) - 2, 1) if node.kind == "bundle" else 1


def size_of(node: Node) -> tuple[float, float]:
    """Width and height of a node inside the frame."""
    if node.kind == "bundle":
        return BUNDLE_WIDTH, PITCH * inputs_left(node) + 8
    pins = PITCH * (inputs_below(node) - 1)
    sign, name = text_width(node.sign, SIGN_SIZE), text_width(label_of(node), NAME_SIZE)
    if node.kind == "gate":
        return max(48.0, pins + 22, max(sign, name) + 16), GATE_HEIGHT
    text = sign + (name + 6 if node.name else 0)
    marked = MARK * 0.7 * any(read.mark for read in node.reads)
    height = ROUND + marked
    return max(height, pins + 30, text + height - 16 + marked if text > 18 else 0), height


def half_lines(pixels: float) -> int:
    """How many lines beside its middle a node of this size covers, on each side."""
    return max(math.floor(pixels / 2 / PITCH), 1)
