"""Who reads whom: as the drawing's lines say, and as the instructions say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archsearch.diagram.drawing import Box, Drawing, Label, Line, Xy
from archsearch.diagram.fold import graph_of
from archsearch.diagram.graph import OUTPUT_KEY, next_key
from archsearch.diagram.measure import MARK
from archsearch.ir import Affine, CellIR, Operand, Pointwise

Reads = Counter[tuple[str, str, bool]]
"""Source, reader, and whether it is a peephole."""


def drawn_reads(drawing: Drawing) -> Reads:
    """The reads that can be followed along the lines, from the edge of a shape to the tip of an arrow.

    Lines go on at a common dot only. A bundle hands on each of its members. Nothing but places and styles is looked at.
    """
    direct = list(_direct(drawing))
    bundles = {shape.key for shape in drawing.shapes if shape.kind == "bundle"}
    found: Reads = Counter()
    for source, reader, dashed in direct:
        if source not in bundles and reader not in bundles:
            found[source, reader, dashed] += 1
        elif reader not in bundles:
            found.update((member, reader, dashed) for member in _members(source, direct, bundles))
    return found


def _direct(drawing: Drawing) -> Iterator[tuple[str, str, bool]]:
    dots = set(drawing.dots)
    starting: dict[Xy, list[Line]] = {}
    for line in drawing.lines:
        starting.setdefault(line.points[0], []).append(line)
    tips = {arrow.tip: arrow for arrow in drawing.arrows}
    for line in drawing.lines:
        source = _at(drawing, line.points[0])
        if source is None:
            continue
        waiting = [line]
        while waiting:
            here = waiting.pop()
            end = here.points[-1]
            reader = _at(drawing, end)
            if end in tips and reader is not None:
                yield source, reader, here.style == "peephole"
            elif end in dots:
                waiting += starting.get(end, [])


def _members(bundle: str, direct: list[tuple[str, str, bool]], bundles: set[str]) -> Iterator[str]:
    for source, reader, _ in direct:
        if reader == bundle:
            yield from _members(source, direct, bundles) if source in bundles else (source,)


def _at(drawing: Drawing, point: Xy) -> str | None:
    """The shape (or its mark) on whose edge a point lies, or the end whose label it points to."""
    boxes = [(shape.key, shape.box) for shape in drawing.shapes] + [(mark.into, mark.box) for mark in drawing.marks]
    found = [key for key, box in boxes if _on_edge(box, point)]
    found += [label.key for label in drawing.labels if _before(label, point)]
    return found[0] if found else None


def _on_edge(box: Box, point: Xy) -> bool:
    x, y = point
    inside = box.left - 0.01 <= x <= box.right + 0.01 and box.top - 0.01 <= y <= box.bottom + 0.01
    return inside and min(abs(x - box.left), abs(x - box.right), abs(y - box.top), abs(y - box.bottom)) < 0.01


def _before(label: Label, point: Xy) -> bool:
    x, y = point
    box = label.box
    beside = abs(y - box.y) < 1 and min(abs(x - box.left), abs(x - box.right)) < MARK
    return beside or (abs(x - box.x) < 1 and min(abs(y - box.top), abs(y - box.bottom)) < MARK)


def wanted_reads(ir: CellIR) -> Reads:
    """The reads between the nodes into which the instructions are folded."""
    owners = {name: name for name in ir.inputs} | {state.previous: state.previous for state in ir.states}
    for node in graph_of(ir).nodes.values():
        for name in node.folds:
            assert name not in owners, f"{name} is drawn twice"
            owners[name] = node.key
    found: Reads = Counter()
    for instruction in ir.body:
        owner = owners[instruction.name]
        relu = isinstance(instruction, Pointwise) and instruction.op == "where_le"  # one value that is read twice
        for index, name in enumerate(dict.fromkeys(instruction.operands) if relu else instruction.operands):
            if owners[name] != owner:
                peephole = isinstance(instruction, Affine) and index >= len(instruction.matrices)
                found[owners[name], owner, peephole] += 1
    ends: list[tuple[str, Operand]] = [(next_key(state.name), state.next) for state in ir.states]
    for end, value in [*ends, (OUTPUT_KEY, ir.output)]:
        source = owners[value] if isinstance(value, str) else f"number of {end}"
        found[source, end, False] += 1
    return found
