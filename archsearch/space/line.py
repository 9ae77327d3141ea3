"""The readable line of a candidate: its difference to the nearest textbook cell, or its choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from archsearch.ir.instructions import spell
from archsearch.space.chooser import Choice
from archsearch.space.holes import NO, YES, label_of
from archsearch.space.library import textbook_wirings

GREFF = "greff_"  # the same cells under their names in one study


def wiring_line(reads: Mapping[str, Any]) -> str:
    """A filled wiring as `gru, no reset, peephole(output)`; `reads` holds every field that counts."""
    nearest = nearest_wiring(reads, textbook_wirings())
    if nearest is None:
        return choices_line({path: label_of(value) for path, value in reads.items()})
    return ", ".join([nearest, *wiring_differences(reads, textbook_wirings()[nearest])])


def nearest_wiring(reads: Mapping[str, Any], textbook: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The name of the wiring that differs in the fewest fields; of several the first by name, Greff's variants last."""
    names = [name for name in textbook if not name.startswith(GREFF)] or list(textbook)
    return min(names, key=lambda name: (wiring_distance(reads, textbook[name]), name), default=None)


def choices_line(choices: Mapping[str, Choice]) -> str:
    """A candidate by its choices: `keep=f * c_prev, reads(x, h_prev), op=+`."""
    words: dict[str, str] = {}
    members: dict[str, list[str]] = {}
    for name, value in choices.items():
        hole, dot, element = name.rpartition(".")
        if dot and value in (YES, NO):
            members.setdefault(hole, []).extend([element] if value == YES else [])
            words[hole] = f"{hole}({', '.join(members[hole]) or 'none'})"
        else:
            words[name] = f"{name.removeprefix('training.').removeprefix('model.')}={_short(value)}"
    return ", ".join(words.values()) or "as given"


def _short(value: Choice) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def wiring_distance(reads: Mapping[str, Any], textbook: Mapping[str, Any]) -> int:
    """In how many fields that count a wiring differs from a textbook one."""
    return sum(reads.get(path) != textbook.get(path) for path in reads.keys() | textbook.keys() if _counts(path, reads))


def _counts(path: str, reads: Mapping[str, Any]) -> bool:
    """A missing gate is one difference, not one for each of its fields."""
    return path in reads or path.count(".") < 2


def wiring_differences(reads: Mapping[str, Any], textbook: Mapping[str, Any]) -> list[str]:
    """In what a wiring differs from a textbook one, in a few words each."""
    words: list[str] = []
    peepholes = [path.partition(".")[2] for path, value in reads.items() if path.startswith("peepholes.") and value]
    usual = [path.partition(".")[2] for path, value in textbook.items() if path.startswith("peepholes.") and value]
    for path, value in reads.items():
        if not path.startswith("peepholes.") and textbook.get(path) != value:
            words += _phrase(path, value, path in textbook)
    if peepholes != usual:
        words.append(f"peephole({', '.join(peepholes)})" if peepholes else "no peepholes")
    return words


def _phrase(path: str, value: Any, known: bool) -> list[str]:
    parts = path.split(".")
    match parts:
        case ["gates", "reset"]:
            return ["no reset"] if value == "none" else []
        case ["gates", "reset", "place"]:
            return [f"reset {value}"]
        case ["gates", "reset", "gate"]:
            return [f"reset by {value} gate"] if known or value != "own" else []
        case ["gates", gate]:
            return [f"{gate} {value}"] if value in ("open", "closed") else [f"{gate} gate"]
        case ["gates", gate, field]:
            default = {"activation": "sigmoid", "bias": 0}[field]
            return [f"{gate} {field} {_spelt(value)}"] if known or value != default else []
        case ["coupling"]:
            return ["uncoupled"] if value == "none" else [f"coupled {value}"]
        case ["gate_recurrence"]:
            return ["gate recurrence"] if value else ["no gate recurrence"] if known else []
    return [f"{path.replace('_', ' ')} {label_of(value)}"]


def _spelt(value: Any) -> str:
    return spell(value) if isinstance(value, float) else label_of(value)
