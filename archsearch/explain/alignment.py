"""Which equation of one cell answers to which of another.

Equations of the same architecture are matched by their place in it; those of different ones by what they are for
(their titles), then by name. Swapping the two cells swaps each pair and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from archsearch.explain.distance import surroundings
from archsearch.explain.viewed import Viewed
from archsearch.ir.normal_form import Graph, named_form

Pair = tuple[str | None, str | None]

MOST_TIES = 32
RADIUS = 8


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
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in viewed.cell.equations:
        if name not in taken and (key := rule(viewed, name)) is not None:
            found[key].append(name)
    return found


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
    partners: dict[str, str] = {}
    for _ in range(MOST_TIES):
        ours, theirs = _at_places(left, one, here), _at_places(right, other, there)
        tied: tuple[str, str] | None = None
        for place, names in ours.items():
            others = theirs.get(place, [])
            if len(names) == len(others) == 1:
                partners[names[0]] = others[0]
            elif others and tied is None:
                both = sorted(set(names) & set(others))
                tied = (both[0], both[0]) if both else (names[0], others[0])
        if tied is None:
            break
        mark = f"tie {len(partners)} {place}"
        one, other = _marked(one, here[tied[0]], mark), _marked(other, there[tied[1]], mark)
        partners[tied[0]] = tied[1]
        here = {name: node for name, node in here.items() if name != tied[0]}
        there = {name: node for name, node in there.items() if name != tied[1]}
    return partners


def _at_places(viewed: Viewed, graph: Graph, nodes: dict[str, int]) -> dict[str, list[str]]:
    """The equations at each place of a graph; a place is known by its surroundings."""
    around = surroundings(graph, RADIUS)
    found: dict[str, list[str]] = defaultdict(list)
    for name in viewed.cell.equations:
        if name in nodes:
            found[around[nodes[name]]].append(name)
    return found


def _marked(graph: Graph, node: int, mark: str) -> Graph:
    labels = list(graph.labels)
    labels[node] += f" {mark}"
    return Graph(tuple(labels), graph.edges)


def _in_order(left: list[str], right: list[str], partners: dict[str, str]) -> tuple[Pair, ...]:
    pairs: list[Pair] = [(name, partners.get(name)) for name in left]
    taken = set(partners.values())
    pairs += [(None, name) for name in right if name not in taken]
    return tuple(pairs)
