"""A row of the board as plain values by name: what JSON, CSV and HTTP carry."""

from __future__ import annotations

from typing import Any

from archsearch.board.intervals import Interval
from archsearch.board.ranking import BoardRow

KEYS = (
    "rank", "role", "label", "line", "arch_id", "spec_id",
    "objective", "objective_low", "objective_high", "seeds", "failed", "pruned",
    "solved", "solved_low", "solved_high", "sequences_q1", "sequences_median", "sequences_q3", "budget",
    "test", "parameters", "operations", "stages", "seconds",
    "ratio", "difference", "difference_low", "difference_high", "outcome",
)  # fmt: skip
"""Keys of a row. Quartiles are missing where they lie beyond the budget; `solved_low` and `solved_high` are shares."""


def row_values(row: BoardRow) -> dict[str, Any]:
    """A row as plain values by column."""
    found = row.comparison
    values: dict[str, Any] = {name: getattr(row, name) for name in KEYS if name in row.__dataclass_fields__}
    values |= _ends("objective", row.interval) | _ends("solved", row.solved_interval)
    values |= _ends("difference", found.interval if found else None)
    values |= {"difference": found.difference if found else None, "outcome": found.outcome if found else None}
    quartiles = row.sequences
    values |= {
        "sequences_q1": quartiles.q1 if quartiles else None,
        "sequences_median": quartiles.median if quartiles else None,
        "sequences_q3": quartiles.q3 if quartiles else None,
        "budget": quartiles.budget if quartiles else None,
    }
    return {name: values[name] for name in KEYS}


def _ends(name: str, interval: Interval | None) -> dict[str, float | None]:
    return {
        f"{name}_low": interval.low if interval else None,
        f"{name}_high": interval.high if interval else None,
    }
