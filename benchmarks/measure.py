"""Timing several calls side by side, so that what the machine does meanwhile falls on all of them alike."""

from __future__ import annotations

import dataclasses
import gc
import math
import random
import statistics
import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

SHORTEST = 0.005
"""Seconds that one repetition takes at least: a quick call is made several times in a row."""


@dataclasses.dataclass(frozen=True)
class Timed:
    """Median seconds of one call, and processor seconds per second: 1 for one thread that never waited."""

    seconds: float
    busy: float


def interleave(calls: Mapping[Key, Callable[[], object]], rounds: Iterable[object]) -> dict[Key, Timed]:
    """Medians over `rounds`, each of which makes every call, in a new order.

    Every call is made twice before: the first time may compile, the second one says how often a repetition makes it.
    """
    repeats = {key: _repeats(call) for key, call in calls.items()}
    walls: dict[Key, list[float]] = {key: [] for key in calls}
    processors: dict[Key, list[float]] = {key: [] for key in calls}
    order = list(calls)
    shuffle = random.Random(0).shuffle
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        for _ in rounds:
            shuffle(order)
            for key in order:
                wall, processor = _repetition(calls[key], repeats[key])
                walls[key].append(wall)
                processors[key].append(processor)
            gc.collect()
    finally:
        gc.enable()
        gc.unfreeze()
    return {key: Timed(statistics.median(walls[key]), sum(processors[key]) / sum(walls[key])) for key in calls}


def _repeats(call: Callable[[], object]) -> int:
    call()
    wall, _ = _repetition(call, 1)
    return max(1, math.ceil(SHORTEST / max(wall, 1e-6)))


def _repetition(call: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Wall and processor seconds per call."""
    processor, wall = time.process_time(), time.perf_counter()
    for _ in range(repeats):
        call()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return wall / repeats, processor / repeats
