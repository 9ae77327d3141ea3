"""What one evaluation does, against a loop in plain torch and a task whose scores are known beforehand.

Each law takes the module that trains, so that `test_the_tests.py` can give it a broken one.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType
from typing import Any, get_args

import numpy as np
import pytest
import torch
from safetensors.torch import load
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from archsearch.draws import Draws
from archsearch.schema.cell import Cell
from archsearch.schema.score import Score
from archsearch.schema.study import Model, Spec, Training
from archsearch.space import load_cell
from archsearch.tasks import SPLITS, Batch, Split, Task
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.training.batches import Pool
from archsearch.training.module import CHUNK, make_optimizer
from tests.training.plain_loop import UPDATES, Plan, train
from tests.training.scripted import Averages, Scripted

SEED = 11
FLOAT32 = 1000 * torch.finfo(torch.float32).eps
"""A dozen training steps in 32 bits, whose sums are rounded in another order; small gradients are divided by."""


@pytest.fixture
def training() -> ModuleType:
    return real()


def real() -> ModuleType:
    """The module that trains; the package's attribute of that name is the function in it."""
    return importlib.import_module("archsearch.training.loop")


def spec(plan: Plan, cell: Cell | None = None) -> Spec:
    """The spec that means `plan`."""
    fields: dict[str, Any] = {
        "optimizer": plan.optimizer,
        "learning_rate": plan.learning_rate,
        "clip": plan.clip,
        "batch_size": plan.batch_size,
        "sequences": plan.steps * plan.batch_size,
        "checks": len(plan.check_steps),
        "validation": plan.validation,
        "test": plan.test,
    }
    model = Model(hidden_size=plan.hidden_size)
    return Spec(cell=cell or load_cell("rnn"), model=model, training=Training(**fields))


def run(
    training: ModuleType,
    task: Task,
    plan: Plan | None = None,
    report: Callable[[int, float], None] = lambda check, value: None,
    backend: str = "reference",
    **options: Any,
) -> tuple[Score, bytes | None]:
    """The outcome of one evaluation."""
    score, weights = training.evaluate(spec(plan or Plan()), task, SEED, [backend], report, **options)
    assert isinstance(score, Score)
    return score, weights


@contextlib.contextmanager
def counted_steps(training: ModuleType) -> Iterator[list[int]]:
    """How many steps a trainer is asked for, call by call, while this lasts."""
    steps, make = list[int](), training.make_trainer

    def make_counting(*arguments: Any) -> Any:
        trainer = make(*arguments)
        train = trainer.train

        def train_and_count(pool: Pool) -> Sequence[float]:
            steps.append(len(pool.lengths))
            losses: Sequence[float] = train(pool)
            return losses

        trainer.train = train_and_count
        return trainer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "make_trainer", make_counting)
        yield steps


def check_against_the_plain_loop(training: ModuleType, task: Task, plan: Plan, backend: str = "reference") -> None:
    expected = train(task, plan, SEED)
    score, weights = run(training, task, plan, backend=backend, keep_weights=True, read_test=True)
    assert [sequences for sequences, _ in score.curve] == [step * plan.batch_size for step in plan.check_steps]
    assert [value for _, value in score.curve] == pytest.approx(expected.curve, rel=FLOAT32)
    assert score.objective == pytest.approx(sum(expected.curve) / len(expected.curve), rel=FLOAT32)
    assert (score.final, score.best) == pytest.approx((expected.curve[-1], max(expected.curve)), rel=FLOAT32)
    assert score.test == pytest.approx(expected.test, rel=FLOAT32)
    assert weights is not None
    trained = load(weights)
    assert trained.keys() == expected.weights.keys()
    for name, value in expected.weights.items():
        torch.testing.assert_close(trained[name], value, rtol=FLOAT32, atol=FLOAT32)
    assert score.parameters == sum(value.numel() for value in trained.values())


BACKENDS = ("reference", "native")
"""The first trains a PyTorch module, the second in compiled steps."""


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("optimizer", UPDATES)
def test_training_is_the_plain_loop(training: ModuleType, optimizer: str, backend: str) -> None:
    check_against_the_plain_loop(training, Averages(), Plan(optimizer), backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("optimizer", UPDATES)
@pytest.mark.parametrize("clip", [0.02, 1e9])
def test_gradients_are_clipped_together(training: ModuleType, optimizer: str, clip: float, backend: str) -> None:
    """Nearly all steps are longer than the small norm, no step is longer than the large one."""
    task = Averages()
    check_against_the_plain_loop(training, task, Plan(optimizer, clip=clip, learning_rate=0.05), backend)


def test_clipping_matters_in_what_is_compared() -> None:
    task = Averages()
    free, clipped = (train(task, Plan("sgd", clip=clip, learning_rate=0.05), SEED) for clip in (None, 0.02))
    assert max(abs(one - other) for one, other in zip(free.curve, clipped.curve, strict=True)) > 0.05


@pytest.mark.parametrize("backend", BACKENDS)
def test_classes_train_with_cross_entropy(training: ModuleType, backend: str) -> None:
    """Scores are shares of 40 sequences here: the weights are what differs."""
    check_against_the_plain_loop(training, TemporalOrder(length=10), Plan(learning_rate=0.02), backend)


def test_the_numbers_of_a_run_follow_from_its_scores(training: ModuleType) -> None:
    """Neither the best nor the last check is the first, and the test score is none of them."""
    score, _ = run(training, Scripted(scores=[0.25, 0.75, 0.5, 0.375, 0.125]), read_test=True)
    assert score.curve == [(24, 0.25), (48, 0.75), (72, 0.5), (96, 0.375)]
    assert score.objective == (0.25 + 0.75 + 0.5 + 0.375) / 4
    assert (score.best, score.final, score.test) == (0.75, 0.375, 0.125)
    assert (score.solved, score.sequences_to_solve) == (False, None)


@pytest.mark.parametrize(("solved_from", "objective"), [(0, 1.0), (1, (0.25 + 3) / 4)])
def test_a_solved_task_ends_training_and_its_checks_count_1_from_then_on(
    training: ModuleType, solved_from: int, objective: float
) -> None:
    task = Scripted(scores=[0.25, 0.75, 0.5], solved_from=solved_from)
    with counted_steps(training) as steps:
        score, _ = run(training, task, read_test=True)
    made = solved_from + 1
    assert score.objective == objective
    assert score.curve == [(24, 0.25), (48, 0.75)][:made]
    assert (score.solved, score.sequences_to_solve) == (True, 24 * made)
    assert score.test == task.scores[made]
    assert sum(steps) == 3 * made


def test_a_task_solved_at_the_last_check_is_solved(training: ModuleType) -> None:
    score, _ = run(training, Scripted(scores=[0.25, 0.25, 0.25, 0.75], solved_from=3))
    assert (score.objective, score.sequences_to_solve) == ((3 * 0.25 + 1) / 4, 96)


def test_scores_beyond_the_unit_interval_are_cut(training: ModuleType) -> None:
    score, _ = run(training, Scripted(scores=[-0.5, 1.5, 0.5, 0.5]))
    assert [value for _, value in score.curve] == [0.0, 1.0, 0.5, 0.5]


def test_each_split_is_drawn_from_itself_and_from_a_seed_of_its_own(training: ModuleType) -> None:
    plan = Plan()
    task = Scripted(scores=[0.5] * 5)
    run(training, task, plan, read_test=True)
    drawn = {split: [draw for draw in task.draws if draw.split == split] for split in SPLITS}
    assert [item for draw in drawn["training"] for item in draw.items] == [*range(plan.steps * plan.batch_size)]
    assert [draw.items for draw in drawn["validation"]] == [range(plan.validation)]
    assert [draw.items for draw in drawn["test"]] == [range(plan.test)]
    for split, draws in drawn.items():
        key = int.from_bytes(hashlib.sha256(f"{SEED}/{split}".encode()).digest()[:8], "big")
        assert {draw.key for draw in draws} == {key}
    batches = [*drawn["validation"] * 4, *drawn["test"]]
    assert [id(batch) for batch in task.scored] == [id(draw.batch) for draw in batches]


def test_the_test_split_is_read_only_where_that_is_asked_for(training: ModuleType) -> None:
    task = Scripted(scores=[0.5] * 4)
    score, weights = run(training, task)
    assert (score.test, weights) == (None, None)
    assert {draw.split for draw in task.draws} == {"training", "validation"}


def test_outputs_of_many_sequences_stand_in_the_order_of_their_targets(training: ModuleType) -> None:
    """More sequences than go through the model at once; the model is the plain one with its weights."""
    plan = Plan(steps=1, check_steps=(1,), validation=2 * CHUNK + 3, learning_rate=1e-30)
    task = Scripted(scores=[0.5])
    run(training, task, plan)
    expected = Scripted(scores=[0.5] * 2)
    train(expected, plan, SEED)
    np.testing.assert_allclose(task.outputs[0], expected.outputs[0], rtol=FLOAT32, atol=FLOAT32)


def test_each_check_is_reported_with_the_objective_so_far(training: ModuleType) -> None:
    reports: list[tuple[int, float]] = []
    task = Scripted(scores=[0.25, 0.75, 0.5, 0.5])
    run(training, task, report=lambda check, value: reports.append((check, value)))
    assert reports == [(1, 0.25), (2, 0.5), (3, 0.5), (4, 0.5)]


class Prune(Exception):
    """Raised by a report."""


def test_what_a_report_raises_ends_training_at_its_check(training: ModuleType) -> None:
    task = Scripted(scores=[0.5] * 4)

    def report(check: int, value: float) -> None:
        if check == 2:
            raise Prune

    with pytest.raises(Prune), counted_steps(training) as steps:
        run(training, task, report=report)
    assert len(task.scored) == 2
    assert sum(steps) == 6


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("scale", "kind"), [(1e25, "inf"), (float("nan"), "nan")])
def test_a_loss_that_is_not_finite_ends_training_and_says_which(
    training: ModuleType, scale: float, kind: str, backend: str
) -> None:
    """The square of a target of 1e25 is beyond 32 bits."""
    task = Scripted.model_construct(scores=[0.5] * 4, solved_from=None, scale=scale)
    with pytest.raises(training.NotFinite, match=rf"the loss is {kind} at training step 1") as error:
        run(training, task, backend=backend)
    assert error.value.kind == kind
    assert task.scored == []


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(("formula", "kind"), [("exp(1000 * x)", "inf"), ("log(0.5 - x)", "nan")])
def test_an_output_that_is_not_finite_ends_training_and_says_which(
    training: ModuleType, formula: str, kind: str, backend: str
) -> None:
    """Inputs are 0 in training and 1 in validation."""
    cell = Cell.model_validate({"cell": "c", "states": {"h": 0}, "output": "h", "equations": {"h": formula}})
    task = SpoiltValidation(scores=[0.5])
    plan = Plan("sgd", steps=1, check_steps=(1,), hidden_size=1)
    with pytest.raises(training.NotFinite, match=rf"an output is {kind} at check 1") as error:
        training.evaluate(spec(plan, cell), task, SEED, [backend], lambda check, value: None)
    assert error.value.kind == kind
    assert task.scored == []


class SpoiltValidation(Scripted):
    """Inputs that are all 0, except in validation."""

    def draw(self, draws: Draws, split: Split) -> Batch:
        """As before, with inputs of 0 or 1."""
        batch = super().draw(draws, split)
        batch.inputs[:] = 1.0 if split == "validation" else 0.0
        return batch


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 7, 10, 12, 19, 20, 21, 100, 399, 400, 401])
@pytest.mark.parametrize("checks", [1, 2, 3, 4, 7, 20, 1000])
def test_checks_are_spread_evenly_and_the_last_step_is_one(training: ModuleType, steps: int, checks: int) -> None:
    plan = Training(learning_rate=0.1, sequences=32 * steps + 31, batch_size=32, checks=checks)
    found = sorted(training.check_steps(plan))
    assert len(found) == min(checks, steps)
    assert found[-1] == steps
    gaps = [later - earlier for earlier, later in itertools.pairwise([0, *found])]
    assert min(gaps) >= 1
    assert max(gaps) - min(gaps) <= 1


def test_a_budget_below_one_batch_is_one_step(training: ModuleType) -> None:
    plan = Training(learning_rate=0.1, sequences=5, batch_size=32)
    assert sorted(training.check_steps(plan)) == [1]


def test_the_hash_is_that_of_the_trained_weights(training: ModuleType) -> None:
    score, weights = run(training, Scripted(scores=[0.5] * 4), keep_weights=True)
    assert weights is not None
    trained = load(weights)
    names = ("head.bias", "head.weight", "layers.0.g1.bias", "layers.0.g1.linear.0", "layers.0.g1.linear.1")
    assert trained.keys() == set(names)
    digest = hashlib.sha256(b"".join(name.encode() + trained[name].numpy().tobytes() for name in names))
    assert score.weights_hash == digest.hexdigest()[:16]


@pytest.mark.parametrize("backend", BACKENDS)
def test_equal_arguments_give_equal_bits_and_other_seeds_other_ones(training: ModuleType, backend: str) -> None:
    def hashed(seed: int) -> str:
        task = Scripted(scores=[0.5] * 4)
        score, _ = training.evaluate(spec(Plan()), task, seed, [backend], lambda check, value: None)
        digest: str = score.weights_hash
        return digest

    assert hashed(3) == hashed(3) != hashed(4)


def plan_of(optimizer: str) -> Training:
    return Training.model_validate({"optimizer": optimizer, "learning_rate": 0.01, "sequences": 1})


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("name", get_args(Training.model_fields["optimizer"].annotation))
def test_an_optimizer_is_the_one_of_its_name(name: str, dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(1)
    model = nn.Linear(3, 2, dtype=dtype)
    values = [value.detach().clone() for value in model.parameters()]
    update = UPDATES[name](values, 0.01)
    optimizer = make_optimizer(model, plan_of(name))
    for step in range(1, 20):
        gradients = [torch.randn(value.shape, generator=generator, dtype=dtype) for value in values]
        for parameter, gradient in zip(model.parameters(), gradients, strict=True):
            parameter.grad = gradient.clone()
        update(step, gradients)
        optimizer.step()
    tolerance = 50 * torch.finfo(dtype).eps
    for parameter, value in zip(model.parameters(), values, strict=True):
        torch.testing.assert_close(parameter.detach(), value, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("name", UPDATES)
def test_an_optimizer_takes_one_call_for_all_parameters(name: str) -> None:
    """One by one they take a fifth of a step with 16 hidden units."""

    def operations(layers: int) -> int:
        model = nn.ModuleList(nn.Linear(2, 2) for _ in range(layers))
        optimizer = make_optimizer(model, plan_of(name))
        for parameter in model.parameters():
            parameter.grad = torch.ones_like(parameter)
        optimizer.step()
        with Counted() as counted:
            optimizer.step()
        return len(counted.calls)

    assert operations(1) == operations(8)


class Counted(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Keeps the calls of torch's operators."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.calls: list[Any] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """One more call."""
        self.calls.append(func)
        return func(*args, **(kwargs or {}))
