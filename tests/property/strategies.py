"""Random wirings and random cells as Hypothesis strategies."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import strategies as st

from archsearch.schema.cell import Cell
from tests.ir.random_cells import random_cell
from tests.property.plain_wiring import ACTIVATIONS

_GATE_ACTIVATIONS = st.sampled_from(["sigmoid", "hard_sigmoid", "tanh", "identity"])


def gate_entries() -> st.SearchStrategy[Any]:
    """A gate, open or closed."""
    gates = st.fixed_dictionaries(
        {"activation": _GATE_ACTIVATIONS, "bias": st.one_of(st.just(0.0), st.sampled_from([-1.0, 0.5, 2.0]))}
    )
    return st.one_of(gates, st.sampled_from(["open", "closed"]))


def reset_entries() -> st.SearchStrategy[Any]:
    """No reset gate, or one of its own or shared, before or after."""
    places = st.sampled_from(["before", "after"])
    some = st.fixed_dictionaries({"place": places, "gate": st.sampled_from(["own", "input", "forget"])})
    return st.one_of(st.just("none"), some)


def wirings() -> st.SearchStrategy[dict[str, Any]]:
    """Any combination of all fields of a wiring."""
    return st.fixed_dictionaries(
        {
            "gates": st.fixed_dictionaries(
                {
                    "input": gate_entries(),
                    "forget": gate_entries(),
                    "output": gate_entries(),
                    "reset": reset_entries(),
                }
            ),
            "peepholes": st.lists(st.sampled_from(["input", "forget", "output"]), unique=True),
            "coupling": st.sampled_from(["none", "i = 1 - f", "f = 1 - i"]),
            "state_merging": st.sampled_from(["separate", "merged"]),
            "cell_input": st.sampled_from(sorted(ACTIVATIONS)),
            "squash": st.sampled_from(sorted(ACTIVATIONS)),
            "gate_recurrence": st.booleans(),
        }
    )


def cells() -> st.SearchStrategy[Cell]:
    """Small random cells; Hypothesis draws the seed of their generator."""
    return st.integers(0, 10**6).map(lambda seed: random_cell(random.Random(seed)))
