"""The laws of every backend: it is the reference, only quicker."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from archsearch import build, registry
from archsearch.backends import PACKAGE, Backend
from archsearch.backends._layer import CellLayer
from archsearch.errors import InvalidInput, Refused
from archsearch.ir import lower
from archsearch.ir.initial import initial_layer
from archsearch.schema.cell import Cell
from archsearch.space import load_cell
from tests.contract.comparison import Run, assert_same_run, gradcheck, normal, run
from tests.contract.odd_cells import ODD_CELLS
from tests.ir.cells import cell, gate

BACKENDS = registry.names(PACKAGE)
TIME, BATCH, SIZE = 6, 4, 3

pytestmark = pytest.mark.parametrize("backend", BACKENDS)


def layer_of(
    of: Cell, backend: str, inputs: int = SIZE, hidden: int = SIZE, dtype: torch.dtype = torch.float64, seed: int = 1
) -> CellLayer:
    return build(of, inputs, hidden, backend, seed=seed, dtype=dtype)


def states_of(layer: CellLayer, batch: int = BATCH) -> dict[str, Tensor]:
    parameters = list(layer.parameters())
    dtype = parameters[0].dtype if parameters else torch.float64
    shape = (batch, layer.hidden_size)
    return {state.name: normal(*shape, seed=20 + index, dtype=dtype) for index, state in enumerate(layer.ir.states)}


def run_of(layer: CellLayer, x: Tensor, states: dict[str, Tensor] | None = None) -> Run:
    return run(layer, x, states_of(layer, x.shape[1]) if states is None else states, dict(layer.named_parameters()))


def input_of(layer: CellLayer, time: int = TIME, batch: int = BATCH, dtype: torch.dtype = torch.float64) -> Tensor:
    return normal(time, batch, layer.input_size, seed=9, dtype=dtype)


def test_it_is_registered_under_its_file_and_speaks_the_protocol(backend: str) -> None:
    found: Backend = registry.load(PACKAGE, backend)
    reason = found.refuses(lower(load_cell("lstm")))
    assert reason is None, f"these tests need every backend to run here: {reason}"
    ir = lower(load_cell("lstm"))
    layer = found.build(ir, 3, 4, initial_layer(ir, 3, 4, seed=1))
    assert isinstance(layer, CellLayer)
    assert {parameter.dtype for parameter in layer.parameters()} == {torch.get_default_dtype()}


@pytest.mark.parametrize("device", ["cpu", "meta"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16, torch.float16])
def test_it_builds_what_it_does_not_refuse(backend: str, dtype: torch.dtype, device: str) -> None:
    chosen: Backend = registry.load(PACKAGE, backend)
    reason = chosen.refuses_kind(device, str(dtype).removeprefix("torch."))
    ir = lower(load_cell("lstm"))
    calls: list[Callable[[], CellLayer]] = [
        lambda: build(load_cell("lstm"), 3, 4, backend, dtype=dtype, device=device),
        lambda: chosen.build(ir, 3, 4, initial_layer(ir, 3, 4, seed=1), dtype=dtype, device=device),
    ]
    for call in calls:
        if reason is not None:
            with pytest.raises(Refused, match=reason):
                call()
            continue
        layer = call()
        x = torch.zeros(2, 3, 3, dtype=dtype, device=device)
        assert {(each.dtype, each.device) for each in (*layer.parameters(), layer(x)[0])} == {(dtype, x.device)}


def test_it_is_built_on_torchs_default_device(backend: str) -> None:
    chosen: Backend = registry.load(PACKAGE, backend)
    with torch.device("meta"):
        if chosen.refuses_kind("meta", "float32"):
            with pytest.raises(Refused, match="on meta"):
                build(load_cell("lstm"), 3, 4, backend)
        else:
            assert {each.device.type for each in build(load_cell("lstm"), 3, 4, backend).parameters()} == {"meta"}


@pytest.mark.parametrize("name", ODD_CELLS)
def test_odd_cells_equal_the_reference(backend: str, name: str) -> None:
    sizes = [(SIZE, SIZE)] if lower(ODD_CELLS[name]).reads_bare_input else [(SIZE, SIZE), (2, 5), (1, 1)]
    for inputs, hidden in sizes:
        found = layer_of(ODD_CELLS[name], backend, inputs, hidden)
        expected = layer_of(ODD_CELLS[name], "reference", inputs, hidden)
        x = input_of(found)
        assert_same_run(run_of(found, x), run_of(expected, x))


@pytest.mark.parametrize("name", [name for name in ODD_CELLS if lower(ODD_CELLS[name]).reads_bare_input])
def test_odd_cells_project_their_bare_input_as_the_reference_does(backend: str, name: str) -> None:
    found, expected = (layer_of(ODD_CELLS[name], which, 2, 5) for which in (backend, "reference"))
    x = input_of(found)
    assert_same_run(run_of(found, x), run_of(expected, x))


@pytest.mark.parametrize("name", ODD_CELLS)
def test_odd_cells_start_from_their_initial_values_with_finite_gradients(backend: str, name: str) -> None:
    found, expected = (layer_of(ODD_CELLS[name], which) for which in (backend, "reference"))
    x = input_of(found)

    def from_the_start(layer: CellLayer) -> Run:
        return run(lambda x_, _: layer(x_), x, {}, dict(layer.named_parameters()))

    assert_same_run(from_the_start(found), from_the_start(expected))


KINKED = ("every activation", "every primitive", "numbers on both sides")
SMOOTH = [name for name in ODD_CELLS if name not in (*KINKED, "a constant")]


@pytest.mark.parametrize("name", SMOOTH)
def test_odd_cells_have_the_gradients_of_their_forward_pass(backend: str, name: str) -> None:
    assert gradcheck(layer_of(ODD_CELLS[name], backend), (2, 2))


@pytest.mark.parametrize("name", ["lstm", "gru", "greff_fgr", "mut1"])
def test_single_precision_is_double_precision_but_for_rounding(backend: str, name: str) -> None:
    double = layer_of(load_cell(name), backend)
    single = layer_of(load_cell(name), backend, dtype=torch.float32)
    expected = run_of(double, input_of(double))
    states = {state: value.float() for state, value in states_of(double).items()}
    found = run_of(single, input_of(single, dtype=torch.float32), states)
    assert found.y.dtype == torch.float32
    widened = Run(
        found.y.double(),
        {state: value.double() for state, value in found.states.items()},
        {leaf: value.double() for leaf, value in found.gradients.items()},
    )
    tolerance = 200 * torch.finfo(torch.float32).eps  # some hundred roundings between the input and a gradient
    assert_same_run(widened, expected, tolerance, tolerance)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_parameters_are_drawn_as_the_reference_draws_them(backend: str, dtype: torch.dtype) -> None:
    for name in ("lstm", "mut1", "greff_fgr"):
        found, expected = (layer_of(load_cell(name), which, 2, 5, dtype) for which in (backend, "reference"))
        assert list(found.state_dict()) == list(expected.state_dict())
        assert all(torch.equal(found.state_dict()[key], value) for key, value in expected.state_dict().items())


@pytest.mark.parametrize("cut", [1, 3, 5])
@pytest.mark.parametrize(
    "of", [load_cell("lstm"), load_cell("greff_fgr"), ODD_CELLS["a delay line"], ODD_CELLS["sLSTM"]], ids=range(4)
)
def test_a_sequence_in_two_pieces_is_the_whole_sequence(backend: str, of: Cell, cut: int) -> None:
    layer = layer_of(of, backend)
    x = input_of(layer)

    def in_pieces(x_: Tensor, states: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
        first, middle = layer(x_[:cut], states)
        second, last = layer(x_[cut:], middle)
        return torch.cat([first, second]), last

    whole = run_of(layer, x)
    assert_same_run(run(in_pieces, x, states_of(layer), dict(layer.named_parameters())), whole)


def test_inputs_of_any_layout_give_the_same(backend: str) -> None:
    layer = layer_of(load_cell("peephole_lstm"), backend, 3, 5)
    x, states = input_of(layer), states_of(layer)
    expected = layer(x, states)[0]
    transposed = x.permute(1, 2, 0).contiguous().permute(2, 0, 1)
    every_second = x.repeat_interleave(2, dim=2)[:, :, ::2]
    backwards = {name: states[name].T.contiguous().T for name in reversed(list(states))}
    assert not transposed.is_contiguous()
    assert not every_second.is_contiguous()
    for other in (transposed, every_second):
        torch.testing.assert_close(layer(other, backwards)[0], expected, rtol=0, atol=1e-14)
    one = {name: value[:1] for name, value in states.items()}
    expanded = {name: value.expand(BATCH, -1) for name, value in one.items()}
    repeated = {name: value.repeat(BATCH, 1) for name, value in one.items()}
    torch.testing.assert_close(layer(x, expanded)[0], layer(x, repeated)[0], rtol=0, atol=1e-14)


def test_sequences_of_a_batch_do_not_touch_each_other(backend: str) -> None:
    layer = layer_of(load_cell("gru_reset_before"), backend, 3, 5)
    x, states = input_of(layer, batch=7), states_of(layer, 7)
    together = layer(x, states)[0]
    for row in range(7):
        alone = layer(x[:, row : row + 1], {name: value[row : row + 1] for name, value in states.items()})[0]
        torch.testing.assert_close(alone[:, 0], together[:, row], rtol=0, atol=1e-13)


def test_nothing_that_is_given_is_changed(backend: str) -> None:
    layer = layer_of(load_cell("lstm"), backend)
    x, states = input_of(layer).requires_grad_(), states_of(layer)
    before = copy.deepcopy((x, states, layer.state_dict()))
    y, last = layer(x, states)
    (y.sum() + last["c"].sum()).backward()
    assert torch.equal(x, before[0])
    assert all(torch.equal(states[name], before[1][name]) for name in states)
    assert all(torch.equal(value, before[2][name]) for name, value in layer.state_dict().items())


def test_results_do_not_depend_on_whether_gradients_are_wanted(backend: str) -> None:
    layer = layer_of(load_cell("mut1"), backend, 3, 5)
    x, states = input_of(layer), states_of(layer)
    expected, last = layer(x, states)
    with torch.no_grad():
        silent, silent_last = layer(x, states)
    layer.requires_grad_(False)
    frozen, _ = layer(x, states)
    assert not silent.requires_grad
    assert not frozen.requires_grad
    for found in (silent, frozen):
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-14)
    torch.testing.assert_close(silent_last["h"], last["h"], rtol=0, atol=1e-14)


PARTS: dict[str, Callable[[Tensor, dict[str, Tensor]], Tensor]] = {
    "the output": lambda y, _: y.square().sum(),
    "one step of the output": lambda y, _: y[2].sum(),
    "the last output": lambda y, _: y[-1].sum(),
    "one last state": lambda _, last: last["c"].sum(),
    "both": lambda y, last: (y[-1] * last["c"]).sum(),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_loss_may_read_any_part(backend: str, part: str) -> None:
    gradients = []
    for which in (backend, "reference"):
        layer = layer_of(load_cell("lstm"), which)
        x = input_of(layer).requires_grad_()
        loss = PARTS[part](*layer(x))
        gradients.append(torch.autograd.grad(loss, [x, *layer.parameters()]))
    for found, expected in zip(*gradients, strict=True):
        torch.testing.assert_close(found, expected, rtol=1e-10, atol=1e-10)


def test_gradients_add_up_over_calls(backend: str) -> None:
    layer = layer_of(load_cell("gru"), backend)
    x = input_of(layer)
    layer(x)[0].sum().backward()
    once = [parameter.grad.clone() for parameter in layer.parameters() if parameter.grad is not None]
    layer(x)[0].sum().backward()
    twice = [parameter.grad for parameter in layer.parameters() if parameter.grad is not None]
    assert len(once) == len(list(layer.parameters()))
    assert all(torch.allclose(2 * one, two, rtol=1e-13) for one, two in zip(once, twice, strict=True))


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("relu(x)", {"x": 0.0, "h": 0.0}),
        ("max(x, h_prev)", {"x": 0.5, "h": 0.5}),
        ("max(h_prev, x)", {"x": 0.5, "h": 0.5}),
        ("min(x, h_prev)", {"x": 0.5, "h": 0.5}),
        ("min(h_prev, x)", {"x": 0.5, "h": 0.5}),
        ("max(x, 0) + h_prev", {"x": 0.5, "h": 1.0}),
        ("max(0, x) + h_prev", {"x": 0.5, "h": 1.0}),
        ("leaky_relu(x)", {"x": 0.01, "h": 0.0}),
        ("softplus(x)", {"x": 0.5, "h": 0.0}),
        ("logsigmoid(x)", {"x": 0.5, "h": 0.0}),
        ("softsign(x)", {"x": 1.0, "h": 0.0}),
        ("hard_tanh(x + 1) + hard_tanh(h_prev - 1)", {"x": 0.0, "h": 0.0}),
        ("gt(x, h_prev) + h_prev", {"x": 0.0, "h": 1.0}),
    ],
)
def test_ties_are_broken_as_the_language_says(backend: str, formula: str, expected: dict[str, float]) -> None:
    layer = build(cell({"h": formula}), 1, 1, backend, dtype=torch.float64)
    x = torch.zeros(1, 1, 1, dtype=torch.float64, requires_grad=True)
    h = torch.zeros(1, 1, dtype=torch.float64, requires_grad=True)
    states = {"h": h} if layer.ir.states else {}
    slopes = torch.autograd.grad(layer(x, states)[0].sum(), [x, h], materialize_grads=True)
    assert [slope.item() for slope in slopes] == pytest.approx([expected["x"], expected["h"]], abs=1e-15)


def test_wrong_tensors_are_refused_before_anything_runs(backend: str) -> None:
    layer = layer_of(load_cell("lstm"), backend, 3, 5)
    for wrong in (torch.zeros(6, 4, 3), torch.zeros(6, 4, 2, dtype=torch.float64), torch.zeros(4, 3).double()):
        with pytest.raises(InvalidInput):
            layer(wrong)


@pytest.mark.parametrize("converted", [False, True])
def test_half_precision_is_run_or_refused_but_never_guessed(backend: str, converted: bool) -> None:
    expected = layer_of(load_cell("lstm"), "reference", dtype=torch.bfloat16)
    x = input_of(expected, dtype=torch.bfloat16)
    try:
        if converted:
            layer = layer_of(load_cell("lstm"), backend).to(torch.bfloat16)
        else:
            layer = layer_of(load_cell("lstm"), backend, dtype=torch.bfloat16)
        y = layer(x)[0]
    except Refused as error:
        assert "bfloat16" in str(error)
        assert backend != "reference"
        return
    tolerance = 8 * torch.finfo(torch.bfloat16).eps  # 3e-2: bfloat16 has eight bits, and six steps round in turn
    torch.testing.assert_close(y, expected(x)[0], rtol=tolerance, atol=tolerance)


def test_not_a_number_goes_through_and_stays_in_its_sequence(backend: str) -> None:
    layer = layer_of(cell({"h": gate("x", "h_prev", activation="tanh")}), backend)
    x = input_of(layer)
    x[2, 1] = float("nan")
    y, last = layer(x)
    assert y[2:, 1].isnan().all()
    assert last["h"][1].isnan().all()
    assert y[:2].isfinite().all()
    assert y[:, [0, 2, 3]].isfinite().all()


@pytest.mark.parametrize("op", ["max", "min"])
def test_operands_of_max_and_min_share_the_gradient_at_a_tie_in_either_order(backend: str, op: str) -> None:
    """So that swapped operands are one cell; relu has the derivative 0 at 0."""
    gates = {name: gate("x", bias=0.25) for name in "pq"}
    relu = {"r": gate("x", activation="relu")}
    for text in (f"{op}(p, q)", f"{op}(q, p)"):
        layer = layer_of(cell({**gates, **relu, "h": f"{text} + r + {op}(p, 0.25)"}), backend)
        with torch.no_grad():
            for name, parameter in layer.named_parameters():
                if name.endswith("linear.0"):
                    parameter.zero_()
        layer(torch.ones(TIME, BATCH, SIZE, dtype=torch.float64))[0].sum().backward()
        steps = float(TIME * BATCH)
        found = {name: parameter.grad for name, parameter in layer.named_parameters() if name.endswith("bias")}
        shares = {"p.bias": 0.5 + 0.5, "q.bias": 0.5, "r.bias": 0.0}
        for name, share in shares.items():
            torch.testing.assert_close(found[name], torch.full((SIZE,), share * steps, dtype=torch.float64))
