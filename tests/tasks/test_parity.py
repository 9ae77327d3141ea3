"""Parity, recomputed bit by bit."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from archsearch.tasks import Batch, Split
from archsearch.tasks.parity import TASK, Parity
from tests.tasks.uniformity import assert_uniform


def draw(task: Parity, split: Split = "training", count: int = 4000) -> Batch:
    return task.batch(4, split, count)


def bits(batch: Batch) -> list[list[int]]:
    found = []
    for column in range(batch.mask.shape[1]):
        length = batch.mask[:, column].tolist().index(True) + 1
        rows = batch.inputs[:length, column].tolist()
        found.append([{(1.0, 0.0): 0, (0.0, 1.0): 1}[zero, one] for zero, one in rows])
    return found


@pytest.mark.parametrize("split", ["training", "validation", "test"])
def test_the_answer_is_flipped_by_every_one(split: Split) -> None:
    batch = draw(TASK(train_length=20, test_length=60), split, 500)
    labels = batch.targets.max(axis=0).tolist()
    for sequence, label in zip(bits(batch), labels, strict=True):
        odd = False
        for bit in sequence:
            if bit:
                odd = not odd
        assert odd == bool(label)


def test_only_the_test_split_holds_unseen_lengths() -> None:
    task = TASK(train_length=40, test_length=80)
    ranges: dict[Split, tuple[int, int]] = {"training": (1, 40), "validation": (1, 40), "test": (41, 80)}
    for split, (low, high) in ranges.items():
        lengths = np.array([len(sequence) for sequence in bits(task.batch(5, split, 4000))])
        assert_uniform(lengths, low, high)


def test_bits_and_answers_are_uniform() -> None:
    batch = draw(TASK())
    assert_uniform(np.array([bit for sequence in bits(batch) for bit in sequence]), 0, 1)
    assert_uniform(batch.targets.max(axis=0), 0, 1)


def test_by_default_test_lengths_go_from_41_to_500() -> None:
    lengths = [len(sequence) for sequence in bits(draw(TASK(), "test", 2000))]
    assert 41 <= min(lengths) <= 45
    assert 495 <= max(lengths) <= 500


def test_solved_means_nine_tenths() -> None:
    task = TASK()
    batch = draw(task, count=100)
    targets = batch.targets[batch.mask]
    for wrong, verdict in ((10, True), (11, False)):
        guess = targets.copy()
        guess[:wrong] = 1 - guess[:wrong]
        assert task.solved(np.eye(2, dtype=np.float32)[guess], batch) is verdict


def test_test_lengths_must_go_beyond_those_of_the_training() -> None:
    assert TASK(train_length=4, test_length=5).longest == 5
    with pytest.raises(ValidationError, match="test_length 40 must be above train_length 40"):
        TASK(train_length=40, test_length=40)
