"""Training a PyTorch module: the definition of what a compiled step does, and what runs where there is none."""

from __future__ import annotations

import contextlib
import functools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from archsearch.ir import CellIR
from archsearch.ir.initial import Values
from archsearch.models.recurrent import RecurrentModel
from archsearch.schema.study import Spec, Training
from archsearch.tasks import Batch, Task
from archsearch.training.batches import Pool
from archsearch.training.trainer import Outputs

CHUNK = 256
"""Sequences per forward pass outside training: bounds memory, changes nothing else."""

_OPTIMIZERS: Mapping[str, Callable[..., torch.optim.Optimizer]] = {
    "adam": functools.partial(torch.optim.Adam, fused=True),
    "rmsprop": functools.partial(torch.optim.RMSprop, foreach=True),  # has no fused form
    "sgd": functools.partial(torch.optim.SGD, fused=True),
}


class ModuleTrainer:
    """A `RecurrentModel` on its device, and an optimizer of torch."""

    def __init__(
        self, ir: CellIR, spec: Spec, task: Task, backend: str, values: Values, dtype: torch.dtype | None = None
    ) -> None:
        self.task = task
        self.training = spec.training
        self.device = torch.device(spec.training.device)
        sizes = task.input_size, task.output_size
        self.model = RecurrentModel(ir, spec.model, *sizes, backend, values, dtype=dtype, device=self.device)
        self._dtype = next(self.model.parameters()).dtype
        self._optimizer = make_optimizer(self.model, spec.training)
        self.seconds: dict[str, float] = {}

    def train(self, pool: Pool) -> Sequence[float]:
        """See `Trainer`."""
        losses = list[float]()
        for batch in pool:
            losses.append(self._step(batch))
            if not math.isfinite(losses[-1]):
                break
        return losses

    def outputs(self, batch: Batch) -> Outputs:
        """See `Trainer`."""
        full = np.zeros((*batch.mask.shape, self.task.output_size), dtype=np.float32)
        for first in range(0, batch.mask.shape[1], CHUNK):
            some = slice(first, first + CHUNK)
            x, mask = (self._tensor(array[:, some]) for array in (batch.inputs, batch.mask))
            with torch.no_grad():
                full[:, some][batch.mask[:, some]] = self.model(x, mask).float().cpu().numpy()
        outputs: Outputs = full[batch.mask]
        return outputs

    def weights(self) -> dict[str, NDArray[Any]]:
        """See `Trainer`."""
        return {name: value.detach().cpu().contiguous().numpy() for name, value in self.model.state_dict().items()}

    def _step(self, batch: Batch) -> float:
        with self._measured("inputs"):
            x, mask, targets = map(self._tensor, (batch.inputs, batch.mask, batch.targets[batch.mask]))
        with self._measured("forward"):
            outputs = self.model(x, mask)
        with self._measured("loss"):
            loss = _loss(self.task, outputs, targets)
            value = loss.item()
        if not math.isfinite(value):
            return value
        with self._measured("backward"):
            self._optimizer.zero_grad()
            torch.autograd.backward(loss)
        with self._measured("clipping"):
            if self.training.clip is not None:
                nn.utils.clip_grad_norm_(self.model.parameters(), self.training.clip)
        with self._measured("optimizer"):
            self._optimizer.step()
        return value

    @contextlib.contextmanager
    def _measured(self, part: str) -> Iterator[None]:
        begun = time.perf_counter()
        yield
        self.seconds[part] = self.seconds.get(part, 0.0) + time.perf_counter() - begun

    def _tensor(self, array: NDArray[Any]) -> Tensor:
        """On the device, floats in the model's type."""
        tensor = torch.from_numpy(array).to(self.device)
        return tensor.to(self._dtype) if tensor.is_floating_point() else tensor


def make_optimizer(model: nn.Module, training: Training) -> torch.optim.Optimizer:
    """The optimizer that the training names, with torch's defaults otherwise, all parameters in one call."""
    return _OPTIMIZERS[training.optimizer](model.parameters(), lr=training.learning_rate)


def _loss(task: Task, outputs: Tensor, targets: Tensor) -> Tensor:
    if task.loss == "cross_entropy":
        return nn.functional.cross_entropy(outputs, targets)
    return nn.functional.mse_loss(outputs, targets)
