"""Results: boards, curves, failures, importance."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import Query

from archsearch.api import documents
from archsearch.api.problems import Declined
from archsearch.api.reading import as_stored, study_row
from archsearch.api.routes.studies import Limit, Number, Offset, ReaderHere
from archsearch.api.table import Table
from archsearch.schema.score import Phase

ROUTES = Table("/api/v1", "results")

MOST_FILTERS = 20
_SORT = "A column of the board; a wrong one is answered with all of them."
_FILTERS = "A column, one of = != ~ < <= > >=, and a value: `solved>=3`, `line~gru`. All of them have to pass."


@ROUTES.get("/studies/{study}/board")
async def get_board(
    reader: ReaderHere,
    study: str,
    phase: Phase | None = None,
    sort: Annotated[str | None, Query(max_length=40, description=_SORT)] = None,
    descending: bool | None = None,
    filter: Annotated[list[str] | None, Query(max_length=MOST_FILTERS, description=_FILTERS)] = None,  # noqa: A002
    limit: Limit = 100,
    offset: Offset = 0,
) -> documents.Board:
    """Rank the entries of a phase, by default of the latest with results, and say the verdict."""
    from archsearch.board import filter_rows, parse_filter, sort_rows
    from archsearch.board.flat import row_values
    from archsearch.board.table import find_column

    tests = [parse_filter(text) for text in filter or ()]
    if sort is not None:
        find_column(sort)
    standing = await reader.standing(study, phase)
    rows = filter_rows(standing.board.rows, tests)
    if sort is not None:
        rows = sort_rows(rows, sort, descending)
    elif descending:
        rows = rows[::-1]
    shown = rows[offset : offset + limit]
    board = standing.board
    return documents.Board(
        study=board.study,
        phase=board.phase,
        seeds=board.seeds,
        baseline=board.baseline,
        verdict=standing.verdict,
        decided=standing.decided,
        note=board.note,
        total=len(rows),
        left_out=len(board.rows) - len(shown),
        rows=tuple(documents.BoardRow(**row_values(row)) for row in shown),
    )


@ROUTES.get("/evaluations/{evaluation}/curve")
async def get_curve(reader: ReaderHere, evaluation: Number) -> documents.Curve:
    """Say how an evaluation went over time."""
    found = await reader.read(lambda store: store.evaluation(evaluation))
    if found is None:
        raise Declined(404, "no evaluation has this id")
    curve = found.score.curve if found.score is not None else ()
    points = tuple(documents.Point(*point) for point in curve)
    return documents.Curve(evaluation, points, tuple(documents.Reported(*report) for report in found.reports))


@ROUTES.get("/studies/{study}/failures")
async def list_failures(reader: ReaderHere, study: str, limit: Limit = 100, offset: Offset = 0) -> documents.Failures:
    """List what failed, the latest first, each with its reason."""
    from archsearch.study.failed import list_failures as find

    name, found = await reader.of_study(study, lambda store, row: (row.name, find(store, row)))
    kinds = Counter(str(failure["kind"]) for failure in found)
    shown = found[::-1][offset : offset + limit]
    return documents.Failures(
        name, len(found), dict(kinds.most_common()), tuple(documents.Failure(**each) for each in shown)
    )


@ROUTES.get("/studies/{study}/importance")
async def get_importance(reader: ReaderHere, study: str) -> documents.Importance:
    """Say which holes set the best trials apart; 409 where there are too few trials to say anything."""
    from archsearch.store import Store

    def look(store: Store) -> documents.Importance:
        from archsearch.study.definition import read_definition
        from archsearch.study.importance import importance

        row = study_row(store, study)
        with as_stored():
            found = importance(read_definition(row.definition, reader.tasks_from), store)
        return documents.Importance(row.name, tuple(documents.HoleShare(each.hole, each.share) for each in found))

    return await reader.read_slowly(look)
