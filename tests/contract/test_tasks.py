"""The laws of every task, for each one that the registry lists and every combination of its options."""

from __future__ import annotations

import itertools
import math
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar, get_args

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from archsearch import registry
from archsearch.draws import Draws
from archsearch.tasks import SPLITS, Batch, Loss, Readout, Split, Task
from archsearch.tasks.adding import Adding
from archsearch.tasks.temporal_order import TemporalOrder

PACKAGE = "archsearch.tasks"
MANY = 2000
BAD_NUMBERS = (math.nan, math.inf, -math.inf)


@pytest.fixture(params=registry.names(PACKAGE))
def task_class(request: pytest.FixtureRequest) -> type[Task]:
    found: type[Task] = registry.load(PACKAGE, request.param)
    assert issubclass(found, Task)
    return found


@pytest.fixture
def defaults(task_class: type[Task], tmp_path: Path) -> list[Task]:
    """The task with its default options; where it reads a file, one task for each kind of file."""
    if "path" not in task_class.model_fields:
        return [task_class()]
    return [task_class.model_validate({"path": str(path)}) for path in write_files(tmp_path)]


@pytest.fixture
def variants(task_class: type[Task], defaults: list[Task]) -> list[Task]:
    """Every combination of each option's choices: all labels, or the default and the lowest number."""
    if "path" in task_class.model_fields:
        return defaults
    choices = {name: field_choices(field) for name, field in task_class.model_json_schema()["properties"].items()}
    return list(legal(task_class, choices)) if choices else defaults


def field_choices(field: dict[str, Any]) -> list[Any]:
    if "enum" in field:
        return list(field["enum"])
    return sorted({field["minimum"], field["default"]})


def legal(task_class: type[Task], choices: dict[str, list[Any]]) -> Iterator[Task]:
    for values in itertools.product(*choices.values()):
        try:
            yield task_class.model_validate(dict(zip(choices, values, strict=True)))
        except ValidationError:  # two options that exclude each other
            continue


def write_files(folder: Path) -> Iterator[Path]:
    """Classes per step with a mask, in one piece; numbers per sequence with lengths, split by hand."""
    rng = np.random.default_rng(5)
    mask = rng.random((3 * MANY, 4)) < 0.5
    mask[:, 1] = True
    labels = rng.choice(3, p=[0.2, 0.5, 0.3], size=mask.shape)
    np.savez(folder / "steps.npz", inputs=rng.normal(size=(*mask.shape, 2)), targets=labels, mask=mask)
    arrays: dict[str, NDArray[Any]] = {}
    for split in ("train", "validation", "test"):
        arrays[f"{split}_inputs"] = rng.normal(size=(MANY, 5, 3))
        arrays[f"{split}_targets"] = rng.normal(size=(MANY, 2))
        arrays[f"{split}_lengths"] = rng.integers(1, 6, size=MANY)
    np.savez_compressed(folder / "whole.npz", **arrays)  # type: ignore[arg-type]
    return iter((folder / "steps.npz", folder / "whole.npz"))


def draw(task: Task, count: int = 32, split: Split = "validation", seed: int = 0) -> Batch:
    return task.batch(seed, split, count)


def perfect(batch: Batch, task: Task) -> NDArray[np.float32]:
    targets = batch.targets[batch.mask]
    if task.loss == "squared_error":
        return targets.astype(np.float32)
    return 40 * np.eye(task.output_size, dtype=np.float32)[targets]


def same(one: Batch, other: Batch) -> bool:
    pairs = ((one.inputs, other.inputs), (one.targets, other.targets), (one.mask, other.mask))
    return all(np.array_equal(left, right) for left, right in pairs)


def test_batches_have_the_documented_shapes_and_types(variants: list[Task]) -> None:
    assert variants
    for task, split, count in itertools.product(variants, SPLITS, (1, 7)):
        batch = draw(task, count, split)
        time = len(batch.inputs)
        assert batch.inputs.shape == (time, count, task.input_size)
        assert batch.inputs.dtype == np.float32
        assert batch.mask.shape == (time, count)
        assert batch.mask.dtype == np.bool_
        if task.loss == "cross_entropy":
            assert batch.targets.shape == (time, count)
            assert batch.targets.dtype == np.int64
        else:
            assert batch.targets.shape == (time, count, task.output_size)
            assert batch.targets.dtype == np.float32


def test_loss_and_readout_are_known_words_and_the_mask_keeps_to_them(variants: list[Task]) -> None:
    for task, split in itertools.product(variants, SPLITS):
        assert task.loss in get_args(Loss)
        assert task.readout in get_args(Readout)
        read = draw(task, split=split).mask.sum(axis=0)
        assert (read == 1).all() if task.readout == "last" else (read >= 1).all()


def test_classes_lie_within_the_output_size_and_all_numbers_are_finite(variants: list[Task]) -> None:
    for task, split in itertools.product(variants, SPLITS):
        batch = draw(task, split=split)
        assert np.isfinite(batch.inputs).all()
        if task.loss == "cross_entropy":
            assert batch.targets.min() >= 0
            assert batch.targets.max() < task.output_size
        else:
            assert np.isfinite(batch.targets).all()


def test_padding_and_unmasked_targets_are_zero(variants: list[Task]) -> None:
    for task, split in itertools.product(variants, SPLITS):
        batch = draw(task, split=split)
        assert not batch.targets[~batch.mask].any()
        for column in range(batch.mask.shape[1]):
            end = int(np.flatnonzero(batch.mask[:, column])[-1]) + 1
            assert not batch.inputs[end:, column].any()
        assert batch.mask[-1].any(), "the batch is longer than any of its sequences"


def test_no_sequence_is_longer_than_longest(variants: list[Task]) -> None:
    for task in variants:
        times = [len(draw(task, 256, split).inputs) for split in SPLITS]
        assert max(times) <= task.longest
        assert max(times) >= 0.9 * task.longest, "longest is far from what occurs"


def test_equal_seeds_give_equal_batches(variants: list[Task]) -> None:
    for task, split in itertools.product(variants, SPLITS):
        assert same(draw(task, split=split, seed=3), draw(task, split=split, seed=3))


def test_other_seeds_later_sequences_and_other_splits_give_other_batches(defaults: list[Task]) -> None:
    for task in defaults:
        for split in SPLITS:
            assert not same(draw(task, split=split, seed=3), draw(task, split=split, seed=4))
            assert not same(task.batch(3, split, 32), task.batch(3, split, 32, first=32))
        for one, other in itertools.combinations(SPLITS, 2):
            assert not same(draw(task, split=one, seed=3), draw(task, split=other, seed=3))


def test_a_sequence_does_not_depend_on_what_is_drawn_with_it(variants: list[Task]) -> None:
    for task, split in itertools.product(variants, SPLITS):
        check_each_sequence_by_itself(task, split)


def check_each_sequence_by_itself(task: Task, split: Split) -> None:
    """Any part of a batch is that part drawn alone, and zero where it has ended."""
    whole = task.batch(3, split, 40)
    for first, count in ((0, 1), (0, 8), (8, 25), (39, 1)):
        part = task.batch(3, split, count, first)
        time, columns = len(part.mask), slice(first, first + count)
        assert not any(array[time:, columns].any() for array in (whole.inputs, whole.targets, whole.mask))
        assert same(
            Batch(whole.inputs[:time, columns], whole.targets[:time, columns], whole.mask[:time, columns]), part
        )


class WholeBatches(TemporalOrder):
    """What it draws depends on the number of sequences."""

    def draw(self, draws: Draws, split: Split) -> Batch:
        """Wrong."""
        return super().draw(Draws(draws.key + draws.count, draws.count, draws.items.start), split)


class HiddenNumbers(TemporalOrder):
    """It has random numbers of its own."""

    def draw(self, draws: Draws, split: Split) -> Batch:
        """Wrong."""
        batch = super().draw(draws, split)
        moved = np.random.default_rng(draws.key).permutation(draws.count)
        return Batch(batch.inputs[:, moved], batch.targets[:, moved], batch.mask[:, moved])


class PaddedToTheLongest(TemporalOrder):
    """It reads at the end of the batch."""

    def draw(self, draws: Draws, split: Split) -> Batch:
        """Wrong."""
        batch = super().draw(draws, split)
        targets = np.zeros_like(batch.targets)
        targets[-1] = batch.targets.max(axis=0)
        return Batch(batch.inputs, targets, np.arange(len(targets))[:, None] == np.full(draws.count, len(targets) - 1))


@pytest.mark.parametrize("wrong", [WholeBatches, HiddenNumbers, PaddedToTheLongest])
def test_sequences_that_depend_on_others_are_noticed(wrong: type[TemporalOrder]) -> None:
    with pytest.raises(AssertionError):
        check_each_sequence_by_itself(wrong(length=20), "training")


def test_the_global_generator_is_left_alone(defaults: list[Task]) -> None:
    def state() -> str:
        return repr(np.random.get_state())  # noqa: NPY002 (to see that nothing else uses it)

    before = state()
    for task in defaults:
        draw(task)
    assert state() == before


def test_a_task_survives_being_sent_to_another_process(defaults: list[Task]) -> None:
    for task in defaults:
        packed = pickle.dumps(task)
        assert len(packed) < 10_000
        twin = pickle.loads(packed)
        assert twin == task
        assert same(draw(twin), draw(task))


def test_a_perfect_solver_scores_one_and_has_solved_the_task(variants: list[Task]) -> None:
    for task, split in itertools.product(variants, SPLITS):
        batch = draw(task, split=split)
        assert task.score(perfect(batch, task), batch) == 1.0
        assert task.solved(perfect(batch, task), batch)


def test_outputs_in_another_order_do_not_score_one(defaults: list[Task]) -> None:
    for task in defaults:
        batch = draw(task, 64)
        moved = np.roll(perfect(batch, task), 1, axis=0)
        assert task.score(moved, batch) < 0.9
        assert not task.solved(moved, batch)


def test_the_best_blind_guess_scores_the_baseline(variants: list[Task]) -> None:
    for task in variants:
        check_the_blind_guess(task)


def check_the_blind_guess(task: Task) -> None:
    batch = draw(task, MANY)
    guesses = blind_guesses(task, batch)
    best = max(task.score(guess, batch) for guess in guesses)
    assert abs(best - task.baseline) <= blind_spread(task, guesses, batch)
    assert not any(task.solved(guess, batch) for guess in guesses)


@pytest.mark.parametrize("share", [0.25, 0.5, 0.9])
def test_a_share_of_the_blind_guesss_squared_error_takes_that_share_of_the_score(
    variants: list[Task], share: float
) -> None:
    for task in variants:
        check_the_trivial_error(task, share)


def check_the_trivial_error(task: Task, share: float) -> None:
    """Scores are cut at 0, which hides a trivial error that is too small from guesses as bad as the blind one."""
    if task.loss != "squared_error":
        return
    batch = draw(task, MANY)
    (guess,) = blind_guesses(task, batch)
    targets = batch.targets[batch.mask]
    nearer = (targets + math.sqrt(share) * (guess - targets)).astype(np.float32)
    expected = 1 - share * (1 - task.baseline)
    assert abs(task.score(nearer, batch) - expected) <= share * blind_spread(task, [guess], batch)


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_a_wrong_trivial_error_is_noticed(factor: float) -> None:
    class Wrong(Adding):
        """Its trivial error is off by a factor."""

        @property
        def trivial(self) -> float:
            """Wrong."""
            return factor * super().trivial

    for variant in ("hochreiter", "arjovsky"):
        task = Wrong.model_validate({"variant": variant, "length": 50})
        with pytest.raises(AssertionError):
            check_the_trivial_error(task, 0.25)


def test_a_wrong_baseline_is_noticed() -> None:
    class Wrong(TemporalOrder):
        """Its baseline is that of two classes."""

        baseline: ClassVar[float] = 0.5

    with pytest.raises(AssertionError):
        check_the_blind_guess(Wrong(length=20))


def blind_guesses(task: Task, batch: Batch) -> list[NDArray[np.float32]]:
    """Every constant class, or the mean of the training targets."""
    rows = int(batch.mask.sum())
    if task.loss == "cross_entropy":
        return [np.tile(one_class, (rows, 1)) for one_class in np.eye(task.output_size, dtype=np.float32)]
    training = draw(task, 10 * MANY, "training")
    mean = training.targets[training.mask].mean(axis=0, dtype=np.float64)
    return [np.tile(mean.astype(np.float32), (rows, 1))]


def blind_spread(task: Task, guesses: list[NDArray[np.float32]], batch: Batch) -> float:
    """Five standard deviations of a blind guess' score over `MANY` sequences; six where the best of many is taken."""
    if task.loss == "cross_entropy":
        return 6 * math.sqrt(task.baseline * (1 - task.baseline) / MANY)
    squared = (guesses[0] - batch.targets[batch.mask]) ** 2
    return 5 * float(squared.std() / squared.mean()) / math.sqrt(MANY)


def test_outputs_that_are_not_finite_score_nothing(variants: list[Task]) -> None:
    for task, bad in itertools.product(variants, BAD_NUMBERS):
        batch = draw(task)
        spoiled = perfect(batch, task)
        spoiled[:, 0] = bad
        for outputs in (spoiled, np.full_like(spoiled, bad)):
            assert task.score(outputs, batch) == 0.0
            assert not task.solved(outputs, batch)


def test_scores_lie_in_the_unit_interval_whatever_the_outputs(variants: list[Task]) -> None:
    rng = np.random.default_rng(8)
    for task, scale in itertools.product(variants, (0.0, 1e-30, 1.0, 1e30)):
        batch = draw(task)
        outputs = (scale * rng.normal(size=perfect(batch, task).shape)).astype(np.float32)
        assert 0.0 <= task.score(outputs, batch) <= 1.0
        assert isinstance(task.solved(outputs, batch), bool)


def test_a_baseline_leaves_room_for_learning(variants: list[Task]) -> None:
    for task in variants:
        assert 0.0 <= task.baseline < 1.0


def test_no_integer_option_allows_a_giant_sequence(task_class: type[Task], defaults: list[Task]) -> None:
    for name, field in task_class.model_json_schema()["properties"].items():
        if field.get("type") != "integer":
            continue
        try:
            task = task_class.model_validate(defaults[0].model_dump() | {name: 10**9})
        except ValidationError:
            continue
        assert task.longest < 100_000, f"{name} lets sequences grow"


def test_unknown_options_and_other_types_are_refused(task_class: type[Task], defaults: list[Task]) -> None:
    options = defaults[0].model_dump()
    with pytest.raises(ValidationError):
        task_class.model_validate(options | {"colour": "red"})
    for name, value in options.items():
        if isinstance(value, int):
            with pytest.raises(ValidationError):
                task_class.model_validate(options | {name: str(value)})
