"""Validating a text: the same findings as the command line's."""

from __future__ import annotations

import dataclasses
from typing import Annotated

from fastapi import Query
from starlette.requests import Request

from archsearch.api.parameters import CheckerHere
from archsearch.api.reports import Validation
from archsearch.errors import InvalidInput
from archsearch.server.bodies import JSON, StudyBody, body_of, media_type, read_json, read_yaml
from archsearch.server.details import without_files
from archsearch.server.table import Table

ROUTES = Table("/api/v1", "validation")

MOST_SAMPLES = 10
_BODY = body_of(StudyBody, "A cell, a wiring, a space or a study.")
Samples = Annotated[int, Query(ge=0, le=MOST_SAMPLES, description="Cells to draw from a valid space or study.")]


@ROUTES.add("POST", "/validate", "token", (409, 413, 415), openapi_extra=_BODY)
async def validate(request: Request, checker: CheckerHere, samples: Samples = 0) -> Validation:
    """Check a cell, a wiring, a space or a study; what it names has a shipped name, since no file is opened.

    As JSON, a study with a space of your own.
    """
    if media_type(request, JSON) == JSON:
        given = await read_json(request, StudyBody)
        report = await checker.check_study(*given.texts, samples)
        return dataclasses.replace(report, problems=given.placed(report.problems))
    try:
        text = await read_yaml(request)
    except InvalidInput as error:
        return Validation("", "", valid=False, proved="", problems=without_files(error.problems))
    return await checker.check(text, samples)
