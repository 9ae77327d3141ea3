"""`archsearch draw`: one step of a cell as a picture."""

from __future__ import annotations

from archsearch.cli.commands import Command
from archsearch.cli.commands.show import choose_cell
from archsearch.cli.options import OfStudy, OutputFile, Rank, Reference, Storage, TasksFrom
from archsearch.cli.output import check_target, write_page
from archsearch.study import DEFAULT_STORAGE


def draw(
    reference: Reference = None,
    study: OfStudy = None,
    rank: Rank = None,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
    output: OutputFile = None,
) -> None:
    """Draw one step of a cell as SVG.

    States run from left to right; gates are boxes, operations are circles. The input comes in from below, the output
    leaves at the top. Dashed lines are peepholes; a bar joins values that several gates read together.
    """
    check_target(output, "cell.svg")
    from archsearch.diagram import draw_svg
    from archsearch.ir import lower

    chosen = choose_cell("draw", reference, study, rank, storage, tasks_from)
    write_page(output, draw_svg(lower(chosen.cell)))


COMMAND = Command("Cells and spaces", draw)
