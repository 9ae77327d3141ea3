"""Processor time of the coordinator per evaluation: proposing, recording, deciding, and Optuna's copy at the end.

    python -m benchmarks.coordinator [--quick] [--write] [--json FILE] [SAMPLER...]

The executor is a table that answers at once, so all processor time of a run is the coordinator's. The database lies in
memory where the machine has such a folder. Each run is a process of its own.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json as json_form
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from archsearch.schema.canonical import digest
from archsearch.schema.score import Score
from archsearch.study import coordinator
from archsearch.study.definition import load_study
from archsearch.study.executors import Event, Finished, Job, Reported
from benchmarks.machine import describe
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables

SAMPLERS = ("random", "nsga2", "tpe")
TRIALS = (100, 1000, 5000)
TARGET = 8.0
"""Milliseconds per evaluation, with random and nsga2."""

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in memory
_CHECKS = 20
_WORKERS = 2

STUDY = """
study: {name}
space: lstm_to_gru
task: {{name: temporal_order, length: 50, markers: 2}}
model: {{hidden_size: 16}}
training: {{learning_rate: 0.01, batch_size: 32, sequences: 12800, checks: {checks}}}
holes: {{training.learning_rate: {{float: [0.001, 0.03], log: true}}}}
baselines: [rnn, lstm, gru]
search: {{sampler: {sampler}, pruner: {pruner}, trials: {trials}, seeds: 1}}
confirm: {{best: 4, seeds: 4}}
report: {{best: 1, seeds: 8}}
backend: native
seed: 1
"""


@dataclasses.dataclass(frozen=True)
class Row:
    """One run: `ms` of processor time per evaluation, of a study with a number of `trials` and of `evaluations`."""

    sampler: str
    pruner: str
    trials: int
    evaluations: int
    ms: float


class TableExecutor:
    """Answers at once with made-up scores, which follow from spec and seed."""

    environment: Mapping[str, object] = {"python": "3"}
    version = 1

    def __init__(self, slots: int) -> None:
        self.slots = slots
        self._jobs: list[Job] = []

    def submit(self, job: Job) -> None:
        """Keep it for the next `wait`."""
        self._jobs.append(job)

    def wait(self, timeout: float) -> Sequence[Event]:
        """All reports and the score of all jobs."""
        jobs, self._jobs = self._jobs, []
        return list(itertools.chain.from_iterable(map(_events, jobs)))

    def stop(self, number: int) -> float:
        """Nothing runs."""
        return 0.0

    def close(self) -> None:
        """Nothing runs."""


def _events(job: Job) -> list[Event]:
    mark = digest({**job.spec, "seed": str(job.seed)}, 16)
    value = int.from_bytes(hashlib.sha256(mark.encode()).digest()[:6], "big") / 2**48
    shares = [(check, value * check / _CHECKS) for check in range(1, _CHECKS + 1)]
    score = Score(
        objective=value, final=value, best=value, test=value if job.read_test else None, solved=False,
        sequences_to_solve=None, curve=[(640 * check, share) for check, share in shares], parameters=1300,
        operations=1400, stages=1, seconds=0.0, backend=job.backends[0], backend_reason="",
        compiled=True, weights_hash=mark,
    )  # fmt: skip
    reports = [Reported(job.number, check, share) for check, share in shares]
    return [*reports, Finished(job.number, score, b"weights" if job.keep_weights else None, 0.1)]


def measure(sampler: str, pruner: str, trials: int) -> Row:
    """Run a study in this process, after a small one with which everything is imported."""
    folder = _MEMORY if _MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as name:
        url = f"sqlite:///{name}/study.db"
        _run(url, "warm", sampler, pruner, 2)
        return _run(url, "measured", sampler, pruner, trials)


def _run(url: str, name: str, sampler: str, pruner: str, trials: int) -> Row:
    text = STUDY.format(name=name, sampler=sampler, pruner=pruner, trials=trials, checks=_CHECKS)
    definition, evaluations = load_study(text), 0

    class Counting(TableExecutor):
        def submit(self, job: Job) -> None:
            nonlocal evaluations
            evaluations += 1
            super().submit(job)

    begun = time.process_time()
    coordinator.run(definition, url, _WORKERS, executor=Counting)
    spent = time.process_time() - begun
    return Row(sampler, pruner, trials, evaluations, round(1000 * spent / evaluations, 2))


def main(
    samplers: Annotated[list[str] | None, typer.Argument(help=f"By default {', '.join(SAMPLERS)}.")] = None,
    quick: Annotated[bool, typer.Option("--quick", help="A hundred trials only.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the table into docs/{DOCUMENT.name}.")] = False,
    json: Annotated[Path | None, typer.Option(help="Write the run's figures to this file.")] = None,
    pruner: Annotated[str, typer.Option(help="The pruner of all studies.")] = "none",
    trials: Annotated[int | None, typer.Option(min=1, help="Trials of each study.")] = None,
) -> None:
    """Measure, and print the table."""
    if write and (quick or samplers or trials):
        raise SystemExit("only a full run goes into the document")
    sizes = (trials,) if trials else TRIALS[:1] if quick else TRIALS
    rows = [_in_process(sampler, pruner, size) for sampler in samplers or SAMPLERS for size in sizes]
    if json:
        form = {"machine": describe(("optuna", "sqlalchemy")), "rows": [dataclasses.asdict(row) for row in rows]}
        json.write_text(json_form.dumps(form, indent=1) + "\n", encoding="utf-8")
    made = [table(rows)]
    show(made)
    if write:
        write_tables("benchmarks.coordinator", made)


def _in_process(sampler: str, pruner: str, trials: int) -> Row:
    call = f"print(json.dumps(dataclasses.asdict(measure({sampler!r}, {pruner!r}, {trials}))))"
    program = f"import dataclasses, json; from benchmarks.coordinator import measure; {call}"
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=True)
    return Row(**json_form.loads(done.stdout))


def table(rows: Sequence[Row]) -> Table:
    """Samplers and trials against milliseconds."""
    note = (
        f"Processor time per evaluation in milliseconds, with {_CHECKS} checks each, everything included: proposals,"
        f" database, Optuna's copy. Target: {TARGET:g} with random and nsga2, whatever the number of trials."
    )
    head = ("sampler", "pruner", "trials", "evaluations", "ms per evaluation")
    cells = [(row.sampler, row.pruner, f"{row.trials:,}", f"{row.evaluations:,}", f"{row.ms:.1f}") for row in rows]
    return Table("The coordinator", note, head, cells, words=2)


if __name__ == "__main__":
    typer.run(main)
