"""Training a tanh RNN in plain torch, written from the definitions: no optimizer, loss or loop of anyone else.

It uses nothing of `archsearch` but the tasks.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from archsearch.tasks import Batch, Task
from tests.draws.plain_philox import symmetric


@dataclasses.dataclass(frozen=True)
class Plan:
    """What is trained, and how. `validation` and `test` are numbers of sequences."""

    optimizer: str = "adam"
    learning_rate: float = 0.01
    clip: float | None = None
    batch_size: int = 8
    steps: int = 12
    check_steps: tuple[int, ...] = (3, 6, 9, 12)
    hidden_size: int = 5
    validation: int = 40
    test: int = 30


@dataclasses.dataclass(frozen=True)
class Outcome:
    """Validation scores after the steps that are checked, the test score, and the weights by their name."""

    curve: list[float]
    test: float
    weights: Mapping[str, Tensor]


class Elman(nn.Module):
    """h = tanh(W x + U h' + b), from h = 0; a linear head reads it where the mask is true."""

    def __init__(self, input_size: int, hidden_size: int, output_size: int, seed: int) -> None:
        super().__init__()

        def drawn(purpose: str, number: int, *shape: int) -> nn.Parameter:
            values = symmetric(seed, purpose, number, shape[0] * shape[1], hidden_size**-0.5)
            return nn.Parameter(torch.tensor(values, dtype=torch.float64).reshape(shape).float())

        self.w = drawn("layers", 0, hidden_size, input_size)
        self.u = drawn("layers", 1, hidden_size, hidden_size)
        self.b = nn.Parameter(torch.zeros(hidden_size))
        self.head_weight = drawn("head", 0, output_size, hidden_size)
        self.head_bias = nn.Parameter(torch.zeros(output_size))

    def forward(self, batch: Batch) -> Tensor:
        """Outputs [masked steps, outputs]."""
        h = torch.zeros(batch.inputs.shape[1], len(self.b))
        rows = []
        for x in torch.from_numpy(batch.inputs):
            h = torch.tanh(x @ self.w.T + h @ self.u.T + self.b)
            rows.append(h)
        read = torch.stack(rows)[torch.from_numpy(batch.mask)]
        return read @ self.head_weight.T + self.head_bias

    def weights(self) -> dict[str, Tensor]:
        """By the names that the canonical cell gives them."""
        names = ("layers.0.g1.linear.0", "layers.0.g1.linear.1", "layers.0.g1.bias", "head.weight", "head.bias")
        return dict(zip(names, (value.detach().clone() for value in self.parameters()), strict=True))


def train(task: Task, plan: Plan, seed: int) -> Outcome:
    """Train on `task` and score it."""
    model = Elman(task.input_size, plan.hidden_size, task.output_size, seed)
    update = UPDATES[plan.optimizer]([value.data for value in model.parameters()], plan.learning_rate)
    validation = task.batch(seed, "validation", plan.validation)
    curve = []
    for step in range(1, plan.steps + 1):
        batch = task.batch(seed, "training", plan.batch_size, first=(step - 1) * plan.batch_size)
        gradients = torch.autograd.grad(_loss(task, model(batch), batch), list(model.parameters()))
        update(step, _clipped(gradients, plan.clip))
        if step in plan.check_steps:
            curve.append(task.score(_outputs(model, validation), validation))
    test = task.batch(seed, "test", plan.test)
    return Outcome(curve, task.score(_outputs(model, test), test), model.weights())


def _outputs(model: Elman, batch: Batch) -> NDArray[np.float32]:
    outputs: NDArray[np.float32] = model(batch).detach().numpy()
    return outputs


def _loss(task: Task, outputs: Tensor, batch: Batch) -> Tensor:
    targets = torch.from_numpy(batch.targets[batch.mask])
    if task.loss == "squared_error":
        return ((outputs - targets) ** 2).mean()
    correct = outputs.gather(1, targets[:, None])[:, 0]
    return (torch.log(torch.exp(outputs).sum(dim=1)) - correct).mean()


def _clipped(gradients: tuple[Tensor, ...], largest: float | None) -> list[Tensor]:
    """Scaled to the norm `largest` over all gradients together, where it is above that."""
    norm = float(sum((gradient.double() ** 2).sum() for gradient in gradients)) ** 0.5
    factor = 1.0 if largest is None or norm <= largest else largest / norm
    return [gradient * factor for gradient in gradients]


Update = Callable[[int, list[Tensor]], None]


def sgd(values: list[Tensor], rate: float) -> Update:
    """Robbins & Monro 1951: a step against the gradient."""

    def update(_: int, gradients: list[Tensor]) -> None:
        for value, gradient in zip(values, gradients, strict=True):
            value.sub_(rate * gradient)

    return update


def rmsprop(values: list[Tensor], rate: float) -> Update:
    """Tieleman & Hinton 2012, with the decay .99 of torch: the gradient over its running root mean square."""
    squares = [torch.zeros_like(value) for value in values]

    def update(_: int, gradients: list[Tensor]) -> None:
        for value, gradient, square in zip(values, gradients, squares, strict=True):
            square.copy_(0.99 * square + 0.01 * gradient**2)
            value.sub_(rate * gradient / (square.sqrt() + 1e-8))

    return update


def adam(values: list[Tensor], rate: float) -> Update:
    """Kingma & Ba 2015, algorithm 1: running mean over the root of the running mean square, both unbiased."""
    means, squares = ([torch.zeros_like(value) for value in values] for _ in range(2))

    def update(step: int, gradients: list[Tensor]) -> None:
        for value, gradient, mean, square in zip(values, gradients, means, squares, strict=True):
            mean.copy_(0.9 * mean + 0.1 * gradient)
            square.copy_(0.999 * square + 0.001 * gradient**2)
            value.sub_(rate * (mean / (1 - 0.9**step)) / ((square / (1 - 0.999**step)).sqrt() + 1e-8))

    return update


UPDATES: dict[str, Callable[[list[Tensor], float], Update]] = {"sgd": sgd, "rmsprop": rmsprop, "adam": adam}
