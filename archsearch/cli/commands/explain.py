"""`archsearch explain`: what each equation of a cell is for, in sentences and in LaTeX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.commands.show import choose_cell
from archsearch.cli.options import (
    AsCsv,
    AsJson,
    OfStudy,
    OwnHiddenSize,
    OwnInputSize,
    Rank,
    Reference,
    Storage,
    TasksFrom,
)
from archsearch.cli.output import chosen_form, emit, record_of
from archsearch.cli.tables import print_line, text_of
from archsearch.study import DEFAULT_STORAGE

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.explain.nearest import Nearest
    from archsearch.findings.cells import CellFinding

_INDENT = 4
_WIDEST = 100
"""Columns that a sentence takes at most; longer lines are hard to read."""


def explain(
    reference: Reference = None,
    study: OfStudy = None,
    rank: Rank = None,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
    input_size: OwnInputSize = None,
    hidden_size: OwnHiddenSize = None,
    as_latex: Annotated[bool, typer.Option("--latex", help="Print the equations as LaTeX (amsmath).")] = False,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Explain a cell, and name the nearest textbook cell.

    Each equation gets a sentence, made from what its value is used for, never from its name. With --study, it is the
    cell of that rank on the board of the latest phase.
    """
    output = chosen_form(as_json, as_csv, latex=as_latex)
    chosen = choose_cell("explain", reference, study, rank, storage, tasks_from)
    cell = chosen.explain(input_size, hidden_size, tasks_from)

    def draw(console: Console) -> None:
        if as_latex:
            console.out(cell.latex, highlight=False, end="")
        else:
            draw_explanation(console, cell)

    from archsearch.findings.cells import ExplainedEquation

    emit(output, record_of(cell, cell.equations, ExplainedEquation), draw)


def draw_explanation(console: Console, cell: CellFinding) -> None:
    """Print the summary of a cell, then each equation with its sentence."""
    print_line(console, text_of((cell.cell, "bold"), (f"  arch {cell.arch_id}", "dim")))
    if cell.source:
        _print(console, "", (" ".join(cell.source.split()), "dim"))
    console.print()
    for label, words in _summary(cell):
        _print(console, label.ljust(12), words)
    for equation in cell.equations:
        console.print()
        print_line(console, text_of((equation.name, "bold cyan"), f" = {equation.text}"), wrap=False)
        title = f"{equation.title}: " if equation.title else ""
        _print(console, " " * _INDENT, (title[:-2], "bold"), f"{title[-2:]}{equation.sentence}")


def _summary(cell: CellFinding) -> list[tuple[str, str]]:
    sizes = f"input size {cell.input_size}, hidden size {cell.hidden_size}"
    lines = [
        ("states", cell.state_words),
        ("output", cell.output),
        ("step", cell.stage_words),
        ("parameters", f"{cell.parameter_formula} = {cell.parameters:,} at {sizes}"),
    ]
    return [*lines, ("nearest", nearest_words(cell.nearest))] if cell.nearest is not None else lines


def nearest_words(nearest: Nearest) -> str:
    """`lstm (the same architecture), forget bias 2; so is lstm_b`, or `gru, no reset`."""
    if nearest.measure != "identity":
        return nearest.line
    name = f"{nearest.name} (the same architecture)"
    also = f"; so {'is' if len(nearest.also) == 1 else 'are'} {', '.join(nearest.also)}" if nearest.also else ""
    return ", ".join([name, *nearest.differences]) + also


def _print(console: Console, label: str, *pieces: object) -> None:
    """Print text behind a label, its lines broken at words."""
    lines = text_of(*pieces).wrap(console, max(20, min(console.width, _WIDEST) - len(label)))
    for number, line in enumerate(lines):
        line.rstrip()
        start = text_of((label if not number else " " * len(label), "dim"))
        console.print(start.append_text(line), soft_wrap=True)


COMMAND = Command("Cells and spaces", explain)
