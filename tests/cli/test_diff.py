"""`archsearch diff`: whether two cells are the same, and where they differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.cli.commands.diff import draw_comparison
from archsearch.cli.output import console
from archsearch.findings.differences import compare_cells
from archsearch.schema.sizes import Sizes
from archsearch.space import load_cell
from tests.cli.conftest import Call
from tests.cli.test_explain import HOSTILE, hostile_cell
from tests.cli.test_terminal import terminal

RENAMED = """\
cell: mine
states: {out: 0, mem: 0}
output: out
equations:
  squashed: {linear: [out_prev, x], activation: tanh}
  keep: {linear: [x, out_prev], activation: sigmoid}
  show: {linear: [x, out_prev], activation: sigmoid}
  write: {linear: [x, out_prev], activation: sigmoid}
  mem: squashed * write + mem_prev * keep
  out: tanh(mem) * show
"""


def test_the_verdict_comes_first(call: Call) -> None:
    done = call("diff", "lstm", "gru")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("lstm and gru: different architectures\n")
    assert "coupling           none      i = 1 - f" in done.out
    assert "only left   forget gate                - f = sigmoid(W·x + W·h_prev + b(0))" in done.out
    assert "parameters  18,688  14,080  -4,608 (-25%)" in done.out


def test_a_cell_under_other_names_is_the_same(call: Call) -> None:
    Path("mine.yaml").write_text(RENAMED)
    done = call("diff", "lstm", "mine.yaml")
    assert done.status == 0
    assert done.out.startswith("lstm and mine: the same architecture, equations renamed, in another order\n")
    assert "+ keep = sigmoid(W·x + W·out_prev + b(0))" in done.out
    assert "renamed: the same equation under another name" in done.out
    found = call("diff", "lstm", "mine.yaml", "--json").json
    assert found["cells"][0]["arch_id"] == found["cells"][1]["arch_id"]
    assert {row["sides"][1]["status"] for row in found["rows"]} == {"renamed"}
    assert {left["name"]: right["name"] for left, right in (row["sides"] for row in found["rows"])} == {
        "i": "write", "f": "keep", "g": "squashed", "o": "show", "c": "mem", "h": "out",
    }  # fmt: skip


def test_json_and_csv_have_a_row_per_equation(call: Call) -> None:
    found = call("diff", "lstm", "lstm_b", "--json").json
    assert found["verdicts"] == ["the same architecture, with other starting values"]
    others = [row["sides"][1] for row in found["rows"]]
    assert [side["only_start"] for side in others if side["status"] == "changed"] == [True]
    assert {"name": "gates.forget.bias", "values": ["0", "1"]} in found["wiring"]
    assert found["cells"][0]["arch_id"] == found["cells"][1]["arch_id"]
    assert call("diff", "mut1", "lstm", "--json").json["wiring"] == []
    assert len(call("diff", "lstm", "lstm_b", "--csv").out.splitlines()) == 7


def test_two_cells_of_one_name_are_left_and_right(call: Call) -> None:
    Path("gru.yaml").write_text(RENAMED.replace("mine", "gru"))
    assert "cost          left   right" in call("diff", "gru", "gru.yaml").out


def test_sizes_decide_the_costs(call: Call) -> None:
    cells = call("diff", "rnn", "lstm", "--json", "--input-size", 3, "--hidden-size", 5).json["cells"]
    assert [cell["parameters"] for cell in cells] == [45, 180]
    printed = call("diff", "rnn", "lstm", "--input-size", 3, "--hidden-size", 5).out
    assert "parameters   45   180  +135 (+300%)" in printed


@pytest.mark.parametrize("arguments", [["lstm"], [], ["lstm", "lsmt"], ["lsmt", "lstm"]])
def test_two_cells_are_asked_for(call: Call, arguments: list[str]) -> None:
    done = call("diff", *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err


def test_hostile_names_are_printed_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    for left, right in ((hostile_cell(), load_cell("gru")), (load_cell("gru"), hostile_cell())):
        draw_comparison(console(), compare_cells([left, right], [Sizes()] * 2))
        printed = capsys.readouterr().out
        assert "[bold]x[/bold]\\x1b[31m" in printed
        assert not set(printed) & set("\x1b\x07\u202e")
    assert HOSTILE in hostile_cell().cell


def test_a_terminal_gets_colours_within_its_width() -> None:
    with terminal("diff", "greff_fgr", "gru") as opened:
        seen = opened.read_until(None)
        assert opened.process.wait() == 0
    assert "\x1b[31m" in seen
    assert "\x1b[32m" in seen
