"""Two to four cells side by side: wiring, equations, cost; each against the first one."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from archsearch.explain.difference import COSTS, Difference, Status, compare, is_detail, spelt_wiring
from archsearch.schema.cell import Cell
from archsearch.schema.sizes import Sizes
from archsearch.web.views.equations import Told, tell


@dataclasses.dataclass(frozen=True)
class Field:
    """A field of the wirings; a value is empty where it has no effect, None for a cell that is no wiring."""

    name: str
    values: tuple[str | None, ...]


@dataclasses.dataclass(frozen=True)
class Side:
    """An equation of one of the cells, None where it has none for this; how it stands to that of the first cell."""

    told: Told | None
    status: Status | None = None
    only_start: bool = False

    @property
    def differs(self) -> bool:
        """Whether it is to be marked."""
        return self.status not in (None, "same", "renamed")


@dataclasses.dataclass(frozen=True)
class Row:
    """What is for the same in all cells."""

    title: str
    sides: tuple[Side, ...]

    @property
    def name(self) -> str:
        """That of its first equation."""
        return next(side.told.name for side in self.sides if side.told)


@dataclasses.dataclass(frozen=True)
class Cost:
    """What the cells take of something."""

    quantity: str
    values: tuple[int, ...]

    def share(self, index: int) -> str:
        """How much more or less than the first cell."""
        first, value = self.values[0], self.values[index]
        return f"{(value - first) / first:+.0%}".replace("-", "−") if index and first and value != first else ""


@dataclasses.dataclass(frozen=True)
class SideBySide:
    """The cells. `verdicts` say how each of the others stands to the first; `alike` are fields with the same value."""

    verdicts: tuple[str, ...]
    fields: tuple[Field, ...]
    alike: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    costs: tuple[Cost, ...]
    sizes: tuple[Sizes, ...]
    note: str


def side_by_side(cells: Sequence[Cell], sizes: Sequence[Sizes], note: str = "") -> SideBySide:
    """Two or more cells, and what a layer of each costs at its sizes; `note` is said below the costs."""
    found = [compare(cells[0], other, 1, 1) for other in cells[1:]]
    fields, alike = _wirings(cells)
    layers = [(found[0].left.ir, sizes[0])]
    layers += [(each.right.ir, size) for each, size in zip(found, sizes[1:], strict=True)]
    costs = tuple(
        Cost(quantity, tuple(measure(ir, size.input_size, size.hidden_size) for ir, size in layers))
        for quantity, measure in COSTS.items()
    )
    verdicts = tuple(each.verdict for each in found)
    return SideBySide(verdicts, fields, alike, tuple(_rows(found)), costs, tuple(sizes), note)


def _wirings(cells: Sequence[Cell]) -> tuple[tuple[Field, ...], tuple[tuple[str, str], ...]]:
    wirings = [spelt_wiring(cell) for cell in cells]
    known = [wiring for wiring in wirings if wiring is not None]
    fields: list[Field] = []
    alike: list[tuple[str, str]] = []
    if len(known) > 1:
        for name in sorted(set().union(*known)):
            values = [wiring.get(name, "") for wiring in known]
            if len(set(values)) == 1:
                alike.append((name, values[0]))
            elif not is_detail(name, values):
                fields.append(Field(name, tuple(None if each is None else each.get(name, "") for each in wirings)))
    return tuple(fields), tuple((name, value) for name, value in alike if name.count(".") < 2)


@dataclasses.dataclass
class _Line:
    """A row that is being filled: the name in each cell that has one."""

    names: dict[int, str]
    titles: dict[int, str]
    statuses: dict[int, tuple[Status, bool]]


def _rows(found: Sequence[Difference]) -> list[Row]:
    """The equations of the first cell in their order, each beside its partners; then those that it has not."""
    first = found[0].left
    lines = {name: _Line({0: name}, {0: first.purpose(name)}, {}) for name in first.cell.equations}
    others: list[_Line] = []
    for place, difference in enumerate(found, 1):
        for pair in difference.equations:
            if pair.right is None:
                continue
            line = lines[pair.left] if pair.left is not None else _line(others, place, pair.right_title)
            line.names[place] = pair.right
            line.titles[place] = pair.right_title
            line.statuses[place] = pair.status, pair.only_start
    viewed = [first, *(difference.right for difference in found)]
    told = [tell(each) for each in viewed]
    return [
        Row(
            " / ".join(dict.fromkeys(title for title in line.titles.values() if title)),
            tuple(
                Side(told[place].of(line.names[place]) if place in line.names else None, *_status(line, place))
                for place in range(len(viewed))
            ),
        )
        for line in (*lines.values(), *others)
    ]


def _line(others: list[_Line], place: int, title: str) -> _Line:
    """The line of equations that the first cell has not, for the same as this one; a new one where there is none."""
    for line in others:
        if title and place not in line.names and title in line.titles.values():
            return line
    others.append(_Line({}, {}, {}))
    return others[-1]


def _status(line: _Line, place: int) -> tuple[Status | None, bool]:
    if place == 0:
        return ("left" if len(line.names) == 1 and 0 in line.names else None), False
    return line.statuses.get(place, (None, False))
