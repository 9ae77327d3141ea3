"""Equal ids are exactly the isomorphic cells: against brute force on random cells, traps and whole spaces."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from archsearch import registry
from archsearch.errors import Refused
from archsearch.ir import labelling
from archsearch.schema.cell import Cell
from archsearch.space import load_cell, load_space
from archsearch.space.size import every_configuration, measure
from tests.ir.cells import cell, disguised, gate, identity, sigmoid
from tests.ir.isomorphism import assert_ids_are_architectures, canonical
from tests.ir.random_cells import random_cell

Pairs = Sequence[tuple[int, int]]


@pytest.mark.parametrize("seed", range(4))
def test_random_cells_have_equal_ids_exactly_when_they_are_isomorphic(seed: int) -> None:
    generator = random.Random(seed)
    cells = [random_cell(generator) for _ in range(600)]
    found = assert_ids_are_architectures(cells)
    assert 200 < found < 590  # neither all alike nor all different


@pytest.mark.parametrize("seed", range(4))
def test_disguised_random_cells_keep_their_ids(seed: int) -> None:
    generator = random.Random(1000 + seed)
    for _ in range(150):
        original = random_cell(generator)
        disguise = disguised(original, generator)
        assert canonical(disguise) == canonical(original)
        assert identity(disguise) == identity(original), (original.equations, disguise.equations)


def test_tiny_cells_in_great_number() -> None:
    generator = random.Random(7)
    found = assert_ids_are_architectures(random_cell(generator, most_gates=2) for _ in range(1500))
    assert found < 1300


def test_shipped_cells_agree_with_brute_force() -> None:
    assert_ids_are_architectures(load_cell(name) for name in registry.shipped_names("spaces/cells"))


def equal_gates(count: int, output: str, second: str | None = None) -> Cell:
    """`count` gates that read the same; the output, and perhaps a second state, is a formula over g0, g1, ..."""
    equations: dict[str, Any] = {f"g{index}": sigmoid("x", "h_prev") for index in range(count)}
    if second is None:
        return cell({**equations, "h": output})
    return cell({**equations, "s": second, "h": f"tanh({output}) + s_prev"}, states=("h", "s"))


def joined(op: str, parts: Sequence[object]) -> str:
    return f" {op} ".join(map(str, parts))


@pytest.mark.parametrize("count", [3, 4, 5, 6])
@pytest.mark.parametrize("op", ["+", "*"])
def test_equal_gates_under_one_sum_or_product(count: int, op: str) -> None:
    names = [f"g{index}" for index in range(count)]
    orders = list(itertools.islice(itertools.permutations(names), 0, None, max(1, count * 7)))
    assert_one([equal_gates(count, joined(op, order)) for order in orders])
    assert identity(equal_gates(count, joined(op, names))) != identity(equal_gates(count, joined(op, names[1:])))


def assert_one(cells: Sequence[Cell]) -> None:
    assert assert_ids_are_architectures(cells) == 1


def groups(*sizes: int) -> str:
    """Products of so many gates each, added up: groups(2, 1) is g0 * g1 + g2."""
    numbers = iter(range(sum(sizes)))
    return joined("+", [joined("*", [f"g{next(numbers)}" for _ in range(size)]) for size in sizes])


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_equal_gates_split_into_products_every_way(count: int) -> None:
    """Sums of products of equal gates differ exactly when the sizes of the products differ."""
    partitions = [sizes for sizes in compositions(count) if len(sizes) > 1]
    found = assert_ids_are_architectures(equal_gates(count, groups(*sizes)) for sizes in partitions)
    assert found == len({tuple(sorted(sizes)) for sizes in partitions})


def compositions(total: int) -> Iterator[tuple[int, ...]]:
    if total == 0:
        yield ()
    for first in range(1, total + 1):
        for rest in compositions(total - first):
            yield (first, *rest)


def graph(pairs: Pairs) -> str:
    """A sum with one term for each edge between two gates."""
    return joined("+", [f"tanh(g{one} * g{other})" for one, other in pairs])


def cycle(*nodes: int) -> list[tuple[int, int]]:
    return list(zip(nodes, (*nodes[1:], nodes[0]), strict=True))


HEXAGON = cycle(0, 1, 2, 3, 4, 5)
TRIANGLES = cycle(0, 1, 2) + cycle(3, 4, 5)
PRISM = [*TRIANGLES, (0, 3), (1, 4), (2, 5)]
BIPARTITE = [(one, other) for one in range(3) for other in range(3, 6)]


def test_what_colour_refinement_alone_cannot_tell_apart() -> None:
    """One hexagon or two triangles, a prism or K3,3: every gate looks the same from where it stands."""
    cells = [equal_gates(6, graph(pairs)) for pairs in (HEXAGON, TRIANGLES, PRISM, BIPARTITE)]
    relabelled = [equal_gates(6, graph(moved(pairs))) for pairs in (HEXAGON, TRIANGLES, PRISM, BIPARTITE)]
    assert assert_ids_are_architectures(cells + relabelled) == 4


def test_gates_that_look_alike_need_not_be_interchangeable() -> None:
    """A triangle and a square: every gate has two neighbours, but none of the one can take the place of the other."""
    split = [cycle(0, 1, 2) + cycle(3, 4, 5, 6), cycle(4, 5, 6) + cycle(0, 1, 2, 3)]
    cells = [equal_gates(7, graph(pairs)) for pairs in (*split, cycle(0, 1, 2, 3, 4, 5, 6))]
    assert assert_ids_are_architectures(cells) == 2


def moved(pairs: Pairs) -> Pairs:
    image = (3, 0, 5, 1, 4, 2)
    return [(image[other], image[one]) for one, other in reversed(pairs)]


def test_two_symmetric_pairs_crossed_differently() -> None:
    """The output pairs gates (0 1)(2 3); a second state pairs them the same way or crosses over."""
    first = graph([(0, 1), (2, 3)])
    seconds = [graph(pairs) for pairs in ([(0, 1), (2, 3)], [(0, 2), (1, 3)], [(0, 3), (1, 2)], [(0, 2), (0, 3)])]
    cells = [equal_gates(4, first, second) for second in seconds]
    assert assert_ids_are_architectures(cells) == 3
    assert identity(cells[1]) == identity(cells[2])


@pytest.mark.parametrize("edges", [3, 4])
def test_all_small_graphs_over_five_equal_gates(edges: int) -> None:
    """As many ids as there are graphs with so many edges (OEIS A008406); gates without an edge are dead."""
    every = itertools.combinations(itertools.combinations(range(5), 2), edges)
    found = assert_ids_are_architectures(equal_gates(5, graph(pairs)) for pairs in every)
    assert found == {3: 4, 4: 6}[edges]


def twins(*, first: str, second: str) -> Cell:
    """Two states alike, each with a gate of its own."""
    equations = {
        "a": sigmoid("x", "h_prev"),
        "b": sigmoid("x", "h_prev"),
        "s": first,
        "t": second,
        "h": "tanh(s) + tanh(t)",
    }
    return cell(equations, states=("h", "s", "t"))


def test_twin_states_that_keep_to_themselves_or_change_places() -> None:
    """s and t look alike at every step; whether each reads itself or the other is a difference."""
    alone = twins(first="0.5 * s_prev + a", second="0.5 * t_prev + b")
    swapped_gates = twins(first="0.5 * s_prev + b", second="0.5 * t_prev + a")
    crossed = twins(first="0.5 * t_prev + a", second="0.5 * s_prev + b")
    shared = twins(first="0.5 * s_prev + a", second="0.5 * t_prev + a")
    assert assert_ids_are_architectures([alone, swapped_gates, crossed, shared]) == 3
    assert identity(alone) == identity(swapped_gates)


def rings(*lengths: int) -> Cell:
    """States that are handed on in rings: two rings of two, or one of four."""
    names = [f"s{index}" for index in range(sum(lengths))]
    equations: dict[str, Any] = {"a": gate("x")}
    start = 0
    for length in lengths:
        ring = names[start : start + length]
        equations |= {
            name: f"tanh({before}_prev + a)" for name, before in zip(ring, ring[-1:] + ring[:-1], strict=True)
        }
        start += length
    return cell({**equations, "h": joined("+", names)}, states=names)


def test_states_in_rings_of_different_lengths() -> None:
    cells = [rings(4), rings(2, 2), rings(3, 1), rings(1, 3), rings(1, 1, 2), rings(1, 1, 1, 1), rings(2, 1, 1)]
    assert assert_ids_are_architectures(cells) == 5


@pytest.mark.parametrize("count", [12, 24])
def test_many_equal_gates_are_still_told_apart_and_together(count: int) -> None:
    """Too many for brute force, in reach of pruning by automorphisms."""
    names = [f"g{index}" for index in range(count)]
    shuffled = random.Random(count).sample(names, count)
    assert identity(equal_gates(count, joined("+", names))) == identity(equal_gates(count, joined("+", shuffled)))
    ring, two_rings = cycle(*range(count)), cycle(*range(count // 2)) + cycle(*range(count // 2, count))
    assert identity(equal_gates(count, graph(ring))) != identity(equal_gates(count, graph(two_rings)))


def test_rings_of_gates_may_be_numbered_in_any_order() -> None:
    """Too many gates for brute force; every number falls on every ring."""
    generator, found = random.Random(5), set()
    for lengths in [(3, 3, 4), (3, 3, 3, 3), (4, 4, 4), (3, 4, 5), (6, 6), (12,), (10,), (5, 5), (4, 6), (3, 7)]:
        ids = set()
        for _ in range(8):
            numbers = iter(generator.sample(range(sum(lengths)), sum(lengths)))
            pairs = [pair for length in lengths for pair in cycle(*(next(numbers) for _ in range(length)))]
            ids.add(identity(equal_gates(sum(lengths), graph(pairs))))
        assert len(ids) == 1, lengths
        found |= ids
    assert len(found) == 10


def test_a_search_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling, "MOST_REFINEMENTS", 3)
    with pytest.raises(Refused, match="too many interchangeable parts"):
        identity(equal_gates(6, graph(HEXAGON)))


SMALL = """\
space: small
cell:
  states: {h: 0, s: 0}
  output: h
  equations:
    a: {linear: $first, activation: $phi}
    b: {linear: $second, activation: $psi}
    s: $memory
    h: $out
holes:
  first: {subset_of: [x, h_prev, s_prev], at_least: 1}
  second: {subset_of: [x, h_prev, s_prev], at_least: 1}
  phi: [sigmoid, tanh]
  psi: [sigmoid, tanh]
  memory: [a * s_prev + b, b * s_prev + a, a + b]
  out: [tanh(s), "max(s, s_prev)"]
"""


@pytest.mark.parametrize("reference", [SMALL, "two_timescales", "lstm_to_gru"], ids=["small", "free", "wiring"])
def test_a_whole_space_has_as_many_ids_as_architectures(reference: str) -> None:
    space = load_space(reference)
    configurations = list(every_configuration(space))
    size = measure(space)
    assert size.exact
    assert size.configurations == len(configurations)
    assert size.architectures == assert_ids_are_architectures(configuration.cell for configuration in configurations)
