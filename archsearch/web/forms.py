"""Forms as browsers send them, read strictly: of one kind, in UTF-8, with known fields, each once."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request

from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.schema.yaml_text import LINE_BREAK
from archsearch.server.problems import Declined, misnamed

KIND = "application/x-www-form-urlencoded"
_MOST_FIELDS = 32


async def read_form(request: Request, required: Sequence[str] = (), optional: Sequence[str] = ()) -> dict[str, str]:
    """The fields of a form. Those that are optional and not there are empty; line breaks are as in files.

    `Declined` (415) for another kind of body, `InvalidInput` for fields that are unknown, missing or there twice.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    # A form without fields has no body, and some clients then leave out its kind as well.
    if kind != KIND and (kind or body):
        raise Declined(415, f"allowed: {KIND}")
    given = _pairs(body)
    names = [name for name, _ in given]
    problems = misnamed("form", "field", names, (*required, *optional))
    problems += [Problem(("form", name), "is missing") for name in required if name not in names]
    if problems:
        raise InvalidInput(problems)
    return dict.fromkeys(optional, "") | {name: LINE_BREAK.sub("\n", value) for name, value in given}


def _pairs(body: bytes) -> list[tuple[str, str]]:
    if body.count(b"&") >= _MOST_FIELDS:
        raise InvalidInput(Problem(("form",), "has too many fields", f"allowed: at most {_MOST_FIELDS}"))
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise InvalidInput(Problem(("form",), "is not UTF-8")) from None


def read_cores(text: str, cores: int) -> int:
    """The number of cores that a study is to get; `InvalidInput` unless the server has as many."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(cores)) and 1 <= int(text) <= cores:
        return int(text)
    allowed = f"allowed: 1 to {cores}, the cores of this server"
    raise InvalidInput(Problem(("form", "workers"), f"{quoted(text)} is not a number of cores", allowed))
