"""What torch offers over names works for every legal name of an equation: the law compares with neutral names."""

from __future__ import annotations

import copy
import io
import pickle
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrizations, parametrize, prune

from archsearch import build, registry
from archsearch.backends import PACKAGE
from archsearch.backends._layer import CellLayer
from archsearch.ir import lower
from archsearch.models.initial import initial_model
from archsearch.models.recurrent import RecurrentModel
from archsearch.schema.cell import Cell
from archsearch.schema.study import Model
from tests.contract.comparison import normal
from tests.ir.cells import cell, gate

BACKENDS = registry.names(PACKAGE)
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


def gates(names: list[str]) -> Cell:
    """A cell in which each gate reads the one before."""
    equations: dict[str, Any] = {}
    for before, name in zip(["h_prev", *names], names, strict=False):
        equations[name] = gate("x", before, diagonal=["h_prev"])
    return cell({**equations, "h": f"tanh({names[-1]})"})


def attribute_names() -> list[str]:
    """Every attribute that a layer or one of its containers has, as far as an equation may be called so."""
    found = {name for module in build(gates(["e0"]), 3, 2).modules() for name in (*dir(module), *vars(module))}
    found |= {name for kind in (nn.Module, nn.ModuleList, RecurrentModel) for name in dir(kind)}
    return sorted(name for name in found if IDENTIFIER.fullmatch(name) and not name.startswith("e0"))


NAMES = sorted({*attribute_names(), "linear", "bias", "diagonal", "weight", "layers", "head", "name", "self"})
SOME = ["half", "to", "type", "train", "training", "forward", "parameters", "state_dict", "ir", "input_size"]
NEUTRAL = [f"e{index}" for index in range(len(NAMES))]


def layer_of(names: list[str], backend: str) -> CellLayer:
    return build(gates(names), 3, 2, backend, seed=1, dtype=torch.float64)


def model_of(names: list[str], backend: str) -> RecurrentModel:
    ir, model = lower(gates(names)), Model(hidden_size=2, layers=2, connection="residual")
    return RecurrentModel(ir, model, 3, 4, backend, initial_model(ir, model, 3, 4, seed=1), dtype=torch.float64)


X, MASK = normal(3, 2, 3, seed=9), torch.ones(3, 2, dtype=torch.bool)


def arguments(module: nn.Module, dtype: torch.dtype = torch.float64) -> tuple[Tensor, ...]:
    return (X.to(dtype), MASK) if isinstance(module, RecurrentModel) else (X.to(dtype),)


def output(found: Any) -> Tensor:
    result: Tensor = found[0] if isinstance(found, tuple) else found
    return result


def after_steps(module: nn.Module, steps: int = 2) -> list[Tensor]:
    """The outputs of some training steps, and what is trained."""
    optimizer = torch.optim.SGD(list(nn.Module.parameters(module)), lr=0.1)
    outputs = []
    for _ in range(steps):
        y = output(module(*arguments(module)))
        optimizer.zero_grad()
        torch.autograd.backward(y.square().sum())
        optimizer.step()
        outputs.append(y.detach())
    return [*outputs, *(value.detach() for value in nn.Module.parameters(module))]


def called(module: nn.Module) -> list[Tensor]:
    y = output(module(*arguments(module)))
    return [y.detach(), *torch.autograd.grad(y.sum(), list(module.parameters()))]


def functional_call(module: nn.Module) -> list[Tensor]:
    halves = {name: (value / 2).detach().requires_grad_() for name, value in module.named_parameters()}
    y = output(torch.func.functional_call(module, halves, arguments(module)))
    return [y.detach(), *torch.autograd.grad(y.sum(), list(halves.values())), *called(module)]


def looked_up(module: nn.Module) -> list[Tensor]:
    for name, child in module.named_modules():
        assert module.get_submodule(name) is child
    for name, value in module.named_parameters():
        assert module.get_parameter(name) is value
    return list(module.parameters())


def saved_and_loaded(module: nn.Module) -> list[Tensor]:
    buffer, other = io.BytesIO(), copy.deepcopy(module)
    torch.save(module.state_dict(), buffer)
    with torch.no_grad():
        for value in other.parameters():
            value.zero_()
    buffer.seek(0)
    other.load_state_dict(torch.load(buffer, weights_only=True), strict=True)
    return called(other)


def copied(module: nn.Module) -> list[Tensor]:
    results: list[Tensor] = []
    for other in (copy.deepcopy(module), pickle.loads(pickle.dumps(module))):
        assert [name for name, _ in other.named_modules()] == [name for name, _ in module.named_modules()]
        results += after_steps(other) + looked_up(other)
    return results + called(module)


def converted(module: nn.Module) -> list[Tensor]:
    results = [output(module.float()(*arguments(module, torch.float32)))]
    results += [*module.half().parameters(), *module.to(torch.float64).parameters()]
    assert not module.eval().training
    assert not any(bool(child.training) for child in module.modules())
    assert module.train().training
    module.requires_grad_(False).requires_grad_()
    assert module.extra_repr() == module.extra_repr()
    assert "(linear): " in repr(module)
    return results + called(module)


def applied(module: nn.Module) -> list[Tensor]:
    @torch.no_grad()
    def shrink(child: nn.Module) -> None:
        for value in child._parameters.values():
            assert value is not None
            value.mul_(0.5)

    module.apply(shrink)
    return called(module)


def as_one_vector(module: nn.Module) -> list[Tensor]:
    vector = nn.utils.parameters_to_vector(module.parameters())
    nn.utils.vector_to_parameters(vector / 2, module.parameters())
    return [vector, *called(module)]


def averaged(module: nn.Module) -> list[Tensor]:
    average = torch.optim.swa_utils.AveragedModel(module)
    results = after_steps(module)
    average.update_parameters(module)
    return results + called(average.module) + [output(average(*arguments(module))).detach()]


def owners(module: nn.Module) -> Iterator[tuple[nn.Module, str]]:
    for name, _ in list(module.named_parameters()):
        path, _, last = name.rpartition(".")
        yield module.get_submodule(path), last


class Halved(nn.Module):
    def forward(self, value: Tensor) -> Tensor:
        return value / 2


def parametrized(module: nn.Module) -> list[Tensor]:
    for owner, last in owners(module):
        parametrize.register_parametrization(owner, last, Halved())
    other = copy.deepcopy(module)
    results = after_steps(module)
    other.load_state_dict(module.state_dict())
    return results + called(other)


def normed(module: nn.Module) -> list[Tensor]:
    for owner, last in owners(module):
        if last.isdecimal() and getattr(owner, last).dim() == 2:
            parametrizations.weight_norm(owner, last)
    return after_steps(module)


def pruned(module: nn.Module) -> list[Tensor]:
    for owner, last in owners(module):
        prune.l1_unstructured(owner, last, 0.5)  # type: ignore[no-untyped-call]
    return after_steps(module, 3)


def replicated(module: nn.Module) -> list[Tensor]:
    """As `torch.nn.DataParallel` makes replicas, for which it needs CUDA."""
    children = list(module.modules())
    replicas = {child: child._replicate_for_data_parallel() for child in children}  # type: ignore[no-untyped-call]
    for child, replica in replicas.items():
        for name, grandchild in child._modules.items():
            assert grandchild is not None
            setattr(replica, name, replicas[grandchild])
        for name, value in child._parameters.items():
            assert value is not None
            setattr(replica, name, value * 0.5)
    y = output(replicas[module](*arguments(module)))
    return [y.detach(), *torch.autograd.grad(y.sum(), list(module.parameters())), *called(module)]


def replaced(module: nn.Module) -> list[Tensor]:
    for name, layer in list(module.named_modules()):
        if isinstance(layer, CellLayer):
            for key, child in list(layer.named_children()):
                setattr(layer, key, copy.copy(child))
                assert module.get_submodule(f"{name}.{key}".lstrip(".")) is layer._modules[key]
    return after_steps(module)


OPERATIONS: dict[str, Callable[[nn.Module], list[Tensor]]] = {
    operation.__name__: operation
    for operation in (
        called, after_steps, functional_call, looked_up, saved_and_loaded, copied, converted, applied, as_one_vector,
        averaged, parametrized, normed, pruned, replicated, replaced,
    )
}  # fmt: skip


def assert_as_with_neutral_names(odd: nn.Module, plain: nn.Module, names: list[str], operation: str) -> None:
    """`plain` has the names e0, e1, ... in place of `names`."""
    table = {f"e{index}": name for index, name in enumerate(names)}
    renamed = [re.sub(r"\be\d+\b", lambda match: table[match[0]], name) for name in plain.state_dict()]
    assert list(odd.state_dict()) == renamed
    found, expected = OPERATIONS[operation](odd), OPERATIONS[operation](plain)
    assert expected
    assert len(found) == len(expected)
    assert all(map(torch.equal, found, expected))


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("of", [layer_of, model_of])
def test_all_names_at_once(of: Callable[[list[str], str], nn.Module], operation: str) -> None:
    odd, plain = of(NAMES, "reference"), of(NEUTRAL, "reference")
    assert_as_with_neutral_names(odd, plain, NAMES, operation)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_some_names_in_every_backend(operation: str, backend: str) -> None:
    assert_as_with_neutral_names(layer_of(SOME, backend), layer_of(NEUTRAL[: len(SOME)], backend), SOME, operation)


@pytest.mark.parametrize("first", range(0, len(NAMES), 10))
@pytest.mark.parametrize("backend", [name for name in BACKENDS if name != "reference"])
def test_every_name_in_every_backend(backend: str, first: int) -> None:
    names = NAMES[first : first + 10]
    odd, plain = layer_of(names, backend), layer_of(NEUTRAL[: len(names)], backend)
    assert_as_with_neutral_names(odd, plain, names, "functional_call")


@pytest.mark.parametrize("name", NAMES)
def test_one_name_alone(name: str) -> None:
    """An equation that works among others must not need them."""
    for operation in ("functional_call", "looked_up", "copied", "converted", "replicated"):
        assert_as_with_neutral_names(layer_of([name], "reference"), layer_of(["e0"], "reference"), [name], operation)


def test_the_names_are_those_that_collide() -> None:
    assert set(SOME) < set(NAMES)
    assert all(hasattr(layer_of(["e0"], "reference"), name) for name in SOME)
