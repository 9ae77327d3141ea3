"""The results of a run of `benchmarks.cells` as tables."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from benchmarks.layouts import TORCHRECURRENT
from benchmarks.results import WAYS, Results
from benchmarks.tables import Table
from benchmarks.targets import verdicts


def tables(results: Results) -> list[Table]:
    """All tables in order."""
    return [
        _machine(results),
        _targets(results),
        *(_steps(results, hidden) for hidden in results.sizes.hidden),
        _threads(results),
        _compiling(results),
        _memory(results),
    ]


SUMMARY = ("lstm", "peephole_lstm", "gru", "mut1", "rnn")
"""Cells of the summary."""


def summary(results: Results) -> Table:
    """A few cells at all sizes, for the README."""
    sizes, processor = results.sizes, results.machine["processor"].rpartition(" cores")[0].rpartition(",")[0]
    rows = [
        (cell, str(hidden), _milliseconds(results.time(cell, hidden)), *_gains(results, cell, hidden))
        for cell in SUMMARY
        for hidden in sizes.hidden
        if cell in sizes.cells
    ]
    note = (
        f"A training step (forwards, backwards, weights' gradients) of {sizes.steps} steps, batch {sizes.batch}, input "
        f"{sizes.input_size}, float32, one thread of {processor}, "
        f"{results.machine['day']}: milliseconds of the backend `native`, and how many times as long others take."
    )
    return Table("", note, ("cell", "hidden", "native, ms", *WAYS[1:]), rows, words=1)


def _gains(results: Results, cell: str, hidden: int) -> Iterator[str]:
    for way in WAYS[1:]:
        gain = results.gain(cell, hidden, way)
        yield "" if gain is None else f"{gain:.1f}x"


def _machine(results: Results) -> Table:
    sizes = results.sizes
    busy = [step.time.busy for step in results.steps]
    rows = [
        *results.machine.items(),
        ("batches", f"{sizes.steps} steps, batch {sizes.batch}, input {sizes.input_size}, float32"),
        ("medians", f"of {sizes.rounds} rounds; the run took {results.seconds / 60:.1f} min"),
        ("processor seconds per second", f"{min(busy):.2f} to {max(busy):.2f}, median {statistics.median(busy):.2f}"),
    ]
    return Table("Machine and run", "", ("what", "value"), rows, words=2)


def _targets(results: Results) -> Table:
    words = {True: "yes", False: "no", None: "-"}
    rows = [(each.target, each.reached, words[each.met]) for each in verdicts(results)]
    return Table("Targets", "", ("target", "reached, where worst", "met"), rows, words=3)


def _steps(results: Results, hidden: int) -> Table:
    sizes = results.sizes
    rates = [rate for rate in results.rates if rate.hidden == hidden]
    best = max(rates, key=lambda rate: rate.gflop_per_second)
    note = (
        f"Milliseconds, and how many times as long as native. The machine's rate meanwhile: "
        f"{best.gflop_per_second:.1f} GFLOP/s (product of {' x '.join(map(str, best.shape))})."
    )
    head = ("cell", "native", *WAYS[1:], "GFLOP", "share of the rate")
    rows = [tuple(_step_row(results, cell, hidden)) for cell in sizes.cells]
    return Table(f"One training step, hidden {hidden}, one thread", note, head, rows)


def _step_row(results: Results, cell: str, hidden: int) -> Iterator[str]:
    yield cell
    yield _milliseconds(results.time(cell, hidden))
    for way in WAYS[1:]:
        seconds, gain = results.time(cell, hidden, way), results.gain(cell, hidden, way)
        layer = f" {TORCHRECURRENT[cell][0]}" if way == "torchrecurrent" and seconds is not None else ""
        yield "" if gain is None else f"{_milliseconds(seconds)} ({gain:.1f}x){layer}"
    yield f"{results.gflop(cell, hidden):.3f}"
    share = results.share(cell, hidden)
    yield "" if share is None else f"{share:.2f}"


def _threads(results: Results) -> Table:
    rows = [
        (each.cell, str(each.hidden), _milliseconds(each.one), _milliseconds(each.two), f"{each.gain:.2f}x")
        for each in results.threads
    ]
    title = f"One thread and two, native, batch {2 * results.sizes.batch}"
    return Table(title, "Milliseconds of a training step.", ("cell", "hidden", "one", "two", "gain"), rows)


def _compiling(results: Results) -> Table:
    times = results.compiling
    rows = [
        (cell, _milliseconds(cold), _milliseconds(times.cached[cell]), _milliseconds(times.jax.get(cell)))
        for cell, cold in times.cold.items()
    ]
    medians = [_milliseconds(statistics.median(each.values())) for each in (times.cold, times.cached, times.jax)]
    rows.append(("median", *medians))
    chains = ", ".join(f"{_milliseconds(seconds)} for {length}" for length, seconds in times.chains.items())
    note = (
        "Milliseconds of processor time from the IR's text to functions that can be called; from the cache in a new "
        f"process. JAX: tracing and compiling. A chain of tanh takes {chains}. Besides, once per machine, what all "
        f"cells share: {times.shared:.2f} s."
    )
    return Table("Compiling", note, ("cell", "native, cold", "native, from the cache", "JAX"), rows)


def _memory(results: Results) -> Table:
    rows = [
        (each.cell, f"{each.native:.2f}", f"{each.reference:.2f}", f"{each.native / each.reference:.2f}")
        for each in results.memory
    ]
    note = (
        "In units of steps x batch x hidden numbers, hidden 64. The outputs count, the input and the parameters do not."
    )
    return Table("Memory held for the way back", note, ("cell", "native", "reference", "ratio"), rows)


def _milliseconds(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{1000 * seconds:.1f}" if seconds >= 0.01 else f"{1000 * seconds:.2f}"
