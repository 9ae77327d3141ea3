"""The board of a study as a table: which columns, which rows, in which order."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from archsearch.board import Board, BoardRow
from archsearch.errors import InvalidInput
from archsearch.findings.columns import (
    COLUMNS,
    HOLE,
    Column,
    ShownColumn,
    hole_columns,
    hole_name,
    show_column,
    shown_columns,
)
from archsearch.findings.picking import Filter, filter_rows, find_column, parse_filter, sort_board
from archsearch.findings.standing import Standing
from archsearch.schema.phases import PHASES, Phase
from archsearch.web.rendering import href
from archsearch.web.views.items import entry_item

SHORT, LONG = 20, 100
"""Rows of the board at first, so that what comes below it is near, and on pages of a long one."""

RELATIONS = {"=": "is", "!=": "is not", "~": "contains", ">=": "≥", "<=": "≤", ">": ">", "<": "<"}
_LOOKED_AT = 200  # rows by which columns are chosen: that of ten thousand rows each is made takes seconds
_LEFT_OUT = frozenset(("arch",))  # each entry has a page of its own
_ALWAYS = frozenset(("rank", "line", "objective", "solved"))  # shown on phones too


@dataclasses.dataclass(frozen=True)
class Draft:
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
    draft: Draft = Draft()

    @property
    def here(self) -> str:
        """The address of exactly this."""
        typed = dataclasses.asdict(self.draft) if self.draft.text else {}
        return self._address(typed)

    def at(self, **changes: Any) -> str:
        """The address of the same with changes, from the first row on."""
        return dataclasses.replace(self, **({"offset": 0} | changes))._address({})

    def _address(self, typed: dict[str, str]) -> str:
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


@dataclasses.dataclass(frozen=True)
class Chip:
    """A filter that is on; `without` is the address of the board without it."""

    words: str
    without: str


@dataclasses.dataclass(frozen=True)
class Heading:
    """A column. `order` is how it is sorted now; `address` sorts by it, the other way where it is already."""

    column: ShownColumn
    order: str
    address: str
    secondary: bool


@dataclasses.dataclass(frozen=True)
class Line:
    """A row: the entry, a name of its own in the page, its texts by column."""

    row: BoardRow
    key: str
    item: str
    texts: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class BoardView:
    """A page of a board; `total` of its `entries` pass the filters. `problems` is what is wrong in the address."""

    board: Board
    asked: Asked
    holes: Mapping[str, Column]
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    entries: int
    total: int
    chips: tuple[Chip, ...]
    problems: tuple[str, ...]

    @property
    def tabs(self) -> tuple[tuple[Phase, str], ...]:
        """The phases and where their boards are; a column of one may be missing in another."""
        return tuple((phase, Asked(self.asked.name, phase).at()) for phase in PHASES)

    @property
    def longer(self) -> str:
        """Where more rows stand on a page; empty where there are none."""
        more = self.total > len(self.lines) and self.asked.limit < LONG
        return self.asked.at(limit=LONG, offset=self.asked.offset // LONG * LONG) if more else ""

    @property
    def columns(self) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
        """By what rows can be filtered: groups of names and headings."""
        columns = tuple((name, column.title or name) for name, column in COLUMNS.items())
        holes = tuple((hole_name(hole), hole) for hole in self.holes)
        return (("columns", columns), ("choices", holes)) if holes else (("columns", columns),)

    @property
    def relations(self) -> dict[str, str]:
        """The relations of filters, in words."""
        return RELATIONS


def with_draft(board: Board, asked: Asked) -> Asked:
    """What is asked for with the filter that was typed; `InvalidInput` when it is none."""
    text = asked.draft.text
    parse_filter(text, hole_columns(board))
    return dataclasses.replace(asked, filters=tuple(dict.fromkeys((*asked.filters, text))), draft=Draft(), offset=0)


def view_board(standing: Standing, asked: Asked) -> BoardView:
    """The rows that are asked for. What is wrong in the address is left out and said."""
    board, holes = standing.board, hole_columns(standing.board)
    problems: list[str] = []
    filters: list[tuple[str, Filter]] = []
    for text in asked.filters:
        try:
            filters.append((text, parse_filter(text, holes)))
        except InvalidInput as error:
            problems.append(str(error))
    try:
        find_column(asked.sort or "rank", holes=holes)
    except InvalidInput as error:
        problems.append(str(error))
        asked = dataclasses.replace(asked, sort=None, descending=None)
    asked = dataclasses.replace(asked, filters=tuple(text for text, _ in filters))
    kept = filter_rows(board.rows, [each for _, each in filters]) if filters else board.rows
    rows = sort_board(kept, asked.sort, asked.descending, holes)
    if asked.offset >= len(rows):  # rows that were there have gone, or never were
        asked = dataclasses.replace(asked, offset=max(0, len(rows) - 1) // asked.limit * asked.limit)
    shown = rows[asked.offset : asked.offset + asked.limit]
    looked_at = dataclasses.replace(board, rows=(*board.rows[:_LOOKED_AT], *shown))
    spellings = _spellings(looked_at, holes, asked, [each.column for _, each in filters])
    return BoardView(
        board=board,
        asked=asked,
        holes=holes,
        headings=tuple(_heading(each, asked, holes) for each in spellings),
        lines=tuple(_line(row, spellings, board.study) for row in shown),
        entries=len(board.rows),
        total=len(rows),
        chips=tuple(_chip(each, text, asked) for text, each in filters),
        problems=tuple(problems),
    )


def _spellings(board: Board, holes: Mapping[str, Column], asked: Asked, filtered: Iterable[str]) -> list[ShownColumn]:
    """The board's columns; behind the architecture the holes by which rows are sorted or filtered, others last."""
    found = [each for each in shown_columns(board) if each.name not in _LEFT_OUT]
    used = {name.removeprefix(HOLE) for name in (asked.sort or "", *filtered) if name not in COLUMNS}
    others = [hole for hole in holes if hole not in used] if asked.choices else []
    return [
        *found[:2],
        *(show_column(holes[hole], board) for hole in holes if hole in used),
        *found[2:],
        *(show_column(holes[hole], board) for hole in others),
    ]


def _heading(spelling: ShownColumn, asked: Asked, holes: Mapping[str, Column]) -> Heading:
    best_high = find_column(spelling.name, holes=holes).best_high
    mine = (asked.sort or "rank") == spelling.name
    down = best_high if asked.descending is None else asked.descending
    order = ("descending" if down else "ascending") if mine else ""
    address = asked.at(sort=spelling.name, descending=not down if mine else best_high)
    return Heading(spelling, order, address, secondary=spelling.name in COLUMNS and spelling.name not in _ALWAYS)


def _line(row: BoardRow, spellings: Sequence[ShownColumn], study: str) -> Line:
    key = href("row", spec=row.spec_id, label=row.label if row.role == "baseline" else None)
    return Line(row, key, entry_item(study, row.spec_id), tuple(each.text(row) for each in spellings))


def _chip(found: Filter, text: str, asked: Asked) -> Chip:
    value = f"{found.value:g}" if isinstance(found.value, float) else found.value
    words = f"{found.source.shown_title} {RELATIONS[found.symbol]} {value}"
    return Chip(words, asked.at(filters=tuple(each for each in asked.filters if each != text)))
