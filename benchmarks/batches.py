"""What a training batch costs: drawn by itself or with others, its random words from C or from numpy.

python -m benchmarks.batches [--quick] [--write]
"""

from __future__ import annotations

import statistics
import time
from typing import Annotated

import typer

from archsearch.backends.native.words import words
from archsearch.draws import Words, philox
from archsearch.tasks import Task
from archsearch.tasks.adding import Adding
from archsearch.tasks.copy_memory import CopyMemory
from archsearch.tasks.embedded_reber import EmbeddedReber
from archsearch.tasks.memorisation_filter import MemorisationFilter
from archsearch.tasks.parity import Parity
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.training.batches import draw_pool, pool_count
from benchmarks.machine import describe
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables

SIZE = 32
"""Sequences of a batch."""

TASKS: dict[str, Task] = {
    "temporal_order": TemporalOrder(length=100),
    "adding": Adding(length=100),
    "adding, arjovsky": Adding(length=100, variant="arjovsky"),
    "copy_memory": CopyMemory(length=80),
    "parity": Parity(train_length=100),
    "embedded_reber": EmbeddedReber(),
    "embedded_reber, lag 80 to 100": EmbeddedReber(min_lag=80, max_lag=100),
    "memorisation_filter": MemorisationFilter(),
}


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A tenth of the rounds.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the table into docs/{DOCUMENT.name}.")] = False,
) -> None:
    """Draw batches of every task that draws."""
    if write and quick:
        raise SystemExit("only a full run goes into the document")
    rounds = 3 if quick else 31
    machine = Table("Machine and run", "", ("what", "value"), [*describe(()).items()], words=2)
    made = [machine, table({name: times(task, rounds) for name, task in TASKS.items()})]
    show(made)
    if write:
        write_tables("benchmarks.batches", made)


def times(task: Task, rounds: int) -> list[float]:
    """Median processor seconds for a batch: alone and with others, from C; then the same from numpy."""
    together = pool_count(task, SIZE)
    ways: list[tuple[int, Words]] = [(count, form) for form in (words, philox) for count in (1, together)]
    taken: list[list[float]] = [[] for _ in ways]
    for number in range(rounds):
        for (count, form), seconds in zip(ways, taken, strict=True):
            begun = time.process_time()
            for first in range(0, together, count):
                draw_pool(task, number, SIZE, range(first, first + count), form)
            seconds.append((time.process_time() - begun) / together)
    return [statistics.median(seconds) for seconds in taken]


def table(found: dict[str, list[float]]) -> Table:
    """One row for each task."""
    rows = []
    for name, row in found.items():
        steps, together = len(TASKS[name].batch(0, "training", 1000).mask), pool_count(TASKS[name], SIZE)
        rows.append((name, str(steps), str(together), *(f"{1e3 * seconds:.3f}" for seconds in row)))
    note = (
        f"Processor time of one thread for a batch of {SIZE} sequences, ms, medians. With others: as many in one "
        "call as an evaluation draws at once."
    )
    head = ("task", "steps", "drawn at once", "C, alone", "C, with others", "numpy, alone", "numpy, with others")
    return Table("Drawing training batches", note, head, rows)


if __name__ == "__main__":
    typer.run(main)
