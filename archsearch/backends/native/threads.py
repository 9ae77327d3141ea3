"""Shares of a batch, one thread for each; no share waits for another, so none needs a barrier."""

from __future__ import annotations

from itertools import pairwise

LEAST_WORK = 20_000
"""Values below which the threads cost more than they save."""


def shares(rows: int, threads: int, work: int) -> tuple[tuple[int, int], ...]:
    """First and last row (not included) of each thread's share; `work`: values per row."""
    if threads == 1 or rows < 2 or rows * work < LEAST_WORK:
        return ((0, rows),)
    cuts = [round(rows * index / threads) for index in range(threads + 1)]
    return tuple((first, last) for first, last in pairwise(cuts) if last > first)
