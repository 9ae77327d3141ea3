"""Shares of a batch, one thread for each; no share waits for another."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

LEAST_WORK = 20_000
"""Values below which the threads cost more than they save."""


def shares(rows: int, threads: int, work: int) -> list[tuple[int, int]]:
    """First and last row (not included) of each thread's share; `work`: values per row."""
    if threads == 1 or rows < 2 or rows * work < LEAST_WORK:
        return [(0, rows)]
    cuts = [round(rows * index / threads) for index in range(threads + 1)]
    return [(first, last) for first, last in pairwise(cuts) if last > first]


def run(call: Callable[[int], None], count: int) -> None:
    """Call for 0, 1, ... `count` - 1: the last one here, the others in threads of their own."""
    others = [_threads(count - 1).submit(call, index) for index in range(count - 1)] if count > 1 else []
    call(count - 1)
    for other in others:
        other.result()


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="archsearch-native")


os.register_at_fork(after_in_child=_threads.cache_clear)  # threads do not survive a fork
