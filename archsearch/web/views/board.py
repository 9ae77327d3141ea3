"""The board of a study as a table: which columns, which rows, in which order."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

from archsearch.board import Board, BoardRow
from archsearch.errors import InvalidInput
from archsearch.findings.boards import Standing
from archsearch.findings.columns import COLUMNS, HOLE, SORTABLE, Column, hole_columns, hole_name, shown_columns
from archsearch.findings.picking import RELATIONS, Filter, filter_rows, parse_filter, sort_rows
from archsearch.schema.phases import PHASES, Phase
from archsearch.web.rendering import href

SHORT, LONG = 20, 100
"""Rows of the board at first, so that what comes below it is near, and on pages of a long one."""

_SAMPLE = 200  # rows by which columns are chosen: to make ten thousand rows takes seconds


@dataclasses.dataclass(frozen=True)
class TypedFilter:
    """A filter in the form, as it was typed."""

    column: str = ""
    relation: str = ""
    value: str = ""

    @property
    def text(self) -> str:
        """As `parse_filter` reads it; empty where nothing was typed."""
        return f"{self.column}{self.relation}{self.value}" if self.column or self.value else ""


@dataclasses.dataclass(frozen=True)
class Asked:
    """What of a study is asked for, as it stands in the address."""

    name: str
    phase: Phase | None = None
    sort: str | None = None
    descending: bool | None = None
    filters: tuple[str, ...] = ()
    choices: bool = False
    """Whether every hole has a column."""
    limit: int = SHORT
    offset: int = 0
    draft: TypedFilter = TypedFilter()

    @property
    def here(self) -> str:
        """The address of exactly this."""
        return self._address(**(vars(self.draft) if self.draft.text else {}))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The query of the same from the first row on, as fields of a form."""
        return parse_qsl(self.at().partition("?")[2])

    def at(self, **changes: Any) -> str:
        """The address of the same with changes, from the first row on."""
        return dataclasses.replace(self, **({"offset": 0} | changes))._address()

    def _address(self, **typed: str) -> str:
        down = self.descending
        return href(
            "/study",
            name=self.name,
            phase=self.phase,
            sort=self.sort,
            descending=None if down is None else str(down).lower(),
            filter=self.filters,
            choices="true" if self.choices else None,
            limit=None if self.limit == SHORT else self.limit,
            offset=self.offset or None,
            **typed,
        )


def row_key(row: BoardRow) -> str:
    """A name of the row in the page, which stays when the row moves."""
    return href("row", spec=row.spec_id, label=row.label if row.role == "baseline" else None)


@dataclasses.dataclass(frozen=True)
class Heading:
    """A column. `order` is how it is sorted now; `address` sorts by it, the other way where it is already."""

    column: Column
    meaning: str
    order: str
    address: str


@dataclasses.dataclass(frozen=True)
class BoardView:
    """A page of a board; `total` of its `entries` pass the filters.

    chips: the filters that are on, in words, each with the address of the board without it. problems: what is wrong in
    the address.
    """

    board: Board
    asked: Asked
    holes: Mapping[str, Column]
    headings: tuple[Heading, ...]
    rows: Sequence[BoardRow]
    entries: int
    total: int
    chips: tuple[tuple[str, str], ...]
    problems: tuple[str, ...]
    relations = RELATIONS
    row_key = staticmethod(row_key)

    @property
    def tabs(self) -> tuple[tuple[Phase, str], ...]:
        """The phases and where their boards are; a column of one may be missing in another."""
        return tuple((phase, Asked(self.asked.name, phase).at()) for phase in PHASES)

    @property
    def longer(self) -> str:
        """Where more rows stand on a page; empty where there are none."""
        more = self.total > len(self.rows) and self.asked.limit < LONG
        return self.asked.at(limit=LONG, offset=self.asked.offset // LONG * LONG) if more else ""

    @property
    def columns(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """By what rows can be filtered: groups of names and headings."""
        columns = tuple((name, column.title or name) for name, column in COLUMNS.items())
        holes = tuple((hole_name(hole), hole) for hole in self.holes)
        return (("columns", columns), ("choices", holes)) if holes else (("columns", columns),)


def with_draft(board: Board, asked: Asked) -> Asked:
    """What is asked for with the filter that was typed; `InvalidInput` when it is not a valid one."""
    text = asked.draft.text
    parse_filter(text, hole_columns(board))
    return dataclasses.replace(
        asked, filters=tuple(dict.fromkeys((*asked.filters, text))), draft=TypedFilter(), offset=0
    )


def view_board(standing: Standing, asked: Asked) -> BoardView:
    """The rows that are asked for. What is wrong in the address is left out and said."""
    board, holes = standing.board, hole_columns(standing.board)
    problems: list[str] = []
    filters: dict[str, Filter] = {}
    for text in asked.filters:
        try:
            filters[text] = parse_filter(text, holes)
        except InvalidInput as error:
            problems.append(str(error))
    asked = dataclasses.replace(asked, filters=tuple(filters))
    kept = filter_rows(board.rows, tuple(filters.values()))
    try:
        rows = sort_rows(kept, asked.sort, asked.descending, holes)
    except InvalidInput as error:
        problems.append(str(error))
        asked, rows = dataclasses.replace(asked, sort=None, descending=None), kept
    if asked.offset >= len(rows):  # rows that were there have gone, or never were
        asked = dataclasses.replace(asked, offset=max(0, len(rows) - 1) // asked.limit * asked.limit)
    shown = rows[asked.offset : asked.offset + asked.limit]
    sample = dataclasses.replace(board, rows=(*board.rows[:_SAMPLE], *shown))
    columns = _columns(sample, holes, asked, [test.column for test in filters.values()])
    return BoardView(
        board=sample,
        asked=asked,
        holes=holes,
        headings=tuple(_heading(column, asked, sample) for column in columns),
        rows=shown,
        entries=len(board.rows),
        total=len(rows),
        chips=tuple(
            (_words(test), asked.at(filters=tuple(other for other in filters if other != text)))
            for text, test in filters.items()
        ),
        problems=tuple(problems),
    )


def _columns(board: Board, holes: Mapping[str, Column], asked: Asked, filtered: Iterable[str]) -> list[Column]:
    """The board's columns; behind the architecture the holes by which rows are sorted or filtered, others last."""
    columns = [column for column in shown_columns(board) if column.pages != "none"]
    used = {name.removeprefix(HOLE) for name in (asked.sort or "", *filtered) if name not in SORTABLE}
    others = [column for hole, column in holes.items() if asked.choices and hole not in used]
    return [*columns[:2], *(column for hole, column in holes.items() if hole in used), *columns[2:], *others]


def _heading(column: Column, asked: Asked, board: Board) -> Heading:
    sorts = (asked.sort or "rank") == column.name
    down = column.best_high if asked.descending is None else asked.descending
    order = ("descending" if down else "ascending") if sorts else ""
    address = asked.at(sort=column.name, descending=not down if sorts else column.best_high)
    return Heading(column, column.meaning_on(board), order, address)


def _words(test: Filter) -> str:
    value = f"{test.value:g}" if isinstance(test.value, float) else test.value
    return f"{test.source.shown_title} {RELATIONS[test.symbol][0]} {value}"
