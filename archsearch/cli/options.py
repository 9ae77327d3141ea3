"""Options that several commands share, so that each is spelt and explained once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE, MOST_UNITS

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV instead of text.")]


def _default_storage(context: typer.Context, storage: str) -> str:
    """The database named in `.env`, unless an option or a variable of the environment names one."""
    source = context.get_parameter_source("storage")
    if source is None or source.name != "DEFAULT" or not Path(".env").exists():
        return storage
    from archsearch.study.defaults import default_storage

    return default_storage()


Storage = Annotated[
    str,
    typer.Option(
        "--storage",
        metavar="URL",
        envvar="ARCHSEARCH_STORAGE",
        help="The database: sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE.",
        callback=_default_storage,
    ),
]

TasksFrom = Annotated[
    Path | None, typer.Option("--tasks-from", metavar="DIR", help="A folder with task files (Python) of your own.")
]

Reference = Annotated[str | None, typer.Argument(metavar="CELL", help="A shipped cell or wiring, or a path.")]
OfStudy = Annotated[
    str | None, typer.Option("--study", metavar="STUDY", help="Take the cell from this study's board instead.")
]
Rank = Annotated[
    int | None,
    typer.Option("--rank", metavar="N", min=1, help="Its rank on the board of --study.", show_default="1"),
]

OutputFile = Annotated[
    Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write it here, not to stdout.")
]


def _size(flag: str, words: str, default: bool | str = True) -> Any:
    return typer.Option(flag, metavar="N", min=1, max=MOST_UNITS, help=words, show_default=default)


InputSize = Annotated[int, _size("--input-size", "Features per step.")]
HiddenSize = Annotated[int, _size("--hidden-size", "Values per state.")]
_OF_TASK, _OF_MODEL = f"{INPUT_SIZE}; with --study, that of its task", f"{HIDDEN_SIZE}; with --study, that of its model"
OwnInputSize = Annotated[int | None, _size("--input-size", "Features per step.", _OF_TASK)]
OwnHiddenSize = Annotated[int | None, _size("--hidden-size", "Values per state.", _OF_MODEL)]
Limit = Annotated[int | None, typer.Option("--limit", metavar="N", min=1, help="Show at most N rows.")]
StudyName = Annotated[
    str,
    typer.Argument(
        metavar="STUDY",
        help="A study's name or its file; a file with several tasks stands for a study of each.",
        show_default=False,
    ),
]
