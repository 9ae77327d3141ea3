"""A training while it runs, and its score."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.text import Text

from archsearch.cli.output import console as make_console
from archsearch.cli.output import visible
from archsearch.spelling import compact, counted, duration

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.cli.training_job import Training, Watch
    from archsearch.schema.score import Score

_LEVELS = "▁▂▃▄▅▆▇█"


@contextlib.contextmanager
def watch(job: Training) -> Iterator[Watch]:
    """Show a training's checks on stderr while it runs: a bar where both streams are terminals, else nothing."""
    console = make_console(sys.stderr)
    if not (console.is_terminal and sys.stdout.isatty()):
        yield lambda check, value: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[value]}"), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        bar = progress.add_task("starting", total=job.spec.training.checks, value="")

        def show(check: int, value: float) -> None:
            text = f"mean score {value:.3f}" if check else ""
            progress.update(bar, completed=check, description="training", value=text)

        yield show


def draw_score(console: Console, job: Training, score: Score) -> None:
    """Print how a training went."""
    console.print(Text(f"{visible(job.spec.cell.cell)} on {visible(job.task)}: {_outcome(score, job)}", "bold"))
    curve = [value for _, value in score.curve]
    if console.encoding.startswith("utf"):
        console.print(
            Text(f"{_spark(curve)}  "), Text(f"validation score at {counted(len(curve), 'check')}", "dim"), sep=""
        )
    test = "" if score.test is None else f", test {score.test:.3f}"
    console.print(
        Text(f"objective {score.objective:.3f} (mean over the budget, 1 once solved), best {score.best:.3f}{test}")
    )
    console.print(
        Text(
            f"{score.parameters:,} parameters, {counted(score.stages, 'stage')}, {score.operations:,} operations per"
            f" step; {duration(score.seconds)} with backend {score.backend}, seed {job.seed}"
        )
    )
    if score.backend_reason:
        console.print(Text(f"not with {visible(score.backend_reason)}", "yellow"))


def _outcome(score: Score, job: Training) -> str:
    if score.sequences_to_solve is not None:
        return f"solved after {compact(score.sequences_to_solve)} sequences"
    return f"not solved in {compact(job.spec.training.sequences)} sequences, score {score.final:.3f}"


def _spark(values: Sequence[float]) -> str:
    return "".join(_LEVELS[min(int(value * len(_LEVELS)), len(_LEVELS) - 1)] for value in values)
