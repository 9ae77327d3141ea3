"""Charts of lines: as data that a script draws with uPlot, and as SVG for where no script runs."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Iterator, Sequence
from typing import Literal
from xml.sax.saxutils import escape

from archsearch.spelling import compact

Point = tuple[float, float]
COLOURS = 8
"""Lines take the style sheet's colours `series-0` to `series-7` in turn."""

WIDTH, HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 12, 40
_MOST_POINTS = 2000


@dataclasses.dataclass(frozen=True)
class Series:
    """Points in order of x.

    `steps`: a value holds until the next one; `dots`: no line, one mark for each point; `thin`: one line of many.
    """

    name: str
    points: tuple[Point, ...]
    style: Literal["straight", "steps", "dots", "thin"] = "straight"
    colour: int = 0


@dataclasses.dataclass(frozen=True)
class Chart:
    """Lines over a common x; `low` and `high` bound y, by default what the points need."""

    title: str
    x: str
    y: str
    lines: tuple[Series, ...]
    low: float | None = None
    high: float | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(line.points for line in self.lines)


def thinned(points: Sequence[Point], most: int = _MOST_POINTS) -> tuple[Point, ...]:
    """At most about `most` of the points, the first and the last among them."""
    step = math.ceil(len(points) / most) if points else 1
    kept = list(points[::step])
    if points and kept[-1] != points[-1]:
        kept.append(points[-1])
    return tuple(kept)


def chart_data(chart: Chart) -> str:
    """The chart as JSON, for `charts.js`."""
    return json.dumps(dataclasses.asdict(chart), allow_nan=False, separators=(",", ":"))


def chart_svg(chart: Chart) -> str:
    """The chart as an SVG element without colours of its own: the page's style sheet has them."""
    return "".join(_svg(chart))


@dataclasses.dataclass(frozen=True)
class _Scale:
    """From values to pixels."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> str:
        share = (value - self.low) / (self.high - self.low)
        return f"{self.start + share * (self.end - self.start):.1f}"


def _svg(chart: Chart) -> Iterator[str]:
    across, up = _scales(chart)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="plot" role="img" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}"><title>{escape(chart.title)}</title>'
    )
    right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
    for value in ticks(up.low, up.high):
        yield f'<path class="rule" d="M{_LEFT} {up(value)}H{right}"/>'
        yield f'<text x="{_LEFT - 6}" y="{up(value)}" text-anchor="end" dy="0.32em">{_number(value)}</text>'
    for value in ticks(across.low, across.high):
        yield f'<text x="{across(value)}" y="{bottom + 16}" text-anchor="middle">{_number(value)}</text>'
    yield f'<path class="axis" d="M{_LEFT} {_TOP}V{bottom}H{right}"/>'
    yield f'<text x="{(_LEFT + right) / 2}" y="{HEIGHT - 6}" text-anchor="middle">{escape(chart.x)}</text>'
    for line in chart.lines:
        yield from _line(line, across, up)
    yield "</svg>"


def _line(line: Series, across: _Scale, up: _Scale) -> Iterator[str]:
    kind = f"series-{line.colour % COLOURS}"
    places = [(across(x), up(y)) for x, y in line.points]
    if places and (line.style == "dots" or len(places) == 1):
        # Lines of no length with round ends: a mark each, in a tenth of the text that circles take.
        path = "".join(f"M{x} {y}h0" for x, y in places)
        yield f'<path class="dots {kind}" d="{path}"><title>{escape(line.name)}</title></path>'
    elif places:
        join = "H{0}V{1}" if line.style == "steps" else "L{0} {1}"
        path = f"M{places[0][0]} {places[0][1]}" + "".join(join.format(x, y) for x, y in places[1:])
        weight = " thin" if line.style == "thin" else ""
        yield f'<path class="line {kind}{weight}" d="{path}"><title>{escape(line.name)}</title></path>'


def _scales(chart: Chart) -> tuple[_Scale, _Scale]:
    points = [point for line in chart.lines for point in line.points]
    left, right = _range([x for x, _ in points], None, None)
    low, high = _range([y for _, y in points], chart.low, chart.high)
    return _Scale(left, right, _LEFT, WIDTH - _RIGHT), _Scale(low, high, HEIGHT - _BOTTOM, _TOP)


def _range(values: Sequence[float], low: float | None, high: float | None) -> tuple[float, float]:
    least = min(values, default=0.0) if low is None else low
    most = max(values, default=1.0) if high is None else high
    return (least, most) if most > least else (least - 0.5, most + 0.5)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about `count` of them."""
    rough = (high - low) / count
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [index * step for index in range(first, math.floor(high / step + 1e-9) + 1)]


def _number(value: float) -> str:
    if value and abs(value) < 1:
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return compact(value) if abs(value) >= 1000 else f"{value:g}"
