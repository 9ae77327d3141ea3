"""What two cells have in common and in what they differ: wiring, equations, cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, Literal

from archsearch.explain.alignment import Pair, align
from archsearch.explain.step import Made
from archsearch.explain.terms import Atom, Sum, key, of, replaced
from archsearch.explain.viewed import Viewed, view
from archsearch.explain.wiring_of import wiring_of
from archsearch.ir import CellIR, cost
from archsearch.schema.cell import Cell
from archsearch.space.holes import label_of

COSTS: dict[str, Callable[[CellIR, int, int], int]] = {
    "parameters": cost.parameters,
    "stages": lambda ir, _input_size, _hidden_size: cost.stages(ir),
    "operations": cost.operations,
}
"""What a layer of a cell costs at an input size and a hidden size."""

Status = Literal["same", "renamed", "changed", "left", "right"]
"""`renamed`: the same but for its name. `left` and `right`: only there."""


@dataclasses.dataclass(frozen=True)
class EquationPair:
    """Equations of the same role in two cells; `None` where one has none. Titles say what each is for."""

    status: Status
    left: str | None
    right: str | None
    left_title: str
    right_title: str
    only_start: bool = False
    """Whether the two differ in nothing but the numbers at which a bias or a state starts."""


@dataclasses.dataclass(frozen=True)
class FieldPair:
    """A field of two wirings; empty where it does not count."""

    field: str
    left: str
    right: str


@dataclasses.dataclass(frozen=True)
class CostPair:
    """What two cells take of something."""

    quantity: str
    left: int
    right: int


@dataclasses.dataclass(frozen=True)
class Difference:
    """Two cells side by side; `wiring` is None where one of them cannot be written as a wiring."""

    left: Viewed
    right: Viewed
    wiring: tuple[FieldPair, ...] | None
    equations: tuple[EquationPair, ...]
    costs: tuple[CostPair, ...]

    @property
    def same_architecture(self) -> bool:
        """Whether the two are one architecture."""
        return self.left.arch_id == self.right.arch_id

    @property
    def verdict(self) -> str:
        """`the same architecture, equations renamed`, `different architectures`."""
        if not self.same_architecture:
            return "different architectures"
        how = []
        if any(pair.status in ("changed", "left", "right") and not pair.only_start for pair in self.equations):
            how.append("written differently")
        else:
            pairs = [(str(pair.left), str(pair.right)) for pair in self.equations]
            if any(one != other for one, other in pairs):
                how.append("equations renamed")
            if [other for _, other in pairs] != list(self.right.cell.equations):
                how.append("in another order")
        if sorted(self.left.starts) != sorted(self.right.starts):
            how.append("with other starting values")
        return ", ".join(["the same architecture", *how])


def compare(left: Cell, right: Cell, input_size: int, hidden_size: int) -> Difference:
    """Two cells, wired and written, and what a layer of each costs at these sizes."""
    one, other = view(left), view(right)
    pairs = align(one, other)
    equations = tuple(_equation(one, other, pair, pairs) for pair in pairs)
    costs = tuple(
        CostPair(quantity, *(measure(ir, input_size, hidden_size) for ir in (one.ir, other.ir)))
        for quantity, measure in COSTS.items()
    )
    return Difference(one, other, _wiring(spelt_wiring(left), spelt_wiring(right)), equations, costs)


def spelt_wiring(cell: Cell) -> dict[str, str] | None:
    """The fields that count of the wiring that a cell is, each in words; None where it cannot be written as one."""
    reads = wiring_of(cell)
    return None if reads is None else {field: _spelt(field, value) for field, value in reads.items()}


def is_detail(field: str, values: Sequence[str]) -> bool:
    """Whether a field of several wirings only belongs to a gate that one of them has not."""
    return field.count(".") == 2 and "" in values and "reset" not in field


def _wiring(left: dict[str, str] | None, right: dict[str, str] | None) -> tuple[FieldPair, ...] | None:
    if left is None or right is None:
        return None
    fields = sorted({*left, *right})
    return tuple(FieldPair(field, left.get(field, ""), right.get(field, "")) for field in fields)


def _spelt(field: str, value: Any) -> str:
    if field.startswith("peepholes."):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else label_of(value)


def _equation(one: Viewed, other: Viewed, pair: Pair, pairs: tuple[Pair, ...]) -> EquationPair:
    left, right = pair
    titles = (one.purpose(left) if left else "", other.purpose(right) if right else "")
    if left is None or right is None:
        return EquationPair("right" if left is None else "left", left, right, *titles)
    here = {name: name for name, _ in pairs if name}
    there = {theirs: ours or f"{theirs} of the right" for ours, theirs in pairs if theirs}
    ours, our_start = _meaning(one, one.written.made[left], here)
    theirs, their_start = _meaning(other, other.written.made[right], there)
    if ours == theirs and our_start == their_start:
        return EquationPair("same" if left == right else "renamed", left, right, *titles)
    return EquationPair("changed", left, right, *titles, only_start=ours == theirs)


def _meaning(viewed: Viewed, made: Made, names: dict[str, str]) -> tuple[object, object]:
    """What an equation computes, freed of order, in other names; and what it starts from."""

    def put(name: str) -> Sum:
        state = viewed.written.previous(name)
        return of(Atom(f"{names.get(state, state)} before" if state else names.get(name, name)))

    def keys(reads: tuple[Sum, ...]) -> list[str]:
        return sorted(key(replaced(read, put)) for read in reads)

    linear, diagonal = keys(made.linear), keys(made.diagonal)
    computed = (made.activation, linear, diagonal, made.bias is None, key(replaced(made.formula, put)))
    state = made.name in viewed.cell.states
    return (computed, made.has_parameters, state), (made.bias, viewed.cell.states.get(made.name))
