"""Diagrams and files of cells, wherever these come from."""

from __future__ import annotations

import dataclasses
from xml.etree import ElementTree as ET

import pytest

from archsearch.errors import Refused
from archsearch.space.library import load_cell
from archsearch.web.rendering import environment, render
from tests.api.serving import PLENTY, Served
from tests.cli.samples import spec_row
from tests.web.conftest import serving_pages
from tests.web.pages import Element, parse

HTML = {"Accept": "text/html"}
ENTRY = f"entry:{spec_row('mgu').spec_id}:tiny"


def part(site: Served, item: str) -> Element:
    with site.http() as http:
        answer = http.get("/diagram", params={"item": item}, headers=HTML)
    assert answer.status_code == 200
    return parse(answer.text)


@pytest.mark.parametrize("item", ["cell:rnn", ENTRY])
def test_a_part_of_a_page_is_the_drawing_without_colours_of_its_own(site: Served, item: str) -> None:
    root = part(site, item)
    drawing = root.one("svg", class_="archsearch-cell")
    assert not list(root.all("html"))
    assert not list(root.all("style"))
    assert not any("style" in element.attributes for element in root.all())
    assert drawing.one("title").text
    assert drawing.one("desc").text


@pytest.mark.parametrize("item", ["cell:rnn", ENTRY])
def test_a_file_is_a_drawing_with_its_style_in_which_no_script_can_run(site: Served, item: str) -> None:
    with site.http() as http:
        answer = http.get("/diagram", params={"item": item, "form": "file"}, headers=HTML)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert ET.fromstring(answer.text).find("{http://www.w3.org/2000/svg}style") is not None


def test_what_takes_too_long_to_draw_is_a_sentence_in_its_place(storage: str) -> None:
    limits = dataclasses.replace(PLENTY, check_seconds=0.001)
    with serving_pages(storage, limits=limits, read_only=True) as site:
        assert part(site, "cell:lstm").text == ("There is no diagram of this cell: it would take too long to draw.")


def test_why_a_cell_cannot_be_drawn_is_said_as_text() -> None:
    reason = str(Refused("the lines of <b>x</b>\n cross too often"))
    said = render("cell/drawn.html", svg="", reason=reason)
    assert "the lines of &lt;b&gt;x&lt;/b&gt;\\n cross" in said


@pytest.mark.parametrize(
    "item",
    [
        "", "lstm", "cell:", "cell:nobody", "cell:../cells/lstm", "cell:lstm.yaml", "cell:a\ncell: b", "entry:",
        "entry::tiny", "entry:x:tiny", "entry:' OR 1=1 --:tiny", f"entry:{'0' * 16}:tiny", f"{ENTRY}2",
        f"entry:{spec_row('mgu').spec_id}:going", "file:/etc/passwd", "entry:\ud7ff:\u202e",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/diagram", "/cell.yaml"])
def test_what_names_no_cell_is_refused(site: Served, path: str, item: str) -> None:
    with site.http() as http:
        answer = http.get(path, params={"item": item}, headers=HTML)
    assert answer.status_code == 422
    assert "no cell is known as" in parse(answer.text).one("ul", class_="problems").text


@pytest.mark.parametrize(("item", "name"), [("cell:gru", "gru"), (ENTRY, "mgu")])
def test_the_file_of_a_cell_loads_as_the_same_cell(site: Served, item: str, name: str) -> None:
    with site.http() as http:
        answer = http.get("/cell.yaml", params={"item": item}, headers=HTML)
    assert answer.headers["content-type"].startswith("application/yaml")
    file = name if item.startswith("cell:") else f"cell-{spec_row(name).arch_id}"
    assert answer.headers["content-disposition"] == f'attachment; filename="{file}.yaml"'
    assert load_cell(answer.text) == load_cell(name)


@pytest.mark.parametrize(
    ("width", "kind"), [("90", "least-0"), ("465.2", "least-4"), ("1234", "least-12"), ("9999", "least-20")]
)
def test_a_wide_drawing_is_not_made_too_small_to_read(width: str, kind: str) -> None:
    template = environment().from_string('{% from "cell/diagram.html" import drawn %}{{ drawn(svg) }}')
    root = parse(template.render(svg=f'<svg class="archsearch-cell" width="{width}" height="10"></svg>'))
    frame = root.one("div", class_="diagram")
    assert kind in frame.attributes["class"].split()
    assert frame.has("class_", "wide") == (float(width) >= 700)
