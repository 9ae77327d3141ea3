"""What the equations of two cells have in common, and in what they differ.

Equations of the same architecture are matched by their place in it; those of different ones by what they are for
(their titles), then by name. Swapping the two cells swaps each pair and nothing else.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Literal

from archsearch.explain.step import Made
from archsearch.explain.terms import Atom, Sum, key, of, replaced
from archsearch.explain.viewed import Viewed, starts
from archsearch.ir.labelling import label_colours, refined
from archsearch.ir.normal_form import Graph, named_form

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
        if starts(self.left.ir) != starts(self.right.ir):
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


Pair = tuple[str | None, str | None]

MOST_TIES = 32


def align(left: Viewed, right: Viewed) -> tuple[Pair, ...]:
    """Pairs of equations, in the order of the left cell; those of the right alone stand behind what they follow."""
    partners: dict[str, str] = {}
    if left.arch_id == right.arch_id:
        partners |= _by_place(left, right)
    for rule in (_title_and_name, _title, _name):
        partners |= _by_rule(left, right, partners, rule)
    partners |= _by_kinship(left, right, partners)
    return _in_order(list(left.cell.equations), list(right.cell.equations), partners)


def _title_and_name(viewed: Viewed, name: str) -> tuple[str, ...]:
    return (viewed.titles[name], name)


def _title(viewed: Viewed, name: str) -> tuple[str, ...] | None:
    return (viewed.titles[name],) if viewed.titles[name] not in ("", "unused", "part") else None


def _name(viewed: Viewed, name: str) -> tuple[str, ...] | None:
    return (name,) if viewed.titles[name] in ("", "unused", "part") else None


def _by_rule(
    left: Viewed, right: Viewed, partners: dict[str, str], rule: Callable[[Viewed, str], tuple[str, ...] | None]
) -> dict[str, str]:
    """Pairs of equations without a partner to which a rule gives the same key, in order."""
    here, there = _by_key(left, set(partners), rule), _by_key(right, set(partners.values()), rule)
    return {one: other for key in here for one, other in zip(here[key], there.get(key, []), strict=False)}


def _by_key(
    viewed: Viewed, taken: Iterable[str], rule: Callable[[Viewed, str], tuple[str, ...] | None]
) -> dict[tuple[str, ...], list[str]]:
    names: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in viewed.cell.equations:
        if name not in taken and (key := rule(viewed, name)) is not None:
            names[key].append(name)
    return names


def _by_kinship(left: Viewed, right: Viewed, partners: dict[str, str]) -> dict[str, str]:
    """Equations of one name whose titles share a word: a forget gate, and a forget and input gate in one."""
    taken = set(partners.values())
    return {
        name: name
        for name in left.cell.equations
        if name not in partners
        and name in right.cell.equations
        and name not in taken
        and _kin(left.titles[name]) & _kin(right.titles[name])
    }


def _kin(title: str) -> set[str]:
    return set(title.replace(",", "").split()) - {"and", "gate", "coupled", ""}


def _by_place(left: Viewed, right: Viewed) -> dict[str, str]:
    """Equations that stand in the same place of one architecture; ties are settled one by one, by name."""
    (one, here), (other, there) = named_form(left.ir), named_form(right.ir)
    shift = len(one.labels)
    there = {name: node + shift for name, node in there.items()}
    shifted = tuple(tuple((role, target + shift) for role, target in edges) for edges in other.edges)
    both = Graph(one.labels + other.labels, one.edges + shifted)
    colours = label_colours(both)
    partners: dict[str, str] = {}
    for _ in range(MOST_TIES):
        colours = refined(both, colours)
        ours, theirs = _at_places(left, colours, here), _at_places(right, colours, there)
        tied: tuple[str, str] | None = None
        for place, names in ours.items():
            others = theirs.get(place, [])
            if len(names) == len(others) == 1:
                partners[names[0]] = others[0]
            elif others and tied is None:
                common = sorted(set(names) & set(others))
                tied = (common[0], common[0]) if common else (names[0], others[0])
        if tied is None:
            break
        partners[tied[0]] = tied[1]
        colours[here.pop(tied[0])] = colours[there.pop(tied[1])] = len(colours)
    return partners


def _at_places(viewed: Viewed, colours: list[int], nodes: dict[str, int]) -> dict[int, list[str]]:
    """The equations at each place of a graph; a place is known by its colour."""
    places: dict[int, list[str]] = defaultdict(list)
    for name in viewed.cell.equations:
        if name in nodes:
            places[colours[nodes[name]]].append(name)
    return places


def _in_order(left: list[str], right: list[str], partners: dict[str, str]) -> tuple[Pair, ...]:
    pairs: list[Pair] = [(name, partners.get(name)) for name in left]
    taken = set(partners.values())
    pairs += [(None, name) for name in right if name not in taken]
    return tuple(pairs)
