"""Each comparer of the language's tests must fail on a broken subject."""

from __future__ import annotations

import dataclasses
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from archsearch import build
from archsearch.backends.reference import interpreter
from archsearch.formula import PRIMITIVES
from archsearch.ir import Affine, CellIR, lower, wiring
from archsearch.schema.cell import Cell
from archsearch.schema.holes import SubsetOf
from archsearch.space import load_cell
from archsearch.space.holes import Holes
from tests.contract import comparison
from tests.contract.cell_parameters import LSTM, MODULE_TO_PAPER, gate
from tests.contract.test_cells import TORCH_GATES, compare_with_torch
from tests.formula import test_primitives
from tests.golden import refresh, test_golden
from tests.ir import cells
from tests.ir.isomorphism import canonical
from tests.oracles import ORACLES
from tests.property.test_configurations import check_text, check_training
from tests.property.test_wirings import assert_computes_what_it_says
from tests.space import test_holes

SIZES = (6, 3, 4, 5)
Names = dict[str, str]


def compare(cell: Cell, oracle: str, names: Names | None = None) -> None:
    comparison.compare_with_oracle(cell, ORACLES[oracle], names or MODULE_TO_PAPER[oracle], SIZES)


def changed(name: str, **equations: Any) -> Cell:
    """A shipped cell with other equations; a changed one moves to the end when it reads what follows it."""
    return cells.with_equations(load_cell(name), **equations)


def swapped(names: Names, one: str, other: str) -> Names:
    """The table with two equations exchanged."""
    image = {one: other, other: one}
    return {
        f"{image.get(name.partition('.')[0], name.partition('.')[0])}.{name.partition('.')[2]}": letter
        for name, letter in names.items()
    }


GRU_AFTER = cells.cell(
    {
        **{name: cells.sigmoid("x", "h_prev") for name in "rz"},
        "nx": cells.gate("x"),
        "nh": cells.gate("h_prev", bias="none"),
        "n": "tanh(nx + r * nh)",
        "h": "z * h_prev + (1 - z) * n",
    }
)
GRU_AFTER_NAMES = gate("r") | gate("z") | {"nx.linear.0": "W_h", "nx.bias": "b_h", "nh.linear.0": "U_h"}
PEEPHOLE_BEFORE = cells.sigmoid("x", "h_prev", diagonal=["c_prev"])

BROKEN: dict[str, tuple[Cell, str, Names | None]] = {
    "a flipped sign": (changed("lstm", c="f * c_prev - i * g"), "lstm", None),
    "swapped factors": (changed("lstm", c="i * c_prev + f * g"), "lstm", None),
    "swapped gates": (load_cell("lstm"), "lstm", swapped(LSTM, "i", "f")),
    "swapped matrices": (changed("mut3", z=cells.sigmoid("x", "h_prev")), "mut3", None),
    "no squashing": (changed("lstm", h="o * c"), "lstm", None),
    "another squashing": (changed("lstm", g=cells.sigmoid("x", "h_prev")), "lstm", None),
    "a scale": (changed("lstm_1997", h="o * tanh(c)"), "lstm_1997", None),
    "a peephole on the wrong time step": (changed("peephole_lstm", o=PEEPHOLE_BEFORE), "peephole_lstm", None),
    "no recurrence through the memory": (changed("lstm", c="f * h_prev + i * g + 0 * c_prev"), "lstm", None),
    "reset after instead of before": (GRU_AFTER, "gru_reset_before", GRU_AFTER_NAMES),
    "update gate turned round": (changed("gru", h="z * n + (1 - z) * h_prev"), "gru", None),
    "coupled the other way": (changed("cifg", c="i * c_prev + f * g"), "cifg", None),
    "gate recurrence crossed": (
        load_cell("greff_fgr"),
        "greff_fgr",
        MODULE_TO_PAPER["greff_fgr"] | {"i.linear.2": "R_fi", "i.linear.3": "R_ii"},
    ),
    "a gate that reads another gate": (changed("lstm", o=cells.sigmoid("x", "i")), "lstm", None),
    "a parameter without a letter": (changed("lstm", f=cells.sigmoid("x", "h_prev", "c_prev")), "lstm", None),
    "a letter without a parameter": (changed("lstm", f=cells.sigmoid("x", bias="none")), "lstm", None),
}


def test_the_comparer_passes_what_is_right() -> None:
    for name in ("lstm", "gru", "gru_reset_before", "peephole_lstm", "greff_fgr"):
        compare(load_cell(name), name)


@pytest.mark.parametrize("case", BROKEN)
def test_a_wrong_equation_is_noticed(case: str) -> None:
    with pytest.raises(AssertionError):
        compare(*BROKEN[case])


Unroll = Callable[..., tuple[Tensor, dict[str, Tensor]]]


def with_unroll(change: Callable[[Tensor, dict[str, Tensor]], tuple[Tensor, dict[str, Tensor]]]) -> Unroll:
    right = interpreter.unroll
    return lambda *arguments: change(*right(*arguments))


BROKEN_RUNS: dict[str, tuple[str, Any]] = {
    "outputs one step late": ("unroll", with_unroll(lambda y, last: (y.roll(1, 0), last))),
    "sequences mixed up": ("unroll", with_unroll(lambda y, last: (y.flip(1), last))),
    "last states exchanged": ("unroll", with_unroll(lambda y, last: (y, {"h": last["c"], "c": last["h"]}))),
    "last states forgotten": ("unroll", with_unroll(lambda y, last: (y, {k: 0 * v for k, v in last.items()}))),
    "an error of a billionth": ("unroll", with_unroll(lambda y, last: (y * (1 + 1e-9), last))),
    "the output's gradient cut": ("unroll", with_unroll(lambda y, last: (y.detach(), last))),
    "a state's gradient cut": ("unroll", with_unroll(lambda y, last: (y, {**last, "c": last["c"].detach()}))),
    "a wrong derivative": (
        "OPERATIONS",
        interpreter.OPERATIONS | {"tanh": lambda a: torch.tanh(a).detach() + (a - a.detach())},
    ),
}


@pytest.mark.parametrize("case", BROKEN_RUNS)
def test_a_wrong_run_is_noticed(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, *BROKEN_RUNS[case])
    with pytest.raises(AssertionError):
        compare(load_cell("lstm"), "lstm")


def test_two_runs_without_numbers_are_not_the_same() -> None:
    nothing = torch.full((2, 2, 2), float("nan"), dtype=torch.float64)
    broken = comparison.Run(nothing, {}, {})
    with pytest.raises(AssertionError, match="y is not finite"):
        comparison.assert_same_run(broken, broken)


def test_a_wrong_derivative_fails_the_gradient_check(monkeypatch: pytest.MonkeyPatch) -> None:
    layer = build(load_cell("gru"), 3, 2, dtype=torch.float64)
    assert comparison.gradcheck(layer, (3, 2))
    monkeypatch.setattr(interpreter, *BROKEN_RUNS["a wrong derivative"])
    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        comparison.gradcheck(layer, (3, 2))


@pytest.mark.parametrize("name", ["lstm", "gru"])
def test_gates_stacked_in_another_order_than_torchs_are_noticed(name: str) -> None:
    first, second, *rest = TORCH_GATES[name][1]
    with pytest.raises(AssertionError):
        compare_with_torch(name, "reference", [second, first, *rest])


def test_the_brute_force_knows_a_difference_and_a_disguise() -> None:
    lstm = load_cell("lstm")
    assert canonical(lstm) == canonical(cells.disguised(lstm, random.Random(1)))
    different = [cell for cell, oracle, names in BROKEN.values() if oracle == "lstm" and not names]
    assert len({canonical(cell) for cell in different}) == len(different) == 8


def test_a_changed_instruction_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in refresh.FOLDER.glob("*.txt"):
        shutil.copy(path, tmp_path)
    monkeypatch.setattr(test_golden, "FOLDER", tmp_path)
    test_golden.test_the_instructions_of_a_shipped_cell_are_the_stored_ones("lstm")
    lstm = tmp_path / "lstm.txt"
    lstm.write_text(lstm.read_text().replace("mul f, c_prev", "mul i, c_prev"))
    with pytest.raises(AssertionError):
        test_golden.test_the_instructions_of_a_shipped_cell_are_the_stored_ones("lstm")
    (tmp_path / "gone.txt").write_text("")
    with pytest.raises(AssertionError):
        test_golden.test_there_is_one_file_for_each_shipped_cell()


def test_gradients_that_are_not_finite_are_noticed() -> None:
    with pytest.raises(AssertionError):
        check_training(lower(cells.cell({"h": "log(x) + h_prev"})), (4, 4))


def test_dead_instructions_are_noticed() -> None:
    ir = lower(load_cell("lstm"))
    dead: CellIR = dataclasses.replace(ir, body=(*ir.body, Affine("dead", ("x",), (), None)))
    check_text(ir)
    with pytest.raises(AssertionError):
        check_text(dead)


FIELDS: dict[str, Any] = {
    "gates": {name: {"activation": "sigmoid", "bias": 0.5} for name in ("input", "forget", "output")}
    | {"reset": {"place": "before", "gate": "own"}},
    "peepholes": ["input", "output"],
    "coupling": "i = 1 - f",
    "state_merging": "separate",
    "cell_input": "tanh",
    "squash": "tanh",
    "gate_recurrence": True,
}


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("_complement", lambda factor: factor),
        ("_product", lambda factor, value: f"{factor} * {value}" if factor == "f" else value),
        ("_sum", lambda *terms: " - ".join(terms)),
    ],
)
def test_a_wrong_expansion_is_noticed(name: str, broken: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_computes_what_it_says(FIELDS)
    monkeypatch.setattr(wiring, name, broken)
    with pytest.raises(AssertionError):
        assert_computes_what_it_says(FIELDS)


@pytest.mark.parametrize(
    ("name", "derivatives"), [("sub", ("1", "1")), ("div", ("1 / b", "y / b")), ("tanh", ("1 - y",)), ("exp", ("a",))]
)
def test_a_wrong_derivative_formula_is_noticed(name: str, derivatives: tuple[str, ...]) -> None:
    broken = dataclasses.replace(PRIMITIVES[name], derivatives=derivatives)
    with pytest.raises(AssertionError):
        test_primitives.test_derivatives_equal_finite_differences(broken)
    with pytest.raises(AssertionError):
        test_primitives.test_derivatives_equal_autograd(broken)


def test_a_tie_given_to_one_operand_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = dataclasses.replace(PRIMITIVES["max"], derivatives=("1 - gt(b, a)", "gt(b, a)"))
    monkeypatch.setitem(PRIMITIVES, "max", first)
    with pytest.raises(AssertionError):
        test_primitives.test_at_a_tie_the_derivative_is_half_to_each_operand("max", 0.0)


def test_forgetting_at_least_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Holes.member

    def careless(self: Holes, name: str, element: str) -> bool:
        hole = self.table[name]
        assert isinstance(hole, SubsetOf)
        return right(dataclasses.replace(self, table={name: SubsetOf(subset_of=hole.subset_of)}), name, element)

    monkeypatch.setattr(Holes, "member", careless)
    with pytest.raises(AssertionError):
        test_holes.test_subsets_are_enumerated_once_each_and_at_least_is_kept(3, 2)
