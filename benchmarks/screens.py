"""Pictures of every page, light, dark and on a phone, for docs/web.md.

    python -m benchmarks.screens [--storage URL] [--only NAME] [--folder FOLDER]

They are taken by Chromium from a real server on a database with a finished study `quickstart` (by default one is run
first, in a minute or two) and with a second one that runs meanwhile.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from playwright.sync_api import Browser, Page

import archsearch
from archsearch.store.store import Store
from archsearch.study.stored import find_study
from archsearch.web.report import make_report
from benchmarks import chromium
from benchmarks.serving import serving

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
LOOKS = {"light": (WIDE, "light"), "dark": (WIDE, "dark"), "phone": (PHONE, "light")}

MISTAKEN = """\
space: mine
wiring: lstm
holes:
  coupling: [none, i = 1 - f]
  peepholes: {subset_of: [input, forgt, output]}
  squash: [tanh, identty]
"""


def main(
    storage: Annotated[str | None, typer.Option(help="SQLite with a finished study quickstart; it is copied.")] = None,
    only: Annotated[str | None, typer.Option(help="Only the page with this name.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the pictures go.")] = FOLDER,
) -> None:
    """Take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        url = f"sqlite:///{work}/studies.db"
        if storage is None:
            subprocess.run([sys.executable, "-m", "archsearch", "run", "quickstart", "--storage", url], check=True)
        else:
            with closing(sqlite3.connect(storage.removeprefix("sqlite:///"))) as source:
                source.execute("VACUUM INTO ?", (f"{work}/studies.db",))
        with serving(url, "--cores", "1") as (link, _), archsearch.Client(link) as client:
            client.create(_another(), start=True, workers=1)
            best = next(row for row in client.board("quickstart").rows if row.role == "candidate").spec_id
            report = Path(work) / "report.html"
            with Store.read(url) as store:
                report.write_text(make_report(store, find_study(store, "quickstart")), encoding="utf-8")
            every = _pages(best) | {"report": report.as_uri()}
            pages = {name: path for name, path in every.items() if only in (None, name)}
            with chromium.started("--hide-scrollbars") as browser:
                for look in LOOKS:
                    take(browser, link, pages, look, folder)
            client.cancel("long_order")


def take(browser: Browser, link: str, pages: dict[str, str], look: str, folder: Path) -> None:
    """All pages in one look."""
    size, scheme = LOOKS[look]
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(link)
    base = link.partition("?")[0].rstrip("/")
    for name, path in pages.items():
        page.goto(path if path.startswith("file:") else base + path)
        if name == "new_mistakes":
            page.get_by_role("textbox", name="Space").fill(MISTAKEN)
            page.get_by_role("button", name="Check", exact=True).click()
        _settle(page)
        page.screenshot(path=folder / f"{name}-{look}.png", full_page=name not in _LONG, animations="disabled")
    context.close()


_LONG: Sequence[str] = ("cells",)
"""Pages of which the first screen is enough."""


def _pages(best: str) -> dict[str, str]:
    entry = f"entry%3A{best}%3Aquickstart"
    return {
        "studies": "/",
        "study": "/study?name=quickstart",
        "study_running": "/study?name=long_order",
        "candidate": f"/candidate?study=quickstart&spec={best}",
        "compare": f"/compare?item={entry}&item=cell%3Alstm",
        "compare_four": f"/compare?item={entry}&item=cell%3Alstm&item=cell%3Agru&item=cell%3Apeephole_lstm",
        "cells": "/cells",
        "cell": "/cell?name=lstm",
        "new": "/new?space=lstm_to_gru&study=quickstart",
        "new_mistakes": "/new",
        "delete": "/study/delete?name=quickstart",
        "missing": "/study?name=nowhere",
    }


def _another() -> str:
    """A study that is still running when the pictures are taken."""
    shipped = Path(archsearch.__file__).parent.parent / "studies" / "quickstart.yaml"
    return (
        shipped.read_text(encoding="utf-8")
        .replace("study: quickstart", "study: long_order")
        .replace("trials: 24", "trials: 400")
    )


def _settle(page: Page) -> None:
    """Wait until nothing is loaded any more: diagrams and importance come after the page."""
    page.wait_for_load_state("load")
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    page.wait_for_timeout(1500)
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


if __name__ == "__main__":
    typer.run(main)
