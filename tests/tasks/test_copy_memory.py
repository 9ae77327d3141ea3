"""Copy memory against the words of its paper."""

from __future__ import annotations

import numpy as np
import pytest

from archsearch.tasks import Batch
from archsearch.tasks.copy_memory import TASK, CopyMemory
from tests.tasks.uniformity import assert_uniform


def draw(task: CopyMemory, count: int = 200) -> Batch:
    return task.batch(3, "training", count)


@pytest.mark.parametrize(("length", "symbols", "alphabet"), [(100, 10, 8), (1, 1, 2), (6, 3, 4)])
def test_what_was_read_is_to_be_repeated_after_the_delimiter(length: int, symbols: int, alphabet: int) -> None:
    batch = draw(TASK(length=length, symbols=symbols, alphabet=alphabet))
    assert batch.mask.all()
    for column in range(batch.mask.shape[1]):
        rows = batch.inputs[:, column].tolist()
        assert all(sum(row) == max(row) == 1.0 for row in rows)
        read = [row.index(1.0) for row in rows]
        blank, delimiter = 0, alphabet + 1
        kept = read[:symbols]
        assert all(1 <= symbol <= alphabet for symbol in kept)
        assert read[symbols:] == [blank] * (length - 1) + [delimiter] + [blank] * symbols
        assert batch.targets[:, column].tolist() == [blank] * (length + symbols) + kept


def test_symbols_are_uniform() -> None:
    assert_uniform(draw(TASK(length=1), 1000).targets[-10:].astype(np.int64), 1, 8)


def test_blanks_do_not_count_for_the_score_but_for_being_solved() -> None:
    task = TASK(length=50)
    batch = draw(task)
    targets = batch.targets[batch.mask]
    logits = 40 * np.eye(9, dtype=np.float32)
    assert task.score(logits[np.zeros_like(targets)], batch) == 0.0
    noisy = np.where(targets == 0, 3, targets)  # right at the end, noise before
    assert task.score(logits[noisy], batch) == 1.0
    assert not task.solved(logits[noisy], batch)


def test_solved_means_99_per_cent_of_the_symbols() -> None:
    task = TASK(length=1000)
    batch = draw(task, 100)
    targets = batch.targets.copy()
    for wrong, verdict in ((10, True), (11, False)):  # of the 1,000 symbols of the batch
        guess = targets.copy()
        guess[-1, :wrong] = 1 + guess[-1, :wrong] % 8
        assert task.solved(40 * np.eye(9, dtype=np.float32)[guess[batch.mask]], batch) is verdict
