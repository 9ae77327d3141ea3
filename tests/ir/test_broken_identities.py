"""The comparer of identities must fail on every broken identity (see tests/test_the_tests.py)."""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from archsearch.ir import Affine, identity, labelling, normal_form
from archsearch.ir.normal_form import Graph
from archsearch.schema.cell import Cell
from tests.ir import cells, test_isomorphism
from tests.ir.isomorphism import assert_ids_are_architectures
from tests.ir.random_cells import random_cell


def family() -> list[Cell]:
    """Random cells, some also in disguise, and two that differ in a constant."""
    generator = random.Random(11)
    found = [random_cell(generator, most_gates=2) for _ in range(900)]
    constants = [cells.cell({"h": f"tanh(h_prev) + {number} * x"}) for number in (0.5, 0.25)]
    return [*found, *(cells.disguised(cell, generator) for cell in found[:100]), *constants]


def without_constants(graph: Graph) -> Graph:
    return dataclasses.replace(graph, labels=tuple(label.partition(" 0.")[0] for label in graph.labels))


def without_biases(graph: Graph) -> Graph:
    return dataclasses.replace(graph, labels=tuple(label.removesuffix(" with bias") for label in graph.labels))


def without_roles(graph: Graph) -> Graph:
    return dataclasses.replace(graph, edges=tuple(tuple(("", target) for _, target in edges) for edges in graph.edges))


def without_time(graph: Graph) -> Graph:
    kept = (tuple(edge for edge in edges if edge[0] != "next") for edges in graph.edges)
    return dataclasses.replace(graph, edges=tuple(kept))


@pytest.mark.parametrize("loss", [without_constants, without_biases, without_roles, without_time])
def test_an_identity_that_forgets_something_is_noticed(
    loss: Callable[[Graph], Graph], monkeypatch: pytest.MonkeyPatch
) -> None:
    right = normal_form.normal_form
    monkeypatch.setattr(identity, "normal_form", lambda ir: loss(right(ir)))
    with pytest.raises(AssertionError, match="equal ids of different architectures"):
        assert_ids_are_architectures(family())


def test_an_identity_that_merges_equal_gates_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def merged(self: Any, affine: Affine) -> int:
        edges = [("W", self.nodes[name]) for name in affine.matrices]
        return int(self._shared("affine", [*edges, *(("d", self.nodes[name]) for name in affine.vectors)]))

    monkeypatch.setattr(normal_form._Building, "_affine", merged)
    with pytest.raises(AssertionError, match="equal ids of different architectures"):
        assert_ids_are_architectures(family())


def test_an_identity_that_does_not_flatten_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = normal_form._Building._chain

    def nested(self: Any, *arguments: Any) -> int:
        self.chains.clear()
        return right(self, *arguments)

    monkeypatch.setattr(normal_form._Building, "_chain", nested)
    both = [cells.cell({"h": text}) for text in ("x + (h_prev + tanh(x))", "(x + h_prev) + tanh(x)")]
    with pytest.raises(AssertionError, match="different ids of the same architecture"):
        assert_ids_are_architectures(both)


def test_an_identity_by_names_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "canonical_text", lambda graph: f"{graph.labels}{graph.edges}")
    with pytest.raises(AssertionError, match="different ids of the same architecture"):
        assert_ids_are_architectures(family())


def test_colour_refinement_alone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def colours(graph: Graph) -> str:
        search = labelling._Search(graph)
        ranks = {label: rank for rank, label in enumerate(sorted(set(graph.labels)))}
        return str(sorted(Counter(search._refine([ranks[label] for label in graph.labels])).items()))

    monkeypatch.setattr(identity, "canonical_text", colours)
    with pytest.raises(AssertionError, match="equal ids of different architectures"):
        test_isomorphism.test_what_colour_refinement_alone_cannot_tell_apart()


def test_pruning_too_much_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labelling._Search, "_equivalent", lambda *_: True)
    with pytest.raises(AssertionError, match="different ids of the same architecture"):
        test_isomorphism.test_gates_that_look_alike_need_not_be_interchangeable()


def test_jumping_back_too_far_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = labelling._Search._leaf
    monkeypatch.setattr(labelling._Search, "_leaf", lambda self, *arguments: min(0, right(self, *arguments)))
    with pytest.raises(AssertionError):
        test_isomorphism.test_rings_of_gates_may_be_numbered_in_any_order()
