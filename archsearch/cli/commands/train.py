"""`archsearch train`: one cell, one task, one seed."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, TasksFrom
from archsearch.cli.output import Record, chosen_form, emit, visible
from archsearch.cli.output import console as make_console
from archsearch.cli.tables import print_line, print_rows, text_of
from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.spelling import compact, counted, duration

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.cli.training_job import TrainingJob, Watch
    from archsearch.schema.score import Score
    from archsearch.training.profile import Profile

PARTS = ("task", "model", "training", "limits")
_LEVELS = "▁▂▃▄▅▆▇█"


def train(
    reference: Annotated[str, typer.Argument(metavar="CELL", help="A shipped cell or wiring, or a path.")],
    task: Annotated[str, typer.Option("--task", metavar="TASK", help="What it is to learn: see `archsearch tasks`.")],
    hidden_size: Annotated[int, typer.Option("--hidden-size", metavar="N", min=1, help="Values per state.")] = 32,
    learning_rate: Annotated[
        float, typer.Option("--learning-rate", metavar="X", help="Step size of the optimizer.")
    ] = 0.01,
    sequences: Annotated[
        int, typer.Option("--sequences", metavar="N", min=1, help="Training sequences in all.")
    ] = 6400,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Decides initial weights and data.")] = 1,
    backends: Annotated[
        list[str] | None,
        typer.Option(
            "--backend", metavar="NAME", help="The backend; give a second one for cells that the first refuses."
        ),
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A task's option, or model.X, training.X, limits.X."),
    ] = None,
    read_test: Annotated[bool, typer.Option("--test", help="Score on the test split, too.")] = False,
    profiled: Annotated[
        bool, typer.Option("--profile", help="Train for a second and show where the time of a step goes; no score.")
    ] = False,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Train one cell on one task and print its score.

    For example: archsearch train gru --task adding --set length=30 --set training.batch_size=64
    """
    form = chosen_form(as_json, as_csv)
    given: dict[str, dict[str, Any]] = {
        "task": {},
        "model": {"hidden_size": hidden_size},
        "training": {"learning_rate": learning_rate, "sequences": sequences},
        "limits": {},
    }
    for part, key, value in map(parse_setting, settings or []):
        given[part][key] = value
    from archsearch.cli.training_job import measure, prepare, run

    job = prepare(reference, task, given, seed, backends, read_test, tasks_from)
    if profiled:
        parts = measure(job)
        emit(form, _profile_record(job, parts), lambda console: draw_profile(console, job, parts))
        return
    score = run(job, watch(job))
    emit(form, _record(job, score), lambda console: draw_score(console, job, score))


def parse_setting(text: str) -> tuple[str, str, Any]:
    """`length=30` as ("task", "length", 30), `training.clip=0.5` as ("training", "clip", 0.5)."""
    from archsearch.schema.yaml_scalars import resolve

    path, equals, value = text.partition("=")
    part, dot, key = path.strip().partition(".")
    if not dot:
        part, key = "task", part
    if not equals or not key:
        raise InvalidInput(Problem(("--set",), f"{quoted(text)} sets nothing", "allowed: KEY=VALUE, as in length=30"))
    if part not in PARTS:
        raise InvalidInput(Problem(("--set",), f"{quoted(part)} has no settings", one_of(PARTS, part)))
    try:
        return part, key, resolve(value.strip())
    except ValueError as error:
        raise InvalidInput(Problem(("--set", key), f"{quoted(value)} {error}")) from None


def _record(job: TrainingJob, score: Score) -> Record:
    row: dict[str, Any] = {"cell": job.spec.cell.cell, "arch_id": job.arch_id, "task": job.task, "seed": job.seed}
    row |= score.model_dump(mode="json", exclude={"curve"})
    settings = {
        "options": job.options,
        "model": job.spec.model.model_dump(mode="json"),
        "training": job.spec.training.model_dump(mode="json"),
    }
    return Record(row | settings | {"curve": score.curve}, list(row), [row])


def _profile_record(job: TrainingJob, profile: Profile) -> Record:
    row = {"cell": job.spec.cell.cell, "task": job.task, **dataclasses.asdict(profile.chosen), "steps": profile.steps}
    rows: list[dict[str, Any]] = [{"part": part, "milliseconds": value} for part, value in profile.milliseconds.items()]
    return Record(row | {"milliseconds": profile.milliseconds}, ["part", "milliseconds"], rows)


def draw_profile(console: Console, job: TrainingJob, profile: Profile) -> None:
    """Print the parts of a training step."""
    total = sum(profile.milliseconds.values())
    how = "in compiled steps" if profile.chosen.compiled else "as a PyTorch module"
    head = f"{visible(job.spec.cell.cell)} on {visible(job.task)}, trained {how}: {total:.3g} ms per step"
    print_line(console, head, "bold")
    rows = [(part, f"{value:.3f}", f"{value / total:.0%}") for part, value in profile.milliseconds.items()]
    print_rows(console, ("part", ">ms", ">share"), rows)
    about = f"batch {job.spec.training.batch_size}, mean of {counted(profile.steps, 'step')} after the first ones"
    print_line(console, f"{about}; backend {profile.chosen.backend}, one thread", "dim")


@contextlib.contextmanager
def watch(job: TrainingJob) -> Iterator[Watch]:
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


def draw_score(console: Console, job: TrainingJob, score: Score) -> None:
    """Print how a training went."""
    print_line(console, f"{visible(job.spec.cell.cell)} on {visible(job.task)}: {_outcome(score, job)}", "bold")
    curve = [value for _, value in score.curve]
    if console.encoding.startswith("utf"):
        levels = "".join(_LEVELS[min(int(value * len(_LEVELS)), len(_LEVELS) - 1)] for value in curve)
        print_line(console, text_of(f"{levels}  ", (f"validation score at {counted(len(curve), 'check')}", "dim")))
    test = "" if score.test is None else f", test {score.test:.3f}"
    print_line(
        console, f"objective {score.objective:.3f} (mean over the budget, 1 once solved), best {score.best:.3f}{test}"
    )
    size = (
        f"{score.parameters:,} parameters, {counted(score.stages, 'stage')}, {score.operations:,} operations per step"
    )
    how = f"{score.backend}{', compiled steps' if score.compiled else ''}"
    print_line(console, f"{size}; {duration(score.seconds)} with backend {how}, seed {job.seed}")
    if score.backend_reason:
        print_line(console, f"not with {visible(score.backend_reason)}", "yellow")


def _outcome(score: Score, job: TrainingJob) -> str:
    if score.sequences_to_solve is not None:
        return f"solved after {compact(score.sequences_to_solve)} sequences"
    return f"not solved in {compact(job.spec.training.sequences)} sequences, score {score.final:.3f}"


COMMAND = Command("Studies", train)
