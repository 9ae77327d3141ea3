"""A cell as a file: it loads as the same cell."""

from __future__ import annotations

import pytest

from archsearch.export.cell_file import spell_file
from archsearch.registry import shipped_names
from archsearch.space.library import CELLS, WIRINGS, load_cell


@pytest.mark.parametrize("name", sorted({*shipped_names(CELLS), *shipped_names(WIRINGS)}))
def test_the_file_of_a_shipped_cell_loads_as_the_same_cell(name: str) -> None:
    cell = load_cell(name)
    assert load_cell(spell_file(cell)) == cell


def test_gates_and_short_tables_stand_in_one_line() -> None:
    assert (
        spell_file(load_cell("cifg"))
        == """\
cell: cifg
states: {h: 0, c: 0}
output: h
equations:
  f: {linear: [x, h_prev], activation: sigmoid}
  i: 1 - f
  g: {linear: [x, h_prev], activation: tanh}
  o: {linear: [x, h_prev], activation: sigmoid}
  c: f * c_prev + i * g
  h: o * tanh(c)
"""
    )


def test_what_a_flow_list_would_cut_up_and_minus_infinity_come_back() -> None:
    text = """
cell: odd
states: {h: 0, m: -.inf}
output: h
equations:
  g: {linear: [x, "max(h_prev, 0)"], diagonal: [m_prev], bias: none, activation: tanh}
  m: max(m_prev, g)
  h: g * 1e-07 - m
"""
    cell = load_cell(text)
    assert load_cell(spell_file(cell)) == cell


def test_a_comment_cannot_become_anything_else() -> None:
    cell = load_cell("rnn")
    text = spell_file(cell, "from\n\u2028equations: {h: 0}\x1b[2J\nhere")
    assert [line[:1] for line in text.splitlines()[:3]] == ["#", "#", "#"]
    assert "\x1b" not in text
    assert load_cell(text) == cell
