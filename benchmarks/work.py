"""How much arithmetic a training step is, and how quickly this machine does arithmetic at best."""

from __future__ import annotations

from collections.abc import Callable

import torch

from archsearch.ir import CellIR
from archsearch.ir.projection import needs_projection

SHAPES = ((256, 256, 256), (512, 512, 512), (1024, 1024, 1024), (3200, 256, 256))
"""Products (rows, depth, columns) of which the quickest is the machine's rate."""


def gflop(ir: CellIR, steps: int, batch: int, input_size: int, hidden_size: int) -> float:
    """10^9 operations of all matrix products of a training step; a multiply-add is two.

    A matrix is multiplied on the way forward, for its own gradient, and, unless it reads the input, on the way back.
    Pointwise work is not counted.
    """
    reads = [name in ir.inputs for affine in ir.affines for name in affine.matrices]
    reads += [True] * needs_projection(ir, input_size, hidden_size)
    numbers = sum(2 * input_size if is_input else 3 * hidden_size for is_input in reads) * hidden_size
    return 2e-9 * steps * batch * numbers


def recurrent_matrices(ir: CellIR) -> int:
    """Matrices that a step multiplies with something other than the input."""
    return sum(name not in ir.inputs for affine in ir.affines for name in affine.matrices)


def sgemm(shape: tuple[int, int, int]) -> Callable[[], object]:
    """A product of the shape in float32, by torch."""
    rows, depth, columns = shape
    generator = torch.Generator().manual_seed(0)
    a = torch.randn(rows, depth, generator=generator)
    b = torch.randn(depth, columns, generator=generator)
    out = torch.empty(rows, columns)
    return lambda: torch.mm(a, b, out=out)


def sgemm_gflop(shape: tuple[int, int, int]) -> float:
    """10^9 operations of that product."""
    rows, depth, columns = shape
    return 2e-9 * rows * depth * columns
