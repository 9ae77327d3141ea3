"""A study as one file, made of the pages' views and templates: nothing outside of it is needed to read it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from archsearch import __version__
from archsearch.diagram import draw_svg
from archsearch.errors import InvalidInput, Refused
from archsearch.findings.standing import Standing, read_standing
from archsearch.ir import lower
from archsearch.schema.phases import DECISIVE, PHASES, Phase
from archsearch.store import StudyRow
from archsearch.store.store import Store
from archsearch.web.assets import assets
from archsearch.web.rendering import render
from archsearch.web.views.board import Asked, BoardView, view_board
from archsearch.web.views.candidate import Candidate, candidate_of
from archsearch.web.views.importance import ImportanceView, view_importance
from archsearch.web.views.study import StudyView, view_study

ROWS = 50
"""Rows of the search's board, which may have thousands; the other boards stand there in full."""
MOST_ROWS = 1000
BEST = 3
"""Candidates that are shown with diagram and equations."""
STYLES = ("site.css", "diagram.css")


@dataclasses.dataclass(frozen=True)
class Section:
    """The board of a phase."""

    phase: Phase
    board: BoardView


@dataclasses.dataclass(frozen=True)
class Shown:
    """One of the best candidates; without a drawing, `trouble` says why."""

    candidate: Candidate
    svg: str
    trouble: str


@dataclasses.dataclass(frozen=True)
class Report:
    """All that the file says. `at` is when the last evaluation ended, in UTC; empty before the first."""

    study: StudyView
    sections: tuple[Section, ...]
    best: tuple[Shown, ...]
    importance: ImportanceView
    at: str
    version: str

    @property
    def anchors(self) -> frozenset[str]:
        """The specs that have a section of their own."""
        return frozenset(shown.candidate.entry.spec.spec_id for shown in self.best)


def make_report(store: Store, row: StudyRow, tasks_from: Path | None = None) -> str:
    """The text of an HTML file. The same study gives the same text, whenever it is made."""
    report = _view(store, row, tasks_from)
    style = "\n".join(assets()[name].content.decode() for name in STYLES)
    return render("report.html", report=report, study=report.study, style=style, static=True)


def _view(store: Store, row: StudyRow, tasks_from: Path | None) -> Report:
    standings: dict[Phase, Standing] = {}
    trouble = ""
    for phase in PHASES:
        try:
            standings[phase] = read_standing(store, row, phase, tasks_from)
        except InvalidInput as error:  # a task of the user's own that is not at hand
            trouble = f"{error.problems[0].what}; {error.problems[0].allowed}"
    shown = _latest(standings)
    study = view_study(store, row, shown, Asked(row.name, limit=ROWS), trouble, tasks_from)
    ended = store.last_evaluations(row.id, 1)
    return Report(
        study=study,
        sections=tuple(_sections(standings)),
        best=tuple(_best(store, row, standings, tasks_from)),
        importance=view_importance(store, row, tasks_from),
        at=ended[0][0] if ended else "",
        version=__version__,
    )


def _latest(standings: dict[Phase, Standing]) -> Standing | None:
    """The standing of the latest phase with results, else of the search."""
    measured = [found for found in standings.values() if any(row.seeds for row in found.board.rows[:1])]
    return measured[-1] if measured else standings.get(PHASES[0])


def _sections(standings: dict[Phase, Standing]) -> Iterator[Section]:
    """The boards with rows, the decisive one first."""
    for phase in reversed(PHASES):
        standing = standings.get(phase)
        if standing is not None and len(standing.board.rows):
            limit = ROWS if phase == PHASES[0] else MOST_ROWS
            yield Section(phase, view_board(standing, Asked(standing.board.study, phase, limit=limit)))


def _best(store: Store, row: StudyRow, standings: dict[Phase, Standing], tasks_from: Path | None) -> Iterator[Shown]:
    """The candidates that got furthest, one per architecture."""
    taken: set[str] = set()
    for phase in (DECISIVE, *reversed(PHASES[:-1])):
        standing = standings.get(phase)
        for entry in standing.board.rows[:MOST_ROWS] if standing else ():
            if len(taken) == BEST:
                return
            if entry.role == "candidate" and entry.seeds and entry.arch_id not in taken:
                found = candidate_of(store, row, entry.spec_id, tasks_from)
                if found is not None:
                    taken.add(entry.arch_id)
                    yield _drawn(found)


def _drawn(candidate: Candidate) -> Shown:
    try:
        return Shown(candidate, draw_svg(lower(candidate.item.cell), styled=False), "")
    except Refused as error:
        return Shown(candidate, "", str(error))
