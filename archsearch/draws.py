"""Every random number of an evaluation, from a counter instead of a state: Philox4x32-10 (Salmon et al. 2011).

A key stands for a seed and a purpose. Under it, numbers belong to items: a sequence of a task, a parameter of a layer.
What an item gets depends on the key and its own number alone, not on how many others are drawn with it. The counter of
a block of four words is (block within the call, number of the call, low and high half of the item's number).
"""

from __future__ import annotations

import functools
import hashlib
import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

_MULTIPLIERS = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL = 0x9E3779B9, 0xBB67AE85
_ROUNDS = 10
_LOW, _HALF = np.uint64(0xFFFF_FFFF), np.uint64(32)
_CHUNK = 4096
"""Blocks that numpy draws at once: their working memory stays in the cache of a core."""

Words = Callable[[int, range, int, range], NDArray[np.uint32]]
"""Of (key, blocks, call, items): words [4 * blocks, items]. `philox`, or a compiled form of it."""


def draw_key(seed: int, purpose: str) -> int:
    """64 bits of a hash of a seed and what is drawn with it, so that no two uses of a seed share numbers."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:8], "big")


def philox(key: int, blocks: range, call: int, items: range) -> NDArray[np.uint32]:
    """Words [4 * blocks, items] of Philox4x32-10; those of a block stand below each other."""
    words = np.empty((len(blocks), 4, len(items)), dtype=np.uint32)
    some = max(1, _CHUNK // max(1, len(items)))
    number = np.arange(items.start, items.stop, dtype=np.uint64)
    for first in range(0, len(blocks), some):
        block = np.arange(blocks.start, blocks.stop, dtype=np.uint64)[first : first + some, np.newaxis]
        c0 = np.broadcast_to(block, (len(block), len(items)))
        counter = _rounds(key, c0, np.uint64(call), number & _LOW, number >> _HALF)
        for index, value in enumerate(counter):
            words[first : first + some, index] = value
    return words.reshape(4 * len(blocks), len(items))


def _rounds(key: int, *counter: NDArray[np.uint64] | np.uint64) -> tuple[NDArray[np.uint64] | np.uint64, ...]:
    """Of counter words that fit together, each 32 bits."""
    c0, c1, c2, c3 = counter
    keys = [key & 0xFFFF_FFFF, key >> 32]
    for _ in range(_ROUNDS):
        k0, k1 = map(np.uint64, keys)
        left, right = _MULTIPLIERS[0] * c0, _MULTIPLIERS[1] * c2
        c0, c1, c2, c3 = (right >> _HALF) ^ c1 ^ k0, right & _LOW, (left >> _HALF) ^ c3 ^ k1, left & _LOW
        keys = [(word + weyl) & 0xFFFF_FFFF for word, weyl in zip(keys, _WEYL, strict=True)]
    return c0, c1, c2, c3


class Draws:
    """Numbers for `count` items from number `first` on; the last axis of every array is the items.

    Each call draws further numbers, so the order of calls is part of what is drawn; their shapes are not: a longer
    array begins with the numbers of a shorter one.
    """

    def __init__(self, key: int, count: int, first: int = 0, words: Words = philox) -> None:
        self.key = key
        self.items = range(first, first + count)
        self._words = words
        self._calls = 0

    @property
    def count(self) -> int:
        """How many items there are."""
        return len(self.items)

    def words(self, *shape: int) -> NDArray[np.uint32]:
        """32 random bits each [*shape, items]."""
        size = math.prod(shape)
        words = self._words(self.key, range(-(-size // 4)), self._calls, self.items)
        self._calls += 1
        return words[:size].reshape(*shape, self.count)

    def uniform(self, *shape: int) -> NDArray[np.float32]:
        """Multiples of 2^-24 in [0, 1), [*shape, items]."""
        numbers = (self.words(*shape) >> 8).view(np.int32).astype(np.float32)
        numbers *= np.float32(2**-24)
        return numbers

    def integers(self, low: int, high: int, *shape: int) -> NDArray[np.int64]:
        """Integers from `low` to `high` - 1, [*shape, items]; `high` - `low` is at most 2^32."""
        choices = high - low
        if not 0 < choices <= 2**32:
            raise ValueError(f"cannot choose among the integers from {low} to {high - 1}")
        words = self.words(*shape).astype(np.uint64)
        words *= np.uint64(choices)
        words >>= _HALF
        numbers = words.view(np.int64)
        numbers += low
        return numbers

    def normal(self, *shape: int) -> NDArray[np.float32]:
        """Numbers of mean 0 and standard deviation 1 [*shape, items] (Box & Muller 1958)."""
        radius, angle = self.uniform(*shape), self.uniform(*shape)
        numbers: NDArray[np.float32] = np.sqrt(-2 * np.log(1 - radius)) * np.cos(np.float32(2 * math.pi) * angle)
        return numbers

    def passes(self, size: int) -> NDArray[np.int64]:
        """Row numbers below `size` [items]: item after item goes through all rows, in a new random order each time.

        Read-only.
        """
        start, stop = self.items.start, self.items.stop
        turns = range(start // size, -(-stop // size))
        orders = permutations(self.key, size, turns, self._calls, self._words)
        self._calls += 1
        return orders.ravel()[start - turns.start * size : stop - turns.start * size]


@functools.lru_cache(maxsize=2)  # of a million rows, each takes 8 MB
def permutations(key: int, size: int, items: range, call: int = 0, words: Words = philox) -> NDArray[np.int64]:
    """The numbers below `size` in a random order for each item [items, size]; read-only."""
    half = -(-size // 2)  # an order takes two words for each number, and a block has four
    pairs = words(key, range(half), call, items).reshape(2 * half, 2, len(items))[:size].astype(np.uint64)
    orders = np.ascontiguousarray((pairs[:, 0] << _HALF | pairs[:, 1]).T).argsort(axis=1, kind="stable")
    orders.flags.writeable = False
    return orders
