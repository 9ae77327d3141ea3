"""A page of a board, for programs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from archsearch.findings.columns import KEYS, row_values
from archsearch.findings.standing import Standing
from archsearch.schema.phases import Phase
from archsearch.store import Choice

if TYPE_CHECKING:
    from archsearch.board import BoardRow

FlatRow: Any = dataclasses.make_dataclass(
    "BoardRow", [*((key.name, key.type) for key in KEYS), ("choices", dict[str, Choice])], frozen=True
)
"""A row for programs: the values of all columns, null where no finished run gives any, and the choices by hole."""


@dataclasses.dataclass(frozen=True)
class BoardPage:
    """A page of a phase's ranking. `total` rows pass the filters, `left_out` are not on this page.

    `holes` are those of the study, by which rows may be sorted and filtered too.
    """

    study: str
    phase: Phase
    seeds: int
    baseline: str
    verdict: str
    decided: bool
    note: str
    holes: tuple[str, ...]
    total: int
    left_out: int
    rows: tuple[FlatRow, ...]


def board_page(standing: Standing, rows: Sequence[BoardRow], offset: int = 0, limit: int | None = None) -> BoardPage:
    """The part of the picked `rows` of a board that begins at `offset`; without a limit all that follow."""
    board, shown = standing.board, rows[offset:][:limit]
    return BoardPage(
        study=board.study,
        phase=board.phase,
        seeds=board.seeds,
        baseline=board.baseline,
        verdict=standing.verdict,
        decided=standing.decided,
        note=board.note,
        holes=board.holes,
        total=len(rows),
        left_out=len(board.rows) - len(shown),
        rows=tuple(FlatRow(**row_values(row), choices=dict(row.choices)) for row in shown),
    )
