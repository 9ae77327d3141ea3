"""Every shipped cell as the native backend, the reference and others run it: speed, compiling, memory, targets.

    python -m benchmarks.cells [--quick] [--write] [--json FILE] [--read FILE]

Everything in the tables is from one run; a full run takes about ten minutes and wants a machine without other work.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Annotated

import torch
import torchrecurrent  # type: ignore[import-untyped]  # it has no types
import typer
from pydantic import TypeAdapter
from rich.progress import track

from archsearch.backends import build
from archsearch.ir import lower
from archsearch.registry import shipped_names
from archsearch.space.library import CELLS, load_cell
from benchmarks import compile_times, jax_cells, memory, work
from benchmarks.cell_tables import summary, tables
from benchmarks.contenders import Contender, Layer, Problem, must_agree
from benchmarks.layouts import TORCH, TORCHRECURRENT
from benchmarks.machine import describe
from benchmarks.measure import interleave
from benchmarks.results import Kept, Rate, Results, Sizes, StepTime, ThreadTimes
from benchmarks.tables import DOCUMENT, README, show
from benchmarks.tables import write as write_tables

FULL = Sizes(cells=shipped_names(CELLS), hidden=(32, 64, 128, 256), rounds=21)
QUICK = Sizes(cells=("rnn", "lstm", "peephole_lstm", "gru", "mgu", "mut1"), hidden=(32, 64), rounds=3)

THREADED = ("lstm", "peephole_lstm", "gru", "mut1")
"""Cells that are run with two threads."""

Key = tuple[str, str]


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Few cells, sizes and rounds, in less than a minute.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help=f"Put the tables into docs/{DOCUMENT.name} and README.md.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the run's figures to this file.")] = None,
    read: Annotated[Path | None, typer.Option(help="Show an earlier run from its file; nothing is run.")] = None,
) -> None:
    """Measure training steps of all shipped cells, and print the tables."""
    form = TypeAdapter(Results)
    results = form.validate_json(read.read_bytes()) if read else run(QUICK if quick else FULL)
    if write and results.sizes != FULL:
        raise SystemExit("only a full run goes into the document")
    if json:
        json.write_bytes(form.dump_json(results, indent=1) + b"\n")
    made = tables(results)
    show(made)
    if write:
        write_tables("benchmarks.cells", made)
        write_tables("benchmarks.cells", [summary(results)], README)


def run(sizes: Sizes) -> Results:
    """Everything, one after the other."""
    machine, begun = describe(("torchrecurrent", "jax", "jaxlib")), time.monotonic()
    torch.set_num_threads(1)
    jax_cells.use_one_core()
    steps: list[StepTime] = []
    rates: list[Rate] = []
    jax: list[dict[str, float]] = []
    for hidden in sizes.hidden:
        some, found, compiled = _at(sizes, hidden)
        steps += some
        rates += found
        jax.append(compiled)
    compiling = compile_times.measure(sizes.cells, _rounds(min(3, sizes.rounds // 3), "compiling"), jax)
    return Results(
        machine=machine,
        sizes=sizes,
        steps=tuple(steps),
        rates=tuple(rates),
        compiling=compiling,
        threads=tuple(_threads(sizes)),
        memory=tuple(_memory(sizes)),
        seconds=time.monotonic() - begun,
    )


def _at(sizes: Sizes, hidden: int) -> tuple[list[StepTime], list[Rate], dict[str, float]]:
    """All contenders at one hidden size, and products, in the same rounds. -> also JAX's compile times."""
    contenders: dict[Key, Contender] = {}
    for cell in track(sizes.cells, description=f"hidden {hidden}: comparing results"):
        some = dict(_contenders(_problem(sizes, cell, hidden), cell))
        truth = some["reference"].answer()
        for way, contender in some.items():
            must_agree(f"{cell}, {way}, hidden {hidden}", contender.answer(), truth)
            contenders[cell, way] = contender
    calls: dict[Key, Callable[[], object]] = {key: contender.step for key, contender in contenders.items()}
    shapes = {("sgemm", str(shape)): shape for shape in work.SHAPES}
    calls |= {key: work.sgemm(shape) for key, shape in shapes.items()}
    timed = interleave(calls, _rounds(sizes.rounds, f"hidden {hidden}: training steps"))
    steps = [StepTime(cell, hidden, way, timed[cell, way]) for cell, way in contenders]
    rates = [Rate(hidden, shape, timed[key]) for key, shape in shapes.items()]
    jax = {cell: each.compile_seconds for (cell, _), each in contenders.items() if isinstance(each, jax_cells.Scanned)}
    return steps, rates, jax


def _problem(sizes: Sizes, cell: str, hidden: int) -> Problem:
    return Problem.draw(lower(load_cell(cell)), sizes.steps, sizes.batch, sizes.input_size, hidden)


def _contenders(problem: Problem, cell: str) -> Iterator[tuple[str, Contender]]:
    """Everybody who has the cell, by way."""
    sizes = problem.x.shape[2], problem.hidden_size
    for backend in ("native", "reference"):
        yield backend, Layer(problem, build(problem.ir, *sizes, backend))
    if cell in TORCH:
        kind, layout = TORCH[cell]
        yield "torch.nn", Layer(problem, kind(*sizes), layout)
    if cell in TORCHRECURRENT:
        name, layout = TORCHRECURRENT[cell]
        yield "torchrecurrent", Layer(problem, getattr(torchrecurrent, name)(*sizes), layout)
    if cell in jax_cells.CELLS:
        yield "jax", jax_cells.Scanned(problem, cell)


def _threads(sizes: Sizes) -> Iterator[ThreadTimes]:
    """Native steps at twice the batch, with one thread and with two."""
    calls: dict[tuple[str, int, int], Callable[[], object]] = {}
    wider = dataclasses.replace(sizes, batch=2 * sizes.batch)
    for hidden in sizes.hidden:
        for cell in THREADED:
            problem = _problem(wider, cell, hidden)
            layer = Layer(problem, build(problem.ir, sizes.input_size, hidden, "native"))
            calls |= {(cell, hidden, threads): _with_threads(layer, threads) for threads in (1, 2)}
    timed = interleave(calls, _rounds(sizes.rounds, "one thread and two"))
    torch.set_num_threads(1)
    for cell, hidden in dict.fromkeys((cell, hidden) for cell, hidden, _ in calls):
        yield ThreadTimes(cell, hidden, timed[cell, hidden, 1].seconds, timed[cell, hidden, 2].seconds)


def _with_threads(layer: Layer, threads: int) -> Callable[[], object]:
    def step() -> None:
        torch.set_num_threads(threads)
        layer.step()

    return step


def _memory(sizes: Sizes) -> Iterator[Kept]:
    for cell in sizes.cells:
        problem = _problem(sizes, cell, 64)
        yield Kept(cell, memory.kept(problem, "native"), memory.kept(problem, "reference"))


def _rounds(count: int, description: str) -> Iterable[int]:
    return track(range(count), description=description)


if __name__ == "__main__":
    typer.run(main)
