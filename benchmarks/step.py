"""Whole training steps: batch drawn, forward, loss, backward, clipping, Adam.

    python -m benchmarks.step [--quick] [--write] [--json]

Every shipped cell trains in the compiled steps of the backend `native` on temporal order, batch 32, one thread; beside
it, where torch.nn has the layer, the same loop with that layer, a linear head and `Adam(fused=True)` on the same
batches. All of one size take turns in blocks of 50 steps. The figures are medians of the blocks' processor time, which
is that of the clock where nothing else runs. Then one process and two at once make steps. A full run takes ten minutes.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, Protocol

import torch
import typer
from rich.progress import track
from torch import Tensor, nn

from archsearch import registry
from archsearch.backends import PACKAGE as BACKENDS
from archsearch.backends import Backend
from archsearch.ir import lower
from archsearch.models.initial import initial_model
from archsearch.registry import shipped_names
from archsearch.schema.study import Model, Spec, Training
from archsearch.space.library import CELLS, load_cell
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.training.batches import Pool, draw_pool, pool_count
from archsearch.training.trainer import choose_step, make_trainer
from benchmarks.layouts import TORCH
from benchmarks.machine import describe
from benchmarks.tables import DOCUMENT, README, Table, show
from benchmarks.tables import write as write_tables
from benchmarks.work import SHAPES, gflop, recurrent_matrices, sgemm, sgemm_gflop

SIZES = ((16, 40), (32, 100), (64, 100), (128, 100))
"""Hidden size and length."""
BATCH = 32
BLOCK = 50
"""Steps in a row."""
TARGETS = {"lstm": (5, 2.6, 1.9, 1.45), "gru": (20, 10, 5, 3)}
"""How many times as quick as the loop with torch.nn, by size."""
SHARE, SHARE_AT = 0.75, 64
"""Of the machine's rate of products, over whole steps at this hidden size, for cells that multiply their past."""
PEEPHOLES = 1.1
"""A step of the peephole LSTM in those of the LSTM."""
BOTH = 1.85
"""Steps of two processes at once in those of one."""
ALONE = ("lstm", 32, 100)
"""The cell, hidden size and length of the processes."""


class Loop(Protocol):
    """A training in progress."""

    def run(self, pool: Pool) -> None:
        """A step with each of the pool's batches."""


class Compiled:
    """The compiled steps of the backend `native`."""

    def __init__(self, cell: str, hidden: int, task: TemporalOrder) -> None:
        spec = Spec(
            cell=load_cell(cell),
            model=Model(hidden_size=hidden),
            training=Training(learning_rate=0.001, batch_size=BATCH, sequences=BATCH),
        )
        ir = lower(spec.cell)
        values = initial_model(ir, spec.model, task.input_size, task.output_size, seed=1)
        chosen = choose_step(spec, ["native"])
        assert chosen.compiled
        self._trainer = make_trainer(chosen, ir, spec, task, values)

    def run(self, pool: Pool) -> None:
        """See `Loop`."""
        self._trainer.train(pool)


class Torch:
    """A layer of torch.nn and a linear head, as one writes it by hand."""

    def __init__(self, cell: str, hidden: int, task: TemporalOrder) -> None:
        torch.manual_seed(1)
        self._layer = TORCH[cell][0](task.input_size, hidden)
        self._head = nn.Linear(hidden, task.output_size)
        self._parameters = [*self._layer.parameters(), *self._head.parameters()]
        self._optimizer = torch.optim.Adam(self._parameters, lr=0.001, fused=True)

    def run(self, pool: Pool) -> None:
        """See `Loop`."""
        for batch in pool:
            x, mask, targets = map(torch.from_numpy, (batch.inputs, batch.mask, batch.targets[batch.mask]))
            self._step(x, mask, targets)

    def _step(self, x: Tensor, mask: Tensor, targets: Tensor) -> None:
        y, _ = self._layer(x)
        loss = nn.functional.cross_entropy(self._head(y[mask]), targets)
        loss.item()
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self._parameters, 1.0)
        self._optimizer.step()


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Three cells and few blocks.")] = False,
    write: Annotated[
        bool, typer.Option("--write", help=f"Put the tables into docs/{DOCUMENT.name} and README.md.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON instead.")] = False,
    alone: Annotated[float, typer.Option(hidden=True, help="Only make steps for these seconds; print how many.")] = 0,
) -> None:
    """Measure, and print the tables."""
    torch.set_num_threads(1)
    if alone:
        print(steps_in(alone))
        return
    if write and quick:
        raise SystemExit("only a full run goes into the document")
    machine = describe(())
    cells = ("lstm", "peephole_lstm", "gru") if quick else shipped_names(CELLS)
    blocks = 3 if quick else 9
    rows, rates = [], {}
    for hidden, length in SIZES:
        some, rates[hidden] = at_size(cells, hidden, length, blocks)
        rows += some
    both = processes(5 if quick else 20)
    if as_json:
        print(json.dumps({"machine": machine, "rows": rows, "sgemm_gflop_per_second": rates, "processes": both}))
        return
    made = tables(machine, rows, rates, both, blocks)
    show(made)
    if write:
        write_tables("benchmarks.step", made)
        write_tables("benchmarks.step", [summary(machine, rows)], README)


def at_size(cells: Sequence[str], hidden: int, length: int, blocks: int) -> tuple[list[dict[str, Any]], float]:
    """A row for each cell, and the machine's rate of products meanwhile, in GFLOP/s."""
    task = TemporalOrder(length=length)
    loops: dict[Any, Loop] = {("native", cell): Compiled(cell, hidden, task) for cell in cells}
    loops |= {("torch", cell): Torch(cell, hidden, task) for cell in cells if cell in TORCH}
    products: dict[Any, Callable[[], object]] = {shape: sgemm(shape) for shape in SHAPES}
    taken: dict[Any, list[float]] = {key: [] for key in (*loops, *products)}
    steps: list[float] = []
    order = [*loops, *products]
    for block in track(range(blocks + 1), description=f"hidden {hidden}"):
        random.Random(block).shuffle(order)
        for key in order:
            begun = time.process_time()
            if key in products:
                products[key]()
            else:
                steps += make_steps(loops[key], task, block)
            if block:  # the first one compiles
                taken[key].append((time.process_time() - begun) / (1 if key in products else BLOCK))
    median = {key: statistics.median(values) for key, values in taken.items()}
    rate = max(sgemm_gflop(shape) / median[shape] for shape in SHAPES)
    return [dict(_row(cell, hidden, length, median, rate, statistics.mean(steps))) for cell in cells], rate


def make_steps(loop: Loop, task: TemporalOrder, block: int) -> list[int]:
    """A block of steps, batches drawn as in an evaluation. -> the lengths of their batches."""
    backend: Backend = registry.load(BACKENDS, "native")
    most, lengths = pool_count(task, BATCH), list[int]()
    for first in range(block * BLOCK, (block + 1) * BLOCK, most):
        numbers = range(first, min(first + most, (block + 1) * BLOCK))
        pool = draw_pool(task, 1, BATCH, numbers, backend.words)
        loop.run(pool)
        lengths += pool.lengths
    return lengths


def _row(
    cell: str, hidden: int, length: int, median: dict[Any, float], rate: float, steps: float
) -> Iterator[tuple[str, Any]]:
    seconds, other = median["native", cell], median.get(("torch", cell))
    yield "cell", cell
    yield "hidden", hidden
    yield "length", length
    yield "ms", 1000 * seconds
    yield "torch_ms", None if other is None else 1000 * other
    yield "times_torch", None if other is None else other / seconds
    work = gflop(lower(load_cell(cell)), 1, BATCH, TemporalOrder.input_size, hidden) * steps
    yield "share_of_sgemm", work / seconds / rate


def steps_in(seconds: float) -> int:
    """How many steps are made in this time, after the first block."""
    cell, hidden, length = ALONE
    task = TemporalOrder(length=length)
    loop = Compiled(cell, hidden, task)
    make_steps(loop, task, 0)
    begun, block = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        block += 1
        make_steps(loop, task, block)
    return round(block * BLOCK * seconds / (time.perf_counter() - begun))


def processes(seconds: int) -> dict[str, float]:
    """Steps per second of one process, and of two at once together; three times each in turn, the medians."""
    counts: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(3):
        for count, rates in counts.items():
            command = [sys.executable, "-m", "benchmarks.step", "--alone", str(seconds)]
            running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
            rates.append(sum(int(process.communicate()[0]) for process in running) / seconds)
    one, two = (statistics.median(values) for values in counts.values())
    return {"one": one, "two": two, "gain": two / one}


def tables(
    machine: dict[str, str], rows: list[dict[str, Any]], rates: dict[int, float], both: dict[str, float], blocks: int
) -> list[Table]:
    """All tables in order."""
    about = [*machine.items(), ("medians", f"of {blocks} blocks of {BLOCK} steps, batch {BATCH}")]
    head = ("cell", "ms", "torch.nn, ms", "times torch.nn", "share of sgemm")
    made = [Table("Machine and run", "", ("what", "value"), about, words=2)]
    made.append(Table("Targets", "", ("target", "reached", "met"), list(targets(rows, both)), words=3))
    for hidden, length in SIZES:
        some = [_line(row) for row in rows if row["hidden"] == hidden]
        note = f"The machine's rate of products meanwhile: {rates[hidden]:.1f} GFLOP/s."
        made.append(Table(f"A whole training step, hidden {hidden}, length {length}", note, head, some))
    return made


def _line(row: dict[str, Any]) -> tuple[str, ...]:
    torch_ms = "" if row["torch_ms"] is None else f"{row['torch_ms']:.2f}"
    times = "" if row["times_torch"] is None else f"{row['times_torch']:.1f}"
    return row["cell"], f"{row['ms']:.2f}", torch_ms, times, f"{row['share_of_sgemm']:.2f}"


def targets(rows: list[dict[str, Any]], both: dict[str, float]) -> Iterator[tuple[str, str, str]]:
    """Each target, what was reached, and whether that is enough."""
    found = {(row["cell"], row["hidden"]): row for row in rows}

    def verdict(target: str, value: float, met: bool) -> tuple[str, str, str]:
        return target, f"{value:.2f}", "yes" if met else "no"

    for cell, least in TARGETS.items():
        for (hidden, _), times in zip(SIZES, least, strict=True):
            value = found[cell, hidden]["times_torch"]
            yield verdict(f"{cell}, hidden {hidden}: {times} times as quick as torch.nn", value, value >= times)
    for hidden, _ in SIZES:
        value = found["peephole_lstm", hidden]["ms"] / found["lstm", hidden]["ms"]
        text = f"peephole_lstm, hidden {hidden}: at most {PEEPHOLES} of the step of lstm"
        yield verdict(text, value, value <= PEEPHOLES)
    multiplied = [
        row for row in rows if row["hidden"] == SHARE_AT and recurrent_matrices(lower(load_cell(row["cell"])))
    ]
    worst = min(multiplied, key=lambda row: float(row["share_of_sgemm"]))
    for row in (found["lstm", SHARE_AT], found["gru", SHARE_AT], worst):
        value = row["share_of_sgemm"]
        yield verdict(f"{row['cell']}, hidden {SHARE_AT}: {SHARE} of the sgemm rate", value, value >= SHARE)
    yield verdict(f"two processes: {BOTH} times the steps of one", both["gain"], both["gain"] >= BOTH)


def summary(machine: dict[str, str], rows: list[dict[str, Any]]) -> Table:
    """LSTM and GRU at all sizes, for the README."""
    some = [(row["cell"], str(row["hidden"]), *_line(row)[1:4]) for row in rows if row["cell"] in TARGETS]
    note = (
        f"A whole training step (batch drawn, forwards, loss, backwards, clipping, Adam), batch {BATCH}, length 40 at "
        f"hidden 16 and 100 else, one thread, {machine['day']}: milliseconds in compiled steps, and in the same loop "
        "with torch.nn."
    )
    return Table("", note, ("cell", "hidden", "compiled, ms", "torch.nn, ms", "times"), some, words=1)


if __name__ == "__main__":
    typer.run(main)
