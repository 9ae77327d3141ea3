"""Two or more cells side by side, each against the first: wiring, equations, cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

from archsearch.explain.difference import Difference, Status, compare
from archsearch.explain.viewed import view
from archsearch.explain.wiring_of import wiring_of
from archsearch.findings.cells import CellFinding, explain_viewed
from archsearch.schema.cell import Cell
from archsearch.schema.sizes import Sizes
from archsearch.space.holes import label_of

COSTS = ("parameters", "stages", "operations")
"""What cells are compared by: fields of a `CellFinding`."""


@dataclasses.dataclass(frozen=True)
class WiringField:
    """A field of the wirings; a value is empty where it has no effect, None for a cell that is not a wiring."""

    name: str
    values: tuple[str | None, ...]

    @property
    def alike(self) -> bool:
        """Whether all wirings have the same value."""
        return len(set(self.values) - {None}) == 1

    @property
    def is_detail(self) -> bool:
        """Whether it only belongs to a gate that some of the wirings do not have."""
        return self.name.count(".") == 2 and (self.alike or ("" in self.values and "reset" not in self.name))


@dataclasses.dataclass(frozen=True)
class EquationSide:
    """An equation of one of the cells by name, None where it has none for this; how it stands to the first cell's.

    `only_start`: the two differ in nothing but the numbers at which a bias or a state starts.
    """

    name: str | None
    status: Status | None = None
    only_start: bool = False

    @property
    def differs(self) -> bool:
        """Whether it is to be marked."""
        return self.status not in (None, "same", "renamed")


@dataclasses.dataclass(frozen=True)
class EquationRow:
    """The equations that are for the same, one of each cell, and what for."""

    title: str
    sides: tuple[EquationSide, ...]


@dataclasses.dataclass(frozen=True)
class CellComparison:
    """Cells side by side. `verdicts` say how each of the others stands to the first.

    `wiring` is empty where fewer than two of the cells can be written as wirings. `rows` have the equations of the
    first cell in their order, then those that it does not have.
    """

    cells: tuple[CellFinding, ...]
    verdicts: tuple[str, ...]
    wiring: tuple[WiringField, ...]
    rows: tuple[EquationRow, ...]

    @property
    def differing(self) -> tuple[WiringField, ...]:
        """The fields of the wirings that differ."""
        return tuple(field for field in self.wiring if not field.alike and not field.is_detail)

    @property
    def alike(self) -> dict[str, str]:
        """The fields of the wirings with one value, and the value."""
        fields = (field for field in self.wiring if field.alike and not field.is_detail)
        return {field.name: next(filter(None, field.values), "") for field in fields}


def compare_cells(cells: Sequence[Cell], sizes: Sequence[Sizes]) -> CellComparison:
    """Two or more cells, each in a layer of its own sizes; `InvalidInput` where equations are not sound."""
    viewed = [view(cell) for cell in cells]
    differences = [compare(viewed[0], other) for other in viewed[1:]]
    findings = tuple(
        explain_viewed(one, size.input_size, size.hidden_size) for one, size in zip(viewed, sizes, strict=True)
    )
    return CellComparison(
        findings,
        tuple(difference.verdict for difference in differences),
        tuple(_wirings(cells)),
        tuple(_rows(findings, differences)),
    )


def _wirings(cells: Sequence[Cell]) -> list[WiringField]:
    wirings = [wiring_of(cell) for cell in cells]
    known = [wiring for wiring in wirings if wiring is not None]
    if len(known) < 2:
        return []
    return [
        WiringField(name, tuple(None if wiring is None else _spelt(name, wiring) for wiring in wirings))
        for name in sorted(set().union(*known))
    ]


def _spelt(name: str, wiring: dict[str, Any]) -> str:
    """A field of a wiring in words; empty where it has no effect."""
    if name not in wiring:
        return ""
    value = wiring[name]
    if name.startswith("peepholes."):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else label_of(value)


def _rows(cells: Sequence[CellFinding], differences: Sequence[Difference]) -> list[EquationRow]:
    first = {equation.name: {0: EquationSide(equation.name)} for equation in cells[0].equations}
    others: list[dict[int, EquationSide]] = []
    for place, difference in enumerate(differences, 1):
        for pair in difference.equations:
            if pair.right is not None:
                row = first[pair.left] if pair.left is not None else _row(others, cells, place, pair.right)
                row[place] = EquationSide(pair.right, pair.status, pair.only_start)
    for name, row in first.items():
        if len(row) == 1:
            row[0] = EquationSide(name, "left")
    return [
        EquationRow(
            " / ".join(dict.fromkeys(filter(None, _titles(cells, row)))),
            tuple(row.get(place, EquationSide(None)) for place in range(len(cells))),
        )
        for row in (*first.values(), *others)
    ]


def _row(
    others: list[dict[int, EquationSide]], cells: Sequence[CellFinding], place: int, name: str
) -> dict[int, EquationSide]:
    """The row of equations that the first cell does not have, for the same as this one; else a new row."""
    title = cells[place].equation(name).title
    for row in others:
        if title and place not in row and title in _titles(cells, row):
            return row
    others.append({})
    return others[-1]


def _titles(cells: Sequence[CellFinding], row: dict[int, EquationSide]) -> list[str]:
    return [cells[place].equation(str(side.name)).title for place, side in row.items()]
