"""Training batches that are drawn together are those that are drawn by themselves."""

from __future__ import annotations

import numpy as np
import pytest

from archsearch.tasks import Task
from archsearch.tasks.adding import Adding
from archsearch.tasks.embedded_reber import EmbeddedReber
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.training import batches
from archsearch.training.batches import draw_pool, pool_count

TASKS: list[Task] = [TemporalOrder(length=20), Adding(length=12), EmbeddedReber()]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: type(task).__name__)
@pytest.mark.parametrize(("size", "numbers"), [(4, range(3, 10)), (1, range(5)), (7, range(2, 3))])
def test_a_batch_of_a_pool_is_the_sequences_of_its_number(task: Task, size: int, numbers: range) -> None:
    pool = draw_pool(task, 9, size, numbers)
    made = list(pool)
    assert len(made) == len(pool.lengths) == len(numbers)
    for number, batch, length in zip(numbers, made, pool.lengths, strict=True):
        alone = task.batch(9, "training", size, first=number * size)
        assert len(alone.mask) == length
        assert np.array_equal(batch.inputs, alone.inputs)
        assert np.array_equal(batch.targets, alone.targets)
        assert np.array_equal(batch.mask, alone.mask)
        assert batch.inputs.flags.c_contiguous


def test_so_many_batches_are_drawn_at_once_as_fit_and_one_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    task = TemporalOrder(length=20)
    values = 4 * task.longest * task.input_size
    for most, count in ((10 * values, 10), (10 * values - 1, 9), (1, 1)):
        monkeypatch.setattr(batches, "MOST_VALUES", most)
        assert pool_count(task, 4) == count
