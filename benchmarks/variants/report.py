"""The report of a study of one cell against others, as Markdown: the whole page, and the summary for the README."""

from __future__ import annotations

import textwrap

from archsearch.spelling import counted
from benchmarks.tables import paragraph
from benchmarks.variants import tables
from benchmarks.variants.results import Found
from benchmarks.variants.study import Record
from benchmarks.variants.summary import legend, sentences, summary_table

QUESTION = "Which of the textbook cells is best?"


def report(record: Record, picture: str) -> str:
    """The whole page; `picture` is the path of the picture beside it."""
    found = record.found
    parts = [
        f"# {QUESTION}",
        _origin(record),
        "## Result",
        paragraph(" ".join(sentences(found))),
        summary_table(found).markdown(),
        paragraph(legend(found)),
        f"![Objectives of all seeds by task and cell]({picture})",
        "## How it was done",
        _design(record),
        tables.cells(record).markdown(),
        tables.tasks(record).markdown(),
    ]
    for board in found.boards:
        made = (tables.board(board), tables.against(record, board), tables.rates(record, board))
        parts += [f"## {board.label}", *(table.markdown() for table in made)]
    parts += ["## Across the tasks", tables.ranks(record).markdown()]
    parts += ["## Failures", tables.failures(record.failed).markdown() if record.failed else "No evaluation failed."]
    parts += ["## What may be wrong with this", _threats(record)]
    parts += ["## Machine, versions, time", tables.machine(record.work).markdown()]
    return "\n\n".join(parts) + "\n"


def readme(record: Record, page: str, picture: str) -> str:
    """The summary for the README; both paths are relative to it."""
    found = record.found
    how = (
        f"**{QUESTION}** {len(found.cells)} cells on {counted(len(found.boards), 'task')} with long lags,"
        f" {_matched(record)}, each with the best of {record.draws} learning rates, on fresh seeds:"
    )
    links = f"[The whole report]({page}), [every seed in a picture]({picture}); `make reproduce` makes both again."
    below = map(paragraph, (legend(found), " ".join(sentences(found)), links))
    return "\n\n".join([paragraph(how), summary_table(found).markdown(), *below])


def _origin(record: Record) -> str:
    return paragraph(
        f"Written by `python -m benchmarks.variants` from what the study `{record.name}` has stored; `make reproduce`"
        " runs the study and renews this page. No figure here was typed in."
    )


def _matched(record: Record) -> str:
    if record.parameters is None:
        return f"hidden size {record.design['model']['hidden_size']}"
    return f"at most {record.parameters:,} parameters each"


def _design(record: Record) -> str:
    design, found = record.design, record.found
    training, (low, high) = design["training"], record.rates
    clip = "no clipping" if training["clip"] is None else f"gradients clipped at norm {training['clip']:g}"
    return _points(f"""\
* **Cells.** {len(found.cells)} of them, {_matched(record)}, {counted(design["model"]["layers"], "layer")}.
  The table below has the sizes.
* **Training.** {training["optimizer"].capitalize()}, batches of {training["batch_size"]}, {clip}, at most
  {training["sequences"]:,} sequences, {training["checks"]} checks on {training["validation"]} validation sequences.
* **Learning rates.** On every task every cell gets {record.draws} draws from {low:g} to {high:g}, uniform on a
  logarithmic scale, each trained with {counted(design["search"]["seeds"], "seed")}.
* **Seeds.** The best draw of each cell is trained again with {design["report"]["seeds"]} fresh seeds, the same for all
  cells. Only these count, save in the tables of learning rates.
* **Objective.** A task's score lies in [0, 1]: the share of right answers, or 1 − error / error of the best constant.
  The objective is the mean validation score over the budget's checks, counting 1 from the check at which the task is
  solved: it rewards solving and solving early. A failed seed counts as the blind guess. The *test* score is that of the
  trained model on sequences used for nothing else.
* **Comparisons.** Every cell with `{found.reference}`, paired by seed. The intervals are Student's, corrected by
  Bonferroni's rule for all {found.comparisons} comparisons made here: the level of each is {_level(found.comparisons)}.
  A comparison is decided where its interval does not contain 0.""")


def _level(comparisons: int) -> str:
    return f"{100 - 5 / comparisons:.2f} %"


def _same_draws(found: Found) -> str:
    """Whether bad luck with them would strike a cell on every task."""
    drawn = {(place.cell, *(draw.learning_rate for draw in place.draws)) for place in found.places()}
    return ", each the same on every task" if len(drawn) == len(found.cells) else ""


def _threats(record: Record) -> str:
    found, design = record.found, record.design
    return _points(f"""\
* **{record.draws} draws.** A cell whose good learning rates are a narrow range may have missed them; the tables show
  how much depends on them. Cells have different draws{_same_draws(found)}. Nothing else was drawn: neither the batch,
  nor the clipping, nor initial biases.
* **A draw is chosen by {counted(design["search"]["seeds"], "seed")}.** Where a good draw was unlucky, a worse one
  stands for its cell. That the chosen one looked too good does no harm: it was trained again on fresh seeds.
* **One budget.** A cell that would need more than {found.boards[0].budget:,} sequences counts as one that never solves.
* **One size**, {_matched(record)}. Matched by hidden units or by time, the order may be another.
* **{counted(len(found.boards), "task")}**, all of them made up. They say nothing about language or sound.
* **One definition of each cell.** The bias at which a gate starts is part of it, and tasks with long lags are sensitive
  to that of the forget gate: `archsearch show CELL` prints it.
* **Comparisons are with `{found.reference}` alone.** The order of the other cells among themselves is not tested.
* **Student's intervals** take differences for normally distributed. Objectives lie in [0, 1] and fall into two clusters
  where some seeds solve a task and others do not, so the levels hold roughly.""")


def _points(text: str) -> str:
    """A list, its points filled anew after numbers and names were put in."""
    points = (" ".join(point.split()) for point in text.removeprefix("* ").split("\n* "))
    return "\n".join(textwrap.fill(point, 120, initial_indent="* ", subsequent_indent="  ") for point in points)
