"""The results of a run of `benchmarks.search` as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.accounts import StudyTimes
from benchmarks.tables import Table

PARTS = {
    "training and checking": "training",
    "drawing data": "data",
    "compiling": "compiling",
    "checks of the PyTorch modules": "module_check",
    "processes: start, end, results": "processes",
    "the server of processes, once": "preparing",
    "proposals, database, the study's start": "proposing",
    "no evaluation left to start in the phase": "idle",
}


def tables(machine: Mapping[str, str], size: Mapping[str, int], times: Sequence[StudyTimes]) -> list[Table]:
    """All tables in order."""
    return [_machine(machine, size, times), _speed(times), _parts(times)]


def _machine(machine: Mapping[str, str], size: Mapping[str, int], times: Sequence[StudyTimes]) -> Table:
    trained = f"adding, length 100, hidden 64, {size['sequences']} sequences, {size['trials']} candidates"
    rows = [*machine.items(), ("study", f"lstm_to_gru, {trained}"), ("workers", str(times[0].workers))]
    return Table("Machine and studies", "", ("what", "value"), rows, words=2)


def _speed(times: Sequence[StudyTimes]) -> Table:
    rows = [
        ("candidates per hour", *(f"{each.per_hour:.0f}" for each in times)),
        ("search, seconds", *(f"{each.search:.1f}" for each in times)),
        ("an evaluation, median seconds", *(f"{each.evaluation:.2f}" for each in times)),
        ("outside training, share", *(f"{100 * each.outside:.1f} %" for each in times)),
    ]
    first, *others = times
    note = "; ".join(
        f"{first.backend} tries {first.per_hour / each.per_hour:.1f} times as many candidates as {each.backend}"
        for each in others
    )
    return Table("Candidates per hour", f"In the same time, {note}.", ("", *(each.backend for each in times)), rows)


def _parts(times: Sequence[StudyTimes]) -> Table:
    rows = [
        (text, *(f"{(part := getattr(each, name)):.2f} s, {100 * part / each.all:.1f} %" for each in times))
        for text, name in PARTS.items()
    ]
    note = (
        "Seconds of all workers together, over the whole study: search, confirm, report. Kernels were not in the cache."
    )
    return Table("What the time goes into", note, ("", *(each.backend for each in times)), rows)
