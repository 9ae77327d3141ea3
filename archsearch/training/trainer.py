"""What trains a model: PyTorch, which is the definition, or the compiled step of a backend."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from archsearch import registry
from archsearch.backends import PACKAGE as BACKENDS
from archsearch.backends import Backend, choose
from archsearch.errors import ArchsearchError
from archsearch.ir import CellIR, canonical, lower
from archsearch.ir.initial import Values
from archsearch.models.connections import PACKAGE as CONNECTIONS
from archsearch.models.connections import Connection
from archsearch.schema.study import Spec
from archsearch.tasks import Batch, Task
from archsearch.training.batches import Pool

Outputs = NDArray[np.float32]


class NotFinite(ArchsearchError):
    """Training left the finite numbers; `kind` is `nan` or `inf`."""

    def __init__(self, kind: Literal["nan", "inf"], message: str) -> None:
        super().__init__(message)
        self.kind = kind


class Trainer(Protocol):
    """A model with its optimizer."""

    def train(self, pool: Pool) -> Sequence[float]:
        """Make a step with each batch of the pool, up to one whose loss is not finite. -> the losses."""

    def outputs(self, batch: Batch) -> Outputs:
        """Outputs [masked steps, output_size] without gradients, some sequences at a time."""

    def weights(self) -> Mapping[str, NDArray[Any]]:
        """All parameters by name."""

    @property
    def seconds(self) -> Mapping[str, float]:
        """Spent in steps so far, by part of a step."""


@dataclasses.dataclass(frozen=True)
class Chosen:
    """The backend that runs a spec, why earlier ones do not, and whether it trains it in compiled steps."""

    backend: str
    reason: str
    compiled: bool


def choose_step(spec: Spec, backends: Sequence[str]) -> Chosen:
    """How a spec is trained; raises as `backends.choose`. Loads no torch."""
    training, ir = spec.training, canonical(lower(spec.cell)).ir
    name, reason = choose(list(backends), ir, training.device)
    backend: Backend = registry.load(BACKENDS, name)
    connection: Connection = registry.load(CONNECTIONS, spec.model.connection)
    return Chosen(name, reason, backend.steps is not None and connection.compiled is not None)


def make_trainer(chosen: Chosen, ir: CellIR, spec: Spec, task: Task, values: Values) -> Trainer:
    """The trainer of a spec, whose parameters start at `values`."""
    if chosen.compiled:
        from archsearch.training.compiled import CompiledTrainer

        return CompiledTrainer(ir, spec, task, chosen.backend, values)
    from archsearch.training.module import ModuleTrainer

    return ModuleTrainer(ir, spec, task, chosen.backend, values)
