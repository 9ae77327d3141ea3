"""The process in which texts are checked and cells drawn: JSON lines in and out. It opens no file that a text names.

`processes.py` says what stands in the lines. Tasks of the user's own run here, and may read and print as they like.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from archsearch.api.operations import Check, Checked, CheckStudy, Define, Defined, Draw, Drawn, Operation
from archsearch.api.reports import Sample
from archsearch.errors import ArchsearchError, InvalidInput, Problem, Refused
from archsearch.registry import closed_files
from archsearch.server.mistakes import mistake_values
from archsearch.study import checking


def main(memory: int, seconds: int, tasks_from: Path | None) -> None:
    """Answer until the input ends; the kernel ends what takes too long, also where the server is gone."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    questions, replies = _private()
    with closed_files():
        for line in questions:
            signal.alarm(seconds)
            reply = json.dumps(reply_to(json.loads(line), tasks_from))
            signal.alarm(0)
            replies.write(f"{reply}\n")
            replies.flush()


def _private() -> tuple[TextIO, TextIO]:
    """What the server says, and what is said to it. Others that read find nothing, and print to the standard error."""
    found = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return found


def reply_to(line: Mapping[str, Any], tasks_from: Path | None = None) -> dict[str, Any]:
    """The answer to a line with its number, or what went wrong, as plain values."""
    number = {"number": line["number"]}
    try:
        return number | {"found": answer(line["asked"], tasks_from)}
    except InvalidInput as error:
        return number | {"problems": _mistakes(error.problems)}
    except ArchsearchError as error:
        return number | {"refused": str(error)}
    except MemoryError:  # with nothing left, the process ends
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  (the server logs it)
        return number | {"error": type(error).__name__, "trace": traceback.format_exc()}


def answer(asked: Operation, tasks_from: Path | None = None) -> Checked | Defined | Drawn:
    """What is asked, as plain values."""
    if asked["operation"] == "check":
        return _check(asked, tasks_from)
    if asked["operation"] == "check_study":
        return _check_study(asked, tasks_from)
    if asked["operation"] == "define":
        return _define(asked, tasks_from)
    return _draw(asked)


def _check(asked: Check, tasks_from: Path | None) -> Checked:
    return _checked(checking.check_text(asked["text"], tasks_from), asked)


def _check_study(asked: CheckStudy, tasks_from: Path | None) -> Checked:
    return _checked(checking.check_study(asked["study"], asked["space"], tasks_from), asked)


def _checked(found: checking.Report, asked: Check | CheckStudy) -> Checked:
    size: int | None = None
    samples: tuple[Sample, ...] = ()
    if asked["samples"] and found.space is not None and not found.problems:
        from archsearch.api.samples import samples_of
        from archsearch.space.size import LIMIT, count_fillings

        size = count_fillings(found.space, LIMIT)
        samples = samples_of(found.space, asked["samples"], styled=asked["styled"])
    return {
        "kind": found.kind,
        "name": found.name,
        "valid": not found.problems,
        "proved": found.proved,
        "problems": _mistakes(found.problems),
        "size": size,
        "samples": [dataclasses.asdict(sample) for sample in samples],
    }


def _define(asked: Define, tasks_from: Path | None) -> Defined:
    try:
        found = checking.define_texts(asked["study"], asked["space"], tasks_from)
    except InvalidInput as error:
        return {"definitions": [], "problems": _mistakes(error.problems)}
    return {"definitions": [(each.name, each.text) for each in found], "problems": []}


def _draw(asked: Draw) -> Drawn:
    from archsearch.diagram import draw
    from archsearch.diagram.svg import render
    from archsearch.ir import parse_ir

    try:
        drawing = draw(parse_ir(asked["ir"]))
    except Refused as error:
        return {"styled": "", "bare": "", "refused": str(error)}
    return {"styled": render(drawing), "bare": render(drawing, styled=False), "refused": ""}


def _mistakes(problems: Sequence[Problem]) -> list[dict[str, Any]]:
    return [mistake_values(each) for each in problems]


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
