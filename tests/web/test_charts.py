"""Charts: points land where they should, in the SVG and in the data for the script."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import pytest

from archsearch.web.charts import HEIGHT, WIDTH, Chart, Series, chart_data, chart_svg, thinned, ticks

SVG = "{http://www.w3.org/2000/svg}"


def of(*lines: Series, low: float | None = None, high: float | None = None) -> Chart:
    return Chart("best so far", "evaluations", "objective", lines, low, high)


def path_of(svg: str, kind: str) -> str:
    return next(
        element.attrib["d"]
        for element in ET.fromstring(svg).iter(f"{SVG}path")
        if kind in element.attrib["class"].split()
    )


def test_a_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    path = path_of(chart_svg(of(Series("a", ((0, 0), (10, 1))), low=0, high=1)), "series-0")
    x0, y0, x1, y1 = map(float, re.findall(r"[\d.]+", path))
    assert 0 < x0 < x1 < WIDTH
    assert HEIGHT > y0 > y1 > 0


def test_points_lie_in_proportion() -> None:
    path = path_of(chart_svg(of(Series("a", ((0, 0), (5, 0.5), (10, 1))))), "series-0")
    x0, y0, x1, y1, x2, y2 = map(float, re.findall(r"[\d.]+", path))
    assert x1 - x0 == pytest.approx(x2 - x1, abs=0.11)
    assert y1 - y0 == pytest.approx(y2 - y1, abs=0.11)


def test_steps_hold_a_value_until_the_next() -> None:
    path = path_of(chart_svg(of(Series("a", ((0, 0), (1, 1)), "steps"))), "series-0")
    assert re.fullmatch(r"M[\d.]+ [\d.]+H[\d.]+V[\d.]+", path)


def test_one_line_of_many_is_thin() -> None:
    svg = chart_svg(of(Series("one", ((0, 0), (1, 1)), "thin"), Series("all", ((0, 0), (1, 1)), colour=1)))
    classes = [path.attrib["class"] for path in ET.fromstring(svg).iter(f"{SVG}path")]
    assert [each for each in classes if "series" in each] == ["line series-0 thin", "line series-1"]


def test_dots_are_marks_and_no_line() -> None:
    root = ET.fromstring(chart_svg(of(Series("a", ((0, 0), (1, 1), (2, 0)), "dots", colour=3))))
    (marks,) = (path for path in root.iter(f"{SVG}path") if path.attrib["class"] == "dots series-3")
    assert marks.attrib["d"].count("M") == marks.attrib["d"].count("h0") == 3
    assert not any("line" in path.attrib["class"].split() for path in root.iter(f"{SVG}path"))


@pytest.mark.parametrize("points", [(), ((3, 0.5),), ((0, 0.25), (1, 0.25)), ((7, 0), (7, 1))])
def test_few_points_and_flat_lines_are_drawn_without_numbers_that_are_none(points: tuple[tuple[float, float]]) -> None:
    svg = chart_svg(of(Series("a", points)))
    assert "nan" not in svg
    assert "inf" not in svg
    ET.fromstring(svg)


def test_names_are_text_whatever_they_hold() -> None:
    hostile = '</title><script>alert(1)</script>"&'
    svg = chart_svg(Chart(hostile, hostile, hostile, (Series(hostile, ((0, 0), (1, 1))),)))
    assert not list(ET.fromstring(svg).iter("script"))
    assert "<script" not in svg


def test_there_is_no_style_of_its_own_which_the_policy_of_pages_forbids() -> None:
    svg = chart_svg(of(Series("a", ((0, 0), (1, 1)))))
    assert "style" not in svg


def test_the_data_say_the_same() -> None:
    chart = of(Series("a", ((0, 0.5), (1, 0.75)), "steps", colour=2), high=1)
    data = json.loads(chart_data(chart))
    assert (data["x"], data["high"], data["low"]) == ("evaluations", 1, None)
    assert data["lines"] == [{"name": "a", "points": [[0, 0.5], [1, 0.75]], "style": "steps", "colour": 2}]


def test_data_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        chart_data(of(Series("a", ((0, float("nan")),))))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 12_800, [0, 5000, 10_000]),
        (0.9, 0.95, [0.9, 0.91, 0.92, 0.93, 0.94, 0.95]),
    ],
)
def test_ticks_are_round_numbers_inside(low: float, high: float, expected: list[float]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_thinning_keeps_both_ends() -> None:
    points = tuple((float(index), 0.0) for index in range(10_001))
    kept = thinned(points, 100)
    assert kept[0] == points[0]
    assert kept[-1] == points[-1]
    assert 90 <= len(kept) <= 102
    assert thinned(()) == ()
    assert thinned(points[:50], 100) == points[:50]
