"""A study while it runs: a live table where both streams are terminals, else a line now and then. Both on stderr."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from rich.console import Group
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from archsearch.cli.output import console as make_console
from archsearch.cli.output import visible
from archsearch.spelling import counted, duration

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.schema.states import TrialState
    from archsearch.study.progress import Best, Event, PhaseProgress, Snapshot

STEP = 0.25
"""Share of a phase between two lines where there is no terminal."""

_STATES: tuple[TrialState, ...] = ("complete", "pruned", "failed")


@contextlib.contextmanager
def listening() -> Iterator[Callable[[Event], None]]:
    """A listener that shows a study's events until the block ends."""
    console = make_console(sys.stderr)
    if not (console.is_terminal and sys.stdout.isatty()):
        yield _Lines(console)
        return
    from rich.live import Live

    first = Text("starting", "dim")
    with Live(first, console=console, auto_refresh=False, transient=True) as live:
        live.refresh()

        def show(event: Event) -> None:
            from archsearch.study.progress import Note

            if isinstance(event, Note):
                console.print(Text(visible(event.text)), soft_wrap=True)
            else:
                live.update(picture(event, console.width), refresh=True)

        yield show


class _Lines:
    """Prints notes, and a line whenever a phase has come a good step further."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.shown: dict[str, int] = {}

    def __call__(self, event: Event) -> None:
        from archsearch.study.progress import Note

        if isinstance(event, Note):
            self._print(event.text)
            return
        for phase in event.phases:
            step = int(phase.done / phase.total / STEP) if phase.total else 0
            if phase.phase == event.phase and step > self.shown.get(phase.phase, 0):
                self.shown[phase.phase] = step
                self._print(line(event, phase))

    def _print(self, text: str) -> None:
        self.console.print(Text(visible(text)), soft_wrap=True)


def line(event: Snapshot, phase: PhaseProgress) -> str:
    """One line on a phase: `search: 12 of 28 evaluations, best 0.81 (gru), about 2 min left`."""
    parts = [f"{phase.done} of {phase.total} evaluations"]
    if event.best is not None:
        parts.append(f"best {event.best.value:.3f} ({event.best.line})")
    if event.remaining is not None and phase.done < phase.total:
        parts.append(f"about {duration(event.remaining)} left")
    return f"{phase.phase}: {', '.join(parts)}"


def picture(event: Snapshot, width: int) -> Group:
    """All phases with bars, the best so far and the time left."""
    table = Table.grid(padding=(0, 2, 0, 0))
    for phase in event.phases:
        table.add_row(*_row(event, phase, max(10, min(40, width - 56))))
    left = "" if event.remaining is None else f", about {duration(event.remaining)} left"
    head = Text(f"{visible(event.study)}: {duration(event.elapsed)} with {counted(event.workers, 'worker')}{left}")
    head.stylize("bold", 0, len(visible(event.study)))
    return Group(head, table, *([_best(event.best)] if event.best else []))


def _row(event: Snapshot, phase: PhaseProgress, bar: int) -> tuple[Text | ProgressBar, ...]:
    active = phase.phase == event.phase
    words = []
    if phase.phase == "search":
        words = [f"{event.trials[state]} {state}" for state in _STATES if event.trials.get(state)]
    elif phase.failed:
        words = [f"{phase.failed} failed"]
    if phase.running:
        words.append(f"{phase.running} running")
    return (
        Text(phase.phase, "bold" if active else "dim"),
        ProgressBar(total=max(phase.total, 1), completed=phase.done, width=bar),
        Text(f"{phase.done}/{phase.total}", justify="right"),
        Text(", ".join(words), "dim"),
    )


def _best(best: Best) -> Text:
    trial = f", trial {best.number}" if best.number is not None else ""
    return Text(f"best so far {best.value:.3f} ({best.phase}{trial}): {visible(best.line)}")
