"""The process of the extended package: answers one request a line, each a door and its arguments, as JSON."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import archsearch
from archsearch import registry
from archsearch.cli.main import main
from archsearch.web.site import make_site
from tests.api.serving import serving

STORAGE = "sqlite:///archsearch.db"


def call(*arguments: str) -> list[Any]:
    """Run a command: its exit status, and what it prints."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return [status, out.getvalue(), err.getvalue()]


def get(path: str) -> list[Any]:
    """Ask a server for a path: the status of the answer, and its text."""
    with serving(STORAGE, token=None, make=make_site) as served, served.http() as client:
        answer = client.get(path)
        return [answer.status_code, answer.text]


DOORS: dict[str, Callable[..., Any]] = {"call": call, "get": get, "names": registry.names}


def answer_all() -> None:
    """Answer requests until there are no more."""
    answers = sys.stdout
    for line in sys.stdin:
        door, arguments = json.loads(line)
        answers.write(json.dumps(DOORS[door](*arguments)) + "\n")
        answers.flush()


if __name__ == "__main__":
    assert Path(archsearch.__file__).parents[1] == Path(sys.path[1]), "the copy, not the checkout"
    answer_all()
