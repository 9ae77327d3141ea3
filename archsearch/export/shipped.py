"""The names of the shipped cells and wirings."""

from __future__ import annotations

from archsearch.registry import shipped_names
from archsearch.space.library import CELLS, WIRINGS


def cell_names() -> list[str]:
    """The names of shipped cells and wirings, sorted."""
    return sorted({*shipped_names(CELLS), *shipped_names(WIRINGS)})
