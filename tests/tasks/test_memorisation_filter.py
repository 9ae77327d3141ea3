"""The memorisation filter against its description."""

from __future__ import annotations

import string

import numpy as np

from archsearch.tasks.memorisation_filter import TASK
from tests.tasks.uniformity import assert_uniform

ALPHABET = string.ascii_lowercase + ">"


def test_five_letters_are_read_and_then_asked_for_in_the_same_order() -> None:
    batch = TASK().batch(6, "training", 300)
    for column in range(300):
        rows = batch.inputs[:, column].tolist()
        assert all(sum(row) == max(row) == 1.0 for row in rows)
        text = "".join(ALPHABET[row.index(1.0)] for row in rows)
        word = text.removesuffix(">>>>>")
        assert len(word) == 5
        assert ">" not in word
        assert batch.mask[:, column].tolist() == [False] * 5 + [True] * 5
        assert "".join(ALPHABET[label] for label in batch.targets[5:, column]) == word


def test_letters_are_uniform_and_independent() -> None:
    words = TASK().batch(7, "training", 20_000).targets[5:].astype(np.int64)
    assert_uniform(words, 0, 25)
    assert_uniform(26 * words[0] + words[1], 0, 26 * 26 - 1)


def test_a_candidate_passes_at_95_per_cent() -> None:
    task = TASK()
    batch = task.batch(8, "validation", 20)
    targets = batch.targets[batch.mask]
    for wrong, verdict in ((5, True), (6, False)):
        guess = targets.copy()
        guess[:wrong] = (guess[:wrong] + 1) % 26
        assert task.solved(np.eye(26, dtype=np.float32)[guess], batch) is verdict
