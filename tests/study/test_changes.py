"""What may change under a study's name."""

from __future__ import annotations

import json

import pytest

from archsearch.study.changes import GROWING, difference
from tests.study.samples import TEXT, small

GROWN = {
    "search": {"trials": 10, "seeds": 3},
    "confirm": {"best": 3, "seeds": 3},
    "report": {"best": 2, "seeds": 3},
    "limits": {"seconds": 61, "memory_mb": 201, "parameters": 10_000_001, "operations": 10**12 + 1},
}


def test_nothing_has_changed_in_the_same_study() -> None:
    assert difference(small().text, small()) == ()


def test_the_amounts_may_grow() -> None:
    assert {(key, field) for key, fields in GROWN.items() for field in fields} == set(GROWING)
    assert difference(small().text, small(**GROWN)) == ()


def test_a_study_of_a_version_without_a_limit_goes_on() -> None:
    old = json.loads(small().text)
    del old["study"]["limits"]["operations"]
    assert difference(json.dumps(old), small()) == ()


def test_the_amounts_may_not_shrink() -> None:
    lines = difference(small(**GROWN).text, small())
    assert len(lines) == len(GROWING)
    assert all(line.endswith("(may only be raised)") for line in lines)
    assert "search.trials: 10 -> 5 (may only be raised)" in lines


def test_baselines_may_be_added_and_reordered_but_not_removed() -> None:
    assert difference(small().text, small(baselines=["lstm", "gru", "rnn"])) == ()
    (line,) = difference(small().text, small(baselines=["gru"]))
    assert line.startswith("baselines.rnn: {")
    assert line.endswith("-> (absent)")


def test_a_baseline_of_the_same_name_must_be_the_same_cell() -> None:
    old = json.loads(small().text)
    old["baselines"]["rnn"]["equations"]["h"]["activation"] = "relu"
    assert difference(json.dumps(old), small()) == ("baselines.rnn.equations.h.activation: relu -> tanh",)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"training": {"learning_rate": 0.02}}, "training.learning_rate: 0.01 -> 0.02"),
        ({"training": {"optimizer": "sgd"}}, "training.optimizer: adam -> sgd"),
        ({"model": {"hidden_size": 5}}, "model.hidden_size: 4 -> 5"),
        ({"task": {"length": 11}}, "task.length: 10 -> 11"),
        ({"task": {"name": "adding", "length": 12}}, "task.name: temporal_order -> adding"),
        ({"seed": 4}, "seed: 20 -> 4"),
        ({"search": {"sampler": "tpe"}}, "search.sampler: random -> tpe"),
        ({"search": {"pruner": "median"}}, "search.pruner: none -> median"),
        ({"backend": ["native"]}, 'backend: ["reference"] -> ["native"]'),
        ({"holes": {"model.hidden_size": [4, 8]}}, "holes.model.hidden_size: (absent) -> [4, 8]"),
        ({"space": {"cell": "rnn"}}, "space.cell.equations.f: "),
    ],
    ids=str,
)
def test_what_decides_results_is_fixed(changes: dict[str, object], line: str) -> None:
    assert any(found.startswith(line) for found in difference(small().text, small(**changes)))


def test_what_a_file_leaves_out_is_what_it_means() -> None:
    said = {"training": {"optimizer": "adam", "batch_size": 32}, "task": {"markers": 2}, "model": {"layers": 1}}
    assert difference(small().text, small(**said)) == ()


def test_the_order_of_equations_and_options_has_a_meaning() -> None:
    from archsearch.study.definition import load_study

    swapped = TEXT.replace(
        "      f: {linear: $reads, activation: sigmoid}\n      g: {linear: [x, h_prev], activation: $phi}\n",
        "      g: {linear: [x, h_prev], activation: $phi}\n      f: {linear: $reads, activation: sigmoid}\n",
    )
    assert difference(small().text, load_study(swapped)) == (
        'space.cell.equations: the order ["f", "g", "h"] -> ["g", "f", "h"]',
    )
    options = TEXT.replace("phi: [tanh, relu]", "phi: [relu, tanh]")
    assert difference(small().text, load_study(options)) == ('space.holes.phi: ["tanh", "relu"] -> ["relu", "tanh"]',)
