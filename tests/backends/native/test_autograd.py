"""The compiled cell among torch's other functions: what is asked for, what is frozen, what is kept, what is refused."""

from __future__ import annotations

import copy
import pickle

import pytest
import torch
from torch import Tensor, nn

from archsearch import build
from archsearch.backends._layer import CellLayer
from archsearch.backends.native.memory import BLOCKS
from archsearch.errors import InvalidInput, Refused
from archsearch.space import load_cell
from tests.backends.native.comparing import DOUBLE, SINGLE, Subject, subject
from tests.contract.comparison import Run, assert_same_run, gradcheck, normal, run

PEEPHOLE = subject(load_cell("peephole_lstm"), (5, 3, 4, 9))


def layer_of(name: str, inputs: int = 4, hidden: int = 9, dtype: torch.dtype = DOUBLE) -> CellLayer:
    return build(load_cell(name), inputs, hidden, "native", seed=1, dtype=dtype)


def run_of(of: Subject, layer: CellLayer) -> Run:
    return run(layer, of.x, of.states, dict(layer.named_parameters()))


@pytest.fixture(params=["native", "reference"])
def backend(request: pytest.FixtureRequest) -> str:
    """Shows that what is expected of native is what the reference does."""
    return str(request.param)


@pytest.mark.parametrize("name", ["lstm", "gru", "peephole_lstm", "mut1"])
def test_gradients_are_those_of_the_forward_pass_over_more_than_one_vector(name: str) -> None:
    assert gradcheck(layer_of(name, 2, 9), (2, 2))


def test_what_is_frozen_gets_no_gradient_and_changes_no_other() -> None:
    expected = PEEPHOLE.run("reference").gradients
    layer = PEEPHOLE.layer("native")
    parameters = dict(layer.named_parameters())
    frozen = {"i.linear.0", "f.bias", "o.diagonal.0"}
    for name in frozen:
        parameters[name].requires_grad_(False)
    found = run(layer, PEEPHOLE.x, PEEPHOLE.states, {n: p for n, p in parameters.items() if n not in frozen}).gradients
    assert found.keys() == expected.keys() - frozen
    for name, value in found.items():
        torch.testing.assert_close(value, expected[name], rtol=1e-10, atol=1e-10)


def test_the_inputs_gradient_is_computed_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    layer, asked = layer_of("lstm"), []
    empty = BLOCKS.empty

    def counted(count: int, dtype: torch.dtype) -> Tensor:
        asked.append(count)
        return empty(count, dtype)

    monkeypatch.setattr(BLOCKS, "empty", counted)
    for wanted in (True, False):
        x = normal(50, 3, 4, seed=1).requires_grad_(wanted)
        y, _ = layer(x)
        asked.clear()
        y.sum().backward()
        assert (x.numel() in asked) == wanted, asked
        assert (x.grad is not None) == wanted


def test_inputs_and_states_need_not_be_leaves(backend: str) -> None:
    layer = PEEPHOLE.layer(backend)
    x = PEEPHOLE.x.clone().requires_grad_()
    h = PEEPHOLE.states["h"].clone().requires_grad_()
    y, last = layer(x * 2, {"h": torch.tanh(h), "c": h * h})
    found = torch.autograd.grad((y * y).sum() + last["c"].sum(), [x, h])
    other = PEEPHOLE.layer("reference")
    y, last = other(x * 2, {"h": torch.tanh(h), "c": h * h})
    expected = torch.autograd.grad((y * y).sum() + last["c"].sum(), [x, h])
    for one, two in zip(found, expected, strict=True):
        torch.testing.assert_close(one, two, rtol=1e-10, atol=1e-10)


def test_one_tensor_may_be_input_and_state_at_once() -> None:
    square = subject(load_cell("mut1"), (1, 4, 5, 5))
    gradients = []
    for which in ("native", "reference"):
        value = square.x.clone().requires_grad_()
        y, last = square.layer(which)(value, {"h": value[0]})
        gradients.append(torch.autograd.grad(y.sum() * last["h"].sum(), value)[0])
    torch.testing.assert_close(*gradients, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("used", ["y", "h", "c"])
def test_unused_results_need_no_gradient(used: str) -> None:
    gradients = []
    for which in ("native", "reference"):
        layer = PEEPHOLE.layer(which)
        y, last = layer(PEEPHOLE.x, PEEPHOLE.states)
        chosen = {"y": y, **last}[used]
        gradients.append(torch.autograd.grad(chosen.square().sum(), list(layer.parameters())))
    for found, expected in zip(*gradients, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def test_the_graph_may_be_walked_twice() -> None:
    layer = PEEPHOLE.layer("native")
    x = PEEPHOLE.x.clone().requires_grad_()
    y, last = layer(x, PEEPHOLE.states)
    loss = (y * normal(*y.shape, seed=3)).sum() + last["c"].sum()
    leaves = [x, *layer.parameters()]
    first = [each.clone() for each in torch.autograd.grad(loss, leaves, retain_graph=True)]
    second = torch.autograd.grad(loss, leaves)
    assert all(torch.equal(one, two) for one, two in zip(first, second, strict=True))
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        torch.autograd.grad(loss, leaves)


@pytest.mark.parametrize("power", [1, 2])
def test_second_derivatives_are_refused_rather_than_taken_for_zero(power: int) -> None:
    layer = layer_of("lstm")
    x = normal(4, 2, 4, seed=1).requires_grad_()
    loss = layer(x)[0].pow(power).sum()
    with pytest.raises(Refused, match="first derivatives only; use the backend 'reference'"):
        torch.autograd.grad(loss, x, create_graph=True)


def test_outputs_may_not_be_changed_in_place() -> None:
    """The outputs are what the way back reads."""
    layer = layer_of("lstm")
    y, _ = layer(normal(4, 2, 4, seed=1))
    with pytest.raises(RuntimeError, match="is being modified inplace"):
        y.mul_(2)


@pytest.mark.parametrize("which", ["x", "parameter", "diagonal"])
def test_what_the_way_back_reads_may_not_change_before_it(which: str) -> None:
    layer = layer_of("peephole_lstm", 16, 16)
    x = normal(4, 2, 16, seed=1)
    loss = layer(x)[0].sum()
    parameters = dict(layer.named_parameters())
    with torch.no_grad():
        {"x": x, "parameter": parameters["i.linear.1"], "diagonal": parameters["o.diagonal.0"]}[which].add_(1)
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_last_states_may_be_changed_in_place() -> None:
    """They are handed over, often to be detached and reset."""
    expected = PEEPHOLE.run("native")
    layer = PEEPHOLE.layer("native")

    def reset(x: Tensor, states: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        y, last = layer(x, states)
        for value in last.values():
            value.detach().zero_()
        return y, {name: normal(3, 9, seed=5) for name in last}

    found = run(reset, PEEPHOLE.x, PEEPHOLE.states, dict(layer.named_parameters()))
    assert torch.equal(found.y, expected.y)


def unaligned(value: Tensor) -> Tensor:
    """The same numbers, contiguous, where no vector starts."""
    room = value.new_empty(value.numel() + 17)
    first = next(k for k in range(1, 17) if (room.data_ptr() // room.element_size() + k) % 16 == 3)
    found = room[first : first + value.numel()].view(value.shape)
    assert found.is_contiguous()
    assert found.data_ptr() % 64
    return found.copy_(value)


@pytest.mark.parametrize("dtype", [SINGLE, DOUBLE])
def test_numbers_may_lie_anywhere_in_memory(dtype: torch.dtype) -> None:
    """Arrays from numpy, slices and mapped files do not start at whole vectors."""
    for name in ("peephole_lstm", "mut1"):
        layer = layer_of(name, 16, 16, dtype)
        x, dy = normal(4, 3, 16, seed=1, dtype=dtype), normal(4, 3, 16, seed=2, dtype=dtype)
        states = {state.name: normal(3, 16, seed=3, dtype=dtype) for state in layer.ir.states}
        results = []
        for place in (torch.clone, unaligned):
            for parameter in layer.parameters():
                parameter.data = place(parameter.data)
            given = place(x).requires_grad_()
            y, last = layer(given, {state: place(value) for state, value in states.items()})
            leaves = [given, *layer.parameters()]
            gradients = torch.autograd.grad([y, *last.values()], leaves, [place(dy), *map(place, states.values())])
            results.append((y.detach(), *gradients))
        assert all(torch.equal(one, two) for one, two in zip(*results, strict=True))


def test_hooks_may_move_what_is_kept() -> None:
    """As those do that keep it in a file, or packed."""
    wide = subject(load_cell("peephole_lstm"), (5, 3, 16, 16))

    def back(packed: Tensor) -> Tensor:
        return unaligned(packed).transpose(0, -1).contiguous().transpose(0, -1)

    layer = wide.layer("native")
    with torch.autograd.graph.saved_tensors_hooks(torch.clone, back):
        found = run_of(wide, layer)
    assert_same_run(found, wide.run("native"), 0.0, 1e-14)


def test_gradients_are_not_written_to_twice() -> None:
    """What backward hands out may be changed: optimizers and clipping do."""
    layer = layer_of("lstm", 16, 16)
    x = normal(4, 3, 16, seed=1)
    layer(x)[0].sum().backward()
    gradients = [parameter.grad for parameter in layer.parameters() if parameter.grad is not None]
    before = [each.clone() for each in gradients]
    gradients[0].zero_()
    assert all(torch.equal(one, two) for one, two in zip(gradients[1:], before[1:], strict=True))
    layer(x)[0].sum().backward()
    torch.testing.assert_close(gradients[0], before[0])
    torch.testing.assert_close(gradients[1], 2 * before[1])


def test_layers_are_copied_and_pickled() -> None:
    layer = PEEPHOLE.layer("native")
    expected = run_of(PEEPHOLE, layer)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert_same_run(run_of(PEEPHOLE, other), expected, 0.0, 0.0)
        with torch.no_grad():
            next(other.parameters()).add_(1)
        assert not torch.equal(other(PEEPHOLE.x)[0], layer(PEEPHOLE.x)[0])


def test_weights_move_between_the_backends() -> None:
    native, reference = layer_of("mut1", 4, 9), build(load_cell("mut1"), 4, 9, dtype=DOUBLE)
    reference.load_state_dict(native.state_dict())
    x = normal(4, 3, 4, seed=1)
    torch.testing.assert_close(native(x)[0], reference(x)[0], rtol=1e-12, atol=1e-12)


def test_parameters_may_be_given_for_one_call() -> None:
    layer = layer_of("lstm")
    halves = {name: (value / 2).requires_grad_() for name, value in layer.state_dict().items()}
    x = normal(4, 3, 4, seed=1)
    found, _ = torch.func.functional_call(layer, halves, (x,))
    slopes = torch.autograd.grad(found.sum(), list(halves.values()))
    layer.load_state_dict(halves)
    assert torch.equal(found, layer(x)[0])
    assert all(slope.abs().max() > 0 for slope in slopes)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_other_types_of_number_are_refused(dtype: torch.dtype) -> None:
    message = f"runs float32 and float64 on the CPU, not {str(dtype).removeprefix('torch.')} on cpu"
    with pytest.raises(Refused, match=message):
        layer_of("lstm", dtype=dtype)
    layer = layer_of("lstm").to(dtype)
    with pytest.raises(Refused, match=message):
        layer(torch.zeros(2, 3, 4, dtype=dtype))


def test_other_devices_are_refused() -> None:
    message = "runs float32 and float64 on the CPU, not float64 on meta"
    with pytest.raises(Refused, match=message):
        build(load_cell("lstm"), 4, 9, "native", dtype=DOUBLE, device="meta")
    layer = layer_of("lstm").to("meta")
    with pytest.raises(Refused, match=message):
        layer(torch.zeros(2, 3, 4, dtype=DOUBLE, device="meta"))


def test_parameters_of_another_shape_or_type_are_refused() -> None:
    """They are read by address."""
    layer = layer_of("lstm")
    x = normal(2, 3, 4, seed=1)
    own = {name: value.clone() for name, value in layer.state_dict().items()}
    for name, wrong in (("o.bias", own["o.bias"][:4]), ("g.linear.1", own["g.linear.1"].float())):
        with pytest.raises(InvalidInput, match=rf"the parameter {name} is .*; allowed: torch.float64 \[9"):
            torch.func.functional_call(layer, {**own, name: wrong}, (x,))


def test_a_layer_trains_beside_layers_of_torch() -> None:
    torch_side, head = nn.GRU(3, 16), nn.Linear(16, 1)
    layer = layer_of("lstm", 16, 16, SINGLE)
    parameters = [*torch_side.parameters(), *layer.parameters(), *head.parameters()]
    with torch.no_grad():
        for index, parameter in enumerate(parameters):
            parameter.copy_(0.3 * normal(*parameter.shape, seed=index))
    optimizer = torch.optim.Adam(parameters, lr=0.02)
    x = normal(6, 32, 3, seed=1, dtype=SINGLE)
    targets = x[:, :, :1].sum(0)
    losses = []
    for _ in range(60):
        loss = (head(layer(torch_side(x)[0])[0][-1]) - targets).square().mean()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.1 * losses[0]
