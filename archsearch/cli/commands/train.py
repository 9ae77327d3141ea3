"""`archsearch train`: one cell, one task, one seed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, TasksFrom
from archsearch.cli.output import Record, emit, form
from archsearch.errors import InvalidInput, Problem, one_of, quoted

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.cli.training_job import Training

PARTS = ("task", "model", "training", "limits")
COLUMNS = (
    "cell", "arch_id", "task", "seed", "objective", "final", "best", "test", "solved", "sequences_to_solve",
    "parameters", "operations", "stages", "seconds", "backend", "backend_reason", "weights_hash",
)  # fmt: skip


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
        list[str] | None, typer.Option("--backend", metavar="NAME", help="What runs it; a second one where it refuses.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="A task's option, or model.X, training.X, limits.X."),
    ] = None,
    read_test: Annotated[bool, typer.Option("--test", help="Score on the test split, too.")] = False,
    tasks_from: TasksFrom = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Train one cell on one task and print its score.

    For example: archsearch train gru --task adding --set length=30 --set training.batch_size=64
    """
    wanted = form(as_json, as_csv)
    given: dict[str, dict[str, Any]] = {
        "task": {},
        "model": {"hidden_size": hidden_size},
        "training": {"learning_rate": learning_rate, "sequences": sequences},
        "limits": {},
    }
    for part, key, value in map(parse_setting, settings or []):
        given[part][key] = value
    from archsearch.cli.render_train import draw_score, watch
    from archsearch.cli.training_job import prepare, run

    job = prepare(reference, task, given, seed, backends, read_test, tasks_from)
    score = run(job, watch(job))
    record = _record(job, score.model_dump(mode="json"))

    def draw(console: Console) -> None:
        draw_score(console, job, score)

    emit(wanted, record, draw)


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


def _record(job: Training, score: Mapping[str, Any]) -> Record:
    row: dict[str, Any] = {"cell": job.spec.cell.cell, "arch_id": job.arch_id, "task": job.task, "seed": job.seed}
    row |= {name: value for name, value in score.items() if name in COLUMNS}
    settings = {
        "options": job.options,
        "model": job.spec.model.model_dump(mode="json"),
        "training": job.spec.training.model_dump(mode="json"),
    }
    return Record(row | settings | {"curve": score["curve"]}, COLUMNS, [row])


COMMAND = Command("Studies", train)
