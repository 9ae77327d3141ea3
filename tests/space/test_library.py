"""Finding cells and spaces by name, path and text."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch import load, registry
from archsearch.errors import InvalidInput
from archsearch.ir import lower
from archsearch.schema.document import parse_document
from archsearch.schema.kinds import kind_of
from archsearch.space import load_cell, load_space
from archsearch.space.library import textbook_wirings

TEXT = "cell: mine\nstates: {h: 0}\noutput: h\nequations: {h: tanh(h_prev + x)}\n"
WIRING = "wiring: mine\ncell_input: relu\n"


@pytest.mark.parametrize("name", registry.shipped_names("spaces/cells"))
def test_a_shipped_cell_is_found_by_its_name_and_carries_it(name: str) -> None:
    assert load(name).cell == name


@pytest.mark.parametrize("name", registry.shipped_names("spaces/wirings"))
def test_a_shipped_wiring_carries_its_name(name: str) -> None:
    assert load(str(registry.shipped_path("spaces/wirings", name))).cell == name


@pytest.mark.parametrize("name", registry.shipped_names("spaces"))
def test_a_shipped_space_carries_its_name(name: str) -> None:
    assert load_space(name).name == name


def test_a_cell_is_found_by_path_from_a_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(TEXT)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "wired.yml").write_text(WIRING)
    assert load_cell("mine.yaml", tmp_path) == load_cell(str(tmp_path / "mine.yaml")) == load_cell(TEXT)
    assert load_cell("below/wired.yml", tmp_path).cell == "mine"


def test_a_space_finds_its_base_beside_itself(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(TEXT)
    (tmp_path / "space.yaml").write_text("space: s\ncell: mine.yaml\n")
    (tmp_path / "wired.yaml").write_text("space: t\nwiring: base.yaml\nholes: {squash: [tanh, relu]}\n")
    (tmp_path / "base.yaml").write_text(WIRING)
    assert load_space("space.yaml", tmp_path).name == "s"
    assert load_space("wired.yaml", tmp_path).name == "t"


def test_a_cell_has_been_lowered_once() -> None:
    with pytest.raises(InvalidInput, match=r"^<text>:4:16: equations.h: nothing is called 'y'"):
        load_cell(TEXT.replace("h_prev", "y"))
    with pytest.raises(InvalidInput, match=r"^<text>:4:16: equations.h: 'x\[0\]' has no place"):
        load_cell(TEXT.replace("tanh(h_prev + x)", '"x[0] + h_prev"'))


def test_every_problem_has_its_place() -> None:
    text = "cell: mine\nstates: {h: 0}\noutput: y\nequations:\n  a: {linear: [b]}\n  h: c + x\n"
    with pytest.raises(InvalidInput) as caught:
        load_cell(text)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(3, 9), (5, 16), (6, 6)]


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("lsmt", r"^no shipped cell or wiring is called 'lsmt'; did you mean 'lstm'\? allowed: .*or a path to a .yaml"),
        ("", r"^no shipped cell or wiring is called ''"),
        ("lstm_to_gru", r"^'lstm_to_gru' is a space, not a cell or a wiring; `archsearch space` takes a space"),
        ("nowhere.yaml", r"^there is no file 'nowhere.yaml'"),
        ("../nowhere/x", r"^there is no file '../nowhere/x'"),
        (
            "a: 1\nb: 2\n",
            r"^<text>:1:1: this is not an archsearch file; allowed: one that starts with study, space, wirin",
        ),
        ("space: a\ncell: lstm\n", r"^<text>:1:1: this is a space, not a cell or a wiring; `archsearch space`"),
        ("- a\n- b\n", r"^<text>:1:1: this is not an archsearch file"),
    ],
)
def test_what_is_not_found_is_one_line(reference: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=message) as caught:
        load_cell(reference)
    assert len(caught.value.problems) == 1


def test_where_no_file_may_be_named_none_is_offered() -> None:
    with registry.closed_files(), pytest.raises(InvalidInput, match="did you mean 'lstm'") as caught:
        load_cell("lsmt")
    assert "path" not in str(caught.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        load_cell(f"{tmp_path}/")


def test_the_kind_of_a_file_is_the_key_that_names_it() -> None:
    for kind in ("study", "space", "wiring", "cell"):
        assert kind_of(parse_document(f"{kind}: a\nother: b\n").data) == kind
    assert kind_of({"space": "a", "cell": "lstm"}) == "space"
    assert kind_of({"space": "a", "wiring": "lstm"}) == "space"


def test_textbook_wirings_hold_what_counts_for_them() -> None:
    found = textbook_wirings()
    assert set(found) == set(registry.shipped_names("spaces/wirings"))
    assert found["rnn"]["gates.forget"] == "closed"
    assert "gates.forget.bias" not in found["rnn"]
    assert found["lstm_b"]["gates.forget.bias"] == 1


def test_every_shipped_cell_states_its_source() -> None:
    for name in registry.shipped_names("spaces/cells"):
        first = registry.shipped_path("spaces/cells", name).read_text().splitlines()[0]
        assert first.startswith("# "), name


def test_loading_twice_gives_the_same() -> None:
    assert lower(load("gru")) == lower(load("gru"))


def test_a_name_of_a_file_beside_suggests_its_path(tmp_path: Path) -> None:
    (tmp_path / "my_space.yaml").write_text("space: my_space\ncell: lstm\n")
    with pytest.raises(InvalidInput, match=r"is called '?my_space'?; did you mean '?my_space\.yaml'?\?"):
        load_space("my_space", tmp_path)
