"""What each function of the language is in torch: a table of its own, which leans on nothing of archsearch."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

UNARY: dict[str, Callable[[Tensor], Tensor]] = {
    "neg": torch.neg,
    "exp": torch.exp,
    "log": torch.log,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "sin": torch.sin,
    "identity": lambda a: a * 1,
    "relu": functional.relu,
    "leaky_relu": functional.leaky_relu,
    "softplus": functional.softplus,
    "logsigmoid": functional.logsigmoid,
    "softsign": functional.softsign,
    "silu": functional.silu,
    "hard_sigmoid": lambda a: functional.relu6(a + 3) / 6,  # functional.hardsigmoid's gradient is a float32 of 1/6
    "hard_tanh": functional.hardtanh,
    "sigmoid_to_1": lambda a: 2 * torch.sigmoid(a) - 1,
    "sigmoid_to_2": lambda a: 4 * torch.sigmoid(a) - 2,
}

BINARY: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "add": torch.add,
    "sub": torch.sub,
    "mul": torch.mul,
    "div": torch.div,
    "max": torch.maximum,
    "min": torch.minimum,
    "gt": lambda a, b: torch.gt(a, b).to(a.dtype),
}
