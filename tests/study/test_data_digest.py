from __future__ import annotations

from pathlib import Path

import numpy as np

from archsearch.study.task_choice import make_task, task_key


def _write(path: Path, seed: int) -> None:
    generator = np.random.default_rng(seed)
    inputs = generator.normal(size=(60, 5, 2)).astype(np.float32)
    np.savez(path, inputs=inputs, targets=generator.integers(2, size=60))


def test_scores_on_other_data_of_the_same_name_have_another_key(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    keys = []
    for seed in (1, 1, 2):
        _write(path, seed)
        keys.append(task_key("sequences", make_task("sequences", {"path": str(path)})))
    assert keys[0]["data"] == keys[1]["data"] != keys[2]["data"]


def test_a_task_drawn_from_seeds_has_no_data_in_its_key() -> None:
    assert "data" not in task_key("parity", make_task("parity", {}))
