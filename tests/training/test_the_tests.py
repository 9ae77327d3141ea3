"""Each change that once passed all tests, made to the training's source by itself, must break a law."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from archsearch.training import module as training_module
from tests.training import test_loop as laws
from tests.training.plain_loop import Plan
from tests.training.scripted import Averages

CHANGES: dict[str, tuple[str, str]] = {
    "the objective leaves out the last check": (
        "return sum(scores) / len(scores)",
        "return sum(scores[:-1]) / max(1, len(scores) - 1)",
    ),
    "the objective counts one check more than there is": (
        "return sum(scores) / len(scores)",
        "return sum(scores) / (len(scores) + 1)",
    ),
    "a solved task's other checks are left out": ("scores[-1:] = [1.0] * (1 + left)", "pass"),
    "validation is drawn from the training split": (
        'self.task.batch(self.seed, "validation",',
        'self.task.batch(self.seed, "training",',
    ),
    "validation is drawn with another seed": (
        'self.task.batch(self.seed, "validation",',
        'self.task.batch(self.seed + 1, "validation",',
    ),
    "batches come again after a check": ("supply.take(made, due)", "supply.take(0, due - made)"),
    "training goes on to the end of what is drawn": ("supply.take(made, due)", "supply.take(made, 10**9)"),
    "the test score is that of validation": (
        "test = run.tested() if read_test else None",
        "test = run.curve[-1][1] if read_test else None",
    ),
    "the test split is that of validation": ('self.seed, "test", self', 'self.seed, "validation", self'),
    "gradients are not clipped": ("if self.training.clip is not None:", "if False:"),
    "gradients are clipped one by one": (
        "nn.utils.clip_grad_norm_(self.model.parameters(), self.training.clip)",
        "[nn.utils.clip_grad_norm_(each, self.training.clip) for each in self.model.parameters()]",
    ),
    "rmsprop is adam": ("functools.partial(torch.optim.RMSprop,", "functools.partial(torch.optim.Adam,"),
    "adam is adamax": ("functools.partial(torch.optim.Adam, fused=True)", "torch.optim.Adamax"),
    "the best check is the first": ("best=max(point[1] for point in run.curve)", "best=run.curve[0][1]"),
    "the best check is the last": ("best=max(point[1] for point in run.curve)", "best=run.curve[-1][1]"),
    "the final check is the best": ("final=run.curve[-1][1]", "final=max(point[1] for point in run.curve)"),
    "training goes on after solving": ("if self.solved_at is not None:\n                return", "pass"),
    "infinite losses are let through": (
        "if not math.isfinite(losses[-1]):\n        kind",
        "if math.isnan(losses[-1]):\n        kind",
    ),
    "outputs are not looked at": ("if not np.isfinite(outputs).all():", "if False:"),
    "gradients add up over the steps": ("self._optimizer.zero_grad()", "pass"),
    "the last step is not checked": ("range(1, training.checks + 1)", "range(1, training.checks)"),
    "weights start with another seed": (
        "task.output_size, seed)",
        "task.output_size, seed + 1)",
    ),
    "a report comes too early": (
        "self._check(due * size, validation)",
        "report(1, 0.0), self._check(due * size, validation)",
    ),
}


def check_all(training: ModuleType) -> None:
    """The laws that take no choice of a parameter, and the others with one that matters."""
    for optimizer in ("sgd", "rmsprop", "adam"):
        laws.check_against_the_plain_loop(training, Averages(), Plan(optimizer))
    laws.check_against_the_plain_loop(training, Averages(), Plan("sgd", clip=0.02, learning_rate=0.05))
    laws.test_a_solved_task_ends_training_and_its_checks_count_1_from_then_on(training, 1, (0.25 + 3) / 4)
    laws.test_a_loss_that_is_not_finite_ends_training_and_says_which(training, 1e25, "inf", "reference")
    laws.test_an_output_that_is_not_finite_ends_training_and_says_which(training, "log(0.5 - x)", "nan", "reference")
    for law in LAWS:
        law(training)


LAWS: tuple[Callable[[ModuleType], None], ...] = (
    laws.test_the_numbers_of_a_run_follow_from_its_scores,
    laws.test_a_task_solved_at_the_last_check_is_solved,
    laws.test_each_split_is_drawn_from_itself_and_from_a_seed_of_its_own,
    laws.test_each_check_is_reported_with_the_objective_so_far,
    laws.test_what_a_report_raises_ends_training_at_its_check,
)


@contextlib.contextmanager
def changed(old: str, new: str) -> Iterator[ModuleType]:
    """The loop, with `new` in place of `old`, which must stand once in its source or in that of what it trains."""
    loop = laws.real()
    real = next(
        (module for module in (loop, training_module) if old in Path(str(module.__file__)).read_text(encoding="utf-8")),
        loop,
    )
    source = Path(str(real.__file__)).read_text(encoding="utf-8")
    assert source.count(old) == 1, f"the source no longer says {old!r} (once): adapt this test"
    name = real.__name__ if real is training_module else f"{real.__name__}_broken"
    broken = ModuleType(name)
    sys.modules[name] = broken  # where dataclasses look up the names in annotations, and the loop what it trains
    try:
        exec(compile(source.replace(old, new), str(real.__file__), "exec"), broken.__dict__)
        yield loop if real is training_module else broken
    finally:
        del sys.modules[name]
        sys.modules[training_module.__name__] = training_module


def test_the_training_that_is_used_keeps_all_laws() -> None:
    check_all(laws.real())


@pytest.mark.parametrize(("old", "new"), CHANGES.values(), ids=CHANGES)
def test_a_change_to_the_training_is_noticed(old: str, new: str) -> None:
    with changed(old, new) as broken, pytest.raises((AssertionError, pytest.fail.Exception)):
        check_all(broken)
