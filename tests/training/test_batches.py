"""Training batches that are drawn together are those that are drawn by themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import PrivateAttr

from archsearch.draws import Draws, Words
from archsearch.schema.study import Training
from archsearch.study.task_choice import with_whole_splits
from archsearch.tasks import Batch, Split, Task
from archsearch.tasks.adding import Adding
from archsearch.tasks.embedded_reber import EmbeddedReber
from archsearch.tasks.sequences import Sequences
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.training import batches
from archsearch.training.batches import Pool, Supply, draw_pool, pool_count
from tests.training.plain_loop import Plan
from tests.training.test_loop import BACKENDS, real, run

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


@pytest.mark.parametrize("backend", BACKENDS)
def test_how_many_batches_are_drawn_at_once_changes_no_bit(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = []
    for count in (1, 5, 100):
        monkeypatch.setattr(batches, "pool_count", lambda task, size, count=count: count)
        scores.append(run(real(), TemporalOrder(length=20), backend=backend, read_test=True)[0])
    assert len({(score.weights_hash, score.test, *score.curve) for score in scores}) == 1


def test_a_finite_split_is_gone_through_row_by_row(tmp_path: Path) -> None:
    """90 rows for validation; in training every row comes once before any comes again."""
    rows = np.arange(600)
    np.savez(tmp_path / "own.npz", inputs=np.tile(rows[:, None, None] / 600, (1, 2, 1)), targets=rows % 2)
    task = Noted(path=str(tmp_path / "own.npz"))
    given = Training(learning_rate=0.01, batch_size=30, sequences=420, checks=2)
    whole = with_whole_splits(given, task)
    plan = Plan(batch_size=30, steps=14, check_steps=(7, 14), validation=whole.validation, test=whole.test)
    run(real(), task, plan, read_test=True)
    validation, again, test = ([*batch.inputs[0, :, 0]] for batch in task.scored)
    assert len(set(validation)) == len(validation) == 90
    assert again == validation
    assert len(set(test)) == len(test) == 90
    trained = {value for batch in task.trained for value in batch.inputs[0, :, 0]}
    assert sum(batch.mask.shape[1] for batch in task.trained) == 420
    assert len(trained) == 420, "each of them once"
    assert not trained & {*validation, *test}


class Noted(Sequences):
    """Keeps what it trains on and what is scored."""

    _trained: list[Batch] = PrivateAttr(default_factory=list)
    _scored: list[Batch] = PrivateAttr(default_factory=list)

    @property
    def trained(self) -> list[Batch]:
        """Every batch for training."""
        return self._trained

    @property
    def scored(self) -> list[Batch]:
        """Every batch scored."""
        return self._scored

    def draw(self, draws: Draws, split: Split) -> Batch:
        """As before."""
        batch = super().draw(draws, split)
        if split == "training":
            self._trained.append(batch)
        return batch

    def score(self, outputs: NDArray[np.float32], batch: Batch) -> float:
        """As before."""
        self._scored.append(batch)
        return super().score(outputs, batch)

    def solved(self, outputs: NDArray[np.float32], batch: Batch) -> bool:
        """Never."""
        return False
