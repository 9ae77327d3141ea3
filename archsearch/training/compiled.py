"""Training in the compiled steps of a backend; torch stays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from archsearch import registry
from archsearch.backends import PACKAGE as BACKENDS
from archsearch.backends import Backend
from archsearch.backends._steps import Stack
from archsearch.ir import CellIR
from archsearch.ir.initial import Values
from archsearch.models.connections import PACKAGE as CONNECTIONS
from archsearch.models.connections import Connection
from archsearch.schema.study import Spec
from archsearch.tasks import Batch, Task
from archsearch.training.batches import Pool
from archsearch.training.trainer import Outputs

CHUNK = 96
"""Sequences that run at once outside training: what fits into a core's cache."""


class CompiledTrainer:
    """The steps of a backend that compiles them."""

    def __init__(self, ir: CellIR, spec: Spec, task: Task, backend: str, values: Values) -> None:
        model, training = spec.model, spec.training
        implementation: Backend = registry.load(BACKENDS, backend)
        connection: Connection = registry.load(CONNECTIONS, model.connection)
        assert implementation.steps is not None
        assert connection.compiled is not None
        stack = Stack(
            ir=ir,
            input_size=task.input_size,
            hidden_size=model.hidden_size,
            layers=model.layers,
            connection=connection.compiled,
            output_size=task.output_size,
            loss=task.loss,
            optimizer=training.optimizer,
            learning_rate=training.learning_rate,
            clip=training.clip,
        )
        self._steps = implementation.steps(stack, values, task.longest, training.batch_size, CHUNK)

    def train(self, pool: Pool) -> Sequence[float]:
        """See `Trainer`."""
        batch = pool.batch
        return self._steps.train(batch.inputs, batch.targets, batch.mask, pool.lengths)

    def outputs(self, batch: Batch) -> Outputs:
        """See `Trainer`."""
        outputs: Outputs = self._steps.infer(batch.inputs, batch.mask)[batch.mask]
        return outputs

    def weights(self) -> Mapping[str, NDArray[Any]]:
        """See `Trainer`."""
        return self._steps.parameters

    @property
    def seconds(self) -> Mapping[str, float]:
        """See `Trainer`."""
        return self._steps.seconds
