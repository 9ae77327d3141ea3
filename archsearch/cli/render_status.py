"""The state of studies as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich.text import Text

from archsearch.cli.output import visible
from archsearch.cli.tables import clipped, plain_table, print_table
from archsearch.spelling import counted

if TYPE_CHECKING:
    from rich.console import Console

_STYLES = {
    "finished": "green",
    "exhausted": "green",
    "interrupted": "yellow",
    "cancelled": "yellow",
    "failed": "red",
    "running": "cyan",
    "stopping": "cyan",
}
_SERVED = "a server runs it; after a stop of the server, the next one goes on with it"
_CONTINUED = "`archsearch run` with its file, or a server, continues it"
_MEANINGS = {
    "created": "not started yet: `archsearch run` with its file, or a server, starts it",
    "queued": "a server runs it when its turn comes",
    "running": "if its process has ended without a word, `archsearch run` with its file continues it",
    "stopping": "its server waits for its process to end",
    "interrupted": _CONTINUED,
    "cancelled": _CONTINUED,
    "failed": "`archsearch run` with its file, or a server, tries again",
    "exhausted": "the search stopped early: the space holds nothing new",
}


def draw_list(console: Console, found: Mapping[str, Any]) -> None:
    """Print one line per study."""
    if not found["studies"]:
        console.print(Text(f"no studies in {visible(found['storage'])}"), soft_wrap=True)
        return
    table = plain_table("study", "state", "task", ">trials", ">best", "best candidate")
    for row in found["studies"]:
        table.add_row(
            Text(visible(row["study"])),
            _state(row),
            Text(visible(row["task"])),
            Text(f"{row['trials']}/{row['trials_wanted']}"),
            Text(_value(row["best"])),
            clipped(visible(row["best_line"] or ""), "dim"),
        )
    print_table(console, table)
    for row in found["studies"]:
        if row["reason"]:
            console.print(Text(f"{visible(row['study'])} failed: {visible(row['reason'])}", "red"), soft_wrap=True)
        if row["note"]:
            console.print(Text(f"{visible(row['study'])}: {visible(row['note'])}", "red"), soft_wrap=True)
    console.print(Text("best: of the search, not a result; `archsearch board STUDY` has those", "dim"))


def draw_one(console: Console, found: Mapping[str, Any], *, served: bool = False) -> None:
    """Print how far a study is; `served`: a server has something to do with it."""
    name = visible(found["study"])
    console.print(Text(name, "bold"), Text(": "), _state(found), sep="")
    if found["reason"]:
        console.print(Text(visible(found["reason"]), "red"), soft_wrap=True)
    if found["note"]:
        console.print(Text(visible(found["note"]), "red"), soft_wrap=True)
    meaning = _SERVED if served and found["state"] == "running" else _MEANINGS.get(found["state"])
    if meaning:
        console.print(Text(meaning, "dim"))
    console.print()
    table = plain_table("phase", ">evaluations", ">planned", ">failed")
    for phase in found["phases"]:
        table.add_row(*map(Text, map(str, (phase.phase, phase.done, phase.planned, phase.failed))))
    print_table(console, table)
    console.print()
    states = ", ".join(f"{number} {state}" for state, number in found["trial_states"].items() if number)
    console.print(Text(f"trials: {found['trials']} of {found['trials_wanted']} ended ({states or 'none yet'})"))
    extra = []
    if found["repeats"]:
        extra.append(f"{counted(found['repeats'], 'proposal')} repeated an earlier one")
    if found["tried_again"]:
        extra.append(f"{counted(found['tried_again'], 'evaluation')} tried again")
    if extra:
        console.print(Text("; ".join(extra)))
    if found["best"] is not None:
        console.print(Text(f"best of the search: {_value(found['best'])}  {visible(found['best_line'])}"))


def _state(row: Mapping[str, Any]) -> Text:
    position = "" if row["position"] is None else f" (position {row['position']})"
    return Text(f"{row['state']}{position}", _STYLES.get(row["state"], ""))


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
