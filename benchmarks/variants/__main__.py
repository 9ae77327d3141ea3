"""The report of a study that compares cells on several tasks, from what is stored; nothing is run.

    python -m benchmarks.variants [--study FILE] [--storage URL]

Writes a page and a picture beside the study file, under its name, and the summary into the README.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archsearch.cli.options import Storage
from archsearch.errors import ArchsearchError
from archsearch.study import DEFAULT_STORAGE
from benchmarks.tables import README, put
from benchmarks.variants.picture import draw
from benchmarks.variants.report import readme, report
from benchmarks.variants.study import read_record

STUDY = README.parent / "studies" / "which_variant.yaml"


def main(
    study: Annotated[Path, typer.Option("--study", metavar="FILE", help="The study's file.")] = STUDY,
    storage: Storage = DEFAULT_STORAGE,
    summary: Annotated[
        Path, typer.Option("--readme", metavar="FILE", help="Where the summary goes, between the marks.")
    ] = README,
) -> None:
    """Write the report of a study that has been run."""
    try:
        record = read_record(study, storage)
    except ArchsearchError as error:
        raise SystemExit(str(error)) from error
    page, picture = study.with_suffix(".md"), study.with_suffix(".svg")
    draw(record.found, picture)
    page.write_text(report(record, picture.name), encoding="utf-8")
    folder = study.resolve().parent.relative_to(summary.resolve().parent).as_posix()
    put(study.stem, readme(record, f"{folder}/{page.name}", f"{folder}/{picture.name}"), summary)
    print(f"wrote {page}, {picture} and the summary in {summary}")


if __name__ == "__main__":
    typer.run(main)
