"""From IR to a torch module: one file or folder per backend, offering `BACKEND`.

This module is free of torch, so that backends can be listed and named without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from archsearch import registry
from archsearch.errors import InvalidInput, MachineFault, Problem, Refused, quoted
from archsearch.ir import CellIR, lower
from archsearch.ir.projection import projected
from archsearch.schema.cell import CellBody
from archsearch.schema.wiring import Wiring
from archsearch.space.library import load_cell

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from archsearch.backends._layer import CellLayer
    from archsearch.backends._steps import MakeSteps
    from archsearch.ir.initial import Values

PACKAGE = "archsearch.backends"

TRAINED = "float32"
"""The type of the numbers in a study's evaluations."""


class Backend(Protocol):
    """How a backend is used."""

    def refuses(self, ir: CellIR) -> str | None:
        """Why this backend does not run the cell, on any machine; None when it does.

        Raises `MachineFault` where it would run the cell, and this machine lacks what it takes.
        """

    def refuses_kind(self, device: str, dtype: str) -> str | None:
        """Why this backend has no code for numbers of this type on this device; None when it has."""

    def build(
        self,
        ir: CellIR,
        input_size: int,
        hidden_size: int,
        values: Values,
        dtype: torch.dtype | None = None,
        device: torch.device | str | None = None,
    ) -> CellLayer:
        """One layer of the cell, whose parameters start at `values`."""

    def words(self, key: int, blocks: range, call: int, items: range) -> NDArray[np.uint32]:
        """Random words, which are those of `archsearch.draws.philox`."""

    @property
    def steps(self) -> MakeSteps | None:
        """Makes whole training steps outside torch, in `TRAINED` numbers; None where there are none."""

    def emit(self, ir: CellIR) -> str:
        """The program that runs one step of the cell or all of them, as text."""


def choose(names: Sequence[str], ir: CellIR, device: str = "cpu", dtype: str = TRAINED) -> tuple[str, str]:
    """The first of the named backends that takes the cell, and why earlier ones do not (or an empty string).

    `device` and `dtype` as torch spells them: `cuda:0`, `float32`. The choice does not depend on the machine: a study
    must not go over to another backend because a compiler is broken. Raises `Refused` when no backend is left,
    `MachineFault` where the machine lacks what the chosen one takes.
    """
    reasons = list[str]()
    for name in names:
        backend: Backend = registry.load(PACKAGE, name)
        try:
            reason = backend.refuses_kind(device, dtype) or backend.refuses(ir)
        except MachineFault as error:
            raise MachineFault(f"the backend {quoted(name)} cannot run on this machine: {error}") from error
        if reason is None:
            return name, "; ".join(reasons)
        reasons.append(f"{name}: {reason}")
    raise Refused(f"no backend runs this cell: {'; '.join(reasons)}")


def emit(ir: CellIR, input_size: int, hidden_size: int, backend: str) -> str:
    """The program that `backend` runs for the cell at these sizes, as text.

    Raises `InvalidInput` for an unknown backend.
    """
    implementation: Backend = registry.load(PACKAGE, backend)
    return implementation.emit(projected(ir, input_size, hidden_size))


def build(
    cell: str | Path | CellBody | Wiring | CellIR,
    input_size: int,
    hidden_size: int,
    backend: str = "reference",
    seed: int | None = None,
    dtype: torch.dtype | None = None,
    device: torch.device | str | None = None,
) -> CellLayer:
    """One layer of `cell` as a torch module: `y, state = layer(x)` with x [time, batch, input].

    The cell is a shipped name, a path, text, a model, or what `load` returns. Matrices and diagonals are drawn from
    U(-1/√hidden, 1/√hidden) with `seed`, by default one from torch's own generator, and numbered in the order of the
    equations; biases start at their numbers. Parameters lie on torch's default device unless another is given.
    Raises `InvalidInput` for an unknown backend or an unsound cell, `Refused` where the backend does not run the cell,
    here or at all.
    """
    import torch

    from archsearch.ir.initial import initial_layer

    for name, size in (("input_size", input_size), ("hidden_size", hidden_size)):
        if isinstance(size, bool) or not isinstance(size, int):
            raise InvalidInput(Problem((name,), f"{quoted(repr(size))} is not a whole number"))
        if size < 1:
            raise InvalidInput(Problem((), f"{name} is {size}", "allowed: 1 or more"))
    if not isinstance(cell, CellBody | CellIR):
        cell = load_cell(cell)
    ir = cell if isinstance(cell, CellIR) else lower(cell)
    dtype, device = dtype or torch.get_default_dtype(), torch.device(device or torch.get_default_device())
    choose([backend], ir, str(device), str(dtype).removeprefix("torch."))
    if seed is None:
        seed = int(torch.randint(2**63 - 1, (), device="cpu"))
    values = initial_layer(ir, input_size, hidden_size, seed)
    implementation: Backend = registry.load(PACKAGE, backend)
    return implementation.build(ir, input_size, hidden_size, values, dtype, device)
