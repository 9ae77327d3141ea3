"""A drawing as SVG: text as text, colours by class for light and dark, no script and no reference to anything else."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from archsearch.diagram.drawing import Arrow, Box, Drawing, Line, Mark, NodeShape, Xy
from archsearch.diagram.grid import STEPS
from archsearch.diagram.measure import NAME_SIZE, PORT_SIZE, SIGN_SIZE, text_width

CORNER = 7.0
ARROW_LENGTH, ARROW_WIDTH = 8.0, 4.0
DOT = 3.6

FONT = 'ui-sans-serif, system-ui, "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif'
COLOURS = {
    "paper": ("#ffffff", "#14181b"),
    "frame": ("#eef4ee", "#1d2723"),
    "edge": ("#7d9a84", "#5d7766"),
    "ink": ("#23302a", "#dfe8e2"),
    "state": ("#1f6f4a", "#6fd0a1"),
    "bundle": ("#4a5f78", "#9db7d6"),
    "peephole": ("#a03a78", "#f08fc8"),
    "gate": ("#ffe7a3", "#4d4219"),
    "gate-edge": ("#b58a1b", "#d9b34a"),
    "operation": ("#ffd9dd", "#4a2a31"),
    "operation-edge": ("#bd5f6d", "#e08a97"),
}
"""Each colour on a light and on a dark ground."""

RULES = (
    (".paper", "fill: var(--paper);"),
    (".frame", "fill: var(--frame); stroke: var(--edge); stroke-width: 1.5;"),
    (".line", "fill: none; stroke: var(--ink); stroke-width: 1.8; stroke-linejoin: round;"),
    (".line.state", "stroke: var(--state); stroke-width: 3;"),
    (".line.bundle", "stroke: var(--bundle); stroke-width: 3;"),
    (".line.peephole", "stroke: var(--peephole); stroke-dasharray: 5 3.5;"),
    (".tip, .dot", "fill: var(--ink);"),
    (".tip.state, .dot.state", "fill: var(--state);"),
    (".tip.bundle, .dot.bundle", "fill: var(--bundle);"),
    (".tip.peephole, .dot.peephole", "fill: var(--peephole);"),
    (".gate", "fill: var(--gate); stroke: var(--gate-edge); stroke-width: 1.5;"),
    (".operation, .constant", "fill: var(--operation); stroke: var(--operation-edge); stroke-width: 1.5;"),
    (".bar", "fill: var(--bundle);"),
    (".mark", "fill: var(--paper); stroke: var(--operation-edge); stroke-width: 1.2;"),
    ("text", "fill: var(--ink); text-anchor: middle; dominant-baseline: central;"),
    (".name", "font-style: italic;"),
)


def page_style() -> str:
    """The style sheet for drawings inside a page, whose `color-scheme` chooses between light and dark."""
    colours = " ".join(f"--{name}: light-dark({light}, {dark});" for name, (light, dark) in COLOURS.items())
    rules = [
        f"{', '.join(f'.archsearch-cell {part}' for part in selector.split(', '))} {{ {body} }}"
        for selector, body in RULES
    ]
    return "\n".join([f".archsearch-cell {{ {colours} font-family: {FONT}; }}", *rules]) + "\n"


def _style() -> str:
    """The style sheet inside a file of its own."""
    light, dark = (" ".join(f"--{name}: {both[index]};" for name, both in COLOURS.items()) for index in (0, 1))
    return (
        f".archsearch-cell {{ {light} font-family: {FONT}; }}\n"
        f"@media (prefers-color-scheme: dark) {{ .archsearch-cell {{ {dark} }} }}\n"
        + "".join(f"{selector} {{ {body} }}\n" for selector, body in RULES)
    )


def render(drawing: Drawing, *, styled: bool = True) -> str:
    """The text of an SVG file; without `styled` its colours are those of the page around it (`page_style`)."""
    return "\n".join(_file(drawing, styled)) + "\n"


def _file(drawing: Drawing, styled: bool) -> Iterator[str]:
    size = f"{number(drawing.width)} {number(drawing.height)}"
    width, height = size.split()
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="archsearch-cell" role="img" viewBox="0 0 {size}" '
        f'width="{width}" height="{height}">'
    )
    yield f"<title>{_escaped(drawing.title)}</title>"
    yield f"<desc>{_escaped(drawing.description)}</desc>"
    if styled:
        yield f"<style>\n{_style()}</style>"
    yield f'<rect class="paper" width="{width}" height="{height}"/>'
    yield _rectangle(drawing.frame, "frame", 16)
    tips = {arrow.tip for arrow in drawing.arrows}
    for line in sorted(drawing.lines, key=lambda line: _LAYERS.index(line.style)):
        yield _line(line, tips)
    for arrow in drawing.arrows:
        yield _arrow(arrow)
    styles = {point: line.style for line in drawing.lines for point in line.points[-1:]}
    for dot in drawing.dots:
        x, y = map(number, dot)
        yield f'<circle class="dot {styles.get(dot, "plain")}" cx="{x}" cy="{y}" r="{number(DOT)}"/>'
    for shape in drawing.shapes:
        yield from _shape(shape)
    for mark in drawing.marks:
        yield from _mark(mark)
    for label in drawing.labels:
        yield _text(label.box.x, label.box.y, label.text, PORT_SIZE, "name")
    yield "</svg>"


_LAYERS = ("peephole", "plain", "bundle", "state")


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    text = f"{value:.1f}"
    return text.removesuffix(".0")


def _escaped(text: str) -> str:
    return escape("".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in text))


def _rectangle(box: Box, kind: str, radius: float) -> str:
    left, top, width, height = map(number, (box.left, box.top, box.width, box.height))
    return (
        f'<rect class={quoteattr(kind)} x="{left}" y="{top}" width="{width}" height="{height}" rx="{number(radius)}"/>'
    )


def _line(line: Line, tips: set[Xy]) -> str:
    points = list(line.points)
    if points[-1] in tips:
        points[-1] = _towards(points[-1], points[-2], ARROW_LENGTH - 2)
    parts = [f"M{_pair(points[0])}"]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        radius = min(CORNER, _distance(before, here) / 2, _distance(here, after) / 2)
        start, end = _towards(here, before, radius), _towards(here, after, radius)
        parts.append(f"L{_pair(start)}Q{_pair(here)} {_pair(end)}")
    parts.append(f"L{_pair(points[-1])}")
    return f'<path class="line {line.style}" d="{"".join(parts)}"/>'


def _arrow(arrow: Arrow) -> str:
    (x, y), (dx, dy) = arrow.tip, STEPS[arrow.way]
    back = (x - ARROW_LENGTH * dx, y - ARROW_LENGTH * dy)
    one = (back[0] - ARROW_WIDTH * dy, back[1] - ARROW_WIDTH * dx)
    other = (back[0] + ARROW_WIDTH * dy, back[1] + ARROW_WIDTH * dx)
    return f'<path class="tip {arrow.style}" d="M{_pair(arrow.tip)}L{_pair(one)}L{_pair(other)}Z"/>'


def _shape(shape: NodeShape) -> Iterator[str]:
    box = shape.box
    if shape.kind == "bundle":
        yield _rectangle(box, "bar", 2)
        return
    yield _rectangle(box, shape.kind, 6 if shape.kind == "gate" else box.height / 2)
    if not shape.name:
        yield _text(box.x, box.y, shape.sign, SIGN_SIZE, "sign")
    elif shape.kind == "gate":
        yield _text(box.x, box.y - 8.5, shape.sign, SIGN_SIZE, "sign")
        yield _text(box.x, box.y + 9.5, shape.name, NAME_SIZE, "name")
    else:
        sign, name = text_width(shape.sign, SIGN_SIZE), text_width(shape.name, NAME_SIZE)
        left = box.x - (sign + name + 6) / 2
        yield _text(left + sign / 2, box.y, shape.sign, SIGN_SIZE, "sign")
        yield _text(left + sign + 6 + name / 2, box.y + 1, shape.name, NAME_SIZE, "name")


def _mark(mark: Mark) -> Iterator[str]:
    x, y, radius = map(number, (mark.box.x, mark.box.y, mark.box.width / 2))
    yield f'<circle class="mark" cx="{x}" cy="{y}" r="{radius}"/>'
    yield _text(mark.box.x, mark.box.y, mark.sign, 11, "sign")


def _text(x: float, y: float, text: str, size: float, kind: str) -> str:
    return f'<text class="{kind}" x="{number(x)}" y="{number(y)}" font-size="{number(size)}">{_escaped(text)}</text>'


def _pair(point: Xy) -> str:
    return f"{number(point[0])} {number(point[1])}"


def _distance(one: Xy, other: Xy) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])


def _towards(point: Xy, goal: Xy, by: float) -> Xy:
    """The point `by` pixels from `point` on the straight way to `goal`, but not beyond half of it."""
    distance = _distance(point, goal) or 1.0
    share = min(by, distance) / distance
    return point[0] + (goal[0] - point[0]) * share, point[1] + (goal[1] - point[1]) * share
