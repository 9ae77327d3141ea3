"""LaTeX as HTML: the same letters, and nothing left of the markup."""

from __future__ import annotations

import pytest

from archsearch.explain.latex import latex_of
from archsearch.registry import shipped_names
from archsearch.space.library import CELLS, WIRINGS, load_cell
from archsearch.web.formulas import formula_html
from tests.web.pages import parse


@pytest.mark.parametrize(
    ("latex", "html"),
    [
        (r"h_{t-1}", "<i>h</i><sub><i>t</i>−1</sub>"),
        (r"\sigma(W_{i} x_t)", "σ(<i>W</i><sub><i>i</i></sub> <i>x</i><sub><i>t</i></sub>)"),
        (r"n_{\mathrm{h},t}", "<i>n</i><sub><span>h</span>,<i>t</i></sub>"),
        (r"W_{n_{\mathrm{h}}}", "<i>W</i><sub><i>n</i><sub><span>h</span></sub></sub>"),
        (r"\mathrm{my\_gate}_t", "<span>my_gate</span><sub><i>t</i></sub>"),
        (r"2 \cdot 10^{-3}", "2 · 10<sup>−3</sup>"),
        (r"\tanh\left(a\right)", "tanh(<i>a</i>)"),
        (r"\mathbf{1}[a > b]", "<b>1</b>[<i>a</i> &gt; <i>b</i>]"),
        (r"\operatorname{softplus}(a)", "<span>softplus</span>(<i>a</i>)"),
    ],
)
def test_pieces_become_what_they_look_like(latex: str, html: str) -> None:
    assert formula_html(latex) == html


def test_a_fraction_has_its_parts_above_each_other_and_a_stroke_for_who_does_not_see() -> None:
    fraction = parse(formula_html(r"\frac{a + 1}{b}")).one("span", class_="fraction")
    assert [each.text for each in fraction.inside if not isinstance(each, str)] == ["a + 1", "/", "b"]


@pytest.mark.parametrize("name", sorted({*shipped_names(CELLS), *shipped_names(WIRINGS)}))
def test_nothing_of_the_markup_is_left_in_any_shipped_cell(name: str) -> None:
    cell = load_cell(name)
    lines = latex_of(cell).lines
    assert len(lines) >= len(cell.equations)
    for left, right in lines:
        root = parse(formula_html(f"{left} = {right}"))
        assert not set(root.text) & set("\\{}_^"), root.text


def test_the_lines_are_those_of_the_block() -> None:
    latex = latex_of(load_cell("lstm"))
    assert latex.text.count("&=") == len(latex.lines)
    assert all(f"{left} &= {right}" in latex.text for left, right in latex.lines)
