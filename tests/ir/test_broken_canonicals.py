"""The comparers of canonical cells must fail on broken ones."""

from __future__ import annotations

import functools
import sys
from fractions import Fraction

import pytest

from archsearch.ir import lower
from archsearch.ir.canonical import canonical as canonical_cell
from archsearch.ir.chains import Chains
from archsearch.ir.normal_form import Graph, named_form
from tests.ir import test_canonical
from tests.ir.cells import cell, gate
from tests.ir.test_canonical import assert_same_function

MODULE = sys.modules["archsearch.ir.canonical"]  # `archsearch.ir` has the function under this name


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_canonical, "canonical", canonical_cell.__wrapped__)


def test_one_that_forgets_initial_values_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgetful(ir: object, trained: bool) -> tuple[Graph, dict[str, int]]:
        graph, nodes = named_form(ir, trained)  # type: ignore[arg-type]
        labels = (
            f"{label.rpartition(' ')[0]} 0" if label.startswith("affine with") else label for label in graph.labels
        )
        return Graph(tuple(labels), graph.edges), nodes

    monkeypatch.setattr(MODULE, "named_form", forgetful)
    with pytest.raises(AssertionError):
        test_canonical.test_cells_have_one_canonical_cell_exactly_when_they_are_isomorphic(0)


def test_one_that_depends_on_the_order_in_the_file_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "canonical_form", lambda graph: ("", tuple(range(len(graph.labels)))))
    with pytest.raises(AssertionError):
        test_canonical.test_all_spellings_of_a_shipped_cell_are_one("gru")


def test_names_that_do_not_follow_the_operands_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = MODULE._parameter_names
    monkeypatch.setattr(
        MODULE, "_parameter_names", lambda affine, name, reads: right(affine, name, [*range(len(reads))])
    )
    with pytest.raises(AssertionError):
        assert_same_function(lower(cell({"h": gate("h_prev", "x")})))


def test_a_lost_minus_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    right = MODULE._Rebuilding._product
    monkeypatch.setattr(
        MODULE._Rebuilding, "_product", lambda self, constant, counts: right(self, abs(constant), counts)
    )
    with pytest.raises(AssertionError):
        assert_same_function(lower(cell({"a": gate("x"), "h": "tanh(-a)"})))


def test_constants_that_are_rounded_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    rounded = functools.partial(round, ndigits=10)
    monkeypatch.setattr(MODULE, "_as_float", lambda constant: float(rounded(Fraction(constant))))
    with pytest.raises(AssertionError):
        assert_same_function(lower(cell({"a": gate("x"), "h": "0.12345678901234 * a"})))


def test_one_that_shares_nothing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Chains, "_with_parts", lambda self, op: {n: c for n, (own, c) in self._counts.items() if own == op}
    )
    monkeypatch.setattr(Chains, "_take_out_pairs", lambda self, op: None)
    with pytest.raises(AssertionError):
        test_canonical.test_sums_and_products_take_few_instructions(["p * q", "a * r + a"], ["mul", "mul", "add"])
