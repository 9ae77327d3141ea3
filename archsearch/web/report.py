"""A study as one file, made of the pages' views and templates: nothing outside of it is needed to read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from archsearch import __version__
from archsearch.diagram import draw_svg
from archsearch.errors import InvalidInput, Refused
from archsearch.findings.boards import Standing, read_standing
from archsearch.ir import lower
from archsearch.schema.phases import PHASES, Phase
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.study.entries import find_entry
from archsearch.web.assets import assets
from archsearch.web.rendering import render
from archsearch.web.views.board import Asked, view_board
from archsearch.web.views.candidate import CandidatePage, candidate_page
from archsearch.web.views.study import StudyView

ROWS = 50
"""Rows of the search's board, which may have thousands; the other boards stand there in full."""
MOST_ROWS = 1000
BEST = 3
"""Candidates that are shown with diagram and equations."""
STYLES = ("site.css", "diagram.css")
_BEST_FIRST = tuple(reversed(PHASES))


def make_report(store: Store, row: StudyRow, tasks_from: Path | None = None) -> str:
    """The text of an HTML file. The same study gives the same text, whenever it is made."""
    standings: dict[Phase, Standing] = {}
    trouble = ""
    for phase in _BEST_FIRST:
        try:
            standings[phase] = read_standing(store, row, phase, tasks_from)
        except InvalidInput as error:  # a task of the user's own that is not at hand
            trouble = f"{error.problems[0].what}; {error.problems[0].allowed}"
    measured = (standing for standing in standings.values() if any(row.seeds for row in standing.board.rows[:1]))
    latest = next(measured, standings.get(PHASES[0]))
    return render(
        "report.html",
        study=StudyView(store, row, latest, Asked(row.name, limit=ROWS), trouble, tasks_from),
        boards=[
            view_board(standing, Asked(row.name, phase, limit=ROWS if phase == PHASES[0] else MOST_ROWS))
            for phase, standing in standings.items()
            if len(standing.board.rows)
        ],
        best=[(candidate, *_drawing(candidate)) for candidate in _best(store, row, standings, tasks_from)],
        ended=next((at for at, _ in store.last_evaluations(row.id, 1)), ""),
        version=__version__,
        style="\n".join(assets()[name].content.decode() for name in STYLES),
        static=True,
    )


def _best(
    store: Store, row: StudyRow, standings: Mapping[Phase, Standing], tasks_from: Path | None
) -> Iterator[CandidatePage]:
    """The candidates that got furthest, one per architecture."""
    taken: set[str] = set()
    for standing in standings.values():
        for ranked in standing.board.rows[:MOST_ROWS]:
            if len(taken) == BEST:
                return
            if ranked.role == "candidate" and ranked.seeds and ranked.arch_id not in taken:
                entry = find_entry(store, row, ranked.spec_id)
                if entry is not None:
                    taken.add(ranked.arch_id)
                    yield candidate_page(store, entry, tasks_from)


def _drawing(candidate: CandidatePage) -> tuple[str, str]:
    """The diagram as SVG, or why there is none."""
    try:
        return draw_svg(lower(candidate.item.cell), styled=False), ""
    except Refused as error:
        return "", str(error)
