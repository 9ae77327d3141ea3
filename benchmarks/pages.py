"""Pages of a study of ten thousand trials, in a browser: when the first rows stand there, and when a change does.

    python -m benchmarks.pages [--quick] [--write] [--trials N]

Chromium loads the page of the study from a real server. *First rows*: from the navigation to the moment at which the
board's first row is laid out. *Update*: from the commit of one evaluation more to the moment at which the page, which
was told by its stream of events, shows it. Each round begins with a change, so that no board is kept from before.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from playwright.sync_api import Page

from benchmarks import chromium, large_study
from benchmarks.machine import describe
from benchmarks.serving import serving
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables

_WATCH = """(() => {
  const look = () => {
    const row = document.querySelector("table.board tbody tr");
    if (row && row.getBoundingClientRect().height > 0) window.firstRow = performance.now();
    else requestAnimationFrame(look);
  };
  look();
})()"""
_SHOWN = """(wanted) => new Promise((done) => {
  const look = () => document.querySelector("#progress").textContent.includes(wanted)
    ? done(performance.timeOrigin + performance.now()) : requestAnimationFrame(look);
  look();
})"""


def main(
    quick: Annotated[bool, typer.Option("--quick", help="A thousand trials and few rounds.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the table into docs/{DOCUMENT.name}.")] = False,
    trials: Annotated[int | None, typer.Option(min=100, help="Trials of the study.")] = None,
) -> None:
    """Measure, and print the table."""
    if write and (quick or trials):
        raise SystemExit("only a full run goes into the document")
    machine = describe(("fastapi", "uvicorn", "playwright"))
    wanted, rounds = trials or (1000 if quick else large_study.TRIALS), 5 if quick else 15
    with tempfile.TemporaryDirectory() as folder:
        large_study.make(f"{folder}/large.db", wanted)
        url = f"sqlite:///{folder}/large.db"
        with serving(url, "--cores", "1") as (link, _), chromium.started() as browser:
            page = browser.new_page()
            page.add_init_script(_WATCH)
            version = browser.version
            page.goto(link)
            base = link.partition("?")[0].rstrip("/")
            first = [first_rows(page, f"{base}/study?name={large_study.NAME}", url, wanted + n) for n in range(rounds)]
            page.goto(f"{base}/study?name={large_study.NAME}")
            page.wait_for_timeout(8000)  # the stream of events has told how things are, and importance has come
            update = [updated(page, url, wanted + rounds + n) for n in range(rounds)]
    taken = {"first rows": (first, large_study.FIRST), "update": (update, large_study.UPDATE)}
    made = tables(machine, version, wanted, taken)
    show(made)
    if write:
        write_tables("benchmarks.pages", made)


def first_rows(page: Page, address: str, url: str, number: int) -> float:
    """Seconds from the navigation to the first row, of a board that has just changed."""
    page.goto("about:blank")
    large_study.add_one(url, number)
    page.wait_for_timeout(1000)  # beyond the time for which a board is shown again without a look at the database
    page.goto(address, wait_until="commit")
    page.wait_for_function("() => window.firstRow")
    ended: float = page.evaluate("() => window.firstRow")
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")  # importance comes after the page
    return ended / 1000


def updated(page: Page, url: str, number: int) -> float:
    """Seconds from an evaluation's commit until the page shows it."""
    page.wait_for_timeout(1500)
    large_study.add_one(url, number)
    begun = time.time()
    shown: float = page.evaluate(_SHOWN, f"{number + 3:,} of")  # the two baselines are counted, too
    return shown / 1000 - begun


def tables(
    machine: Mapping[str, str], version: str, trials: int, taken: Mapping[str, tuple[Sequence[float], float]]
) -> list[Table]:
    """All tables in order."""
    rows = [*machine.items(), ("browser", f"Chromium {version}"), ("study", f"{trials:,} trials")]
    figures = [
        (name, f"{statistics.median(times):.2f} s", f"{max(times):.2f} s", f"{target} s", str(len(times)))
        for name, (times, target) in taken.items()
    ]
    return [
        Table("Machine and study", "", ("what", "value"), rows, words=2),
        Table("A study's page in a browser", "", ("", "median", "slowest", "target", "rounds"), figures),
    ]


if __name__ == "__main__":
    typer.run(main)
