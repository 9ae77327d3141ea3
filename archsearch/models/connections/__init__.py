"""Connections between layers: one file each, offering `CONNECTION`.

This module and the files are free of torch when they are imported, so that a study can be sized without it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import Tensor

PACKAGE = "archsearch.models.connections"


@dataclasses.dataclass(frozen=True)
class Connection:
    """What the layer above reads in place of a layer's output; each layer but the first has its own parameters."""

    join: Callable[[Tensor, Tensor, Mapping[str, Tensor]], Tensor]
    """Makes it of the layer's input, its output and the parameters by name; tensors are [time, batch, hidden_size]."""
    shapes: Callable[[int], dict[str, tuple[int, ...]]] = lambda hidden_size: {}
    """The trainable parameters, no fewer at a larger hidden size. Matrices are drawn from U(-1/√hidden, 1/√hidden), in
    the order of their names; vectors begin at 0."""
    compiled: Literal["output", "sum"] | None = None
    """What the compiled training step gives the layer above: the layer's output, or the sum of its input and output.
    None: models with this connection are trained by PyTorch."""
