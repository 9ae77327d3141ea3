"""`archsearch space`: how large a space is and what its holes do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize
from archsearch.cli.output import Record, emit, form
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.space import Configuration
    from archsearch.space.size import OptionEffect

EFFECT_COLUMNS = ("hole", "option", "share", "parameters", "operations", "stages")
DRAWN_COLUMNS = ("draw", "arch_id", "parameters", "operations", "stages", "line")


def space(
    reference: Annotated[str, typer.Argument(metavar="SPACE", help="A shipped space or a path.")],
    sample: Annotated[
        int, typer.Option("--sample", metavar="N", min=0, max=100_000, help="Draw so many candidates.")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Decides what is drawn.")] = 0,
    limit: Annotated[
        int,
        typer.Option("--limit", metavar="N", min=1, max=1_000_000, help="Configurations to count before estimating."),
    ] = 5_000,
    input_size: InputSize = INPUT_SIZE,
    hidden_size: HiddenSize = HIDDEN_SIZE,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Show a space: its size, its holes and some candidates.

    With --sample, --csv prints the candidates, else the effects of the holes.
    """
    wanted = form(as_json, as_csv)
    from archsearch.space import load_space
    from archsearch.space.size import draw, measure

    opened = load_space(reference)
    size = measure(opened, limit, seed=seed, input_size=input_size, hidden_size=hidden_size)
    effects = [_effect(effect) for effect in size.effects]
    drawn = [
        _drawn(number, configuration, input_size, hidden_size)
        for number, configuration in enumerate(draw(opened, sample, seed), start=1)
    ]
    document = {
        "space": opened.name,
        "configurations": size.configurations,
        "architectures": size.architectures,
        "exact": size.exact,
        "sample": size.sample,
        "ranges": list(size.ranges),
        "input_size": input_size,
        "hidden_size": hidden_size,
        "effects": effects,
        "seed": seed,
        "drawn": drawn,
    }

    def draw_text(console: Console) -> None:
        from archsearch.cli.render_space import draw_space

        draw_space(console, document)

    record = Record(document, DRAWN_COLUMNS, drawn) if sample else Record(document, EFFECT_COLUMNS, effects)
    emit(wanted, record, draw_text)


def _effect(effect: OptionEffect) -> dict[str, Any]:
    return {
        "hole": effect.question,
        "option": effect.label,
        "share": effect.share,
        "parameters": effect.parameters,
        "operations": effect.operations,
        "stages": effect.stages,
    }


def _drawn(number: int, configuration: Configuration, input_size: int, hidden_size: int) -> dict[str, Any]:
    from archsearch.ir import cost
    from archsearch.ir.identity import arch_id

    return {
        "draw": number,
        "arch_id": arch_id(configuration.ir),
        "parameters": cost.parameters(configuration.ir, input_size, hidden_size),
        "operations": cost.operations(configuration.ir, input_size, hidden_size),
        "stages": cost.stages(configuration.ir),
        "line": configuration.line,
    }


COMMAND = Command("Cells and spaces", space)
