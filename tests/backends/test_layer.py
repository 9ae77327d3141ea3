"""The module that every backend builds: names, drawing, torch's machinery, refusals."""

from __future__ import annotations

import copy
import io
import math
import pickle
from typing import Any

import pytest
import torch
from torch import Tensor

from archsearch import build, load
from archsearch.backends._layer import CellLayer
from archsearch.errors import InvalidInput
from archsearch.schema.cell import Cell
from tests.draws.plain_philox import symmetric
from tests.ir.cells import cell, gate, sigmoid

TORCH_NAMES = [
    *("type", "to", "training", "forward", "train", "eval", "parameters", "state_dict", "double", "register_parameter"),
    *("ir", "unroll", "input_size", "hidden_size", "linear", "bias", "diagonal", "weight", "modules", "add_module"),
]


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def layer_of(of: Cell, inputs: int = 3, hidden: int = 5, seed: int = 0, **rest: Any) -> CellLayer:
    return build(of, inputs, hidden, seed=seed, **rest)


def named_after(name: str) -> Cell:
    return cell({name: gate("x", "h_prev", diagonal=["h_prev"]), "h": f"tanh({name})"})


def x_of(layer: CellLayer, time: int = 4, batch: int = 2) -> Tensor:
    dtype = next(layer.parameters()).dtype
    return torch.randn(time, batch, layer.input_size, generator=generator(9), dtype=torch.float64).to(dtype)


def test_parameters_are_called_after_their_equations() -> None:
    layer = layer_of(cell({"g": gate("x", "h_prev", diagonal=["h_prev", "x * 1"]), "h": gate("g", bias="none")}), 5, 5)
    assert {name: tuple(parameter.shape) for name, parameter in layer.named_parameters()} == {
        "g.linear.0": (5, 5),
        "g.linear.1": (5, 5),
        "g.diagonal.0": (5,),
        "g.diagonal.1": (5,),
        "g.bias": (5,),
        "h.linear.0": (5, 5),
    }


def test_matrices_of_the_input_have_its_width() -> None:
    shapes = {name: tuple(parameter.shape) for name, parameter in layer_of(load("mut1"), 3, 5).named_parameters()}
    assert shapes["x.linear.0"] == shapes["z.linear.0"] == shapes["r.linear.0"] == (5, 3)
    assert shapes["r.linear.1"] == shapes["nh.linear.0"] == (5, 5)


def test_linear_and_diagonal_are_drawn_uniformly_and_biases_start_at_their_number() -> None:
    many = {f"g{index}": gate("x", diagonal=["h_prev"], bias=index) for index in range(30)}
    layer = layer_of(cell({**many, "h": " + ".join(many)}), 20, 100)
    for name, parameter in layer.named_parameters():
        if name.endswith("bias"):
            assert (parameter == float(name[1:].partition(".")[0])).all()
    for kind in ("linear", "diagonal"):
        drawn = torch.cat([value.flatten() for name, value in layer.named_parameters() if kind in name]).double()
        assert drawn.abs().max() <= 0.1  # 1 / sqrt(hidden)
        assert drawn.max() > 0.0999
        assert drawn.min() < -0.0999
        # five standard deviations of mean and of variance of so many uniform numbers
        assert abs(drawn.mean()) < 5 * 0.1 / math.sqrt(3 * drawn.numel())
        assert abs(drawn.var() * 300 - 1) < 5 * math.sqrt(0.8 / drawn.numel())


def test_parameters_are_numbered_in_equation_order_and_each_is_drawn_by_itself() -> None:
    layer = layer_of(cell({"a": gate("x", "h_prev"), "h": gate("a", diagonal=["h_prev"])}), 3, 5, seed=7)
    for number, name in ((0, "a.linear.0"), (1, "a.linear.1"), (3, "h.linear.0"), (4, "h.diagonal.0")):
        parameter = layer.get_parameter(name)
        drawn = symmetric(7, "layers", number, parameter.numel(), 5**-0.5)
        assert torch.equal(parameter.flatten(), torch.tensor(drawn, dtype=torch.float64).float())


def test_equal_seeds_draw_equal_parameters_in_every_type() -> None:
    double, again = (layer_of(load("lstm"), seed=3, dtype=torch.float64) for _ in range(2))
    single = layer_of(load("lstm"), seed=3)
    other = layer_of(load("lstm"), seed=4, dtype=torch.float64)
    for name, value in double.state_dict().items():
        assert torch.equal(value, again.state_dict()[name])
        assert torch.equal(value.float(), single.state_dict()[name])
        assert name.endswith("bias") or not torch.equal(value, other.state_dict()[name])


def test_a_given_seed_is_all_the_randomness_there_is() -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    first = layer_of(load("lstm"))
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(2)
    assert all(map(torch.equal, first.parameters(), layer_of(load("lstm")).parameters()))


def test_without_a_seed_one_of_torchs_own_generator_is_used() -> None:
    torch.manual_seed(1)
    first = build(load("gru"), 3, 5)
    torch.manual_seed(1)
    assert all(map(torch.equal, first.parameters(), build(load("gru"), 3, 5).parameters()))
    later = build(load("gru"), 3, 5)
    assert not torch.equal(first.get_parameter("r.linear.0"), later.get_parameter("r.linear.0"))


def test_the_type_is_torchs_default_or_the_given_one() -> None:
    assert {value.dtype for value in layer_of(load("lstm")).parameters()} == {torch.float32}
    half = layer_of(load("lstm"), dtype=torch.bfloat16)
    y, last = half(x_of(half))
    assert {y.dtype, *(value.dtype for value in last.values())} == {torch.bfloat16}


@pytest.mark.parametrize("name", TORCH_NAMES)
def test_an_equation_may_have_any_name(name: str) -> None:
    layer, plain = layer_of(named_after(name)), layer_of(named_after("plain"))
    assert [key.partition(".")[0] for key, _ in layer.named_parameters()] == [name] * 4
    assert torch.equal(layer(x_of(layer))[0], plain(x_of(plain))[0])

    assert layer.eval() is layer
    assert [bool(module.training) for module in (layer, *layer.children())] == [False, False]
    assert layer.train().training
    layer.requires_grad_(False).requires_grad_()
    assert set(layer.state_dict()) == {f"{name}.{rest}" for rest in ("linear.0", "linear.1", "diagonal.0", "bias")}

    other = layer_of(named_after(name), seed=1)
    other.load_state_dict(layer.state_dict())
    assert torch.equal(layer(x_of(layer))[0], other(x_of(layer))[0])

    double = copy.deepcopy(layer).to(torch.float64)
    y, _ = double(x_of(double))
    assert y.dtype == torch.float64
    assert {value.dtype for value in layer.parameters()} == {torch.float32}
    y.sum().backward()
    assert all(value.grad is not None for value in double.parameters())
    assert all(value.grad is None for value in layer.parameters())


def test_a_layer_survives_pickle_and_torch_save() -> None:
    layer = layer_of(load("greff_fgr"))
    buffer = io.BytesIO()
    torch.save(layer.state_dict(), buffer)
    buffer.seek(0)
    other = layer_of(load("greff_fgr"), seed=1)
    other.load_state_dict(torch.load(buffer, weights_only=True))
    pickled: CellLayer = pickle.loads(pickle.dumps(layer))
    for again in (other, pickled):
        assert torch.equal(again(x_of(layer))[0], layer(x_of(layer))[0])


def test_a_layer_lives_inside_other_modules() -> None:
    stack = torch.nn.ModuleList([layer_of(load("lstm"), 3, 5), layer_of(load("gru"), 5, 5)])
    assert "0.i.linear.1" in stack.state_dict()
    assert "1.nh.bias" in stack.state_dict()
    optimizer = torch.optim.SGD(stack.parameters(), lr=0.1)
    before = stack.state_dict()["0.i.linear.1"].clone()
    y, _ = stack[1](stack[0](x_of(stack[0]))[0])  # type: ignore[arg-type]
    y.sum().backward()
    optimizer.step()
    assert not torch.equal(stack.state_dict()["0.i.linear.1"], before)


def test_it_prints_its_cell_and_sizes() -> None:
    printed = repr(layer_of(load("lstm")))
    assert "lstm, input_size=3, hidden_size=5" in printed
    assert "(linear): Parameters(0: [5, 3], 1: [5, 5])" in printed


def test_states_are_named_and_may_be_given_in_any_order() -> None:
    layer = layer_of(load("lstm"))
    x = x_of(layer)
    _, last = layer(x)
    assert {name: tuple(value.shape) for name, value in last.items()} == {"h": (2, 5), "c": (2, 5)}
    first, second = layer(x, last)[0], layer(x, {name: last[name] for name in ("c", "h")})[0]
    assert torch.equal(first, second)
    assert not torch.equal(first, layer(x)[0])


def test_initial_values_are_constants_of_the_cell() -> None:
    delayed = cell({"s": "x + 0 * h_prev", "h": "s_prev"}, {"h": 0.0, "s": 0.75})
    y, _ = layer_of(delayed, 5, 5, dtype=torch.float64)(torch.ones(2, 1, 5, dtype=torch.float64))
    assert y[:, 0, 0].tolist() == [0.75, 1.0]


def test_minus_infinity_is_where_a_running_maximum_starts() -> None:
    running = layer_of(cell({"m": "max(m_prev, x)", "h": "m"}, {"m": -math.inf}), 1, 1, dtype=torch.float64)
    x = torch.tensor([-3.0, -5.0, -1.0], dtype=torch.float64, requires_grad=True)
    y, last = running(x.view(3, 1, 1))
    assert y.flatten().tolist() == [-3.0, -3.0, -1.0]
    assert last["m"].item() == -1.0
    assert torch.autograd.grad(y.sum(), x)[0].tolist() == [2.0, 0.0, 1.0]


def test_a_cell_without_parameters_works_in_any_floating_type() -> None:
    layer = build(cell({"h": "0.5 * h_prev + x"}), 2, 2)
    assert list(layer.parameters()) == []
    for dtype in (torch.float32, torch.float64):
        y, last = layer(torch.ones(3, 1, 2, dtype=dtype))
        assert y.dtype == last["h"].dtype == dtype
        assert y[:, 0, 0].tolist() == [1.0, 1.5, 1.75]


def test_a_constant_may_be_handed_out() -> None:
    layer = build(cell({"h": "0.25"}), 3, 2)
    y, last = layer(torch.zeros(3, 4, 3))
    assert torch.equal(y, torch.full((3, 4, 2), 0.25))
    assert last == {}


def test_a_gate_may_be_a_bias_alone() -> None:
    layer = layer_of(cell({"b": {"bias": 2}, "g": sigmoid("x"), "h": "b * g"}))
    assert dict(layer.named_parameters())["b.bias"].tolist() == [2.0] * 5
    assert layer(x_of(layer))[0].shape == (4, 2, 5)


WRONG_INPUTS = {
    "too few axes": (torch.zeros(4, 3), r"x has the shape \[4, 3\]; allowed: \[time, batch, 3\]"),
    "too many axes": (torch.zeros(4, 2, 3, 1), r"x has the shape \[4, 2, 3, 1\]"),
    "another input size": (torch.zeros(4, 2, 5), r"x has the shape \[4, 2, 5\]; allowed: \[time, batch, 3\]"),
    "no steps": (torch.zeros(0, 2, 3), r"x has the shape \[0, 2, 3\]; allowed: at least one step and one sequence"),
    "no sequences": (torch.zeros(4, 0, 3), r"x has the shape \[4, 0, 3\]; allowed: at least one step"),
    "another type": (torch.zeros(4, 2, 3).double(), r"x is torch.float64 on cpu; allowed: torch.float32 on cpu"),
    "whole numbers": (torch.zeros(4, 2, 3, dtype=torch.int64), r"x is torch.int64 on cpu; allowed: torch.float32"),
    "another device": (torch.zeros(4, 2, 3, device="meta"), r"x is torch.float32 on meta; allowed: .* on cpu"),
}


@pytest.mark.parametrize("case", WRONG_INPUTS)
def test_a_wrong_input_is_one_clear_problem(case: str) -> None:
    x, message = WRONG_INPUTS[case]
    with pytest.raises(InvalidInput, match=message) as caught:
        layer_of(load("lstm"))(x)
    assert len(caught.value.problems) == 1


def test_whole_numbers_are_refused_by_a_cell_without_parameters_too() -> None:
    with pytest.raises(InvalidInput, match=r"x is torch.int64 on cpu; allowed: floating types"):
        build(cell({"h": "h_prev + x"}), 2, 2)(torch.zeros(3, 1, 2, dtype=torch.int64))


H, C = torch.zeros(2, 5), torch.zeros(2, 5)
WRONG_STATES: dict[str, tuple[Any, str]] = {
    "one missing": ({"h": H}, r"state: got h; allowed: tensors by the names h, c"),
    "one too many": ({"h": H, "c": C, "n": C}, r"state: got h, c, n; allowed: tensors by the names h, c"),
    "another name": ({"h": H, "d": C}, r"state: got h, d; allowed"),
    "none at all": ({}, r"state: got nothing; allowed"),
    "torch's pair": ((H, C), r"state: got a tuple; allowed: tensors by the names h, c"),
    "a bare tensor": (H, r"state: got a Tensor; allowed"),
    "another batch": ({"h": H, "c": C[:1]}, r"state c has the shape \[1, 5\]; allowed: \[batch, hidden\] = \[2, 5\]"),
    "torch's layer axis": ({"h": H[None], "c": C}, r"state h has the shape \[1, 2, 5\]"),
    "another type": ({"h": H, "c": C.double()}, r"state c is torch.float64 on cpu; allowed: torch.float32 on cpu"),
}


@pytest.mark.parametrize("case", WRONG_STATES)
def test_a_wrong_state_is_one_clear_problem(case: str) -> None:
    state, message = WRONG_STATES[case]
    layer = layer_of(load("lstm"))
    with pytest.raises(InvalidInput, match=message) as caught:
        layer(x_of(layer), state)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(("inputs", "hidden", "wrong"), [(0, 5, "input_size is 0"), (3, -1, "hidden_size is -1")])
def test_sizes_are_at_least_one(inputs: int, hidden: int, wrong: str) -> None:
    with pytest.raises(InvalidInput, match=f"{wrong}; allowed: 1 or more"):
        build(load("lstm"), inputs, hidden)
