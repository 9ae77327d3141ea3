"""Results: boards, curves, failures, importance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Query
from pydantic import WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from archsearch.api.parameters import MOST_FILTERS, Limit, Number, Offset, ReaderHere
from archsearch.api.reading import as_stored, study_row
from archsearch.findings.boards import BoardPage, board_page
from archsearch.findings.columns import SORTABLE
from archsearch.findings.evaluations import Curve, Failures, curve_of, latest_failures
from archsearch.findings.picking import filter_pattern, pick_rows
from archsearch.schema.phases import Phase
from archsearch.server.again import Tagged, tagged, target_of
from archsearch.server.problems import Declined
from archsearch.server.table import Table, json_bytes
from archsearch.study.importance import Importance, importance_of

if TYPE_CHECKING:
    from archsearch.findings.boards import Standing

ROUTES = Table("/api/v1", "results")

_SORT = "A column of the board, or a hole of the study; a wrong one is answered with all of them."
_FILTERS = "A column, one of = != ~ < <= > >=, and a value: `solved>=3`, `line~gru`. All of them have to pass."
SortColumn = Annotated[str, WithJsonSchema({"enum": list(SORTABLE)})]
FilterText = Annotated[str, WithJsonSchema({"type": "string", "pattern": filter_pattern()})]

_UNCHANGED = {"responses": {"304": {"description": "Unchanged: If-None-Match has the ETag of what would be answered."}}}


@ROUTES.get("/studies/{study}/board", document=BoardPage, openapi_extra=_UNCHANGED)
async def get_board(
    request: Request,
    reader: ReaderHere,
    study: str,
    phase: Phase | None = None,
    sort: Annotated[SortColumn | None, Query(max_length=200, description=_SORT)] = None,
    descending: bool | None = None,
    filter: Annotated[list[FilterText] | None, Query(max_length=MOST_FILTERS, description=_FILTERS)] = None,  # noqa: A002
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """Rank the entries of a phase, by default of the latest with results, and say the verdict.

    An answer has an ETag: a request that sends it as If-None-Match is answered 304 while nothing has changed.
    """

    def make(standing: Standing) -> Tagged:
        rows = pick_rows(standing.board, filter or (), sort, descending)
        return tagged(json_bytes(board_page(standing, rows, offset, limit)))

    answer = await reader.answer(target_of(request.scope), study, phase, make)
    return answer.answer(request.headers)


@ROUTES.get("/evaluations/{evaluation}/curve")
async def get_curve(reader: ReaderHere, evaluation: Number) -> Curve:
    """Say how an evaluation went over time."""
    row = await reader.read(lambda store: store.evaluation(evaluation))
    if row is None:
        raise Declined(404, "no evaluation has this id")
    return curve_of(row)


@ROUTES.get("/studies/{study}/failures")
async def list_failures(reader: ReaderHere, study: str, limit: Limit = 100, offset: Offset = 0) -> Failures:
    """List what failed, the latest first, each with its reason."""
    return await reader.of_study(study, lambda store, row: latest_failures(store, row, limit, offset))


@ROUTES.get("/studies/{study}/importance")
async def get_importance(reader: ReaderHere, study: str) -> Importance:
    """Say which holes set the best trials apart; 409 where there are too few trials to say anything."""
    from archsearch.store.store import Store

    def query(store: Store) -> Importance:
        row = study_row(store, study)
        with as_stored():
            return importance_of(store, row, reader.tasks_from)

    return await reader.read_slowly(query)
