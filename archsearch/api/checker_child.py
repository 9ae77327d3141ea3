"""The process in which texts are checked and cells drawn: JSON lines in and out. It opens no file that a text names.

`server/processes.py` describes the lines. Tasks of the user's own run here, and may read and print as they like.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from archsearch.api.reports import Definitions, Diagram, Sample, Validation
from archsearch.errors import ArchsearchError, InvalidInput
from archsearch.registry import closed_files
from archsearch.server.details import without_files
from archsearch.study import checking


def main(memory: int, seconds: int, tasks_from: Path | None) -> None:
    """Answer until the input ends. The kernel kills the process if it takes too long, also where the server is gone."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    questions, replies = _take_streams()
    with closed_files():
        for line in questions:
            signal.alarm(seconds)
            reply = json.dumps(reply_to(json.loads(line), tasks_from), default=vars)
            signal.alarm(0)
            replies.write(f"{reply}\n")
            replies.flush()


def _take_streams() -> tuple[TextIO, TextIO]:
    """The server's lines and the stream for replies. Other code then reads nothing, and prints to standard error."""
    streams = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return streams


def reply_to(line: Mapping[str, Any], tasks_from: Path | None = None) -> dict[str, Any]:
    """The reply to a line: its number, and the result or what went wrong."""
    number = {"number": line["number"]}
    try:
        return number | {"result": OPERATIONS[line["operation"]](tasks_from, **line["given"])}
    except InvalidInput as error:
        return number | {"problems": without_files(error.problems)}
    except ArchsearchError as error:
        return number | {"refused": str(error)}
    except MemoryError:  # with nothing left, the process ends
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001  (the server logs it)
        return number | {"error": type(error).__name__, "trace": traceback.format_exc()}


def check(tasks_from: Path | None, text: str, samples: int, styled: bool) -> Validation:
    """Check a text of any kind."""
    return _report(checking.check_text(text, tasks_from), samples, styled=styled)


def check_study(tasks_from: Path | None, study: str, space: str | None, samples: int, styled: bool) -> Validation:
    """Check a study, and the space of the user's own that it names."""
    return _report(checking.check_study(study, space, tasks_from), samples, styled=styled)


def _report(checked: checking.Checked, count: int, *, styled: bool) -> Validation:
    size: int | None = None
    samples: tuple[Sample, ...] = ()
    if count and checked.space is not None and not checked.problems:
        from archsearch.api.samples import samples_of
        from archsearch.space.size import LIMIT, count_configurations

        size = count_configurations(checked.space, LIMIT)
        samples = samples_of(checked.space, count, styled=styled)
    problems = without_files(checked.problems)
    return Validation(checked.kind, checked.name, not problems, checked.proved, problems, size, samples)


def define(tasks_from: Path | None, study: str, space: str | None) -> Definitions:
    """Make what the store keeps of a study, or of each study of a series."""
    try:
        definitions = checking.define_texts(study, space, tasks_from)
    except InvalidInput as error:
        return Definitions(problems=without_files(error.problems))
    return Definitions(tuple((definition.name, definition.text) for definition in definitions))


def draw(tasks_from: Path | None, ir: str) -> Diagram:
    """Draw a cell, given as instructions."""
    from archsearch.diagram import draw
    from archsearch.diagram.svg import render
    from archsearch.ir import parse_ir

    drawing = draw(parse_ir(ir))
    return Diagram(render(drawing), render(drawing, styled=False))


OPERATIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {function.__name__: function for function in (check, check_study, define, draw)}
)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) > 3 else None)
