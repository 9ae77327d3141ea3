"""`archsearch init`: a small study to start from."""

from __future__ import annotations

import contextlib
import shlex
from pathlib import Path
from typing import Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.output import say, visible
from archsearch.errors import Refused
from archsearch.registry import PACKAGE_FOLDER

STUDY = "starter_study.yaml"
STARTER = PACKAGE_FOLDER / "cli" / "starter"


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to; made when missing.")] = Path(),
) -> None:
    """Write a small space and study to start from.

    Nothing is overwritten.
    """
    files = sorted(STARTER.glob("*.yaml"))
    texts = {folder / file.name: file.read_text(encoding="utf-8") for file in files}
    existing = [path for path in texts if path.exists() or path.is_symlink()]
    if existing:
        raise Refused(f"already there: {', '.join(map(visible, existing))}; nothing was written")
    _write(folder, texts)
    for path in texts:
        say(f"wrote {path}")
    say()
    say(f"check them: archsearch validate {shlex.join(map(str, texts))}")
    say(f"run it:     archsearch run {shlex.quote(str(folder / STUDY))}")


def _write(folder: Path, texts: dict[Path, str]) -> None:
    """Write all files or none."""
    with contextlib.ExitStack() as undo:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for path, text in texts.items():
                with path.open("x", encoding="utf-8") as stream:
                    undo.callback(path.unlink, missing_ok=True)
                    stream.write(text)
        except OSError as error:
            raise Refused(f"cannot write {visible(error.filename or folder)}: {error.strerror}") from error
        undo.pop_all()


COMMAND = Command("Studies", init)
