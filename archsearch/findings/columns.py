"""The columns of a board. JSON keys, CSV header, sorting, filters, OpenAPI, terminal and page derive from them."""

from __future__ import annotations

import dataclasses
import math
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from archsearch.schema.states import Role
from archsearch.spelling import compact, duration
from archsearch.store import Choice

if TYPE_CHECKING:
    from archsearch.board.intervals import Quartiles
    from archsearch.board.ranking import Board, BoardRow

Kind = Literal["number", "text"]
Value = float | str | None
Read = Callable[["BoardRow"], Any]

HOLE = "hole:"
"""Prefix of a hole's name; needed where a column has the same name."""


@dataclasses.dataclass(frozen=True)
class Key:
    """One value of a row as programs get it: a JSON key and a CSV column. `type` is that of the value, for OpenAPI."""

    name: str
    type: Any
    read: Read


@dataclasses.dataclass(frozen=True)
class Column:
    """A column of a board.

    name: by which rows are sorted and filtered. read: the value that is compared, None where a row has none. best_high:
    whether large values come first. keys: the values for programs. title: what forms call it. The rest is for tables:
    heading; place from the left, None where no table has it; spell: the text of a value; text: that of a row, where the
    value alone does not make it; meaning, where the heading does not say it (`{baseline}` is the best one's label);
    applies: whether it says anything on a board; pages: whether it is shown on pages, on those of phones too, or not.
    """

    name: str
    kind: Kind
    read: Read
    keys: tuple[Key, ...]
    best_high: bool = False
    title: str = ""
    heading: str = ""
    place: int | None = None
    spell: Callable[[Any], str] = str
    text: Callable[[BoardRow, Board], str] | None = None
    meaning: str = ""
    applies: Callable[[Board], bool] = lambda board: True
    pages: Literal["all", "wide", "none"] = "wide"

    @property
    def number(self) -> bool:
        """Whether its values are numbers."""
        return self.kind == "number"

    @property
    def shown_title(self) -> str:
        """What forms call the column."""
        return self.title or self.heading or self.name

    @property
    def shown_heading(self) -> str:
        """What tables call the column."""
        return self.heading or self.name

    def cell(self, row: BoardRow, board: Board) -> str:
        """Its text in a row of a table; empty where the row has no value. May hold what a study file says."""
        if self.text is not None:
            return self.text(row, board)
        value = self.read(row)
        return "" if value is None else self.spell(value)

    def meaning_on(self, board: Board) -> str:
        """What it means on this board, empty where the heading says it. May hold what a study file says."""
        return self.meaning.format(baseline=board.baseline)


def architecture(row: BoardRow) -> str:
    """What an entry is called."""
    name = f"{row.label or row.line} (baseline)" if row.role == "baseline" else row.line
    return name or row.spec_id


def _objective(row: BoardRow, board: Board) -> str:
    if row.objective is None:
        return "pruned" if row.pruned else "none yet"
    if row.interval is None:
        return f"{row.objective:.{board.digits}f}"
    return f"{row.objective:.{board.digits}f} ± {row.interval.half:.{board.digits}f}"


def _sequences(row: BoardRow, board: Board) -> str:
    quartiles = row.sequences
    if quartiles is None:
        return ""
    median = _count(quartiles.median, quartiles)
    if row.seeds == 1 or quartiles.q1 is None:
        return median
    return f"{median} [{_count(quartiles.q1, quartiles)}, {_count(quartiles.q3, quartiles)}]"


def _count(value: float | None, quartiles: Quartiles) -> str:
    if value is not None:
        return compact(value)
    return "never" if quartiles.budget is None else f">{compact(quartiles.budget)}"


def _median(row: BoardRow) -> Value:
    """Infinite beyond the budget."""
    if row.sequences is None:
        return None
    return math.inf if row.sequences.median is None else row.sequences.median


def _difference(row: BoardRow, board: Board) -> str:
    comparison = row.comparison
    if comparison is None:
        return ""
    if comparison.interval is None:
        return f"{comparison.difference:+.3f}"
    return f"{comparison.difference:+.3f} [{comparison.interval.low:+.3f}, {comparison.interval.high:+.3f}]"


def _path(path: str) -> Read:
    """Reads an attribute of an attribute of a row, None where the row lacks a part."""
    names = path.split(".")

    def read(row: BoardRow) -> Any:
        value: Any = row
        for name in names:
            value = None if value is None else getattr(value, name)
        return value

    return read


def _positive(count: int) -> str:
    return str(count or "")


def _column(name: str, type_: Any, *more: Key, kind: Kind = "number", **rest: Any) -> Column:
    """A column whose value is a field of the row; `more` keys come after its own."""
    read = operator.attrgetter(name)
    return Column(name, kind, read, (Key(name, type_, read), *more), **rest)


_LIST = (
    _column("rank", int, heading="#", place=0, pages="all"),
    _column("role", Role, kind="text"),
    _column("label", str, kind="text"),
    _column(
        "line", str, kind="text", title="architecture", heading="architecture", place=1, pages="all",
        text=lambda row, board: architecture(row),
    ),
    _column("arch_id", str, kind="text", heading="arch", place=14, pages="none"),
    _column("spec_id", str, kind="text"),
    _column(
        "objective", float | None,
        Key("objective_low", float | None, _path("interval.low")),
        Key("objective_high", float | None, _path("interval.high")),
        best_high=True, text=_objective, place=2, pages="all",
        meaning="objective: mean validation score over the budget (1 once solved), ± 95 % interval over seeds",
    ),
    _column("seeds", int, best_high=True),
    _column(
        "failed", int, spell=_positive, place=4, applies=lambda board: any(row.failed for row in board.rows),
    ),
    _column(
        "pruned", int, spell=_positive, place=5,
        applies=lambda board: any(row.pruned and row.seeds for row in board.rows),
    ),
    _column(
        "solved", int,
        Key("solved_low", float | None, _path("solved_interval.low")),
        Key("solved_high", float | None, _path("solved_interval.high")),
        best_high=True, text=lambda row, board: f"{row.solved}/{row.seeds}" if row.seeds else "", place=3, pages="all",
    ),
    Column(
        "sequences", "number", _median,
        (
            Key("sequences_q1", float | None, _path("sequences.q1")),
            Key("sequences_median", float | None, _path("sequences.median")),
            Key("sequences_q3", float | None, _path("sequences.q3")),
            Key("budget", int | None, _path("sequences.budget")),
        ),
        title="sequences until solved", heading="to solve", text=_sequences, place=6,
        meaning="to solve: training sequences, median [quartiles]",
    ),
    _column(
        "test", float | None, best_high=True, spell="{:.3f}".format, place=9,
        applies=lambda board: any(row.test is not None for row in board.rows),
    ),
    _column("parameters", int | None, heading="params", spell=compact, place=7),
    _column(
        "operations", int | None, title="operations per step", heading="per step", spell=compact, place=12,
        meaning="per step: multiply-adds and pointwise operations",
    ),
    _column("stages", int | None, place=11),
    _column("seconds", float | None, heading="time", spell=duration, place=13),
    _column(
        "ratio", float | None, best_high=True, spell="{:.2f}".format, place=8,
        meaning="ratio: to {baseline}, the best baseline", applies=lambda board: bool(board.baseline),
    ),
    Column(
        "difference", "number", _path("comparison.difference"),
        (
            Key("difference", float | None, _path("comparison.difference")),
            Key("difference_low", float | None, _path("comparison.interval.low")),
            Key("difference_high", float | None, _path("comparison.interval.high")),
            Key("outcome", str | None, _path("comparison.outcome")),
        ),
        best_high=True, text=_difference, place=10, meaning="difference: to it, paired by seed, corrected interval",
        applies=lambda board: any(row.comparison for row in board.rows),
    ),
)  # fmt: skip

COLUMNS: Mapping[str, Column] = MappingProxyType({column.name: column for column in _LIST})
"""By name, in the order in which programs get their keys."""

SORTABLE: Mapping[str, Column] = MappingProxyType(
    {
        key.name: Column(key.name, "text" if key.type == str | None else "number", key.read, (key,))
        for column in _LIST
        for key in column.keys
    }
    | {column.name: column for column in _LIST}
)
"""Columns by which rows are sorted and filtered: the same, and one for each further value that programs get."""


def row_values(row: BoardRow) -> dict[str, Any]:
    """A row for programs, without its choices. Quartiles are None where they lie beyond the budget."""
    return {key.name: key.read(row) for key in KEYS}


KEYS = tuple(key for column in COLUMNS.values() for key in column.keys)
"""All values of a row for programs, in their order."""


def shown_columns(board: Board) -> list[Column]:
    """The columns that say something on this board, the most important first: rank, architecture, objective."""
    placed = sorted((column for column in _LIST if column.place is not None), key=operator.attrgetter("place"))
    return [column for column in placed if column.applies(board)]


def hole_columns(board: Board) -> Mapping[str, Column]:
    """A column for each hole of a study, by its name; where all its values are numbers it is one of numbers."""
    return {
        hole: _hole_column(hole, "text" if any(isinstance(choice, str) for choice in choices) else "number")
        for hole, choices in board.values.items()
    }


def _hole_column(hole: str, kind: Kind) -> Column:
    def read(row: BoardRow) -> Value:
        choice: Choice | None = row.choices.get(hole)
        return str(choice) if kind == "text" and choice is not None else choice

    def spell(choice: Choice) -> str:
        return f"{choice:.4g}" if isinstance(choice, float) else str(choice)

    name = hole_name(hole)
    return Column(name, kind, read, (Key(name, Choice | None, read),), heading=hole, spell=spell, pages="all")


def hole_name(hole: str) -> str:
    """By what rows are sorted and filtered by a hole's choices."""
    return f"{HOLE}{hole}" if hole in SORTABLE else hole
