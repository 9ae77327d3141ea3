"""`archsearch show`: the equations, and a file that means the same cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch import registry
from archsearch.ir import cost, lower
from archsearch.space import load_cell
from archsearch.study.task_choice import make_task
from tests.cli.conftest import Call
from tests.cli.samples import definition_with, record_study

NAMES = sorted({*registry.shipped_names("spaces/cells"), *registry.shipped_names("spaces/wirings")})


def test_equations_are_written_as_in_a_paper(call: Call) -> None:
    done = call("show", "peephole_lstm")
    assert done.status == 0
    assert "  i = sigmoid(W·x + W·h_prev + p⊙c_prev + b(0))\n" in done.out
    assert "  o = sigmoid(W·x + W·h_prev + p⊙c + b(0))\n" in done.out
    assert "  c = f * c_prev + i * g\n" in done.out
    assert "Gers & Schmidhuber 2000" in done.out


def test_a_wiring_is_shown_as_its_equations(call: Call) -> None:
    wiring = call("show", registry.shipped_path("spaces/wirings", "mgu"), "--json").json
    cell = call("show", registry.shipped_path("spaces/cells", "mgu"), "--json").json
    assert wiring["arch_id"] == cell["arch_id"]
    assert {equation["name"] for equation in wiring["equations"]} == {"z", "n", "h"}


@pytest.mark.parametrize("name", NAMES)
def test_the_printed_file_is_the_same_cell(call: Call, name: str) -> None:
    Path("copy.yaml").write_text(call("show", name, "--yaml").out, encoding="utf-8")
    assert lower(load_cell("copy.yaml")) == lower(load_cell(name))
    assert call("show", "copy.yaml", "--yaml").out == Path("copy.yaml").read_text(encoding="utf-8")


def test_the_printed_file_keeps_awkward_values(call: Call) -> None:
    cell = (
        "cell: odd\nstates: {h: -.inf, c: 0.5}\noutput: h\nequations:\n"
        '  i: {linear: ["max(x, h_prev)"], bias: none}\n  f: {diagonal: [c_prev], bias: -1.5, activation: relu}\n'
        '  c: "-i * c_prev"\n  h: max(f, c)\n'
    )
    Path("odd.yaml").write_text(cell)
    assert call("show", "odd.yaml").status == 0
    Path("copy.yaml").write_text(call("show", "odd.yaml", "--yaml").out)
    assert lower(load_cell("copy.yaml")) == lower(load_cell("odd.yaml"))


def test_sizes_decide_parameters_and_operations(call: Call) -> None:
    found = call("show", "lstm", "--input-size", 3, "--hidden-size", 5, "--json").json
    assert found["parameters"] == 4 * 5 * (3 + 5 + 1)
    assert found["parameter_shapes"]["i.linear.0"] == [5, 3]
    assert "180 parameters" in call("show", "lstm", "--input-size", 3, "--hidden-size", 5).out


def test_the_projection_of_a_bare_input_is_said(call: Call) -> None:
    assert "projects the bare input" in call("show", "mut1", "--input-size", 3, "--hidden-size", 5).out
    assert "projects the bare input" not in call("show", "mut1", "--input-size", 5, "--hidden-size", 5).out


def test_an_unknown_name_meets_the_nearest_one(call: Call) -> None:
    done = call("show", "lsmt")
    assert (done.status, done.out) == (2, "")
    assert "did you mean 'lstm'?" in done.err


@pytest.mark.parametrize("arguments", [["show"], ["show", "lstm", "--study", "tiny"]])
def test_one_cell_is_asked_for(call: Call, arguments: list[str]) -> None:
    done = call(*arguments)
    assert done.status == 2
    assert "either CELL or --study STUDY" in done.err


def test_a_row_of_a_board_is_shown_with_where_it_comes_from(call: Call, stored: str) -> None:
    done = call("show", "--study", stored, "--rank", 2, "--json")
    assert done.json["arch_id"] == call("show", "lstm", "--json").json["arch_id"]
    assert done.json["source"] == "tiny, report phase, rank 2: lstm"


@pytest.mark.parametrize("command", ["show", "explain"])
def test_a_candidate_costs_what_it_costs_in_its_study(call: Call, stored: str, command: str) -> None:
    lstm, features = lower(load_cell("lstm")), make_task("temporal_order", {"length": 20}).input_size
    found = call(command, "--study", stored, "--rank", 2, "--json").json
    assert (found["input_size"], found["hidden_size"]) == (features, 8)
    assert found["parameters"] == cost.parameters(lstm, features, 8)
    assert found["operations"] == cost.operations(lstm, features, 8)
    assert f"input size {features}, hidden size 8" in call(command, "--study", stored, "--rank", 2).out
    found = call(command, "--study", stored, "--rank", 2, "--hidden-size", 3, "--json").json
    assert (found["input_size"], found["hidden_size"]) == (features, 3)


def test_the_sizes_of_a_task_of_the_users_own_are_asked_for(call: Call, folder: Path) -> None:
    own = definition_with(name="coin", length=3, file="0" * 64)
    record_study(f"sqlite:///{folder / 'archsearch.db'}", "own", definition=own)
    done = call("show", "--study", "own")
    assert done.status == 2
    assert "--tasks-from" in done.err
    assert "'coin'" in done.err
    found = call("show", "--study", "own", "--input-size", 3, "--json").json
    assert (found["input_size"], found["hidden_size"]) == (3, 8)


def test_a_rank_beyond_the_board_is_refused(call: Call, stored: str) -> None:
    done = call("show", "--study", stored, "--rank", 4)
    assert (done.status, done.err) == (2, "--rank: no row has rank 4; allowed: 1 to 3\n")


@pytest.mark.parametrize("command", ["show", "explain", "draw"])
@pytest.mark.parametrize("option", ["--rank", "--tasks-from"])
def test_what_is_said_of_a_study_needs_one(call: Call, command: str, option: str) -> None:
    done = call(command, "lstm", option, 1, *(("-o", "cell.svg") if command == "draw" else ()))
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{option}: says something of a study; allowed: with --study STUDY\n"


@pytest.mark.parametrize(
    ("first", "second"),
    [("--json", "--yaml"), ("--csv", "--yaml"), ("--csv", "--emit=native"), ("--yaml", "--emit=native")],
)
def test_two_forms_are_not_printed_at_once(call: Call, first: str, second: str) -> None:
    done = call("show", "lstm", first, second)
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{second.partition('=')[0]}: cannot be combined with {first}; allowed: one of the two\n"


def test_a_backends_program_can_be_read(call: Call) -> None:
    text = call("show", "peephole_lstm", "--emit", "native").out
    assert text.startswith("/* The cell peephole_lstm.")
    assert "void forward(" in text
    assert "void backward(" in text
    assert "= sigmoid o~" in text, "instructions stand beside their C"
    assert call("show", "peephole_lstm", "--emit", "native", "--json").json["program"] == text
    assert call("show", "lstm", "--emit", "reference").out == call("show", "lstm", "--json").json["ir"]


def test_the_program_is_that_of_the_sizes(call: Call) -> None:
    assert "W[x], and the bias" in call("show", "mut1", "--emit", "native").out
    small = call("show", "mut1", "--emit", "native", "--input-size", 5, "--hidden-size", 5).out
    assert "x~" not in small
    assert "x~" in call("show", "mut1", "--emit", "native", "--input-size", 3, "--hidden-size", 5).out


def test_an_unknown_backend_has_no_program(call: Call) -> None:
    done = call("show", "lstm", "--emit", "nativ")
    assert done.status == 2
    assert "'nativ'" in done.err
    assert "native" in done.err
