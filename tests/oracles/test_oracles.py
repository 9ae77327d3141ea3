"""The oracles against torch's own layers and against each other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
import torch
from torch import Tensor, nn

from . import ORACLES, draw_parameters, initial_state, unroll
from .oracle import Tensors, shape

TIME, BATCH, INPUTS, HIDDEN = 7, 3, 4, 5
SATURATED = 1000.0  # the logistic function of it is exactly 1 in float64


class Reads(dict[str, Tensor]):
    """A dict that remembers which keys were read."""

    def __init__(self, values: Mapping[str, Tensor]) -> None:
        """Copy ``values``."""
        super().__init__(values)
        self.seen: set[str] = set()

    def __getitem__(self, key: str) -> Tensor:
        """Read and remember."""
        self.seen.add(key)
        return super().__getitem__(key)


def draw(name: str, seed: int = 1, inputs: int = INPUTS) -> Tensors:
    """Random parameters of one cell."""
    return draw_parameters(ORACLES[name], inputs, HIDDEN, seed)


def sequence(seed: int = 2, inputs: int = INPUTS) -> Tensor:
    """Random x [time, batch, input]."""
    return torch.randn(TIME, BATCH, inputs, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def random_state(name: str, seed: int = 3) -> Tensors:
    """Random states, so that relations are not only checked from zero."""
    generator = torch.Generator().manual_seed(seed)
    return {s: torch.randn(BATCH, HIDDEN, generator=generator, dtype=torch.float64) for s in ORACLES[name].states}


def inputs_of(name: str) -> int:
    """Input size a cell can take here."""
    return HIDDEN if ORACLES[name].raw_input else INPUTS


def renamed(p: Tensors, **units: str) -> Tensors:
    """Copy of the entries of ``p`` whose unit is a value of ``units``, under the key's unit instead."""
    return {
        f"{k}_{new}": p[f"{k}_{old}"] for new, old in units.items() for k in ("W", "U", "b", "p") if f"{k}_{old}" in p
    }


def negated(p: Tensors, unit: str) -> Tensors:
    """The entries of one unit with the sign turned: its logistic gate becomes one minus itself."""
    return {key: -value for key, value in p.items() if key.split("_")[1] == unit}


def opened(unit: str, peephole: bool, inputs: int = INPUTS) -> Tensors:
    """Parameters that hold a logistic gate at exactly 1."""
    dtype = torch.float64
    gate = {
        f"W_{unit}": torch.zeros(HIDDEN, inputs, dtype=dtype),
        f"U_{unit}": torch.zeros(HIDDEN, HIDDEN, dtype=dtype),
    }
    gate[f"b_{unit}"] = torch.full((HIDDEN,), SATURATED, dtype=dtype)
    return gate | ({f"p_{unit}": torch.zeros(HIDDEN, dtype=dtype)} if peephole else {})


def assert_same(left: str, p_left: Tensors, right: str, p_right: Tensors, inputs: int = INPUTS) -> None:
    """Both cells give the same outputs and the same h and c from the same non-zero state."""
    x, state = sequence(inputs=inputs), random_state(left)
    y_left, end_left = unroll(ORACLES[left], p_left, x, state)
    y_right, end_right = unroll(ORACLES[right], p_right, x, state)
    torch.testing.assert_close(y_left, y_right, rtol=0, atol=1e-12)
    for name in end_left.keys() & end_right.keys():
        torch.testing.assert_close(end_left[name], end_right[name], rtol=0, atol=1e-12)


def load(layer: nn.RNNBase, w: Tensor, u: Tensor, b_w: Tensor, b_u: Tensor) -> None:
    """Write stacked weights into a one-layer torch module."""
    layer.load_state_dict({"weight_ih_l0": w, "weight_hh_l0": u, "bias_ih_l0": b_w, "bias_hh_l0": b_u})


def stack(p: Tensors, letter: str, units: str) -> Tensor:
    """Parameters of several units stacked in torch's order."""
    return torch.cat([p[f"{letter}_{unit}"] for unit in units])


def split(bias: Tensor) -> tuple[Tensor, Tensor]:
    """Two different vectors that add up to a bias: torch has one on each side."""
    share = torch.linspace(-1, 1, bias.numel(), dtype=bias.dtype)
    return share, bias - share


@pytest.mark.parametrize("name", ORACLES)
def test_step_reads_exactly_the_parameters_and_states_of_its_tables(name: str) -> None:
    oracle = ORACLES[name]
    p, state = Reads(draw(name, inputs=inputs_of(name))), Reads(random_state(name))
    y, new = oracle.step(p, sequence(inputs=inputs_of(name))[0], state)
    assert p.seen == set(oracle.parameters)
    assert state.seen == set(oracle.states) == set(new)
    assert all(tensor.shape == (BATCH, HIDDEN) for tensor in (y, *new.values()))
    assert torch.equal(y, new["h"])


@pytest.mark.parametrize("name", ORACLES)
def test_every_parameter_matters(name: str) -> None:
    p, x = draw(name, inputs=inputs_of(name)), sequence(inputs=inputs_of(name))
    before, _ = unroll(ORACLES[name], p, x)
    for key, value in p.items():
        after, _ = unroll(ORACLES[name], p | {key: value + 0.1}, x)
        assert (after - before).abs().max() > 1e-6, key


def test_shapes_of_the_kinds() -> None:
    assert [shape("WH", 2, 3), shape("HH", 2, 3), shape("H", 2, 3)] == [(3, 2), (3, 3), (3,)]


def test_unroll_continues_from_a_given_state_and_starts_from_the_initial_one() -> None:
    oracle, p, x = ORACLES["greff_fgr"], draw("greff_fgr"), sequence()
    whole, end = unroll(oracle, p, x)
    first, middle = unroll(oracle, p, x[:3], initial_state(oracle, p, BATCH))
    second, end_again = unroll(oracle, p, x[3:], middle)
    assert torch.equal(whole, torch.cat([first, second]))
    assert all(torch.equal(end[name], end_again[name]) for name in end)


def test_unroll_refuses_an_empty_sequence() -> None:
    with pytest.raises(ValueError, match="no steps"):
        unroll(ORACLES["rnn"], draw("rnn"), sequence()[:0])


def test_rnn_equals_torch() -> None:
    p, x, state = draw("rnn"), sequence(), random_state("rnn")
    layer = nn.RNN(INPUTS, HIDDEN, dtype=torch.float64)
    load(layer, p["W_h"], p["U_h"], *split(p["b_h"]))
    y, end = unroll(ORACLES["rnn"], p, x, state)
    expected, h = layer(x, state["h"][None])
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(end["h"], h[0], rtol=0, atol=1e-12)


def test_indrnn_equals_torch_with_a_diagonal_matrix() -> None:
    p, x, state = draw("indrnn"), sequence(), random_state("indrnn")
    layer = nn.RNN(INPUTS, HIDDEN, nonlinearity="relu", dtype=torch.float64)
    load(layer, p["W_h"], torch.diag(p["u_h"]), *split(p["b_h"]))
    y, _ = unroll(ORACLES["indrnn"], p, x, state)
    expected, _ = layer(x, state["h"][None])
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", ["lstm", "lstm_b"])
def test_lstm_equals_torch(name: str) -> None:
    p, x, state = draw(name), sequence(), random_state(name)
    layer = nn.LSTM(INPUTS, HIDDEN, dtype=torch.float64)
    order = "ifzo"
    load(layer, stack(p, "W", order), stack(p, "U", order), *split(stack(p, "b", order)))
    y, end = unroll(ORACLES[name], p, x, state)
    expected, (h, c) = layer(x, (state["h"][None], state["c"][None]))
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(end["h"], h[0], rtol=0, atol=1e-12)
    torch.testing.assert_close(end["c"], c[0], rtol=0, atol=1e-12)


def test_gru_equals_torch() -> None:
    p, x, state = draw("gru"), sequence(), random_state("gru")
    layer = nn.GRU(INPUTS, HIDDEN, dtype=torch.float64)
    gates_w, gates_u = split(stack(p, "b", "rz"))
    load(
        layer,
        stack(p, "W", "rzn"),
        stack(p, "U", "rzn"),
        torch.cat([gates_w, p["b_n"]]),
        torch.cat([gates_u, p["bu_n"]]),
    )
    y, end = unroll(ORACLES["gru"], p, x, state)
    expected, h = layer(x, state["h"][None])
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(end["h"], h[0], rtol=0, atol=1e-12)


def test_both_grus_agree_when_the_candidate_recurrence_is_diagonal_and_has_no_inner_bias() -> None:
    p = draw("gru")
    p |= {"U_n": torch.diag(p["U_n"].diagonal()), "bu_n": torch.zeros_like(p["bu_n"])}
    assert_same("gru", p, "gru_reset_before", renamed(p, r="r", z="z", h="n"))


def test_both_grus_differ_otherwise() -> None:
    p, x = draw("gru"), sequence()
    after, _ = unroll(ORACLES["gru"], p, x)
    before, _ = unroll(ORACLES["gru_reset_before"], renamed(p, r="r", z="z", h="n"), x)
    assert (after - before).abs().max() > 1e-3


def test_greff_np_is_the_lstm() -> None:
    assert_same("greff_np", draw("greff_np"), "lstm", draw("greff_np"))


def test_greff_v_is_the_peephole_lstm() -> None:
    assert_same("greff_v", draw("greff_v"), "peephole_lstm", draw("greff_v"))


def test_peephole_lstm_without_peepholes_is_the_lstm() -> None:
    p = draw("peephole_lstm")
    p |= {name: torch.zeros_like(p[name]) for name in ("p_i", "p_f", "p_o")}
    assert_same("peephole_lstm", p, "lstm", p)


def test_cifg_is_an_lstm_whose_input_gate_is_one_minus_the_forget_gate() -> None:
    p = draw("cifg")
    assert_same("cifg", p, "lstm", p | renamed(negated(p, "f"), i="f"))


def test_greff_cifg_is_a_peephole_lstm_whose_forget_gate_is_one_minus_the_input_gate() -> None:
    p = draw("greff_cifg")
    assert_same("greff_cifg", p, "peephole_lstm", p | renamed(negated(p, "i"), f="i"))


@pytest.mark.parametrize(("name", "gate"), [("greff_nig", "i"), ("greff_nfg", "f"), ("greff_nog", "o")])
def test_a_missing_gate_is_a_gate_held_open(name: str, gate: str) -> None:
    p = draw(name)
    assert_same(name, p, "peephole_lstm", p | opened(gate, peephole=True))


def test_full_gate_recurrence_without_its_matrices_is_vanilla() -> None:
    p = draw("greff_fgr")
    p |= {name: torch.zeros_like(value) for name, value in p.items() if name.startswith("R_")}
    assert_same("greff_fgr", p, "greff_v", p)


def test_full_gate_recurrence_has_nine_more_matrices_than_vanilla() -> None:
    extra = set(ORACLES["greff_fgr"].parameters) - set(ORACLES["greff_v"].parameters)
    assert extra == {"R_ii", "R_if", "R_io", "R_fi", "R_ff", "R_fo", "R_oi", "R_of", "R_oo"}


def test_lstm_1997_is_an_lstm_with_open_forget_gate_and_halved_cell() -> None:
    # 4 sigma(a) - 2 = 2 tanh(a / 2) and 2 sigma(c) - 1 = tanh(c / 2): with c = 2 k the factors cancel.
    p, x, state = draw("lstm_1997"), sequence(), random_state("lstm_1997")
    q = p | {name: p[name] / 2 for name in ("W_z", "U_z", "b_z")} | opened("f", peephole=False)
    y, end = unroll(ORACLES["lstm_1997"], p, x, state)
    expected, other = unroll(ORACLES["lstm"], q, x, state | {"c": state["c"] / 2})
    torch.testing.assert_close(y, expected, rtol=0, atol=1e-12)
    torch.testing.assert_close(end["c"], 2 * other["c"], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("name", "matrix"), [("mut1", "W_h"), ("mut2", "W_r")])
def test_linear_reading_with_the_identity_is_the_raw_one(name: str, matrix: str) -> None:
    p = draw(name, inputs=HIDDEN)
    identity = {matrix: torch.eye(HIDDEN, dtype=torch.float64)}
    assert_same(name, p, f"{name}_linear", p | identity, inputs=HIDDEN)


@pytest.mark.parametrize("name", ["mut1", "mut2"])
def test_raw_reading_refuses_an_input_of_another_size(name: str) -> None:
    with pytest.raises(ValueError, match="input size == hidden size"):
        unroll(ORACLES[name], draw(name, inputs=1), sequence(inputs=1))


def test_mut2_linear_is_chos_gru_with_the_update_gate_turned() -> None:
    p = draw("mut2_linear")
    assert_same("mut2_linear", p, "gru_reset_before", p | negated(p, "z"))


def test_mut3_without_recurrence_in_its_update_gate_is_mut2_linear() -> None:
    p = draw("mut3")
    p["U_z"] = torch.zeros_like(p["U_z"])
    assert_same("mut3", p, "mut2_linear", p)


def test_mgu_is_chos_gru_with_reset_f_and_update_one_minus_f() -> None:
    p = draw("mgu")
    q = renamed(p, h="h", r="f") | renamed(negated(p, "f"), z="f")
    assert_same("mgu", p, "gru_reset_before", q)


def test_ugrnn_is_chos_gru_with_an_open_reset_gate() -> None:
    p = draw("ugrnn")
    assert_same("ugrnn", p, "gru_reset_before", renamed(p, h="c", z="g") | opened("r", peephole=False))
