"""The text of a picture."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest

from archsearch.diagram import draw, draw_svg
from archsearch.diagram.graph import OUTPUT_KEY
from archsearch.diagram.svg import render
from archsearch.ir import Affine, CellIR, Pointwise, State, lower
from archsearch.space import load_cell

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '</title><script>alert("1")</script>&\'\x00\u202e'


def _svg(name: str) -> str:
    return render(draw(lower(load_cell(name)), tries=0))


def _texts(text: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(text).iter(f"{SVG}text")]


def test_it_is_well_formed_and_says_what_it_shows() -> None:
    root = ET.fromstring(_svg("peephole_lstm"))
    assert root.tag == f"{SVG}svg"
    assert root.findtext(f"{SVG}title") == "One step of the cell peephole_lstm"
    description = root.findtext(f"{SVG}desc") or ""
    assert "o = σ(W·x + W·h_prev + p⊙c + b(0))\n" in description
    assert "c = (f * c_prev) + (i * g)\n" in description
    assert "h = o * tanh(c)\n" in description
    assert description.endswith("Output: h.")


def test_boxes_and_circles_are_labelled_in_words_that_can_be_selected() -> None:
    texts = _texts(_svg("lstm"))
    assert sorted(texts) == sorted(
        [
            "σ",
            "i",
            "σ",
            "f",
            "tanh",
            "g",
            "σ",
            "o",
            "×",
            "×",
            "+",
            "tanh",
            "×",
            *("x", "h_prev", "c_prev", "h", "c", "h"),
        ]
    )


@pytest.mark.parametrize(("name", "sign"), [("cifg", "1−"), ("lstm_1997", "4σ−2"), ("gru", "lin")])
def test_what_takes_several_instructions_is_one_node(name: str, sign: str) -> None:
    assert _texts(_svg(name)).count(sign) == (2 if sign == "lin" else 1)


def test_a_merged_memory_is_one_line() -> None:
    drawing = draw(lower(load_cell("gru")), tries=0)
    assert {label.text for label in drawing.labels} == {"x", "h_prev", "h"}
    assert len({line.points[0][1] for line in drawing.lines if line.style == "state"}) == 1


def test_peepholes_are_dashed_and_nothing_else_is() -> None:
    text = _svg("peephole_lstm")
    assert re.findall(r"\.(\S+) \{[^}]*stroke-dasharray", text) == ["line.peephole"]
    assert 'class="line peephole"' in text
    assert 'class="line peephole"' not in _svg("lstm")


def test_it_needs_nothing_but_itself() -> None:
    text = _svg("greff_fgr")
    assert "<script" not in text
    assert re.findall(r"https?://\S+?(?=\")", text) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"\b(href|src|url\(|@import|id=|on\w+=)", text)


def test_it_has_colours_for_light_and_dark() -> None:
    text = _svg("lstm")
    light, dark = re.findall(r"\.archsearch-cell \{([^}]*)\}", text)
    assert "@media (prefers-color-scheme: dark)" in text
    named = set(re.findall(r"(--[\w-]+):", light))
    assert named == set(re.findall(r"(--[\w-]+):", dark))
    assert set(re.findall(r"var\((--[\w-]+)\)", text)) == named
    assert not re.search(r'(fill|stroke|style)="', text), "colours come from classes alone"


def hostile() -> CellIR:
    """A cell whose every name is hostile; no file can make one."""
    gate, state = f"{HOSTILE}gate", f"{HOSTILE}state"
    body = (
        Affine(f"{gate}~", ("x", f"{state}_prev"), (), 0.0),
        Pointwise(gate, "tanh", (f"{gate}~",)),
        Pointwise(state, "mul", (gate, f"{state}_prev")),
    )
    return CellIR(HOSTILE, ("x",), (State(state, 0.0, state),), body, gate)


def test_hostile_names_stay_text() -> None:
    text = draw_svg(hostile())
    root = ET.fromstring(text)
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= {
        "svg", "title", "desc", "style", "rect", "path", "circle", "text",
    }  # fmt: skip
    assert "<script" not in text
    assert "\x00" not in text
    assert "\u202e" not in text
    assert '<script>alert("1")</script>' in (root.findtext(f"{SVG}title") or "")
    assert any(label.startswith("</title><s") for label in _texts(text))


def test_the_same_cell_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import sys\nfrom archsearch.diagram import draw_svg\nfrom archsearch.ir import lower\n"
        "from archsearch.space import load_cell\nsys.stdout.write(draw_svg(lower(load_cell('mut3'))))\n"
    )
    texts = set()
    for seed in ("0", "1"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, env=environment, check=True)
        texts.add(done.stdout)
    assert len(texts) == 1


def test_another_name_changes_the_title_alone() -> None:
    ir = lower(load_cell("lstm"))
    text = draw_svg(ir)
    renamed = draw_svg(dataclasses.replace(ir, cell="other"))
    assert renamed == text.replace("One step of the cell lstm", "One step of the cell other")


def test_the_key_of_the_output_is_no_name() -> None:
    assert not OUTPUT_KEY.isidentifier()
