"""The checks of pictures find what they look for."""

from __future__ import annotations

import dataclasses

import pytest

from archsearch.diagram import draw
from archsearch.diagram.drawing import Box, Drawing, Line, NodeShape
from archsearch.ir import lower
from archsearch.space import load_cell
from tests.diagram.geometry import faults
from tests.diagram.netlist import drawn_reads, wanted_reads

IR = lower(load_cell("peephole_lstm"))


@pytest.fixture(scope="module")
def drawing() -> Drawing:
    return draw(IR, tries=0)


def _shape(drawing: Drawing, key: str) -> NodeShape:
    return next(shape for shape in drawing.shapes if shape.key == key)


def _with_shape(drawing: Drawing, key: str, box: Box) -> Drawing:
    shapes = tuple(dataclasses.replace(each, box=box) if each.key == key else each for each in drawing.shapes)
    return dataclasses.replace(drawing, shapes=shapes)


def _with_line(drawing: Drawing, old: Line, *new: Line) -> Drawing:
    return dataclasses.replace(drawing, lines=(*(each for each in drawing.lines if each != old), *new))


def _shifted(line: Line, across: float, down: float) -> Line:
    return dataclasses.replace(line, points=tuple((x + across, y + down) for x, y in line.points))


def test_the_drawing_itself_is_sound(drawing: Drawing) -> None:
    assert faults(drawing) == []
    assert drawn_reads(drawing) == wanted_reads(IR)


def test_a_moved_box_overlaps_another(drawing: Drawing) -> None:
    beside = _shape(drawing, "f").box
    moved = _with_shape(drawing, "i", dataclasses.replace(beside, x=beside.x + 10))
    assert any("i overlaps f" in fault or "f overlaps i" in fault for fault in faults(moved))


def test_a_box_moved_onto_a_line_is_found(drawing: Drawing) -> None:
    line = next(line for line in drawing.lines if line.value == "f")
    (x, y), (_, end) = line.points[0], line.points[-1]
    box = dataclasses.replace(_shape(drawing, "g").box, x=x, y=(y + end) / 2)
    assert any("runs through g" in fault for fault in faults(_with_shape(drawing, "g", box)))


def test_a_box_outside_of_the_frame_is_found(drawing: Drawing) -> None:
    box = dataclasses.replace(_shape(drawing, "g").box, y=drawing.height + 40)
    assert "g lies outside of the frame" in faults(_with_shape(drawing, "g", box))


def test_a_label_in_the_wrong_place_is_found(drawing: Drawing) -> None:
    labels = [dataclasses.replace(label, box=drawing.labels[0].box) for label in drawing.labels]
    found = faults(dataclasses.replace(drawing, labels=tuple(labels)))
    assert any("label" in fault and "overlaps" in fault for fault in found)


@pytest.mark.parametrize("by", [0.0, 3.0])
def test_a_line_on_a_line_is_found(drawing: Drawing, by: float) -> None:
    line = next(line for line in drawing.lines if line.value == "f")
    twin = dataclasses.replace(_shifted(line, by, 0), value="i")
    assert any("lie on one another" in fault for fault in faults(_with_line(drawing, line, line, twin)))


def test_a_corner_on_a_line_is_found(drawing: Drawing) -> None:
    line = next(line for line in drawing.lines if line.value == "f")
    (x, y), (_, end) = line.points[0], line.points[-1]
    middle = (y + end) / 2
    touching = Line("o", "plain", ((x, middle), (x + 20, middle)))
    assert any("lie on one another" in fault for fault in faults(_with_line(drawing, line, line, touching)))


def test_a_line_that_leaves_the_drawing_or_is_slanted_is_found(drawing: Drawing) -> None:
    line = drawing.lines[0]
    assert any("leaves" in fault for fault in faults(_with_line(drawing, line, _shifted(line, -500, 0))))
    slanted = dataclasses.replace(line, points=(line.points[0], (line.points[0][0] + 9, line.points[0][1] + 5)))
    assert any("slanted" in fault for fault in faults(_with_line(drawing, line, slanted)))


def test_a_text_that_is_too_wide_is_found(drawing: Drawing) -> None:
    shapes = tuple(dataclasses.replace(shape, sign="sigmoid of everything") for shape in drawing.shapes)
    assert any("does not fit" in fault for fault in faults(dataclasses.replace(drawing, shapes=shapes)))


def test_every_line_is_needed(drawing: Drawing) -> None:
    for line in drawing.lines:
        assert drawn_reads(_with_line(drawing, line)) != wanted_reads(IR), line


def test_every_dot_is_needed(drawing: Drawing) -> None:
    for dot in drawing.dots:
        dots = tuple(each for each in drawing.dots if each != dot)
        assert drawn_reads(dataclasses.replace(drawing, dots=dots)) != wanted_reads(IR), dot


def test_every_arrow_is_needed(drawing: Drawing) -> None:
    for arrow in drawing.arrows:
        arrows = tuple(each for each in drawing.arrows if each != arrow)
        assert drawn_reads(dataclasses.replace(drawing, arrows=arrows)) != wanted_reads(IR), arrow


def test_a_peephole_drawn_as_a_matrix_is_found(drawing: Drawing) -> None:
    peepholes = [line for line in drawing.lines if line.style == "peephole"]
    assert len(peepholes) >= 3
    lines = tuple(dataclasses.replace(line, style="plain") for line in drawing.lines)
    assert drawn_reads(dataclasses.replace(drawing, lines=lines)) != wanted_reads(IR)


def test_lines_of_another_cell_are_not_those_of_this_one(drawing: Drawing) -> None:
    assert drawn_reads(drawing) != wanted_reads(lower(load_cell("lstm")))
