"""`archsearch explain`: a summary, and a sentence for each equation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archsearch import registry
from archsearch.cli.commands.explain import draw_explanation
from archsearch.cli.output import console
from archsearch.findings.cells import explain, parameter_formula
from archsearch.ir import cost, lower
from archsearch.schema.cell import Cell
from archsearch.space import load_cell
from tests.cli.conftest import Call
from tests.cli.test_terminal import terminal
from tests.ir.cells import cell, gate

NAMES = sorted({*registry.shipped_names("spaces/cells"), *registry.shipped_names("spaces/wirings")})
HOSTILE = "[bold]x[/bold]\x1b[31m\x1b]0;t\x07\u202e"


def test_each_equation_stands_above_its_sentence(call: Call) -> None:
    done = call("explain", "peephole_lstm")
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    place = lines.index("o = sigmoid(W·x + W·h_prev + p⊙c + b(0))")
    sentence = lines[place + 1 : lines.index("", place)]
    assert all(line.startswith("    ") for line in sentence)
    text = " ".join(line.strip() for line in sentence)
    assert text.startswith("output gate: decides from the input and the output before how much of the memory is shown")
    assert text.endswith("its peephole looks at the memory after this step")
    assert max(map(len, lines)) <= 100, "lines are broken at words in a file too"
    assert "nearest     peephole_lstm (the same architecture); so is greff_v" in lines
    assert "parameters  hidden·(4·input + 4·hidden + 7) = 18,880 at input size 8, hidden size 64" in lines
    assert "states      output h from 0, memory c from 0" in lines


def test_json_has_everything(call: Call) -> None:
    found = call("explain", "gru", "--json", "--input-size", 3, "--hidden-size", 5).json
    assert [row["name"] for row in found["equations"]] == ["r", "z", "nx", "nh", "n", "h"]
    assert found["equations"][1]["title"] == "update gate"
    assert found["parameters"] == 3 * 5 * 3 + 3 * 5 * 5 + 4 * 5
    assert found["nearest"]["line"] == "gru"
    assert found["nearest"]["measure"] == "identity"
    assert found["latex"] == call("explain", "gru", "--latex").out
    assert found["latex_parameters"]["W_{r}"] == "r.linear.0"


def test_latex_alone_can_be_printed(call: Call) -> None:
    done = call("explain", "lstm", "--latex")
    assert done.out.startswith("\\begin{align}\n  i_t &= \\sigma(W_{i} x_t")
    assert done.out.endswith("\\end{align}\n")
    assert call("explain", "lstm", "--latex", "--json").status == 2


def test_a_candidate_of_a_study_is_explained(call: Call, stored: str) -> None:
    found = call("explain", "--study", stored, "--rank", 2, "--json").json
    assert found["source"] == "tiny, report phase, rank 2: lstm"
    assert found["nearest"]["name"] == "lstm"
    assert call("explain", "--study", stored, "--rank", 9).status == 2


@pytest.mark.parametrize("arguments", [["explain"], ["explain", "lstm", "--study", "tiny"]])
def test_one_cell_is_asked_for(call: Call, arguments: list[str]) -> None:
    done = call(*arguments)
    assert (done.status, done.out) == (2, "")
    assert "either CELL or --study STUDY" in done.err


def sizes_agree(of: Cell) -> bool:
    """Whether the formula of the number of parameters gives that number at several sizes."""
    ir = lower(of)
    code = parameter_formula(ir).replace("·", "*").replace("²", "**2")
    code = re.sub(r" \+ (\S+) where input and hidden differ", r" + (\1) * (input != hidden)", code)
    return all(
        eval(code, {"input": inputs, "hidden": hidden}) == cost.parameters(ir, inputs, hidden)
        for inputs, hidden in ((8, 64), (3, 5), (1, 1), (7, 7))
    )


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_counts_the_parameters(name: str) -> None:
    assert sizes_agree(load_cell(name))


@pytest.mark.parametrize(
    ("equations", "formula"),
    [
        ({"h": "0.5 * h_prev"}, "0"),
        ({"h": gate("h_prev", bias="none")}, "hidden·hidden"),
        ({"h": gate("x", "x", bias="none")}, "2·hidden·input"),
        ({"h": {"diagonal": ["h_prev"]}}, "2·hidden"),
        ({"h": {"diagonal": ["h_prev"], "bias": "none"}}, "hidden"),
        ({"h": gate("x", "h_prev")}, "hidden·(input + hidden + 1)"),
    ],
)
def test_small_formulas(equations: dict[str, object], formula: str) -> None:
    of = cell(equations)
    assert parameter_formula(lower(of)) == formula
    assert sizes_agree(of)


def test_a_state_that_starts_at_minus_infinity(call: Call) -> None:
    Path("m.yaml").write_text("cell: m\nstates: {h: -.inf}\noutput: h\nequations:\n  h: max(h_prev, tanh(x))\n")
    assert "h from minus infinity" in call("explain", "m.yaml").out
    assert call("explain", "m.yaml", "--json").json["states"] == {"h": None}


def hostile_cell() -> Cell:
    """A cell that no file can say: its names are not names."""
    of = load_cell("lstm")
    return of.model_copy(update={"cell": HOSTILE, "equations": {**of.equations, HOSTILE: gate_of(of)}})


def gate_of(of: Cell) -> object:
    """Some gate."""
    return of.equations["i"]


def test_hostile_names_are_printed_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    cell = explain(hostile_cell(), 8, 64, f"first {HOSTILE}\nsecond")
    draw_explanation(console(), cell)
    printed = capsys.readouterr().out
    assert "[bold]x[/bold]\\x1b[31m" in printed
    assert not set(printed) & set("\x1b\x07\u202e")
    assert not set(cell.latex) & set("\x1b\x07\u202e[]")


def test_a_terminal_gets_colours_and_lines_broken_at_words() -> None:
    with terminal("explain", "lstm") as opened:
        seen = opened.read_until(None)
        assert opened.process.wait() == 0
    assert "\x1b[" in seen
    plain = re.sub(r"\x1b\[[0-9;]*m", "", seen).splitlines()
    assert max(map(len, plain)) <= 80
    assert any(line.startswith("    ") and line.endswith("how much of the") for line in plain)
