"""What the native backend is meant to reach, and whether this run has reached it."""

from __future__ import annotations

import dataclasses
import statistics
from collections.abc import Iterable, Iterator

from archsearch.ir import lower
from archsearch.space.library import load_cell
from benchmarks.results import Results
from benchmarks.work import recurrent_matrices

HIDDEN = 64
"""The hidden size at which all cells are compared."""

TORCH_GAINS = {"lstm": {32: 1.5, 64: 1.5, 128: 1.15, 256: 1.05}, "gru": {32: 4, 64: 4, 128: 2, 256: 1.5}}
"""How many times as quick as torch.nn, by cell and hidden size."""


@dataclasses.dataclass(frozen=True)
class Verdict:
    """A target, what was reached where it was worst, and whether that is enough; None: not measured."""

    target: str
    reached: str
    met: bool | None


@dataclasses.dataclass(frozen=True)
class _Figure:
    value: float
    where: str


def verdicts(results: Results) -> list[Verdict]:
    """All targets in order."""
    return [*_speed(results), *_torch(results), *_others(results)]


def _speed(results: Results) -> Iterator[Verdict]:
    for way in ("reference", "torchrecurrent"):
        text = f"at least 8 times as quick as {way}, hidden {HIDDEN}, every cell"
        yield _at_least(text, 8, _gains(results, way, (HIDDEN,)))
    yield _at_least("at least 1.3 times as quick as JAX, every cell and size", 1.3, _gains(results, "jax"))


def _torch(results: Results) -> Iterator[Verdict]:
    for cell, gains in TORCH_GAINS.items():
        for hidden, least in gains.items():
            text = f"{cell} at least {least:g} times as quick as torch.nn, hidden {hidden}"
            yield _at_least(text, least, (each for each in _gains(results, "torch.nn", (hidden,), (cell,))))


def _others(results: Results) -> Iterator[Verdict]:
    peepholes = [
        _Figure(with_ / without, f"hidden {hidden}")
        for hidden in results.sizes.hidden
        if (with_ := results.time("peephole_lstm", hidden)) and (without := results.time("lstm", hidden))
    ]
    yield _at_most("peephole_lstm at most 1.15 times as long as lstm, every size", 1.15, peepholes)
    shares = [
        _Figure(share, f"{cell}, hidden {hidden}")
        for hidden in results.sizes.hidden
        for cell in results.sizes.cells
        if hidden >= HIDDEN
        and recurrent_matrices(lower(load_cell(cell))) >= 3
        and (share := results.share(cell, hidden)) is not None
    ]
    text = f"at least 0.7 of the sgemm rate, cells of 3 or more recurrent matrices, hidden {HIDDEN} or more"
    yield _at_least(text, 0.7, shares)
    threads = [_Figure(each.gain, f"{each.cell}, hidden {each.hidden}") for each in results.threads]
    yield _at_least(f"two threads at least 1.7 times as quick as one, batch {2 * results.sizes.batch}", 1.7, threads)
    for name, limit, times in (
        ("cold", 100.0, results.compiling.cold),
        ("from the cache", 5.0, results.compiling.cached),
    ):
        median = _Figure(1000 * statistics.median(times.values()), f"{len(times)} cells")
        yield _at_most(f"compiling a cell {name} at most {limit:g} ms, median", limit, [median], " ms")
    kept = [_Figure(each.native / each.reference, each.cell) for each in results.memory]
    yield _at_most("keeps at most as much memory as the reference, every cell", 1, kept)
    lstm = [each for each in kept if each.where == "lstm"]
    yield _at_most("lstm keeps at most 0.8 of the reference's memory", 0.8, lstm)


def _gains(results: Results, way: str, hidden: tuple[int, ...] = (), cells: tuple[str, ...] = ()) -> Iterator[_Figure]:
    for size in hidden or results.sizes.hidden:
        for cell in cells or results.sizes.cells:
            gain = results.gain(cell, size, way)
            if gain is not None:
                yield _Figure(gain, f"{cell}, hidden {size}")


def _at_least(target: str, limit: float, figures: Iterable[_Figure]) -> Verdict:
    worst = min(figures, key=lambda figure: figure.value, default=None)
    return _verdict(target, worst, worst is not None and worst.value >= limit, "")


def _at_most(target: str, limit: float, figures: Iterable[_Figure], unit: str = "") -> Verdict:
    worst = max(figures, key=lambda figure: figure.value, default=None)
    return _verdict(target, worst, worst is not None and worst.value <= limit, unit)


def _verdict(target: str, worst: _Figure | None, met: bool, unit: str) -> Verdict:
    if worst is None:
        return Verdict(target, "not measured", None)
    return Verdict(target, f"{worst.value:.3g}{unit} ({worst.where})", met)
