"""`archsearch space`: how large a space is and what its holes do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import AsCsv, AsJson, HiddenSize, InputSize
from archsearch.cli.output import chosen_form, emit, record_of
from archsearch.cli.tables import print_line, print_rows
from archsearch.schema.sizes import HIDDEN_SIZE, INPUT_SIZE, Sizes
from archsearch.spelling import compact, counted

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.findings.spaces import SpaceFinding


def space(
    reference: Annotated[str, typer.Argument(metavar="SPACE", help="A shipped space or a path.")],
    sample: Annotated[int, typer.Option("--sample", metavar="N", min=0, max=100_000, help="Draw N candidates.")] = 0,
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
    output = chosen_form(as_json, as_csv)
    from archsearch.findings.spaces import DrawnCell, describe_space
    from archsearch.space import load_space
    from archsearch.space.size import OptionEffect

    finding = describe_space(load_space(reference), limit, sample, seed, Sizes(input_size, hidden_size))
    record = (
        record_of(finding, finding.drawn, DrawnCell) if sample else record_of(finding, finding.effects, OptionEffect)
    )
    emit(output, record, lambda console: _draw(console, finding))


def _draw(console: Console, space: SpaceFinding) -> None:
    print_line(console, (space.space, "bold"))
    print_line(console, _size(space))
    if space.ranges:
        print_line(console, f"ranges, not counted: {', '.join(space.ranges)}")
    if space.effects:
        console.print()
        print_rows(console, ("hole", "option", ">share", ">parameters", ">operations", ">stages"), _effects(space))
        sizes = f"input size {space.input_size} and hidden size {space.hidden_size}"
        legend = (
            "share: of the configurations, those in which the hole is read and has this option; the rest: means over"
            f" these, for one layer of {sizes}, per step"
        )
        print_line(console, (legend, "dim"))
    if space.drawn:
        console.print()
        rows = ((str(row.draw), row.line, compact(row.parameters), str(row.stages), row.arch_id) for row in space.drawn)
        print_rows(console, (">#", "candidate", ">parameters", ">stages", "arch"), rows)
        print_line(console, (f"drawn with seed {space.seed}; the same one may be drawn twice", "dim"))


def _size(space: SpaceFinding) -> str:
    if space.exact:
        configurations = counted(space.configurations, "configuration")
        return f"{configurations}, {counted(space.architectures, 'architecture')} (counted)"
    return (
        f"about {compact(space.configurations)} configurations, about {compact(space.architectures)} architectures"
        f" (estimated from {space.sample:,} samples, seed {space.seed})"
    )


def _effects(space: SpaceFinding) -> Iterator[tuple[str, ...]]:
    before = None
    for effect in space.effects:
        hole = "" if effect.hole == before else effect.hole
        costs = (compact(effect.parameters), compact(effect.operations), f"{effect.stages:.2f}")
        yield hole, effect.option, f"{effect.share:.0%}", *costs
        before = effect.hole


COMMAND = Command("Cells and spaces", space)
