"""The user's own data: what a file may hold, how it is split, and what is refused."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from archsearch.errors import InvalidInput
from archsearch.tasks import SPLITS, Split
from archsearch.tasks.sequences import TASK, Sequences

Arrays = dict[str, NDArray[Any]]
COUNT, TIME = 40, 6


def numbered(count: int = COUNT, first: int = 1) -> Arrays:
    """Rows that can be told apart: row r holds r everywhere and belongs to class r % 3."""
    rows = np.arange(first, first + count)
    return {"inputs": np.tile(rows[:, None, None], (1, TIME, 2)).astype(np.float64), "targets": rows % 3}


def in_three_splits() -> Arrays:
    arrays: Arrays = {}
    for number, split in enumerate(("train", "validation", "test")):
        arrays |= {f"{split}_{name}": array for name, array in numbered(9, 100 * number + 1).items()}
    return arrays


def saved(path: Path, arrays: Arrays) -> str:
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return str(path)


def rows_of(task: Sequences, split: Split, count: int, seed: int = 1) -> list[int]:
    """Which rows a batch holds."""
    inputs = task.batch(seed, split, count).inputs
    return [int(number) for number in inputs[0, :, 0]]


def refusal(tmp_path: Path, arrays: Arrays, **options: Any) -> str:
    with pytest.raises(InvalidInput) as caught:
        TASK(path=saved(tmp_path / "data.npz", arrays), **options)
    assert all(problem.path for problem in caught.value.problems)
    return str(caught.value)


def test_a_class_per_sequence_is_read_at_its_last_step(tmp_path: Path) -> None:
    lengths = 1 + np.arange(COUNT) % TIME
    task = TASK(path=saved(tmp_path / "data.npz", {**numbered(), "lengths": lengths}))
    assert (task.loss, task.readout) == ("cross_entropy", "last")
    assert (task.input_size, task.output_size, task.longest) == (2, 3, TIME)
    batch = task.batch(1, "training", 20)
    for column in range(20):
        row = int(batch.inputs[0, column, 0])
        length = int(lengths[row - 1])
        assert batch.mask[:, column].tolist() == [step == length - 1 for step in range(len(batch.mask))]
        assert batch.targets[length - 1, column] == row % 3
        assert (batch.inputs[:length, column] == row).all()
        assert (batch.inputs[length:, column] == 0).all()


def test_a_class_per_step_is_read_where_the_mask_says(tmp_path: Path) -> None:
    arrays = numbered()
    mask = np.random.default_rng(2).random((COUNT, TIME)) < 0.4
    mask[:, 2] = True
    targets = np.where(mask, np.arange(COUNT)[:, None] % 3, -100)
    task = TASK(path=saved(tmp_path / "data.npz", {**arrays, "targets": targets, "mask": mask}))
    assert (task.loss, task.readout, task.output_size) == ("cross_entropy", "every", 3)
    batch = task.batch(1, "training", 20)
    for column in range(20):
        row = int(batch.inputs[0, column, 0]) - 1
        steps = len(batch.mask)
        assert batch.mask[:, column].tolist() == mask[row, :steps].tolist()
        assert not mask[row, steps:].any()
        assert batch.targets[:, column].tolist() == np.where(mask[row], row % 3, 0)[:steps].tolist()


def test_without_a_mask_every_step_up_to_the_length_is_read(tmp_path: Path) -> None:
    arrays = numbered() | {"targets": np.arange(COUNT * TIME).reshape(COUNT, TIME) % 5}
    arrays["lengths"] = np.full(COUNT, 4)
    task = TASK(path=saved(tmp_path / "data.npz", arrays))
    batch = task.batch(1, "training", 10)
    assert batch.mask.shape == (4, 10)
    assert batch.mask.all()


def test_numbers_may_be_predicted_per_sequence_or_per_step(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    whole = rng.normal(size=(COUNT, 3))
    task = TASK(path=saved(tmp_path / "whole.npz", numbered() | {"targets": whole}))
    assert (task.loss, task.readout, task.output_size, task.baseline) == ("squared_error", "last", 3, 0.0)
    batch = task.batch(1, "training", 10)
    rows = batch.inputs[0, :, 0].astype(int) - 1
    assert np.array_equal(batch.targets[batch.mask], whole[rows].astype(np.float32))
    each = rng.normal(size=(COUNT, TIME, 1))
    task = TASK(path=saved(tmp_path / "each.npz", numbered() | {"targets": each}))
    assert (task.loss, task.readout, task.output_size) == ("squared_error", "every", 1)
    batch = task.batch(1, "training", 10)
    rows = batch.inputs[0, :, 0].astype(int) - 1
    assert np.array_equal(batch.targets, each[rows].swapaxes(0, 1).astype(np.float32))


def test_the_score_of_numbers_is_relative_to_the_variance_of_the_training_targets(tmp_path: Path) -> None:
    arrays = in_three_splits()
    for split in ("train", "validation", "test"):
        arrays[f"{split}_targets"] = np.array([[-2.0], [2.0], [-2.0]] * 3)
    arrays["train_targets"][0] = 2
    task = TASK(path=saved(tmp_path / "data.npz", arrays))
    batch = task.batch(1, "validation", 9)
    targets = batch.targets[batch.mask]
    variance = float(np.var([2.0] * 4 + [-2.0] * 5))
    assert task.score((targets + 1).astype(np.float32), batch) == pytest.approx(1 - 1 / variance)
    assert task.solved((targets + 0.19).astype(np.float32), batch)
    assert not task.solved((targets + 0.21).astype(np.float32), batch)


def test_rows_are_split_once_and_for_all_by_the_seed(tmp_path: Path) -> None:
    path = saved(tmp_path / "data.npz", numbered())
    task = TASK(path=path, test_share=0.25, validation_share=0.1)
    parts = {split: set(rows_of(task, split, 200)) for split in SPLITS}
    assert {split: len(rows) for split, rows in parts.items()} == {"training": 26, "validation": 4, "test": 10}
    assert set().union(*parts.values()) == set(range(1, COUNT + 1))
    again = TASK(path=path, test_share=0.25, validation_share=0.1)
    assert {split: set(rows_of(again, split, 200, seed=2)) for split in SPLITS} == parts
    other = TASK(path=path, test_share=0.25, validation_share=0.1, split_seed=1)
    assert set(rows_of(other, "test", 200)) != parts["test"]


def test_three_rows_are_one_for_each_split(tmp_path: Path) -> None:
    targets = np.array([[0, 1]] * 3)
    task = TASK(path=saved(tmp_path / "data.npz", {"inputs": np.ones((3, 2, 1)), "targets": targets}))
    assert all(task.batch(1, split, 5).inputs.shape == (2, 5, 1) for split in SPLITS)


def test_splits_made_by_the_user_are_kept(tmp_path: Path) -> None:
    task = TASK(path=saved(tmp_path / "data.npz", in_three_splits()))
    for number, split in enumerate(SPLITS):
        assert set(rows_of(task, split, 50)) == set(range(100 * number + 1, 100 * number + 10))


def test_no_row_comes_twice_unless_more_are_asked_for_than_there_are(tmp_path: Path) -> None:
    task = TASK(path=saved(tmp_path / "data.npz", in_three_splits()))
    for seed in range(20):
        assert len(set(rows_of(task, "training", 8, seed))) == 8
    often = rows_of(task, "test", 9 * 3 + 1)
    assert sorted(often.count(row) for row in set(often)) == [3] * 8 + [4]
    assert rows_of(task, "test", 9, seed=1) != rows_of(task, "test", 9, seed=2)


def test_the_baseline_is_the_most_frequent_class_of_the_training_split(tmp_path: Path) -> None:
    arrays = in_three_splits()
    arrays["train_targets"] = np.array([1, 1, 1, 1, 1, 1, 0, 2, 2])
    assert TASK(path=saved(tmp_path / "data.npz", arrays)).baseline == pytest.approx(6 / 9)


def test_classes_are_counted_over_all_splits(tmp_path: Path) -> None:
    arrays = in_three_splits()
    arrays["test_targets"] = np.full(9, 6)
    assert TASK(path=saved(tmp_path / "data.npz", arrays)).output_size == 7


def test_what_follows_the_end_of_a_sequence_may_be_anything(tmp_path: Path) -> None:
    arrays = numbered() | {"lengths": np.full(COUNT, 4)}
    arrays["inputs"][:, 4:] = np.nan
    batch = TASK(path=saved(tmp_path / "data.npz", arrays)).batch(1, "training", 10)
    assert batch.inputs.shape == (4, 10, 2)
    assert np.isfinite(batch.inputs).all()


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    assert TASK(path=saved(path, numbered())).output_size == 3
    assert TASK(path=saved(path, numbered() | {"targets": np.arange(COUNT) % 4})).output_size == 4


def with_value(arrays: Arrays, name: str, value: float) -> Arrays:
    changed = arrays[name].astype(np.float64)
    changed[3, 0] = value
    return arrays | {name: changed}


LONG = np.zeros((COUNT, TIME), dtype=np.int64)
EVERY = np.ones((COUNT, TIME), dtype=np.bool_)
STEPS = numbered() | {"targets": np.arange(COUNT * TIME).reshape(COUNT, TIME) % 3}
NUMBERS = numbered() | {"targets": np.random.default_rng(1).normal(size=(COUNT, 2))}


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({}, "array 'inputs' is missing"),
        ({"inputs": numbered()["inputs"]}, "array 'targets' is missing"),
        (numbered() | {"target": LONG}, "the file holds 'target', which means nothing here; did you mean 'targets'"),
        (numbered() | {"inputs": np.full((COUNT, TIME, 2), "a")}, "array 'inputs' has the type '<U1'"),
        (numbered() | {"inputs": np.ones((COUNT, TIME, 2), dtype=complex)}, "array 'inputs' has the type 'complex128'"),
        (numbered() | {"inputs": np.ones((COUNT, TIME))}, "array 'inputs' has the shape [40, 6]"),
        (numbered() | {"inputs": np.ones((COUNT, 0, 2))}, "array 'inputs' has the shape [40, 0, 2]"),
        (with_value(numbered(), "inputs", np.nan), "array 'inputs' holds NaN or infinity"),
        (with_value(numbered(), "inputs", np.inf), "array 'inputs' holds NaN or infinity"),
        (with_value(numbered(), "inputs", 1e39), "array 'inputs' holds NaN or infinity"),
        (with_value(NUMBERS, "targets", np.nan), "array 'targets' holds NaN or infinity"),
        (with_value(NUMBERS, "targets", -np.inf), "array 'targets' holds NaN or infinity"),
        (numbered() | {"targets": np.full(COUNT, "a")}, "array 'targets' has the type '<U1'"),
        (numbered() | {"targets": np.arange(COUNT - 1)}, "array 'targets' has the shape [39]"),
        (numbered() | {"targets": np.arange(COUNT) - 1}, "array 'targets' goes from -1 to 38"),
        (numbered() | {"targets": np.arange(COUNT) * 10_000}, "array 'targets' goes from 0 to 390000"),
        (numbered() | {"targets": np.ones(COUNT, dtype=np.int64)}, "array 'targets' is constant"),
        (numbered() | {"targets": np.ones((COUNT, 1))}, "array 'targets' is constant"),
        (numbered() | {"targets": np.ones(COUNT)}, "array 'targets' has the shape [40]; floats [40, outputs]"),
        (numbered() | {"targets": np.ones((COUNT, TIME))}, "(other than 6 outputs) or [40, 6, outputs]"),
        (numbered() | {"targets": np.ones((COUNT, 0))}, "array 'targets' has the shape [40, 0]"),
        (numbered() | {"lengths": np.zeros(COUNT, dtype=np.int64)}, "array 'lengths' goes from 0 to 0; 1 to 6"),
        (numbered() | {"lengths": np.full(COUNT, 7)}, "array 'lengths' goes from 7 to 7; 1 to 6"),
        (numbered() | {"lengths": np.ones(COUNT)}, "array 'lengths' is float64 [40]; integers [40]"),
        (numbered() | {"lengths": np.ones(3, dtype=np.int64)}, "array 'lengths' is int64 [3]; integers [40]"),
        (numbered() | {"mask": EVERY}, "array 'mask' is given, but there is one target per sequence"),
        (STEPS | {"mask": LONG}, "array 'mask' is int64 [40, 6]; bool [40, 6]"),
        (STEPS | {"mask": EVERY[:3]}, "array 'mask' is bool [3, 6]; bool [40, 6]"),
        (STEPS | {"mask": EVERY & (np.arange(COUNT) != 5)[:, None]}, "array 'mask' is false throughout row 5"),
        (STEPS | {"mask": EVERY, "lengths": np.full(COUNT, 5)}, "array 'mask' is true after the end of a sequence"),
        (numbered(2), "array 'inputs' has 2 rows; at least 3"),
        (in_three_splits() | numbered(), "array 'inputs' stands beside arrays that are already split"),
        (in_three_splits() | {"test_mask": EVERY}, "array 'test_mask' is given, but there is one target per sequence"),
        (in_three_splits() | {"test_inputs": np.ones((9, TIME, 5))}, "array 'test_inputs' differs in features"),
        (in_three_splits() | {"test_targets": np.ones((9, 2))}, "array 'test_targets' differs in kind"),
        (in_three_splits() | {"test_targets": np.ones((9, TIME), dtype=int)}, "array 'test_targets' differs in kind"),
        ({"train_inputs": np.ones((9, TIME, 5))}, "array 'train_targets' is missing"),
    ],
)
def test_wrong_arrays_are_refused_with_a_reason(tmp_path: Path, arrays: Arrays, reason: str) -> None:
    assert reason in refusal(tmp_path, arrays)


def test_splits_whose_targets_differ_in_their_number_are_refused(tmp_path: Path) -> None:
    arrays = in_three_splits()
    for split, outputs in (("train", 2), ("validation", 2), ("test", 1)):
        arrays[f"{split}_targets"] = np.random.default_rng(1).normal(size=(9, outputs))
    assert "array 'test_targets' differs in kind" in refusal(tmp_path, arrays)


def test_objects_are_never_unpickled(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return (os.mkdir, (str(tmp_path / "sprung"),))

    trap = np.empty((COUNT, TIME, 2), dtype=object)
    trap[...] = Trap()
    assert "cannot be read" in refusal(tmp_path, numbered() | {"inputs": trap})
    (tmp_path / "bare.npz").write_bytes(__import__("pickle").dumps(Trap()))
    with pytest.raises(InvalidInput, match=r"is not an \.npz file"):
        TASK(path=str(tmp_path / "bare.npz"))
    assert not (tmp_path / "sprung").exists()


def test_only_a_regular_file_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.npz")
    for path in (tmp_path / "pipe.npz", tmp_path, Path("/dev/zero")):
        with pytest.raises(InvalidInput, match="is not a regular file"):
            TASK(path=str(path))
    for path_text in (str(tmp_path / "absent.npz"), "a\0b"):
        with pytest.raises(InvalidInput, match="cannot open"):
            TASK(path=path_text)


def test_what_is_no_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    path.write_text("inputs,targets\n1,2\n")
    with pytest.raises(InvalidInput, match=r"is not an \.npz file"):
        TASK(path=str(path))
    good = Path(saved(tmp_path / "good.npz", numbered())).read_bytes()
    for broken in (b"", good[: len(good) // 2], good[:200] + b"\xff" * 40 + good[240:]):
        path.write_bytes(broken)
        with pytest.raises(InvalidInput):
            TASK(path=str(path))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inputs", b"not an array")
    with pytest.raises(InvalidInput, match="the file holds 'inputs', which means nothing here"):
        TASK(path=str(path))


def test_the_same_array_twice_is_refused(tmp_path: Path) -> None:
    path = Path(saved(tmp_path / "data.npz", numbered()))
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("inputs.npy", b"")
    with pytest.raises(InvalidInput, match="two arrays have the same name"):
        TASK(path=str(path))


def test_arrays_that_unpack_to_too_much_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "data.npz"
    np.savez_compressed(path, inputs=np.zeros((100, 100, 100)), targets=np.arange(100))
    assert path.stat().st_size < 20_000
    monkeypatch.setattr("archsearch.tasks.sequences.MOST_BYTES", 1_000_000)
    monkeypatch.setattr("numpy.load", lambda *_, **__: pytest.fail("it was read"))
    with pytest.raises(InvalidInput, match=r"the arrays take 80\d+ bytes; at most 1000000"):
        TASK(path=str(path))


def test_a_header_that_promises_too_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    with zipfile.ZipFile(path, "w") as archive, archive.open("inputs.npy", "w") as member:
        header = {"descr": "<f8", "fortran_order": False, "shape": (10**7, 10**6, 10**3)}
        np.lib.format.write_array_header_1_0(member, header)
    with pytest.raises(InvalidInput, match="cannot be read"):
        TASK(path=str(path))


def test_options_of_the_random_split_have_no_place_beside_three_splits(tmp_path: Path) -> None:
    for name, value in (("split_seed", 0), ("test_share", 0.2), ("validation_share", 0.2)):
        assert f"{name}: has no effect" in refusal(tmp_path, in_three_splits(), **{name: value})


def test_shares_must_leave_rows_for_the_training(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="leave no rows for training"):
        TASK(path=saved(tmp_path / "data.npz", numbered()), test_share=0.5, validation_share=0.5)


def test_solved_must_be_more_than_a_blind_guess(tmp_path: Path) -> None:
    arrays = in_three_splits() | {"train_targets": np.array([1, 1, 1, 1, 1, 1, 0, 2, 2])}
    assert "solved_at: 0.5 is reached without learning; allowed: above 0.6667" in refusal(
        tmp_path, arrays, solved_at=0.5
    )
    assert TASK(path=saved(tmp_path / "data.npz", arrays), solved_at=0.7).solved_at == 0.7


def test_a_split_that_is_drawn_whole_has_each_row_once(tmp_path: Path) -> None:
    task = TASK(path=saved(tmp_path / "data.npz", numbered(600)))
    assert [task.rows(split) for split in SPLITS] == [420, 90, 90]
    for split in SPLITS:
        rows = rows_of(task, split, task.rows(split))
        assert len(set(rows)) == len(rows) == task.rows(split)


@pytest.mark.parametrize("count", [1, 4, 9, 10, 25])
def test_training_goes_through_all_rows_before_any_comes_again(tmp_path: Path, count: int) -> None:
    task = TASK(path=saved(tmp_path / "data.npz", in_three_splits()))
    batches = [task.batch(3, "training", count, first) for first in range(0, 90 + count, count)]
    rows = [int(row) for batch in batches for row in batch.inputs[0, :, 0]]
    passes = [tuple(rows[first : first + 9]) for first in range(0, 81, 9)]
    assert all(sorted(each) == list(range(1, 10)) for each in passes)
    assert len(set(passes)) == len(passes), "each pass has an order of its own"
    assert rows_of(task, "training", 90, seed=3) == rows[:90], "in one batch as in many"


SECONDS = 1_700_000_000 + np.arange(420)
"""Unix times of seven minutes, second by second: 32 bits make 4 of them."""


def timed(times: NDArray[Any]) -> Arrays:
    """Rows of one step with a harmless feature and a time; the class is that of the time."""
    harmless = (np.arange(len(times)) % 7).astype(times.dtype)
    return {"inputs": np.stack([harmless, times], axis=-1)[:, None], "targets": np.arange(420) % 2}


@pytest.mark.parametrize(
    "times",
    [
        SECONDS,
        SECONDS.astype(np.float64),
        SECONDS.astype(np.uint64),
        SECONDS + 0.25,
        SECONDS * 10**9,
        300.0 + 1e-6 * np.random.default_rng(2).normal(size=420),
    ],
)
def test_values_that_32_bits_merge_are_refused_with_their_feature_and_a_remedy(
    tmp_path: Path, times: NDArray[Any]
) -> None:
    told = refusal(tmp_path, timed(times))
    assert "path: array 'inputs' has " in told
    assert "different values in feature 1, of which 32 bits tell" in told
    assert "subtract a constant and scale it in the file, or standardise: [inputs]" in told


def test_the_refusal_counts_what_is_lost(tmp_path: Path) -> None:
    arrays = timed(SECONDS)
    prefixes = ("train", "validation", "test")
    whole = {f"{prefix}_{name}": array for prefix in prefixes for name, array in arrays.items()}
    told = refusal(tmp_path, whole)
    assert "array 'train_inputs' has 420 different values in feature 1, of which 32 bits tell 4 apart" in told


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(1).normal(size=420),
        300 + 10 * np.random.default_rng(2).normal(size=420),
        SECONDS[0] + 3600 * np.arange(420),
        np.arange(420) * 10**6,
        np.full(420, 0.1),
        np.full(420, 1_700_000_001),
        np.random.default_rng(3).lognormal(sigma=4, size=420),
        np.arange(420) % 2 == 0,
        np.arange(420).astype(np.uint8),
        np.random.default_rng(4).normal(size=420).astype(np.float16),
    ],
)
def test_values_that_32_bits_tell_apart_are_taken(tmp_path: Path, values: NDArray[Any]) -> None:
    arrays = {"inputs": values[:, None, None], "targets": np.arange(420) % 2}
    assert TASK(path=saved(tmp_path / "data.npz", arrays)).input_size == 1


def test_times_that_are_standardised_stay_apart(tmp_path: Path) -> None:
    task = TASK(path=saved(tmp_path / "data.npz", timed(SECONDS)), standardise=["inputs"])
    batches = [task.batch(1, split, task.rows(split)).inputs for split in SPLITS]
    assert len(np.unique(np.concatenate(batches, axis=1)[0, :, 1])) == 420
    assert task.loss == "cross_entropy"


def test_inputs_are_standardised_by_the_training_split_within_its_sequences(tmp_path: Path) -> None:
    rng = np.random.default_rng(6)
    arrays: Arrays = {}
    for split, mean in (("train", 5.0), ("validation", 7.0), ("test", -1.0)):
        inputs = mean + 3 * rng.normal(size=(50, TIME, 2))
        inputs[..., 1] = 4.0
        lengths = rng.integers(1, TIME + 1, size=50)
        inputs[np.arange(TIME) >= lengths[:, None]] = 1e6  # beyond the sequences
        arrays |= {f"{split}_inputs": inputs, f"{split}_lengths": lengths, f"{split}_targets": np.arange(50) % 2}
    task = TASK(path=saved(tmp_path / "data.npz", arrays), standardise=["inputs"])
    inside = np.arange(TIME) < arrays["train_lengths"][:, None]
    values = arrays["train_inputs"][..., 0][inside]
    for split, prefix in zip(SPLITS, ("train", "validation", "test"), strict=True):
        batch = task.batch(1, split, 50)
        expected = (arrays[f"{prefix}_inputs"][..., 0] - values.mean()) / values.std()
        expected[np.arange(TIME) >= arrays[f"{prefix}_lengths"][:, None]] = 0
        found = batch.inputs[..., 0].T
        assert np.allclose(found[np.lexsort(found.T)], expected[np.lexsort(expected.T)], atol=1e-6)
        assert not batch.inputs[..., 1].any(), "a constant feature is 0"


FAR = 3e5 + 1e4 * np.random.default_rng(7).normal(size=(COUNT, 1))
"""As prices have it."""


@pytest.mark.parametrize(
    ("targets", "told"),
    [
        (FAR, "e+05 and the standard deviation "),
        (FAR - 3e5, "and the standard deviation "),
        (290 + FAR / 1e4 - 30, "and the standard deviation "),
        (1e-4 * (FAR / 1e4 - 30), "and the standard deviation "),
        (np.concatenate([FAR / 1e4 - 30, FAR], axis=1), "in output 1"),
    ],
)
def test_targets_that_training_does_not_reach_are_refused_with_a_remedy(
    tmp_path: Path, targets: NDArray[Any], told: str
) -> None:
    found = refusal(tmp_path, numbered() | {"targets": targets})
    assert "path: array 'targets' has the mean " in found
    assert told in found
    assert "standardise: [targets]" in found
    assert TASK(path=str(tmp_path / "data.npz"), standardise=["targets"]).loss == "squared_error"
    assert TASK(path=str(tmp_path / "data.npz"), standardise=[]).loss == "squared_error"


@pytest.mark.parametrize("targets", [FAR / 1e4 - 30, FAR / 1e5, 40 + 15 * (FAR / 1e4 - 30)])
def test_targets_of_ordinary_size_are_taken(tmp_path: Path, targets: NDArray[Any]) -> None:
    assert TASK(path=saved(tmp_path / "data.npz", numbered() | {"targets": targets})).output_size == 1


@pytest.mark.parametrize("unit", [(0.0, 1.0), (3e5, 1e4), (-7.0, 1e-5)])
def test_scores_of_standardised_targets_are_the_same_in_any_unit(tmp_path: Path, unit: tuple[float, float]) -> None:
    """The score is that of predictions in the user's units: 1 - mse / variance of the training targets."""
    shift, scale = unit
    arrays = in_three_splits()
    rng = np.random.default_rng(8)
    for split in ("train", "validation", "test"):
        arrays[f"{split}_targets"] = shift + scale * rng.normal(size=(9, 1))
    task = TASK(path=saved(tmp_path / "data.npz", arrays), standardise=["targets"])
    trained = arrays["train_targets"]
    batch = task.batch(1, "validation", 9)
    predicted = (rng.normal(size=(9, 1)) / 2).astype(np.float32)
    rows = batch.inputs[0, :, 0].astype(int) - 101
    in_units = trained.mean() + trained.std() * predicted.astype(np.float64)
    error = np.mean((in_units - arrays["validation_targets"][rows]) ** 2)
    assert task.score(predicted, batch) == pytest.approx(max(0.0, 1 - error / trained.var()), rel=1e-5)
    assert task.score(batch.targets[batch.mask].astype(np.float32), batch) == 1.0


def test_what_is_standardised_is_the_same_in_any_order_and_classes_are_not(tmp_path: Path) -> None:
    path = saved(tmp_path / "data.npz", NUMBERS)
    assert TASK(path=path, standardise=["targets", "inputs"]) == TASK(path=path, standardise=["inputs", "targets"])
    assert "standardise: the targets are classes" in refusal(tmp_path, numbered(), standardise=["targets"])
    with pytest.raises(ValidationError):
        TASK.model_validate({"path": path, "standardise": ["lengths"]})
