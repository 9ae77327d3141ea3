"""Memory for large arrays, used again: fresh pages from the system would cost a training step a third of its time."""

from __future__ import annotations

import ctypes
import weakref

import torch
from torch import Tensor

from archsearch.backends.native.kernels import refused

LIMIT = 2**28
"""Bytes that may wait for their next use."""

SMALLEST = 2**15
"""Bytes below which torch's own memory does as well."""


class Blocks:
    """Blocks of memory that come back when the last tensor in them is gone: in any thread, at any moment."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.waiting: dict[int, list[Tensor]] = {}  # by size

    def empty(self, count: int, dtype: torch.dtype) -> Tensor:
        """A vector of `count` numbers that are not set."""
        size = count * dtype.itemsize
        if size < SMALLEST:
            return torch.empty(count, dtype=dtype, device="cpu")
        block = self._take(_rounded(size))
        lease = (ctypes.c_char * size).from_address(address(block))
        weakref.finalize(lease, self._give_back, block).atexit = False
        return torch.frombuffer(lease, dtype=dtype, count=count)

    def bytes(self) -> int:
        """What waits for its next use."""
        return sum(size * len(blocks) for size, blocks in list(self.waiting.items()))

    def _take(self, size: int) -> Tensor:
        try:
            return self.waiting[size].pop()
        except (KeyError, IndexError):
            return torch.empty(size, dtype=torch.uint8, device="cpu")

    def _give_back(self, block: Tensor) -> None:
        self.waiting.setdefault(block.numel(), []).append(block)
        if self.bytes() > self.limit:
            self.waiting.clear()


def address(value: Tensor) -> int:
    """Where the numbers of a tensor begin. Raises `Refused` for one that has none in memory."""
    try:
        place = value.data_ptr()
    except RuntimeError:
        place = 0
    if not place:
        raise refused("takes tensors with numbers in memory, neither fake nor batched ones")
    return place


def _rounded(size: int) -> int:
    """`size` with three binary digits: batches of about the same length use the same blocks."""
    step = 1 << max(0, size.bit_length() - 3)
    return -(-size // step) * step


BLOCKS = Blocks()
