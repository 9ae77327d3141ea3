"""What is wrong with a drawing, found from its shapes and lines alone."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from archsearch.diagram.drawing import Box, Drawing, Line, Xy
from archsearch.diagram.measure import NAME_SIZE, SIGN_SIZE, text_width

APART = 6.0
"""The least distance, in pixels, between lines of different values that run beside each other."""

BAR = 4.0
"""The same between lines that end facing each other: the bar of a bundle may stand between them."""

Segment = tuple[Xy, Xy]


def faults(drawing: Drawing) -> list[str]:
    """Everything that makes a drawing hard or impossible to read, in words."""
    found = [
        _overlapping_boxes(drawing),
        _outside(drawing),
        _lines_through_boxes(drawing),
        _lines_on_lines(drawing),
        _texts_too_wide(drawing),
        _slanted(drawing),
    ]
    return list(itertools.chain.from_iterable(found))


def _overlapping_boxes(drawing: Drawing) -> Iterator[str]:
    boxes = [(shape.key, shape.box) for shape in drawing.shapes] + [(f"label {a.key}", a.box) for a in drawing.labels]
    for (one, box), (other, second) in itertools.combinations(boxes, 2):
        if _meet(box, second):
            yield f"{one} overlaps {other}"
    for mark in drawing.marks:
        for key, box in boxes:
            if key != mark.into and _meet(mark.box, box):
                yield f"the mark at {mark.into} overlaps {key}"
    for mark, twin in itertools.combinations(drawing.marks, 2):
        if _meet(mark.box, twin.box):
            yield f"two marks overlap at {mark.into}"


def _meet(one: Box, other: Box) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom


def _outside(drawing: Drawing) -> Iterator[str]:
    sheet = Box(drawing.width / 2, drawing.height / 2, drawing.width, drawing.height)
    for key, box in [(each.key, each.box) for each in drawing.labels] + [("frame", drawing.frame)]:
        if not _within(box, sheet):
            yield f"{key} lies outside of the drawing"
    for shape in drawing.shapes:
        if not _within(shape.box, drawing.frame):
            yield f"{shape.key} lies outside of the frame"
    for label in drawing.labels:
        if _meet(label.box, drawing.frame):
            yield f"the label {label.key} lies on the frame"
    for line in drawing.lines:
        if not all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y in line.points):
            yield f"a line of {line.value} leaves the drawing"


def _within(box: Box, whole: Box) -> bool:
    across = whole.left <= box.left and box.right <= whole.right
    return across and whole.top <= box.top and box.bottom <= whole.bottom


def _lines_through_boxes(drawing: Drawing) -> Iterator[str]:
    readers = {arrow.tip: arrow.into for arrow in drawing.arrows}
    for line in drawing.lines:
        own = {line.value, readers.get(line.points[-1], "")}
        for segment in _segments(line):
            for shape in drawing.shapes:
                room = 0.5 if shape.key in own else -4.0  # its own nodes it may touch
                if _crosses(segment, shape.box, room):
                    yield f"a line of {line.value} runs through {shape.key}"
            for label in drawing.labels:
                if _crosses(segment, label.box, 0.0):
                    yield f"a line of {line.value} runs through the label {label.key}"


def _crosses(segment: Segment, box: Box, room: float) -> bool:
    """Whether a segment comes into a box that is made smaller by `room` on each side."""
    (left, top), (right, bottom) = _sorted(segment)
    across = left < box.right - room and right > box.left + room
    return across and top < box.bottom - room and bottom > box.top + room


def _lines_on_lines(drawing: Drawing) -> Iterator[str]:
    pieces = [(line.value, segment) for line in drawing.lines for segment in _segments(line)]
    for (one, first), (other, second) in itertools.combinations(pieces, 2):
        if one != other and (_beside(first, second) or _touch(first, second)):
            yield f"lines of {one} and {other} lie on one another at {first}, {second}"


def _beside(one: Segment, other: Segment) -> bool:
    """Whether parallel segments are too near to each other to be told apart."""
    for axis in (0, 1):
        if one[0][axis] == one[1][axis] and other[0][axis] == other[1][axis]:
            near = abs(one[0][axis] - other[0][axis]) < APART
            (low, high), (start, end) = _range(one, 1 - axis), _range(other, 1 - axis)
            return near and low < end + BAR and start < high + BAR
    return False


def _touch(one: Segment, other: Segment) -> bool:
    """Whether segments at right angles meet at an end of either: that would look like a corner or a branch."""
    across, along = (one, other) if one[0][1] == one[1][1] else (other, one)
    if across[0][1] != across[1][1] or along[0][0] != along[1][0]:
        return False
    x, y = along[0][0], across[0][1]
    (left, right), (top, bottom) = _range(across, 0), _range(along, 1)
    if not (left <= x <= right and top <= y <= bottom):
        return False
    return min(x - left, right - x, y - top, bottom - y) < APART / 2


def _texts_too_wide(drawing: Drawing) -> Iterator[str]:
    for shape in drawing.shapes:
        sign, name = text_width(shape.sign, SIGN_SIZE), text_width(shape.name, NAME_SIZE)
        width = max(sign, name) if shape.kind == "gate" else sign + name
        if shape.kind != "bundle" and width > shape.box.width - 2:
            yield f"the text of {shape.key} does not fit"


def _slanted(drawing: Drawing) -> Iterator[str]:
    for line in drawing.lines:
        for (x, y), (other_x, other_y) in _segments(line):
            if x != other_x and y != other_y:
                yield f"a line of {line.value} is slanted"


def _segments(line: Line) -> Iterator[Segment]:
    return itertools.pairwise(line.points)


def _sorted(segment: Segment) -> Segment:
    (x, y), (other_x, other_y) = segment
    return (min(x, other_x), min(y, other_y)), (max(x, other_x), max(y, other_y))


def _range(segment: Segment, axis: int) -> tuple[float, float]:
    low, high = sorted((segment[0][axis], segment[1][axis]))
    return low, high
