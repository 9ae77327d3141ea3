"""An explanation as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from archsearch.cli.output import visible
from archsearch.explain.nearest import Nearest
from archsearch.findings.explanation import Explanation, parameter_formula, stage_words

if TYPE_CHECKING:
    from rich.console import Console

_INDENT = 4
_WIDEST = 100
"""Columns that a sentence takes at most; longer lines are hard to read."""


def draw_explanation(console: Console, found: Explanation, source: str) -> None:
    """Print the summary of a cell, then each equation with its sentence."""
    console.print(Text(visible(found.cell.cell), "bold"), Text(f"  arch {found.arch_id}", "dim"), sep="")
    if source:
        _print(console, Text(visible(" ".join(source.split())), "dim"))
    console.print()
    for label, words in _summary(found):
        _print(console, Text(visible(words)), label.ljust(12))
    for equation in found.equations:
        console.print()
        line = Text.assemble((visible(equation.name), "bold cyan"), f" = {visible(equation.text)}")
        console.print(line, soft_wrap=True)
        sentence = Text(visible(equation.sentence))
        sentence.stylize("bold", 0, len(visible(equation.said.title)))
        _print(console, sentence, " " * _INDENT)


def _summary(found: Explanation) -> list[tuple[str, str]]:
    sizes = f"input size {found.input_size}, hidden size {found.hidden_size}"
    lines = [
        ("states", found.states),
        ("output", found.cell.output),
        ("step", stage_words(found.stages)),
        ("parameters", f"{parameter_formula(found.ir)} = {found.parameters:,} at {sizes}"),
    ]
    return [*lines, ("nearest", nearest_words(found.nearest))] if found.nearest is not None else lines


def nearest_words(nearest: Nearest) -> str:
    """`lstm (the same architecture), forget bias 2; so is lstm_b`, or `gru, no reset`."""
    if nearest.measure != "identity":
        return nearest.line
    name = f"{nearest.name} (the same architecture)"
    also = f"; so {'is' if len(nearest.also) == 1 else 'are'} {', '.join(nearest.also)}" if nearest.also else ""
    return ", ".join([name, *nearest.differences]) + also


def _print(console: Console, text: Text, label: str = "") -> None:
    """Print text behind a label; in a terminal lines are broken at words, in a file it stays on one line."""
    if not console.is_terminal:
        console.print(Text(label).append_text(text), soft_wrap=True)
        return
    lines = text.wrap(console, max(20, min(console.width, _WIDEST) - len(label)))
    for number, line in enumerate(lines):
        line.rstrip()
        console.print(Text.assemble((label if not number else " " * len(label), "dim"), line), soft_wrap=True)
