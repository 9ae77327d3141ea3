"""How much memory a training step holds between its way forward and its way back."""

from __future__ import annotations

import torch
from torch import Tensor

from archsearch.backends import build
from benchmarks.contenders import Problem


def kept(problem: Problem, backend: str) -> float:
    """What autograd has saved after the forward pass, in units of one [time, batch, hidden] of float32.

    Whole storages are counted, each once. The outputs count too, since whatever reads them keeps them; the input and
    the parameters do not, since they are there anyway.
    """
    layer = build(problem.ir, problem.x.shape[2], problem.hidden_size, backend)
    anyway = {each.untyped_storage().data_ptr() for each in (problem.x, *layer.parameters())}
    found: dict[int, int] = {}

    def pack(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in anyway:
            found[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        outputs, _ = layer(problem.x)
    pack(outputs.detach())
    unit = problem.dy.numel() * problem.dy.element_size()
    return sum(found.values()) / unit
