"""The picture of a study of one cell against others: every seed of every cell on every task."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.variants.results import Found, Place, TaskBoard

PAPER, INK, PALE = "#ffffff", "#1f2328", "#d1d9e0"
"""The picture has a light ground of its own, so that it reads the same on a dark page."""

ABOVE, BELOW = 0.2, 0.17
"""How far from its cell's line the mean stands, and the seeds. A line has height 1."""

COLOURS = {"better": "#0969da", "worse": "#bc4c00"}
UNDECIDED = "#6e7781"
REFERENCE = "#1f2328"

STYLE: Any = {
    "svg.hashsalt": "archsearch",  # else ids are random
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": PALE,
    "xtick.color": INK,
    "ytick.color": INK,
}


def draw(found: Found, path: Path) -> None:
    """One panel per task; equal results give an equal file."""
    columns = min(2, len(found.boards))
    lines = math.ceil(len(found.boards) / columns)
    height = 0.6 + lines * (0.7 + 0.28 * len(found.cells))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5 * columns, height), layout="constrained", facecolor=PAPER)
        axes = figure.subplots(lines, columns, squeeze=False).flat
        for board, panel in zip(found.boards, axes, strict=False):
            _panel(panel, board, found.reference)
        for panel in list(axes)[len(found.boards) :]:
            panel.set_visible(False)
        figure.suptitle(_title(found), fontsize=9, x=0.01, ha="left")
        figure.savefig(path, metadata={"Date": None, "Creator": None})


def _title(found: Found) -> str:
    return (
        f"Objective: mean with its 95 % interval, and every seed. Blue: better than {found.reference} (dashed), orange:"
        f" worse,\ngrey: undecided; corrected for {found.comparisons} comparisons. Dotted: the blind guess."
    )


def _panel(axes: Axes, board: TaskBoard, reference: str) -> None:
    places = board.places
    axes.set_facecolor(PAPER)
    centre = board.place(reference).row.objective
    if centre is not None:
        axes.axvline(centre, color=REFERENCE, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    axes.axvline(board.trivial, color=UNDECIDED, linewidth=0.8, linestyle=":", zorder=1)
    for line, place in enumerate(places):
        _place(axes, line, place)
    axes.set_title(board.label, loc="left", fontsize=10, fontweight="bold")
    axes.set_yticks(range(len(places)), [place.cell for place in places])
    axes.get_yticklabels()[places.index(board.place(reference))].set_fontweight("bold")
    axes.set_ylim(len(places) - 0.4, -0.6)
    axes.set_xlim(-0.03, 1.03)
    axes.tick_params(length=0)
    axes.grid(axis="x", color=PALE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _place(axes: Axes, line: int, place: Place) -> None:
    colour = REFERENCE if place.against is None else COLOURS.get(place.against.outcome, UNDECIDED)
    values = [place.objectives[seed] for seed in sorted(place.objectives)]
    heights = [line + BELOW + shift for shift in spread(values)]
    axes.scatter(values, heights, s=11, color=colour, alpha=0.5, linewidths=0, zorder=2)
    row = place.row
    if row.objective is None:
        return
    if row.interval is not None:
        ends = [max(row.interval.low, 0), min(row.interval.high, 1)]
        axes.plot(ends, [line - ABOVE] * 2, color=colour, linewidth=1.6, solid_capstyle="butt", zorder=3)
    axes.scatter(
        [row.objective], [line - ABOVE], s=26, marker="D", color=colour, edgecolors=PAPER, linewidths=0.8, zorder=4
    )


def spread(values: Sequence[float], near: float = 0.012, step: float = 0.1) -> list[float]:
    """How far each dot is moved up or down so that those of nearby values do not hide each other."""
    shifts: list[float] = []
    for index, value in enumerate(values):
        taken = {round(shifts[other] / step) for other in range(index) if abs(values[other] - value) < near}
        free = next(place for place in _outwards(len(values)) if place not in taken)
        shifts.append(max(-2, min(2, free)) * step)
    return shifts


def _outwards(count: int) -> list[int]:
    """0, 1, -1, 2, -2, ..."""
    return [sign * size for size in range(count + 1) for sign in (1, -1)][1:]
