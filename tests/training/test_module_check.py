"""The module is what is ranked: weights that it does not bear out are a mismatch."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load, save

from archsearch import training
from archsearch.ir import CellIR, canonical, lower
from archsearch.models.weights import spelled_weights
from archsearch.schema.score import Score
from archsearch.schema.study import Spec
from archsearch.space import load_cell
from archsearch.tasks import Batch
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.training import Chosen, Mismatch, check_module, choose_step, module_check
from archsearch.training.module import ModuleTrainer
from archsearch.training.module_check import TOLERANCE, check_outputs
from archsearch.training.trainer import Outputs

TASK = TemporalOrder(length=10)
SEED = 3
SPEC = Spec.model_validate(
    {
        "cell": load_cell("gru").model_dump(mode="json", exclude_none=True),
        "model": {"hidden_size": 4},
        "training": {"learning_rate": 0.01, "sequences": 64, "checks": 1, "validation": 16, "test": 64},
    }
)


@pytest.fixture(scope="module")
def trained() -> tuple[Score, bytes]:
    score, weights = training.evaluate(
        SPEC, TASK, SEED, ["reference"], lambda check, value: None, keep_weights=True, read_test=True
    )
    assert weights is not None
    return score, weights


def altered(weights: bytes, change: Callable[[NDArray[np.float32]], NDArray[np.float32]]) -> bytes:
    """The weights with other ones in the head."""
    values = load(weights)
    return save({**values, "head.weight": change(values["head.weight"])})


def test_what_compiled_steps_train_is_what_the_module_computes() -> None:
    score, weights = training.evaluate(
        SPEC, TASK, SEED, ["native"], lambda check, value: None, keep_weights=True, read_test=True
    )
    assert choose_step(SPEC, ["native"]).compiled
    assert weights is not None
    assert check_module(SPEC, TASK, SEED, score, weights) == score


def test_weights_that_give_their_score_pass_and_the_score_stays(trained: tuple[Score, bytes]) -> None:
    score, weights = trained
    assert check_module(SPEC, TASK, SEED, score, weights) == score


def test_other_weights_do_not_give_the_score(trained: tuple[Score, bytes]) -> None:
    score, weights = trained
    with pytest.raises(Mismatch, match=rf"^the weights score 0\.\d+ on the test sequences, and {score.test} after"):
        check_module(SPEC, TASK, SEED, score, altered(weights, lambda head: -head))


def test_another_score_is_not_that_of_the_weights(trained: tuple[Score, bytes]) -> None:
    score, weights = trained
    assert score.test is not None
    for other in (score.test + 1 / 64, None):
        with pytest.raises(Mismatch, match="the weights score"):
            check_module(SPEC, TASK, SEED, score.model_copy(update={"test": other}), weights)


class Compiled:
    """Stands for steps that give the module's outputs, shifted."""

    def __init__(self, shift: float, right: Outputs) -> None:
        self._outputs: Outputs = right + np.float32(shift)

    def outputs(self, batch: Batch) -> Outputs:
        return self._outputs


def compiled(monkeypatch: pytest.MonkeyPatch, shift: float, weights: bytes) -> Outputs:
    """Have the weights trained by compiled steps that are off by `shift`; their outputs on the test sequences."""
    ir = canonical(lower(SPEC.cell)).ir
    module = ModuleTrainer(ir, SPEC, TASK, "reference", load(weights))
    right = module.outputs(TASK.batch(SEED, "test", SPEC.training.test))
    stand_in = Compiled(shift, right)
    monkeypatch.setattr(module_check, "choose_step", lambda *_: Chosen("reference", "", compiled=True))
    monkeypatch.setattr(module_check, "make_trainer", lambda *_: stand_in)
    return stand_in._outputs


def test_a_module_that_computes_something_else_than_the_compiled_steps_is_a_mismatch(
    trained: tuple[Score, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All outputs shift by the same, which leaves the score where it is."""
    score, weights = trained
    compiled(monkeypatch, 1e-3, weights)
    with pytest.raises(Mismatch, match=r"other outputs .* than the compiled steps: by up to 0\.001, allowed: 1e-05"):
        check_module(SPEC, TASK, SEED, score, weights)


def test_the_score_that_is_kept_is_the_modules(trained: tuple[Score, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Two classes may change places where their outputs are nearly equal."""
    score, weights = trained
    outputs = compiled(monkeypatch, 1e-6, weights)
    of_outputs = TemporalOrder.score

    def by_bits(task: TemporalOrder, given: Outputs, batch: Batch) -> float:
        return 0.25 if given is outputs else of_outputs(task, given, batch)

    monkeypatch.setattr(TemporalOrder, "score", by_bits)
    assert check_module(SPEC, TASK, SEED, score.model_copy(update={"test": 0.25}), weights) == score


def test_weights_that_come_under_the_wrong_names_are_a_mismatch(
    trained: tuple[Score, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the names of two gates are confused on the way to the entry's spelling."""
    score, weights = trained
    right = spelled_weights
    gates = {"r": "z", "z": "r"}

    def confused(safetensors: bytes, ir: CellIR) -> dict[str, NDArray[Any]]:
        values = right(safetensors, ir)
        return {re.sub(r"\.([rz])\.", lambda gate: f".{gates[gate[1]]}.", name): values[name] for name in values}

    monkeypatch.setattr(module_check, "spelled_weights", confused)
    with pytest.raises(Mismatch, match="than the canonical cell: by up to"):
        check_module(SPEC, TASK, SEED, score, weights)


@pytest.mark.parametrize(
    ("output", "other", "equal"),
    [
        (0.5, 0.5 + 0.9 * TOLERANCE, True),
        (0.5, 0.5 - 1.2 * TOLERANCE, False),
        (100.0, 100 * (1 + 0.9 * TOLERANCE), True),
        (100.0, 100 * (1 - 1.2 * TOLERANCE), False),
        (float("nan"), 0.5, False),
        (0.5, float("inf"), False),
    ],
)
def test_outputs_are_equal_up_to_the_tolerance(output: float, other: float, equal: bool) -> None:
    module, scored = np.zeros((2, 7, 3), np.float32), np.zeros((2, 7, 3), np.float32)
    module[0, 3, 1], scored[0, 3, 1] = output, other
    if equal:
        check_outputs(module, scored, "other")
    else:
        with pytest.raises(Mismatch):
            check_outputs(module, scored, "other")
