"""One study with the native backend and with the reference: candidates per hour, and what the time goes into.

    python -m benchmarks.search [--quick] [--write] [--json FILE] [--workers N]

A full run takes some minutes and wants a machine without other work. Kernels are compiled anew for every study.
"""

from __future__ import annotations

import functools
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from pydantic import TypeAdapter

from archsearch.study import coordinator
from archsearch.study.definition import load_study
from archsearch.study.environment import usable_cores
from archsearch.study.executors import Event, Job, Reported
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.progress import Event as Told
from archsearch.study.progress import Note
from benchmarks.accounts import Slots, StudyTimes, account
from benchmarks.machine import describe
from benchmarks.search_tables import tables
from benchmarks.tables import DOCUMENT, show
from benchmarks.tables import write as write_tables
from benchmarks.timed_evaluation import FOLDER, TIMED, noted

BACKENDS = ("native", "reference")

STUDY = """
study: search_speed
space: lstm_to_gru
task: {{name: adding, length: 100}}
model: {{hidden_size: 64}}
training: {{learning_rate: 0.001, batch_size: 32, sequences: {sequences}, checks: {checks}}}
search: {{sampler: tpe, pruner: none, trials: {trials}, seeds: 1}}
confirm: {{best: 1, seeds: 1}}
report: {{best: 1, seeds: 2}}
backend: {backend}
seed: 1
"""
"""Without a pruner, and with a task that no candidate solves in its budget: every evaluation is made to its end."""


class TimedExecutor(LocalExecutor):
    """The local executor, running `TIMED`, by the clock."""

    def __init__(self, times: Slots, slots: int) -> None:
        super().__init__(slots, TIMED)
        self._times = times

    def submit(self, job: Job) -> None:
        """As usual."""
        self._times.begun[job.number] = time.monotonic()
        super().submit(job)

    def wait(self, timeout: float) -> Sequence[Event]:
        """As usual."""
        times, begun = self._times, time.monotonic()
        running = len(times.begun) - len(times.ended)
        events = super().wait(timeout)
        now = time.monotonic()
        times.idle += (self.slots - running) * (now - begun)
        times.ended |= {event.job: now for event in events if not isinstance(event, Reported)}
        return events


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Few and short evaluations, in less than a minute.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the tables into docs/{DOCUMENT.name}.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the run's figures to this file.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Evaluations at once; by default one per core.")] = None,
) -> None:
    """Run the study twice, and print the tables."""
    if write and quick:
        raise SystemExit("only a full run goes into the document")
    machine = describe(("optuna", "sqlalchemy"))
    size = {"sequences": 640, "checks": 2, "trials": 2} if quick else {"sequences": 16_000, "checks": 20, "trials": 16}
    times = [run(STUDY.format(backend=backend, **size), workers or usable_cores()) for backend in BACKENDS]
    if json:
        form = TypeAdapter(dict[str, dict[str, str] | list[StudyTimes]])
        json.write_bytes(form.dump_json({"machine": machine, "studies": times}, indent=1) + b"\n")
    made = tables(machine, size, times)
    show(made)
    if write:
        write_tables("benchmarks.search", made)


def run(text: str, workers: int) -> StudyTimes:
    """Run the study in a folder of its own."""
    definition = load_study(text)
    backend = definition.study.backend[0]
    slots, search = Slots(), 0.0

    def listen(told: Told) -> None:
        nonlocal search
        if isinstance(told, Note):
            raise SystemExit(f"{backend}: {told.text}")
        search = told.elapsed if told.phase == "search" else search

    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes"
        notes.mkdir()
        os.environ |= {FOLDER: str(notes), "XDG_CACHE_HOME": folder}
        begun = time.monotonic()
        url = f"sqlite:///{folder}/study.db"
        coordinator.run(definition, url, workers, listen, executor=functools.partial(TimedExecutor, slots))
        seconds = time.monotonic() - begun
        parts = noted(notes)
    return account(definition, workers, (search, seconds), slots, parts)


if __name__ == "__main__":
    typer.run(main)
