"""How soon a study evaluates, and the memory of an evaluation in compiled steps.

python -m benchmarks.starting [--rounds 5]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.first_evaluation import NOTES
from benchmarks.machine import describe
from benchmarks.tables import Table, show

STUDY = """
study: starting
space: lstm_to_gru
task: {name: temporal_order, length: 100, markers: 2}
model: {hidden_size: 64}
training: {learning_rate: 0.01, sequences: 3200, checks: 4}
search: {trials: 2}
"""
_CHILD = "import sys; from benchmarks.first_evaluation import main; main(float(sys.argv[1]), *sys.argv[2:])"

ROWS = {
    "the coordinator has imported its modules, seconds": "imported",
    "the same, processor seconds": "imported_processor",
    "the first evaluation is submitted, seconds": "submitted",
    "the same, processor seconds of the coordinator": "submitted_processor",
    "the first evaluation begins, seconds": "begun",
    "until then, processor seconds of its fork server": "server",
    "memory of its own after training, MiB": "own_mb",
    "most that it had resident, shared memory included, MiB": "peak_mb",
    "resident in its fork server, MiB": "server_mb",
}


def main(rounds: Annotated[int, typer.Option(min=1, help="Starts; medians are shown.")] = 5) -> None:
    """Start a study again and again, up to the end of its first evaluation."""
    starts = [start() for _ in range(rounds)]
    machine = Table("Machine and run", "", ("what", "value"), [*describe(()).items()], words=2)
    rows = [(text, f"{statistics.median(one[name] for one in starts):.2f}") for text, name in ROWS.items()]
    note = "Counted from the start of the process; kernels were in the cache."
    show([machine, Table("The start of a study", note, ("what", "median"), rows)])


def start() -> dict[str, float]:
    """One start, with a new database."""
    with tempfile.TemporaryDirectory() as folder:
        notes = Path(folder) / "notes.json"
        command = [sys.executable, "-c", _CHILD, str(time.monotonic()), STUDY, f"sqlite:///{folder}/study.db"]
        done = subprocess.run(command, env={**os.environ, NOTES: str(notes)}, stdout=subprocess.PIPE, check=True)
    values: dict[str, float] = json.loads(done.stdout)
    return values


if __name__ == "__main__":
    typer.run(main)
