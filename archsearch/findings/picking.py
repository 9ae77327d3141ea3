"""The rows of a board that are asked for: filtered and sorted by columns, those of a study's holes among them."""

from __future__ import annotations

import dataclasses
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.findings.columns import HOLE, SORTABLE, Column, Value, hole_columns, hole_name

if TYPE_CHECKING:
    from archsearch.board.ranking import Board, BoardRow


@dataclasses.dataclass(frozen=True)
class Filter:
    """Keeps the rows whose column `column`, read by `source`, stands in the relation `symbol` to `value`."""

    column: str
    symbol: str
    value: float | str
    source: Column = dataclasses.field(compare=False, repr=False)


RELATIONS: Mapping[str, tuple[str, Callable[[Any, Any], bool]]] = MappingProxyType(
    {
        "=": ("is", operator.eq),
        "!=": ("is not", operator.ne),
        "~": ("contains", lambda text, part: str(part).casefold() in str(text).casefold()),
        ">=": ("≥", operator.ge),
        "<=": ("≤", operator.le),
        ">": (">", operator.gt),
        "<": ("<", operator.lt),
    }
)
"""What a filter may ask of a value, by its symbol: in words, and as a function."""

_SYMBOLS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"text": ("=", "!=", "~"), "number": tuple(symbol for symbol in RELATIONS if symbol != "~")}
)
_FILTER = re.compile(r"\s*([^\s<>=!~]+)\s*(>=|<=|!=|[=~<>])\s*(.*?)\s*\Z", re.DOTALL)


def find_column(name: str, place: str = "sort", holes: Mapping[str, Column] = MappingProxyType({})) -> Column:
    """The column called `name`, or that of a hole; `InvalidInput` at `place` when there is none."""
    if name in SORTABLE:
        return SORTABLE[name]
    hole = name.removeprefix(HOLE)
    if hole not in holes:
        known = one_of([*SORTABLE, *map(hole_name, holes)], name)
        raise InvalidInput(Problem((place,), f"no column is called {quoted(name)}", known))
    return holes[hole]


def sort_rows(
    rows: Sequence[BoardRow],
    name: str | None,
    descending: bool | None = None,
    holes: Mapping[str, Column] = MappingProxyType({}),
) -> Sequence[BoardRow]:
    """Rows of a board ordered by a column, its better end first unless `descending` says which.

    Missing values come last. Rows stand by rank: where that is asked for, or no column is named, none is read.
    """
    if name in (None, "rank"):
        return rows[::-1] if descending else rows
    assert name is not None
    column = find_column(name, holes=holes)
    down = column.best_high if descending is None else descending
    present: list[BoardRow] = []
    missing: list[BoardRow] = []
    for row in rows:
        (missing if column.read(row) is None else present).append(row)
    present.sort(key=lambda row: _comparable(column.read(row)), reverse=down)
    return (*present, *missing)


def parse_filter(text: str, holes: Mapping[str, Column] = MappingProxyType({})) -> Filter:
    """`solved>=3` or `line~gru` as a filter. Text knows = != and ~ (contains), numbers = != < <= > >=."""
    match = _FILTER.match(text)
    if match is None:
        allowed = "allowed: a column, one of = != ~ < <= > >=, a value, as in solved>=3"
        raise InvalidInput(Problem(("filter",), f"{quoted(text)} is not a valid filter", allowed))
    name, symbol, value = match.groups()
    source = find_column(name, "filter", holes)
    kind = source.kind
    if symbol not in _SYMBOLS[kind]:
        allowed = f"allowed: {' '.join(_SYMBOLS[kind])}"
        raise InvalidInput(Problem(("filter", name), f"{quoted(symbol)} does not go with a column of {kind}s", allowed))
    return Filter(name, symbol, value if kind == "text" else _number(name, value), source)


def filter_pattern() -> str:
    """A regular expression (ECMA 262) for the texts that `parse_filter` surely takes."""
    names = {kind: "|".join(name for name, column in SORTABLE.items() if column.kind == kind) for kind in _SYMBOLS}
    symbols = {kind: "|".join(sorted(allowed, key=len, reverse=True)) for kind, allowed in _SYMBOLS.items()}
    text = rf"({names['text']})({symbols['text']})[A-Za-z0-9 _.,-]*"
    return rf"^(({names['number']})({symbols['number']})-?[0-9]{{1,9}}(\.[0-9]{{1,9}})?|{text})$"


def filter_rows(rows: Sequence[BoardRow], filters: Sequence[Filter]) -> Sequence[BoardRow]:
    """The rows that pass every filter; a missing value passes none."""
    return tuple(row for row in rows if all(_passes(row, test) for test in filters)) if filters else rows


def pick_rows(
    board: Board, filters: Sequence[str], sort: str | None = None, descending: bool | None = None
) -> Sequence[BoardRow]:
    """The rows of a board that pass every filter, sorted; by rank unless a column is named.

    `InvalidInput` for what is not a filter, and for a column that does not exist.
    """
    holes = hole_columns(board) if filters or sort is not None else {}
    return sort_rows(filter_rows(board.rows, [parse_filter(text, holes) for text in filters]), sort, descending, holes)


def _passes(row: BoardRow, test: Filter) -> bool:
    value = test.source.read(row)
    return value is not None and RELATIONS[test.symbol][1](value, test.value)


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isnan(value):
        hint = f"did you mean {quoted(f'{name}{text[0]}={text[1:]}')}?" if text[:1] in ("<", ">") else ""
        raise InvalidInput(Problem(("filter", name), f"{quoted(text)} is not a number", hint))
    return value


def _comparable(value: Value) -> float | str:
    assert value is not None
    return value.casefold() if isinstance(value, str) else value
