"""Philox4x32-10 word by word in Python's integers, written from Salmon et al. 2011 without archsearch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

Block = tuple[int, int, int, int]


def philox_block(counter: Block, key: tuple[int, int]) -> Block:
    """The four words of one counter."""
    for number in range(10):
        bump = [(word + number * weyl) % 2**32 for word, weyl in zip(key, (0x9E3779B9, 0xBB67AE85), strict=True)]
        high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
        counter = (high1 ^ counter[1] ^ bump[0], low1, high0 ^ counter[3] ^ bump[1], low0)
    return counter


def words(seed: int, purpose: str, item: int, call: int = 0) -> Iterator[int]:
    """The words of an item, without end."""
    key = int.from_bytes(hashlib.sha256(f"{seed}/{purpose}".encode()).digest()[:8], "big")
    block = 0
    while True:
        yield from philox_block((block, call, item % 2**32, item >> 32), (key % 2**32, key >> 32))
        block += 1


def symmetric(seed: int, purpose: str, item: int, count: int, bound: float) -> list[float]:
    """`count` initial values of a parameter, from U(-bound, bound): the upper 24 bits of each word count."""
    drawn = words(seed, purpose, item)
    return [(2 * (next(drawn) // 256) / 2**24 - 1) * bound for _ in range(count)]
