"""Temporal order against the words of its paper."""

from __future__ import annotations

import numpy as np
import pytest

from archsearch.tasks import Batch
from archsearch.tasks.temporal_order import SYMBOLS, TASK, TemporalOrder
from tests.tasks.uniformity import assert_uniform

CLASSES_OF_TWO = ("XX", "XY", "YX", "YY")
CLASSES_OF_THREE = ("XXX", "XXY", "XYX", "XYY", "YXX", "YXY", "YYX", "YYY")


def draw(task: TemporalOrder, count: int = 4000) -> Batch:
    return task.batch(2, "training", count)


def texts(batch: Batch) -> list[str]:
    """Each sequence as text, ended by the step that is read."""
    found = []
    for column in range(batch.mask.shape[1]):
        length = batch.mask[:, column].tolist().index(True) + 1
        rows = batch.inputs[:length, column].tolist()
        assert all(sorted(row) == [0.0] * 7 + [1.0] for row in rows)
        found.append("".join(SYMBOLS[row.index(1.0)] for row in rows))
    return found


@pytest.mark.parametrize("length", [10, 33, 50, 100])
@pytest.mark.parametrize("classes", [CLASSES_OF_TWO, CLASSES_OF_THREE])
def test_the_class_is_the_order_of_the_markers(length: int, classes: tuple[str, ...]) -> None:
    task = TASK.model_validate({"length": length, "markers": len(classes[0])})
    batch = draw(task, 500)
    labels = batch.targets.max(axis=0).tolist()
    for text, label in zip(texts(batch), labels, strict=True):
        assert "".join(symbol for symbol in text if symbol in "XY") == classes[label]
        assert text[0] == "E"
        assert text[-1] == "B"
        assert set(text[1:-1]) <= set("abcdXY")


@pytest.mark.parametrize(
    ("length", "ranges"),
    [
        (100, [(10, 20), (50, 60)]),
        (100, [(10, 20), (33, 43), (66, 76)]),
        (50, [(5, 10), (25, 30)]),
        (50, [(5, 10), (16, 21), (33, 38)]),
    ],
)
def test_markers_stand_uniformly_in_their_ranges(length: int, ranges: list[tuple[int, int]]) -> None:
    task = TASK.model_validate({"length": length, "markers": len(ranges)})
    places = [[place for place, symbol in enumerate(text) if symbol in "XY"] for text in texts(draw(task))]
    for steps, (low, high) in zip(np.array(places).T, ranges, strict=True):
        assert_uniform(steps, low, high)


@pytest.mark.parametrize("markers", [2, 3])
def test_lengths_classes_and_distractors_are_uniform(markers: int) -> None:
    batch = draw(TASK.model_validate({"length": 100, "markers": markers}))
    found = texts(batch)
    assert_uniform(np.array([len(text) for text in found]), 100, 110)
    assert_uniform(batch.targets.max(axis=0), 0, 2**markers - 1)
    distractors = "".join(found).translate({ord(symbol): None for symbol in "XYEB"})
    assert_uniform(np.array(["abcd".index(symbol) for symbol in distractors]), 0, 3)


def test_solved_needs_every_unit_of_every_sequence_within_three_tenths() -> None:
    task = TASK(length=10)
    batch = draw(task, 50)
    targets = batch.targets[batch.mask]
    sure = 40 * np.eye(4, dtype=np.float32)[targets]
    for right, verdict in ((0.71, True), (0.69, False)):
        outputs = sure.copy()
        probabilities = np.full(4, (1 - right) / 3)
        probabilities[targets[0]] = right
        outputs[0] = np.log(probabilities)
        assert task.score(outputs, batch) == 1.0
        assert task.solved(outputs, batch) is verdict


def test_solved_needs_a_mean_error_below_a_tenth() -> None:
    task = TASK(length=10)
    batch = draw(task, 50)
    rows = np.eye(4)[batch.targets[batch.mask]]
    for right, verdict in ((0.81, True), (0.79, False)):  # errors of (1 - right) and three thirds of it: mean / 2
        outputs = np.log(np.where(rows == 1, right, (1 - right) / 3)).astype(np.float32)
        assert task.solved(outputs, batch) is verdict
