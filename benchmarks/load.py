"""A server that is read while a study runs on it: how long answers take, and by how much the study is slowed.

    python -m benchmarks.load [--quick] [--write] [--clients N] [--streams N] [--workers N]

Windows without visitors and windows with visitors at two paces take turns while one study runs; in all of them the
evaluations that were made are counted, so that whatever else slows the machine slows all. The visitors' own work is on
the same machine and counts.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated

import psutil
import typer

import archsearch
from archsearch.board.intervals import t_interval
from archsearch.store.store import Store
from archsearch.study.environment import usable_cores
from benchmarks.machine import describe
from benchmarks.serving import serving
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables
from benchmarks.visitors import Visits

STUDY = """
study: load
space: {wiring: lstm}
task: {name: adding, length: 100}
model: {hidden_size: 32}
training: {learning_rate: 0.001, batch_size: 32, sequences: 4800, checks: 6}
holes: {training.learning_rate: {float: [0.0001, 0.001], log: true}}
search: {sampler: random, pruner: none, trials: 5000, seeds: 1}
confirm: {best: 1, seeds: 1}
report: {best: 1, seeds: 2}
backend: native
seed: 1
"""
"""Evaluations of one cell, each made to its end and so as long as the others: about a second, as in the quickstart."""

PACES = (1.0, 2.0)
"""Seconds between two readings of a client: pages ask once a second at most, and that only when something changes."""


@dataclasses.dataclass(frozen=True)
class Window:
    """A stretch of time; `made` evaluations fell into it, parts of evaluations counted as parts.

    `pace` is that of the visitors, in seconds; None without any.
    """

    pace: float | None
    begun: float
    ended: float
    made: float = 0.0
    server: float = 0.0
    """Processor seconds of the server."""

    @property
    def rate(self) -> float:
        """Evaluations per second."""
        return self.made / (self.ended - self.begun)


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Few and short windows, in a minute.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the tables into docs/{DOCUMENT.name}.")] = False,
    clients: Annotated[int, typer.Option(min=1, help="Clients that read the board.")] = 50,
    streams: Annotated[int, typer.Option(min=0, help="Streams of events.")] = 5,
    workers: Annotated[int | None, typer.Option(min=1, help="Evaluations at once; by default one per core.")] = None,
) -> None:
    """Run, and print the tables."""
    if write and quick:
        raise SystemExit("only a full run goes into the document")
    machine = describe(("fastapi", "uvicorn"))
    cores = workers or usable_cores()
    seconds, rounds = (4.0, 2) if quick else (8.0, 30)
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/load.db"
        with serving(url, "--cores", str(cores)) as (link, process), archsearch.Client(link) as client:
            client.create(STUDY, start=True, workers=cores)
            _wait_for_evaluations(client, 4 * cores)
            windows, visited = measure(link, process, clients, streams, seconds, rounds)
            client.cancel("load")
        windows = count(url, windows)
    made = tables(machine, windows, visited, {"clients": clients, "streams": streams, "workers": cores})
    show(made)
    wrong = [each for found in visited.values() for each in found.wrong]
    if wrong:
        raise SystemExit(f"{len(wrong)} went wrong: {sorted(set(wrong))}")
    if write:
        write_tables("benchmarks.load", made)


def measure(
    link: str, process: psutil.Process, clients: int, streams: int, seconds: float, rounds: int
) -> tuple[list[Window], dict[float, Visits]]:
    """Windows of each kind in turns, each round in another order than the one before; all visits of each pace."""
    url, _, token = link.partition("?token=")
    visitors = [sys.executable, "-m", "benchmarks.visitors", url, token, "load", str(clients), str(streams)]
    windows: list[Window] = []
    visited = {pace: Visits() for pace in PACES}
    kinds: list[float | None] = [None, *PACES]
    for number in range(rounds):
        first = number % len(kinds)
        for pace in (*kinds[first:], *kinds[:first]):
            with contextlib.ExitStack() as stack:
                ready = None if pace is None else stack.enter_context(_arriving([*visitors, str(seconds), str(pace)]))
                begun, before = time.time(), _spent(process)
                if pace is None or ready is None:
                    time.sleep(seconds)
                else:
                    _add(visited[pace], ready())
                windows.append(Window(pace, begun, time.time(), server=_spent(process) - before))
    return windows, visited


@contextlib.contextmanager
def _arriving(command: Sequence[str]) -> Iterator[Callable[[], Visits]]:
    """Visitors at the door: what is called lets them in, and returns what they have met. Arriving is not timed."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        knock, said = process.stdin, process.stdout
        if said.readline() != "ready\n":
            raise SystemExit("the visitors did not come")

        def visit() -> Visits:
            print(file=knock, flush=True)
            return Visits(**json.loads(said.readline()))

        yield visit


def _add(visited: Visits, found: Visits) -> None:
    visited.took += found.took
    visited.unchanged += found.unchanged
    visited.events += found.events
    visited.wrong += found.wrong
    visited.own += found.own


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


def tables(
    machine: dict[str, str], windows: Sequence[Window], visited: dict[float, Visits], how: dict[str, float]
) -> list[Table]:
    """All tables in order."""
    rows = [
        *machine.items(),
        ("visitors", f"{how['clients']} clients that read the board, {how['streams']} streams of events"),
        ("study", f"adding, length 100, hidden 32, {how['workers']} workers"),
    ]
    columns = [_figures(windows, pace, visited[pace]) for pace in PACES]
    figures = [(name, *(column[name] for column in columns)) for name in columns[0]]
    number = sum(window.pace is None for window in windows)
    note = f"{number} windows of each kind in turns; intervals at 95 %. The visitors run on the same cores."
    heads = ("each client reads about every", *(f"{pace:g} s" for pace in PACES), "target")
    targets = {"95th percentile": "200 ms", "study slowed by": "5 %", "answers that were wrong or missing": "0"}
    return [
        Table("Machine and visitors", "", ("what", "value"), rows, words=2),
        Table("Boards read while a study runs", note, heads, [(*row, targets.get(row[0], "")) for row in figures]),
    ]


def _figures(windows: Sequence[Window], pace: float, visited: Visits) -> dict[str, str]:
    """What is said of one pace."""
    quiet = [window.rate for window in windows if window.pace is None]
    busy = [window for window in windows if window.pace == pace]
    slowed = [100 * (1 - one.rate / other) for one, other in zip(busy, quiet, strict=True)]
    interval = t_interval(slowed)
    spread = f" [{interval.low:+.1f}, {interval.high:+.1f}]" if interval else ""
    took = sorted(visited.took)
    seconds = sum(window.ended - window.begun for window in busy)
    return {
        "boards read": f"{len(took):,}",
        "of them unchanged (304)": f"{visited.unchanged:,}",
        "answers that were wrong or missing": str(len(visited.wrong)),
        "events received": f"{visited.events:,}",
        "median": f"{1000 * statistics.median(took):.1f} ms",
        "95th percentile": f"{1000 * took[int(0.95 * len(took))]:.1f} ms",
        "99th percentile": f"{1000 * took[int(0.99 * len(took))]:.1f} ms",
        "slowest": f"{1000 * took[-1]:.1f} ms",
        "server, of one core": f"{100 * sum(window.server for window in busy) / seconds:.1f} %",
        "visitors themselves, of one core": f"{100 * visited.own / seconds:.1f} %",
        "evaluations per second, without visitors": f"{statistics.mean(quiet):.2f}",
        "evaluations per second, with visitors": f"{statistics.mean(window.rate for window in busy):.2f}",
        "study slowed by": f"{statistics.mean(slowed):+.1f} %{spread}",
    }


def _spent(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _wait_for_evaluations(client: archsearch.Client, wanted: int) -> None:
    for progress in client.events("load"):
        if progress.trials >= wanted:
            return


if __name__ == "__main__":
    typer.run(main)
