"""What the equations of two cells have in common, and in what they differ."""

from __future__ import annotations

import dataclasses
from typing import Literal

from archsearch.explain.alignment import Pair, align
from archsearch.explain.step import Made
from archsearch.explain.terms import Atom, Sum, key, of, replaced
from archsearch.explain.viewed import Viewed

Status = Literal["same", "renamed", "changed", "left", "right"]
"""`renamed`: the same but for its name. `left` and `right`: only there."""


@dataclasses.dataclass(frozen=True)
class EquationPair:
    """Equations of the same role in two cells; `None` where one has none."""

    status: Status
    left: str | None
    right: str | None
    only_start: bool = False
    """Whether the two differ in nothing but the numbers at which a bias or a state starts."""


@dataclasses.dataclass(frozen=True)
class Difference:
    """Two cells side by side."""

    left: Viewed
    right: Viewed
    equations: tuple[EquationPair, ...]

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


def compare(left: Viewed, right: Viewed) -> Difference:
    """Two cells, equation by equation."""
    pairs = align(left, right)
    return Difference(left, right, tuple(_equation(left, right, pair, pairs) for pair in pairs))


def _equation(one: Viewed, other: Viewed, pair: Pair, pairs: tuple[Pair, ...]) -> EquationPair:
    left, right = pair
    if left is None or right is None:
        return EquationPair("right" if left is None else "left", left, right)
    here = {name: name for name, _ in pairs if name}
    there = {theirs: ours or f"{theirs} of the right" for ours, theirs in pairs if theirs}
    ours, our_start = _meaning(one, one.written.made[left], here)
    theirs, their_start = _meaning(other, other.written.made[right], there)
    if ours == theirs and our_start == their_start:
        return EquationPair("same" if left == right else "renamed", left, right)
    return EquationPair("changed", left, right, only_start=ours == theirs)


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
