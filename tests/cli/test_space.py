"""`archsearch space`: sizes, effects and draws."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Call


def test_a_small_space_is_counted(call: Call) -> None:
    found = call("space", "two_timescales", "--json").json
    assert (found["configurations"], found["architectures"], found["exact"]) == (96, 96, True)
    assert "96 configurations, 96 architectures (counted)" in call("space", "two_timescales").out


def test_beyond_the_limit_the_estimate_says_so(call: Call) -> None:
    done = call("space", "two_timescales", "--limit", 50)
    assert "about" in done.out
    assert "estimated from 1,000 samples" in done.out
    assert call("space", "two_timescales", "--limit", 50, "--json").json["exact"] is False


def test_the_effects_of_each_hole_are_shares_of_all_configurations(call: Call) -> None:
    effects = call("space", "two_timescales", "--json").json["effects"]
    shares = {name: sum(each["share"] for each in effects if each["hole"] == name) for name in ("phi", "op", "keep")}
    assert shares == pytest.approx({"phi": 1, "op": 1, "keep": 1})
    assert {each["option"] for each in effects if each["hole"] == "op"} == {"+", "-", "*"}


def test_draws_follow_their_seed(call: Call) -> None:
    def drawn(seed: int) -> list[str]:
        rows = call("space", "two_timescales", "--sample", 8, "--seed", seed, "--json").json["drawn"]
        return [row["arch_id"] for row in rows]

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
    assert len(drawn(1)) == 8


def test_a_drawn_line_is_printed_for_each_candidate(call: Call) -> None:
    rows = call("space", "two_timescales", "--sample", 2, "--json").json["drawn"]
    text = " ".join(call("space", "two_timescales", "--sample", 2).out.split())
    assert all(row["arch_id"] in text for row in rows)


def test_ranges_are_named_and_not_counted(call: Call) -> None:
    Path("space.yaml").write_text(
        "space: ranges\nwiring: lstm\nholes:\n  gates.forget.bias: {float: [0, 2]}\n  cell_input: [tanh, relu]\n"
    )
    done = call("space", "space.yaml")
    assert "2 configurations" in done.out
    assert "ranges, not counted: gates.forget.bias" in done.out


@pytest.mark.parametrize(
    ("reference", "hint"),
    [("two_timescale", "did you mean 'two_timescales'"), ("none.yaml", "no.* file"), ("./", "is a folder, not a file")],
)
def test_a_space_that_is_not_there_is_refused(call: Call, reference: str, hint: str) -> None:
    done = call("space", reference)
    assert (done.status, done.out) == (2, "")
    assert re.search(hint, done.err)


def test_a_cell_is_no_space(call: Call) -> None:
    Path("cell.yaml").write_text("cell: a\nstates: {h: 0}\noutput: h\nequations: {h: tanh(h_prev)}\n")
    assert call("space", "cell.yaml").status == 2


def test_text_of_options_is_not_taken_for_markup(call: Call) -> None:
    Path("space.yaml").write_text(
        "space: marked\nwiring: lstm\nholes:\n"
        '  gates.output: {one_of: {"[red]gate[/red]": {activation: sigmoid}, "=1+1": open}}\n'
    )
    assert "[red]gate[/red]" in call("space", "space.yaml").out
    assert ",'=1+1," in call("space", "space.yaml", "--csv").out
