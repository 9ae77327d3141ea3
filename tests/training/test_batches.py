"""Training batches that are drawn together are those that are drawn by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from archsearch.draws import Words
from archsearch.tasks import Task
from archsearch.tasks.adding import Adding
from archsearch.tasks.embedded_reber import EmbeddedReber
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.training import batches
from archsearch.training.batches import Pool, Supply, draw_pool, pool_count

TASKS: list[Task] = [TemporalOrder(length=20), Adding(length=12), EmbeddedReber()]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
@pytest.mark.parametrize(("size", "numbers"), [(4, range(3, 10)), (1, range(5)), (7, range(2, 3))])
def test_a_batch_of_a_pool_is_the_sequences_of_its_number(task: Task, size: int, numbers: range) -> None:
    check_pool(draw_pool(task, 9, size, numbers), task, size, numbers)


def check_pool(pool: Pool, task: Task, size: int, numbers: range) -> None:
    made = list(pool)
    assert pool.size == size
    assert len(made) == len(pool.lengths) == len(numbers)
    assert len(pool.batch.mask) == max(pool.lengths)
    assert pool.batch.mask.shape[1] == size * len(numbers)
    for number, batch, length in zip(numbers, made, pool.lengths, strict=True):
        alone = task.batch(9, "training", size, first=number * size)
        assert len(alone.mask) == length
        assert np.array_equal(batch.inputs, alone.inputs)
        assert np.array_equal(batch.targets, alone.targets)
        assert np.array_equal(batch.mask, alone.mask)
        assert batch.inputs.flags.c_contiguous


def test_so_many_batches_are_drawn_at_once_as_fit_and_one_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    task = TemporalOrder(length=20)
    size = 4 * task.longest * (4 * task.input_size + 32)
    for most, count in ((10 * size, 10), (10 * size - 1, 9), (1, 1)):
        monkeypatch.setattr(batches, "MOST_BYTES", most)
        assert pool_count(task, 4) == count


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
def test_what_is_drawn_ahead_is_given_out_in_order_and_once(task: Task, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = list[range]()

    def noted(task: Task, seed: int, size: int, numbers: range, words: Words) -> Pool:
        drawn.append(numbers)
        return draw_pool(task, seed, size, numbers, words)

    monkeypatch.setattr(batches, "draw_pool", noted)
    monkeypatch.setattr(batches, "pool_count", lambda task, size: 4)
    supply = Supply(task, 9, 3, steps=10)
    for first, stop, given in ((0, 3, 3), (3, 6, 4), (4, 6, 6), (6, 7, 7), (7, 99, 8), (8, 10, 10)):
        check_pool(supply.take(first, stop), task, 3, range(first, given))
    assert drawn == [range(4), range(4, 8), range(8, 10)]
