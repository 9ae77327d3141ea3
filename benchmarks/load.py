"""A server that is read while a study runs on it: how long answers take, and by how much the study is slowed.

    python -m benchmarks.load [--quick] [--write] [--clients N] [--streams N] [--workers N]

Windows with visitors and windows without take turns while one study runs; in both the evaluations that were made are
counted, so that whatever else slows the machine slows both. The visitors' own work is on the same machine and counts.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

import psutil
import typer

import archsearch
from archsearch.board.intervals import t_interval
from archsearch.store import Store
from archsearch.study.environment import usable_cores
from benchmarks.machine import describe
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables

STUDY = """
study: load
space: lstm_to_gru
task: {name: adding, length: 100}
model: {hidden_size: 32}
training: {learning_rate: 0.001, batch_size: 32, sequences: 1600, checks: 2}
search: {sampler: random, pruner: none, trials: 5000, seeds: 1}
confirm: {best: 1, seeds: 1}
report: {best: 1, seeds: 2}
backend: native
seed: 1
"""
"""Short evaluations, each made to its end, more of them than the benchmark waits for."""


@dataclasses.dataclass(frozen=True)
class Window:
    """A stretch of time; `made` evaluations fell into it, parts of evaluations counted as parts."""

    visited: bool
    begun: float
    ended: float
    made: float = 0.0
    server: float = 0.0
    """Processor seconds of the server."""

    @property
    def rate(self) -> float:
        """Evaluations per second."""
        return self.made / (self.ended - self.begun)


@dataclasses.dataclass(frozen=True)
class Visited:
    """What the visitors of all windows met."""

    took: list[float]
    unchanged: int
    events: int
    wrong: list[str]


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Few and short windows, in a minute.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the tables into docs/{DOCUMENT.name}.")] = False,
    clients: Annotated[int, typer.Option(min=1, help="Clients that read the board.")] = 50,
    streams: Annotated[int, typer.Option(min=0, help="Streams of events.")] = 5,
    pause: Annotated[float, typer.Option(min=0.0, help="Seconds between two readings of a client.")] = 1.0,
    workers: Annotated[int | None, typer.Option(min=1, help="Evaluations at once; by default one per core.")] = None,
) -> None:
    """Run, and print the tables."""
    if write and quick:
        raise SystemExit("only a full run goes into the document")
    machine = describe(("fastapi", "uvicorn"))
    cores = workers or usable_cores()
    seconds, pairs = (4.0, 2) if quick else (10.0, 15)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/load.db"
        with serving(url, cores) as (link, process), archsearch.Client(link) as client:
            client.create(STUDY, start=True, workers=cores)
            _wait_for_evaluations(client, 4 * cores)
            windows, visited = measure(link, process, clients, streams, pause, seconds, pairs)
            client.cancel("load")
        windows = count(url, windows)
    made = tables(machine, windows, visited, {"clients": clients, "streams": streams, "pause": pause, "workers": cores})
    show(made)
    if visited.wrong:
        raise SystemExit(f"{len(visited.wrong)} went wrong: {sorted(set(visited.wrong))}")
    if write:
        write_tables("benchmarks.load", made)


@contextlib.contextmanager
def serving(url: str, cores: int) -> Iterator[tuple[str, psutil.Process]]:
    """`archsearch serve` in a process of its own: its link, and the process."""
    command = [sys.executable, "-m", "archsearch", "serve", "--port", "0", "--storage", url, "--cores", str(cores)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip(), psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def measure(
    link: str, process: psutil.Process, clients: int, streams: int, pause: float, seconds: float, pairs: int
) -> tuple[list[Window], Visited]:
    """Windows in turns, each pair in another order than the one before."""
    url, _, token = link.partition("?token=")
    visitors = [sys.executable, "-m", "benchmarks.visitors", url, token, "load", str(clients), str(streams)]
    windows: list[Window] = []
    visited = Visited([], 0, 0, [])
    for pair in range(pairs):
        for busy in (bool(pair % 2), not pair % 2):
            begun, before = time.time(), _spent(process)
            if busy:
                done = subprocess.run([*visitors, str(seconds), str(pause)], capture_output=True, text=True, check=True)
                found = Visited(**json.loads(done.stdout))
                visited = Visited(
                    visited.took + found.took,
                    visited.unchanged + found.unchanged,
                    visited.events + found.events,
                    visited.wrong + found.wrong,
                )
            else:
                time.sleep(seconds)
            windows.append(Window(busy, begun, time.time(), server=_spent(process) - before))
    return windows, visited


def count(url: str, windows: Sequence[Window]) -> list[Window]:
    """The windows with the evaluations that were made in each, as the database has them."""
    with Store.read(url) as store:
        row = store.find_study("load")
        assert row is not None
        spans = [
            (ended - run.evaluation.seconds, ended)
            for result in store.results(row.id, "search")
            for run in result.runs
            if run.evaluation is not None
            and (ended := datetime.fromisoformat(run.evaluation.finished_at).replace(tzinfo=UTC).timestamp())
        ]
    return [
        dataclasses.replace(
            window,
            made=sum(
                max(0.0, min(ended, window.ended) - max(begun, window.begun)) / (ended - begun)
                for begun, ended in spans
            ),
        )
        for window in windows
    ]


def tables(machine: dict[str, str], windows: Sequence[Window], visited: Visited, how: dict[str, float]) -> list[Table]:
    """All tables in order."""
    about = f"{how['clients']} clients, each reading the board about every {how['pause']} s, {how['streams']} streams"
    rows = [*machine.items(), ("visitors", about), ("study", f"adding, hidden 32, {how['workers']} workers")]
    quiet = [window.rate for window in windows if not window.visited]
    busy = [window.rate for window in windows if window.visited]
    slowed = [100 * (1 - one / other) for one, other in zip(busy, quiet, strict=True)]
    interval = t_interval(slowed)
    spread = f" [{interval.low:+.1f}, {interval.high:+.1f}]" if interval else ""
    took = sorted(visited.took)
    share = 100 * sum(w.server for w in windows if w.visited) / sum(w.ended - w.begun for w in windows if w.visited)
    figures = [
        ("boards read", f"{len(took)}, {visited.unchanged} of them unchanged (304)"),
        ("answers that were wrong or missing", str(len(visited.wrong))),
        ("events received", str(visited.events)),
        ("median", f"{1000 * statistics.median(took):.1f} ms"),
        ("95th percentile", f"{1000 * took[int(0.95 * len(took))]:.1f} ms (target 200)"),
        ("99th percentile", f"{1000 * took[int(0.99 * len(took))]:.1f} ms"),
        ("slowest", f"{1000 * took[-1]:.1f} ms"),
        ("server, processor time", f"{share:.1f} % of one core"),
        ("evaluations per second, without visitors", f"{statistics.mean(quiet):.2f}"),
        ("evaluations per second, with visitors", f"{statistics.mean(busy):.2f}"),
        ("study slowed by", f"{statistics.mean(slowed):+.1f} %{spread} (target 5)"),
    ]
    note = f"{len(quiet)} windows of each kind in turns; intervals at 95 %. The visitors run on the same cores."
    return [
        Table("Machine and visitors", "", ("what", "value"), rows, words=2),
        Table("Boards read while a study runs", note, ("what", "value"), figures, words=2),
    ]


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _wait_for_evaluations(client: archsearch.Client, wanted: int) -> None:
    for progress in client.events("load"):
        if progress.trials >= wanted:
            return


if __name__ == "__main__":
    typer.run(main)
