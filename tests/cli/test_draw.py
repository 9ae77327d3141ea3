"""`archsearch draw`: a cell as a picture, to a file or to stdout."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from archsearch import registry
from tests.cli.conftest import Call

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_picture_goes_to_stdout(call: Call) -> None:
    done = call("draw", "rnn")
    assert (done.status, done.err) == (0, "")
    assert ET.fromstring(done.out).tag.endswith("svg")
    assert "One step of the cell rnn" in done.out


def test_the_picture_goes_to_a_file(call: Call) -> None:
    done = call("draw", "rnn", "-o", "rnn.svg")
    assert (done.status, done.out, done.err) == (0, "", "wrote rnn.svg\n")
    assert Path("rnn.svg").read_text(encoding="utf-8") == call("draw", "rnn").out


@pytest.mark.parametrize("name", ["lstm", "peephole_lstm"])
def test_the_pictures_of_the_documentation_are_up_to_date(call: Call, name: str) -> None:
    assert (DOCS / f"{name}.svg").read_text(encoding="utf-8") == call("draw", name).out


def test_a_wiring_is_drawn_as_its_equations(call: Call) -> None:
    wiring = call("draw", registry.shipped_path("spaces/wirings", "rnn"))
    assert wiring.status == 0
    assert "n = tanh(W·x + W·h_prev + b(0))\nh = n\n" in wiring.out


def test_a_row_of_a_board_is_drawn(call: Call, stored: str) -> None:
    assert call("draw", "--study", stored, "--rank", 2).out == call("draw", "lstm").out


@pytest.mark.parametrize("arguments", [["draw"], ["draw", "lstm", "--study", "tiny"]])
def test_one_cell_is_asked_for(call: Call, arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.status == 2
    assert "draw: needs exactly one cell; allowed: either CELL or --study STUDY" in done.err


def test_an_unknown_name_meets_the_nearest_one(call: Call) -> None:
    done = call("draw", "lsmt", "-o", "x.svg")
    assert (done.status, done.out) == (2, "")
    assert "did you mean 'lstm'?" in done.err
    assert not Path("x.svg").exists()


@pytest.mark.parametrize("file", ["missing/x.svg", "."])
def test_a_file_that_cannot_be_written_is_said(call: Call, file: str) -> None:
    done = call("draw", "rnn", "-o", file)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"cannot write {file}: ")
