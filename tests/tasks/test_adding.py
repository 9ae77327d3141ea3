"""The adding problem against the words of its two papers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from archsearch.tasks import Batch
from archsearch.tasks.adding import TASK, Adding
from tests.tasks.uniformity import assert_uniform

COUNT = 4000


def draw(task: Adding, count: int = COUNT, seed: int = 1) -> Batch:
    return task.batch(seed, "training", count)


def sequences(batch: Batch) -> list[list[tuple[float, float]]]:
    """Each sequence as a plain list of (value, marker), ended by the step that is read."""
    found = []
    for column in range(batch.mask.shape[1]):
        length = batch.mask[:, column].tolist().index(True) + 1
        pairs: list[list[float]] = batch.inputs[:length, column].tolist()
        found.append([(value, marker) for value, marker in pairs])
    return found


def off_by(batch: Batch, *errors: float) -> NDArray[np.float32]:
    outputs = batch.targets[batch.mask].astype(np.float32)
    outputs[: len(errors), 0] += np.array(errors, dtype=np.float32)
    return outputs


@pytest.mark.parametrize("length", [12, 20, 57, 100])
def test_the_target_of_1997_is_the_scaled_sum_of_the_marked_values(length: int) -> None:
    batch = draw(TASK(length=length), 500)
    targets = batch.targets[-length // 5 - 1 :].max(axis=(0, 2)) + batch.targets.min(axis=(0, 2))
    for pairs, target in zip(sequences(batch), targets, strict=True):
        total = sum(value for value, marker in pairs if marker == 1.0)
        assert target == pytest.approx(0.5 + total / 4, abs=1e-6)
        assert 0 <= target <= 1


@pytest.mark.parametrize("length", [12, 20, 57, 100])
def test_in_1997_the_ends_carry_minus_one_and_two_pairs_are_marked(length: int) -> None:
    for pairs in sequences(draw(TASK(length=length), 500)):
        markers = [marker for _, marker in pairs]
        assert markers[0] == markers[-1] == -1
        assert set(markers[1:-1]) <= {0.0, 1.0}
        if pairs[0][0] == 0:  # the first pair was picked: it shows by its value alone
            assert markers.count(1) == 1
        else:
            assert markers.count(1) == 2


def test_the_pairs_of_1997_are_marked_as_often_as_its_words_say() -> None:
    length = 30
    often = np.zeros(length)
    for first in range(10):
        unmarked = [place for place in range(length) if place != first]
        for second in unmarked[: length // 2 - 1]:
            often[[first, second]] += 1 / 10 / (length // 2 - 1)
    marked = np.zeros(length)
    for pairs in sequences(draw(TASK(length=length))):
        marked[0] += pairs[0][0] == 0
        marked += [marker == 1 for _, marker in pairs[:length]]
    spread = np.sqrt(COUNT * often * (1 - often))
    assert (np.abs(marked - COUNT * often) <= 5 * spread).all()


def test_lengths_of_1997_are_uniform() -> None:
    lengths = np.array([len(pairs) for pairs in sequences(draw(TASK(length=100)))])
    assert_uniform(lengths, 100, 110)


def test_values_are_uniform() -> None:
    values = np.array([value for pairs in sequences(draw(TASK(length=20), 500)) for value, _ in pairs[1:]])
    assert_uniform(np.floor(10 * values).astype(np.int64), -10, 9)
    values = draw(TASK(variant="arjovsky", length=20), 500).inputs[..., 0]
    assert_uniform(np.floor(10 * values).astype(np.int64), 0, 9)


@pytest.mark.parametrize("length", [12, 21, 100])
def test_arjovsky_marks_one_value_in_each_half_and_asks_for_their_sum(length: int) -> None:
    batch = draw(TASK(variant="arjovsky", length=length))
    marked = []
    for column, pairs in enumerate(sequences(batch)):
        assert len(pairs) == length
        assert {marker for _, marker in pairs} == {0.0, 1.0}
        places = [place for place, (_, marker) in enumerate(pairs) if marker == 1]
        total = sum(pairs[place][0] for place in places)
        assert batch.targets[-1, column, 0] == pytest.approx(total, abs=1e-6)
        marked.append(places)
    first, second = np.array(marked).T
    assert_uniform(first, 0, length // 2 - 1)
    assert_uniform(second, length // 2, length - 1)


@pytest.mark.parametrize("variant", ["hochreiter", "arjovsky"])
@pytest.mark.parametrize("length", [12, 100])
def test_trivial_is_the_variance_of_the_target(variant: str, length: int) -> None:
    task = TASK.model_validate({"variant": variant, "length": length})
    batch = draw(task, 20_000)
    targets = batch.targets[batch.mask]
    constant = 0.5 if variant == "hochreiter" else 1.0
    squared = (targets - constant).astype(np.float64) ** 2
    assert squared.mean() == pytest.approx(task.trivial, abs=5 * float(squared.std()) / math.sqrt(len(squared)))


def test_the_score_is_the_explained_share_of_the_trivial_error() -> None:
    task = TASK(variant="arjovsky", length=12)
    batch = draw(task, 4)
    assert task.score(off_by(batch, 0.5, -0.5), batch) == pytest.approx(1 - (0.5 / 4) / (1 / 6), abs=1e-5)
    assert task.score(off_by(batch, 3, 3, 3, 3), batch) == 0


def test_1997_counts_as_solved_when_all_errors_and_their_mean_are_small() -> None:
    task = TASK(length=20)
    batch = draw(task, 100)
    assert task.solved(off_by(batch, 0.039, -0.039), batch)
    assert not task.solved(off_by(batch, 0.041), batch)
    assert not task.solved(off_by(batch, -0.041), batch)
    assert task.solved(off_by(batch, *[0.0095] * 100), batch)
    assert not task.solved(off_by(batch, *[0.0105] * 100), batch)


def test_arjovsky_counts_as_solved_below_one_per_cent_of_the_trivial_error() -> None:
    task = TASK(variant="arjovsky", length=20)
    batch = draw(task, 100)
    assert task.solved(off_by(batch, *[0.0405] * 100), batch)
    assert not task.solved(off_by(batch, *[0.0412] * 100), batch)


@pytest.mark.parametrize("length", [-1, 0, 11, 10_001, 10**9])
def test_other_lengths_are_refused(length: int) -> None:
    with pytest.raises(ValidationError):
        TASK(length=length)
