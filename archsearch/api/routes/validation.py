"""Validating a text: the same findings as the command line's."""

from __future__ import annotations

from starlette.requests import Request

from archsearch.api import documents
from archsearch.api.checker import Checker
from archsearch.api.problems import Declined
from archsearch.api.table import Table
from archsearch.errors import InvalidInput, Problem, problem_values
from archsearch.schema.yaml_text import LARGEST_TEXT, decode

ROUTES = Table("/api/v1", "validation")

KINDS = ("application/yaml", "application/x-yaml", "text/yaml", "text/plain")
_BODY = {"required": True, "content": {KINDS[0]: {"schema": {"description": "A cell, a wiring, a space or a study."}}}}


@ROUTES.add("POST", "/validate", "token", (413, 415), openapi_extra={"requestBody": _BODY})
async def validate(request: Request) -> documents.Report:
    """Check a cell, a wiring, a space or a study; what it names has a shipped name, since no file is opened."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise Declined(415, f"allowed: {', '.join(KINDS)}")
    try:
        text = decode(await _body(request), "<text>")
    except InvalidInput as error:
        return documents.Report("", "", valid=False, proved="", problems=tuple(map(_mistake, error.problems)))
    checker: Checker = request.app.state.checker
    found = await checker.check(text)
    problems = tuple(documents.Mistake(**each | {"path": tuple(each["path"])}) for each in found["problems"])
    return documents.Report(**found | {"problems": problems})


def _mistake(problem: Problem) -> documents.Mistake:
    return documents.Mistake(**problem_values(problem) | {"path": problem.path})


async def _body(request: Request) -> bytes:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > LARGEST_TEXT:
            raise Declined(413, f"a text has at most {LARGEST_TEXT} bytes", {"Connection": "close"})
    return bytes(content)
