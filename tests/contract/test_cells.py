"""Every shipped cell on every backend: equal to torch's own layer or to an oracle written from the paper."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from archsearch import build, registry
from archsearch.backends import PACKAGE
from archsearch.backends._layer import CellLayer
from archsearch.ir import lower
from archsearch.space import load_cell
from tests.contract.cell_parameters import MODULE_TO_PAPER, PROJECTED
from tests.contract.comparison import Runner, assert_same_run, compare_with_oracle, gradcheck, normal, run
from tests.oracles import ORACLES

CELLS = registry.shipped_names("spaces/cells")
BACKENDS = registry.names(PACKAGE)

SIZES = {  # time, batch, input, hidden
    "usual": (12, 3, 4, 5),
    "one sequence": (9, 1, 5, 3),
    "one unit": (9, 2, 3, 1),
    "one of everything": (1, 1, 1, 1),
    "wide": (3, 7, 2, 33),
}


def test_every_cell_has_an_oracle_and_a_table() -> None:
    assert set(CELLS) == set(ORACLES) == set(MODULE_TO_PAPER)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", CELLS)
def test_a_cell_equals_its_oracle(name: str, backend: str) -> None:
    oracle = ORACLES[name]
    for seed, (time, batch, inputs, hidden) in enumerate(SIZES.values()):
        sizes = (time, batch, hidden if oracle.raw_input else inputs, hidden)
        compare_with_oracle(load_cell(name), oracle, MODULE_TO_PAPER[name], sizes, backend, seed)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", PROJECTED)
def test_a_cell_that_reads_bare_input_projects_one_of_another_size(name: str, backend: str) -> None:
    linear, names = PROJECTED[name]
    for seed, sizes in enumerate([(12, 3, 4, 5), (5, 1, 7, 2), (5, 2, 1, 3)]):
        compare_with_oracle(load_cell(name), ORACLES[linear], names, sizes, backend, seed)


def test_only_the_cells_with_bare_input_are_projected() -> None:
    assert set(PROJECTED) == {name for name in CELLS if lower(load_cell(name)).reads_bare_input}
    assert set(PROJECTED) == {name for name, oracle in ORACLES.items() if oracle.raw_input}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_starts_from_the_states_of_its_paper(name: str) -> None:
    assert {state.name: state.initial for state in lower(load_cell(name)).states} == ORACLES[name].states


def test_the_forget_gate_of_lstm_b_starts_open_and_no_other_bias_does() -> None:
    """Jozefowicz et al. 2015: a forget bias of 1; biases of all other cells and gates start at 0."""
    biased = {
        (name, affine.equation): affine.bias
        for name in CELLS
        for affine in lower(load_cell(name)).affines
        if affine.bias not in (0.0, None)
    }
    assert biased == {("lstm_b", "f"): 1.0}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", CELLS)
def test_gradients_are_those_of_the_forward_pass(name: str, backend: str) -> None:
    layer = build(load_cell(name), 3, 2, backend, seed=4, dtype=torch.float64)
    assert gradcheck(layer, (3, 2))


# torch stacks its gates in these orders; a name with a second part takes the bias on the side of h' from there.
TORCH_GATES = {
    "rnn": (nn.RNN, [("h", "h")]),
    "lstm": (nn.LSTM, [("i", "i"), ("f", "f"), ("g", "g"), ("o", "o")]),
    "gru": (nn.GRU, [("r", "r"), ("z", "z"), ("nx", "nh")]),
}


def torch_parameters(layer: CellLayer, gates: list[tuple[str, str]]) -> dict[str, Tensor]:
    """The layer's parameters stacked as torch's: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0.

    Where we have one bias, it stands on the side of x and torch's second one is zero.
    """
    own = dict(layer.named_parameters())
    zero = torch.zeros(layer.hidden_size, dtype=torch.float64)
    return {
        "weight_ih_l0": torch.cat([own[f"{of_x}.linear.0"] for of_x, _ in gates]),
        "weight_hh_l0": torch.cat([own[f"{of_h}.linear.{int(of_x == of_h)}"] for of_x, of_h in gates]),
        "bias_ih_l0": torch.cat([own[f"{of_x}.bias"] for of_x, _ in gates]),
        "bias_hh_l0": torch.cat([zero if of_x == of_h else own[f"{of_h}.bias"] for of_x, of_h in gates]),
    }


def as_runner(layer: nn.RNNBase, stacked: dict[str, Tensor], names: list[str]) -> Runner:
    """torch's layer with states by name, as a function of given weights."""

    def runner(x: Tensor, states: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        given = tuple(states[name][None] for name in names)
        arguments = (x, given if len(given) > 1 else given[0])
        y, last = torch.func.functional_call(layer, stacked, arguments)
        found = last if isinstance(last, tuple) else (last,)
        return y, {name: state[0] for name, state in zip(names, found, strict=True)}

    return runner


def compare_with_torch(name: str, backend: str, gates: list[tuple[str, str]]) -> None:
    """Raise AssertionError unless cell and torch's layer run alike over 200 steps; gates as torch stacks them."""
    kind, _ = TORCH_GATES[name]
    time, batch, inputs, hidden = 200, 4, 6, 8
    layer = build(load_cell(name), inputs, hidden, backend, seed=5, dtype=torch.float64)
    for index, (parameter_name, parameter) in enumerate(layer.named_parameters()):
        if parameter_name.endswith("bias"):
            parameter.data = 0.3 * normal(hidden, seed=100 + index)
    names = [state.name for state in layer.ir.states]
    x = normal(time, batch, inputs, seed=6)
    states = {state: normal(batch, hidden, seed=7 + index) for index, state in enumerate(names)}
    theirs = as_runner(kind(inputs, hidden, dtype=torch.float64), torch_parameters(layer, gates), names)
    own = dict(layer.named_parameters())
    assert_same_run(run(layer, x, states, own), run(theirs, x, states, own))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", TORCH_GATES)
def test_a_cell_equals_torchs_own_layer_over_two_hundred_steps(name: str, backend: str) -> None:
    compare_with_torch(name, backend, TORCH_GATES[name][1])
