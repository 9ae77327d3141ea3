"""The laws of every connection, and of one that no file offers: a gate, which is a matrix and a vector (highway)."""

from __future__ import annotations

import functools
import subprocess
import sys
import types
from collections.abc import Callable, Mapping

import pytest
import torch
from torch import Tensor

from archsearch import registry
from archsearch.ir import lower
from archsearch.models.connections import PACKAGE, Connection
from archsearch.models.initial import initial_model
from archsearch.models.recurrent import RecurrentModel
from archsearch.models.size import operations, parameters
from archsearch.schema.study import Model
from archsearch.space import load_cell
from tests.contract.comparison import normal

NAMES = registry.names(PACKAGE)
HIDDEN, LAYERS, STEPS, BATCH = 4, 3, 5, 2
IR = lower(load_cell("rnn"))


def highway(below: Tensor, output: Tensor, parameters: Mapping[str, Tensor]) -> Tensor:
    """A gate between a layer's output and its input (Srivastava et al. 2015)."""
    gate = torch.sigmoid(below @ parameters["matrix"].T + parameters["offset"])
    return gate * output + (1 - gate) * below


HIGHWAY = Connection(highway, lambda hidden: {"offset": (hidden,), "matrix": (hidden, hidden)})


def highway_by_hand(below: Tensor, output: Tensor, matrix: Tensor, offset: Tensor) -> Tensor:
    """The same with sums over numbers."""
    gate = 1 / (1 + torch.exp(-(torch.einsum("ij,tbj->tbi", matrix, below) + offset)))
    return below + gate * (output - below)


BY_HAND: dict[str, Callable[..., Tensor]] = {
    "plain": lambda below, output: output,
    "residual": torch.add,
    "unlisted": highway_by_hand,
}
"""What each connection does, with its parameters in the order of their names."""


@pytest.fixture(params=[*NAMES, "unlisted"])
def name(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    module = types.ModuleType("unlisted")
    module.__dict__["CONNECTION"] = HIGHWAY
    monkeypatch.setitem(sys.modules, f"{PACKAGE}.unlisted", module)
    names = registry.names
    monkeypatch.setattr(registry, "names", lambda package: (*names(package), *["unlisted"] * (package == PACKAGE)))
    return str(request.param)


@pytest.fixture
def connection(name: str) -> Connection:
    found: Connection = registry.load(PACKAGE, name)
    return found


def model_with(name: str, hidden_size: int = HIDDEN, layers: int = LAYERS) -> Model:
    return Model(hidden_size=hidden_size, layers=layers).model_copy(update={"connection": name})


def build(name: str, seed: int = 1) -> RecurrentModel:
    model = model_with(name)
    return RecurrentModel(IR, model, 3, 2, "reference", initial_model(IR, model, 3, 2, seed), dtype=torch.float64)


def draw(connection: Connection) -> dict[str, Tensor]:
    """Its parameters, drawn."""
    shapes = connection.shapes(HIDDEN)
    return {name: normal(*shapes[name], seed=seed).requires_grad_() for seed, name in enumerate(sorted(shapes))}


def test_it_keeps_the_shape_and_is_differentiable(connection: Connection) -> None:
    below, output = (normal(STEPS, BATCH, HIDDEN, seed=seed).requires_grad_() for seed in (11, 12))
    drawn = draw(connection)
    join = functools.partial(_joined, connection, list(drawn))
    assert join(below, output, *drawn.values()).shape == output.shape
    assert torch.autograd.gradcheck(join, (below, output, *drawn.values()))


def _joined(connection: Connection, names: list[str], below: Tensor, output: Tensor, *values: Tensor) -> Tensor:
    return connection.join(below, output, dict(zip(names, values, strict=True)))


def test_every_layer_and_every_join_has_a_gradient(name: str) -> None:
    model, x = build(name), normal(STEPS, BATCH, 3, seed=21).requires_grad_()
    y = model(x, torch.ones(STEPS, BATCH, dtype=torch.bool))
    gradients = torch.autograd.grad((y * normal(*y.shape, seed=22)).sum(), [x, *model.parameters()])
    assert all(gradient.isfinite().all() and gradient.any() for gradient in gradients)


def test_the_stack_equals_a_loop_in_plain_torch(name: str) -> None:
    model, x = build(name), normal(STEPS, BATCH, 3, seed=31)
    mask = normal(STEPS, BATCH, seed=32) > 0
    values = dict(model.named_parameters())
    expected = x
    for depth in range(LAYERS):
        w, u, b = (values[f"layers.{depth}.h.{part}"] for part in ("linear.0", "linear.1", "bias"))
        h, steps = torch.zeros(BATCH, HIDDEN, dtype=torch.float64), []
        for step in expected:
            h = torch.tanh(step @ w.T + h @ u.T + b)
            steps.append(h)
        own = [values[key] for key in sorted(values) if key.startswith(f"joins.{depth - 1}.")]
        expected = BY_HAND[name](expected, torch.stack(steps), *own) if depth else torch.stack(steps)
    expected = expected[mask] @ values["head.weight"].T + values["head.bias"]
    torch.testing.assert_close(model(x, mask), expected, rtol=0, atol=1e-12)


def test_parameters_are_drawn_from_the_seed(name: str, connection: Connection) -> None:
    drawn, again, other = (build(name, seed).joins.state_dict() for seed in (1, 1, 2))
    assert list(drawn) == [f"{index}.{key}" for index in range(LAYERS - 1) for key in sorted(connection.shapes(HIDDEN))]
    for key, value in drawn.items():
        assert torch.equal(value, again[key])
        if value.dim() > 1:
            assert 0 < value.abs().max() <= HIDDEN**-0.5
            assert not torch.equal(value, other[key])
        else:
            assert not value.any()


def test_parameters_have_torchs_default_type_or_the_given_one(name: str) -> None:
    model = model_with(name)
    values = initial_model(IR, model, 3, 2, seed=1)
    single = RecurrentModel(IR, model, 3, 2, "reference", values)
    assert {value.dtype for value in single.parameters()} == {torch.float32}
    assert {value.dtype for value in build(name).parameters()} == {torch.float64}


def test_without_parameters_nothing_else_is_drawn_than_with_plain(name: str, connection: Connection) -> None:
    same = build(name).state_dict().keys() == build("plain").state_dict().keys()
    assert same == (not connection.shapes(HIDDEN))
    layers = [build(each).layers.state_dict() for each in (name, "plain")]
    assert all(torch.equal(layers[0][key], layers[1][key]) for key in layers[1])


def test_sizes_are_those_of_the_module(name: str) -> None:
    own = parameters(IR, model_with(name), 3, 2)
    assert own == sum(value.numel() for value in build(name).parameters())
    extra = own - parameters(IR, model_with("plain"), 3, 2)
    assert operations(IR, model_with(name), 3) - operations(IR, model_with("plain"), 3) == extra
    counts = [parameters(IR, model_with(name, size), 3, 2) for size in range(1, 40)]
    assert counts == sorted(set(counts))
    alone = [parameters(IR, model_with(each, layers=1), 3, 2) for each in (name, "plain")]
    assert alone[0] == alone[1]


def test_studies_are_sized_without_torch() -> None:
    code = (
        "import sys; from archsearch import registry; from archsearch.models.connections import PACKAGE;"
        "print([registry.load(PACKAGE, name).shapes(4) for name in registry.names(PACKAGE)]);"
        "sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
