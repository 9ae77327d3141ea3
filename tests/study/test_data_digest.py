"""A study on the user's own data: the file is found from the study's, and known by what is in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archsearch.errors import InvalidInput
from archsearch.registry import closed_files
from archsearch.store.store import Store
from archsearch.study.changes import difference
from archsearch.study.checking import check_file
from archsearch.study.definition import load_studies, load_study, read_definition
from archsearch.study.estimate import estimate
from archsearch.study.stored import plan_of, trivial_score
from archsearch.study.task_choice import make_task, task_key
from tests.study.samples import changed, complete


def write(path: Path, seed: int = 1, rows: int = 600) -> Path:
    """Two classes; 70, 15 and 15 per cent of the rows are the splits."""
    generator = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path, inputs=generator.normal(size=(rows, 5, 2)).astype(np.float32), targets=generator.integers(2, size=rows)
    )
    return path


def study(folder: Path, data: str = "data/own.npz", **changes: Any) -> Path:
    """A study file in `folder` whose task reads `data`, as it is spelled there."""
    document = json.loads(changed(**changes))
    document["task"] = {"name": "sequences", "path": data, **changes.get("task", {})}
    path = folder / "study.yaml"
    path.write_text(json.dumps(document))
    return path


def test_scores_on_other_data_of_the_same_name_have_another_key(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    keys = []
    for seed in (1, 1, 2):
        write(path, seed)
        keys.append(task_key("sequences", make_task("sequences", {"path": str(path)})))
    assert keys[0]["data"] == keys[1]["data"] != keys[2]["data"]


def test_a_task_drawn_from_seeds_has_no_data_in_its_key() -> None:
    assert "data" not in task_key("parity", make_task("parity", {}))


def test_a_key_says_how_data_are_standardised_and_not_where_they_lie(tmp_path: Path) -> None:
    options: Sequence[dict[str, Any]] = ({}, {}, {"standardise": ["inputs"]})
    paths = (write(tmp_path / "one.npz"), write(tmp_path / "elsewhere" / "other.npz"), tmp_path / "one.npz")
    keys = [
        task_key("sequences", make_task("sequences", {"path": str(path), **more}))
        for path, more in zip(paths, options, strict=True)
    ]
    assert keys[0] == keys[1] != keys[2]
    assert "path" not in keys[0]


def test_a_path_starts_at_the_studys_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "data" / "own.npz")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    path = study(tmp_path)
    for source in (path, str(path), Path("..") / "study.yaml"):
        assert load_study(source).task.rows("validation") == 90
    assert check_file(path, None).problems == ()
    series = json.loads(path.read_text())
    series["tasks"] = {"own": series.pop("task"), "more": {"name": "sequences", "path": "./data/own.npz"}}
    path.write_text(json.dumps(series))
    assert [each.task.rows("test") for each in load_studies(path)] == [90, 90]


def test_the_same_data_by_another_path_are_the_same_study(tmp_path: Path) -> None:
    write(tmp_path / "data" / "own.npz")
    shutil.copy(tmp_path / "data" / "own.npz", tmp_path / "copy.npz")
    (tmp_path / "link.npz").symlink_to(tmp_path / "copy.npz")
    stored = load_study(study(tmp_path)).text
    for spelling in ("./data/own.npz", str(tmp_path / "data" / "own.npz"), "copy.npz", "link.npz"):
        assert difference(stored, load_study(study(tmp_path, spelling))) == ()
    write(tmp_path / "copy.npz", seed=2)
    (only,) = difference(stored, load_study(study(tmp_path, "copy.npz")))
    assert only.startswith("task.data: ")


def test_a_definition_of_before_that_named_the_path_among_the_options_goes_on(tmp_path: Path) -> None:
    write(tmp_path / "data" / "own.npz")
    new = load_study(study(tmp_path))
    old = json.loads(new.text)
    old["task"]["path"] = "data/own.npz"
    assert difference(json.dumps(old), new) == ()


def test_a_study_goes_on_after_its_folder_has_moved(tmp_path: Path) -> None:
    write(tmp_path / "before" / "data" / "own.npz")
    url = f"sqlite:///{tmp_path / 'results.db'}"
    complete(load_study(study(tmp_path / "before", search={"trials": 2})), url)
    (tmp_path / "before").rename(tmp_path / "after")
    definition = load_study(study(tmp_path / "after", search={"trials": 3}))
    complete(definition, url)
    with Store.read(url) as store:
        row = store.find_study("small")
        assert row is not None
        assert row.state == "finished"
        assert len(store.trials(row.id)) >= 3
        assert trivial_score(plan_of(row)) == definition.task.baseline
        assert read_definition(row.definition).task_key == definition.task_key


def test_a_text_that_comes_over_http_still_names_no_file(tmp_path: Path) -> None:
    write(tmp_path / "own.npz")
    text = study(tmp_path, str(tmp_path / "own.npz")).read_text() + "\n"
    with closed_files(), pytest.raises(InvalidInput) as error:
        load_study(text)
    assert [(problem.path, problem.what) for problem in error.value.problems] == [
        (("task", "path"), "a text that comes over HTTP names no files")
    ]


def test_validation_and_test_are_the_whole_splits(tmp_path: Path) -> None:
    """Whatever the defaults of 512 and 2,000 are; the stored study says so too."""
    write(tmp_path / "data" / "own.npz")
    definition = load_study(study(tmp_path))
    for each in (definition, read_definition(definition.text)):
        assert (each.study.training.validation, each.study.training.test) == (90, 90)
    assert "task sequences (420 + 90 + 90 rows)" in check_file(tmp_path / "study.yaml", None).proved


@pytest.mark.parametrize("count", [50, 91, 512])
def test_another_number_of_rows_is_refused_with_what_is_right(tmp_path: Path, count: int) -> None:
    write(tmp_path / "data" / "own.npz")
    path = study(tmp_path, training={"validation": count})
    (problem,) = check_file(path, None).problems
    assert problem.path == ("training", "validation")
    assert f"{count} sequences are asked for, but the task's validation split has 90" in problem.what
    assert problem.allowed == "allowed: leave it out, or 90"
    assert check_file(study(tmp_path, training={"validation": 90}), None).problems == ()


def test_a_hole_for_the_rows_of_a_split_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "data" / "own.npz")
    (problem,) = check_file(study(tmp_path, holes={"training.test": {"int": [10, 20]}}), None).problems
    assert problem.path == ("holes", "training.test")
    assert "each row of its test split is taken once" in problem.what


def test_large_splits_are_counted_in_the_estimate(tmp_path: Path) -> None:
    """As a batch, and as rows in 64 and in 32 bits: of 5 steps with 2 features and 2 outputs."""
    sizes = []
    for rows in (600, 120_000):
        write(tmp_path / "data" / "own.npz", rows=rows)
        definition = load_study(study(tmp_path))
        candidate = next(iter(definition.baselines))
        made = definition.candidates.of_cell(candidate.cell, None)  # type: ignore[arg-type]
        sizes.append(estimate(made.ir, made.spec.model, made.spec.training, definition.task).memory_mb)
    batch, held = 0.15 * 120_000 * 5 * 4 * (2 * 2 + 2), 120_000 * 5 * 4 * 3 * (2 + 2)
    assert sizes[1] - sizes[0] == pytest.approx((batch + held) / 10**6, rel=0.1)
