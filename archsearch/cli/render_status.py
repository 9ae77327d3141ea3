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

_STYLES = {"finished": "green", "exhausted": "green", "interrupted": "yellow", "running": "cyan"}
_MEANINGS = {
    "running": "if its process has ended without a word, `archsearch run` with its file continues it",
    "interrupted": "`archsearch run` with its file continues it",
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
            Text(row["state"], _STYLES.get(row["state"], "")),
            Text(visible(row["task"])),
            Text(f"{row['trials']}/{row['trials_wanted']}"),
            Text(_value(row["best"])),
            clipped(visible(row["best_line"] or ""), "dim"),
        )
    print_table(console, table)
    console.print(Text("best: of the search, not a result; `archsearch board STUDY` has those", "dim"))


def draw_one(console: Console, found: Mapping[str, Any]) -> None:
    """Print how far a study is."""
    name = visible(found["study"])
    console.print(Text(name, "bold"), Text(f": {found['state']}", _STYLES.get(found["state"], "")), sep="")
    meaning = _MEANINGS.get(found["state"])
    if meaning:
        console.print(Text(meaning, "dim"))
    console.print()
    table = plain_table("phase", ">evaluations", ">planned", ">failed")
    for phase in found["phases"]:
        table.add_row(*(Text(str(phase[key])) for key in ("phase", "done", "planned", "failed")))
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


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
