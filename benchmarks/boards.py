"""Boards of a study of ten thousand trials over HTTP: how long the first rows take, kept ones, sorted ones, a change.

    python -m benchmarks.boards [--quick] [--write] [--trials N]

A client reads from a real server, one request at a time; a time runs from the request to the last byte of the answer.
Each round begins with one evaluation more, so that nothing is kept from before. *Update*: from the commit of another
one to the end of the first answer that has it, read again and again by a client that has the board of just before.
"""

from __future__ import annotations

import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

import httpx
import psutil
import typer

from benchmarks import large_study
from benchmarks.machine import describe
from benchmarks.serving import serving
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables

_QUIET = 2.0
"""Seconds after which the server looks at the database again, whatever it has kept."""

STUDY = f"/api/v1/studies/{large_study.NAME}"
BOARD = f"{STUDY}/board"
LOOKS: Mapping[str, tuple[str, dict[str, str]]] = {
    "board, drawn anew": (BOARD, {}),
    "the same again": (BOARD, {}),
    "sorted by a column": (BOARD, {"sort": "difference"}),
    "sorted by a hole": (BOARD, {"sort": large_study.RATE}),
    "filtered by a hole": (BOARD, {"filter": "coupling=none"}),
    "trials, the first page": (f"{STUDY}/trials", {}),
    "trials, the best": (f"{STUDY}/trials", {"sort": "value", "descending": "true"}),
    "list of studies": ("/api/v1/studies", {}),
}
"""What is looked at in each round, in this order."""

Taken = dict[str, list[float]]


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A thousand trials and few rounds.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the tables into docs/{DOCUMENT.name}.")] = False,
    trials: Annotated[int | None, typer.Option(min=1, help="Trials of the study.")] = None,
) -> None:
    """Measure, and print the tables."""
    if write and (quick or trials):
        raise SystemExit("only a full run goes into the document")
    machine = describe(("fastapi", "uvicorn", "sqlalchemy"))
    wanted, rounds = trials or (1000 if quick else large_study.TRIALS), 3 if quick else 15
    taken: Taken = {}
    with tempfile.TemporaryDirectory() as folder:
        large_study.make(f"{folder}/large.db", wanted)
        url = f"sqlite:///{folder}/large.db"
        numbers = itertools.count(wanted)
        with serving(url, "--cores", "1") as (link, process), _client(link) as http:
            http.get(BOARD)  # what is imported at the first request is not timed
            for _ in range(rounds):
                _round(http, process, url, numbers, taken)
    made = tables(machine, wanted, taken)
    show(made)
    if write:
        write_tables("benchmarks.boards", made)


def _client(link: str) -> httpx.Client:
    base, _, token = link.partition("/?token=")
    return httpx.Client(base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=60, trust_env=False)


def _round(http: httpx.Client, process: psutil.Process, url: str, numbers: Iterator[int], taken: Taken) -> None:
    number = next(numbers)
    large_study.add_one(url, number)
    time.sleep(_QUIET)
    before = sum(process.cpu_times()[:2])
    for name, (path, parameters) in LOOKS.items():
        begun = time.perf_counter()
        answer = http.get(path, params=parameters)
        taken.setdefault(name, []).append(time.perf_counter() - begun)
        answer.raise_for_status()
        if name in ("board, drawn anew", "the same again") and _entries(answer) != _expected(number):
            raise SystemExit(f"{name}: {_entries(answer)} entries, not {_expected(number)}")
    taken.setdefault("processor time of all these", []).append(sum(process.cpu_times()[:2]) - before)
    taken.setdefault("update", []).append(_update(http, url, next(numbers)))


def _update(http: httpx.Client, url: str, number: int) -> float:
    """Seconds from a commit until a client sees it that asks all the time, as fast as a browser would at most."""
    time.sleep(_QUIET)
    answer = http.get(BOARD)
    large_study.add_one(url, number)
    begun = time.perf_counter()
    while True:
        answer = http.get(BOARD, headers={"If-None-Match": answer.headers["etag"]})
        if answer.status_code == httpx.codes.OK and _entries(answer) == _expected(number):
            return time.perf_counter() - begun
        time.sleep(0.01)


def _entries(answer: httpx.Response) -> int:
    return int(answer.json()["total"])


def _expected(number: int) -> int:
    """Entries when the trial with this number is the last: the two baselines are among them."""
    return number + 1 + 2


def tables(machine: Mapping[str, str], trials: int, taken: Mapping[str, Sequence[float]]) -> list[Table]:
    """All tables in order."""
    rows = [*machine.items(), ("study", f"{trials:,} trials, a page of 100 rows")]
    figures = [
        (name, _milliseconds(statistics.median(times)), _milliseconds(max(times)), _target(name))
        for name, times in taken.items()
    ]
    rounds = len(next(iter(taken.values())))
    note = f"{rounds} rounds. What is drawn or sorted in a round is drawn and sorted for the first time in it."
    return [
        Table("Machine and study", "", ("what", "value"), rows, words=2),
        Table("Boards and lists over HTTP", note, ("", "median, ms", "slowest, ms", "target, ms"), figures),
    ]


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.1f}"


def _target(name: str) -> str:
    if name == "processor time of all these":
        return ""
    return f"{1000 * (large_study.UPDATE if name == 'update' else large_study.FIRST):.0f}"


if __name__ == "__main__":
    typer.run(main)
