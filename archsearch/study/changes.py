"""What may change in a study's file while the study goes on under its name.

What decides results is fixed, how much is done may grow: trials, seeds, the sizes of the phases and the limits may be
raised, and baselines may be added. Raised seeds of the search hold for trials proposed from then on; failures that a
limit has caused stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archsearch.errors import printable, spell_path
from archsearch.study.definition import Definition

GROWING = (
    ("search", "trials"),
    ("search", "seeds"),
    ("confirm", "best"),
    ("confirm", "seeds"),
    ("report", "best"),
    ("report", "seeds"),
    ("limits", "seconds"),
    ("limits", "memory_mb"),
    ("limits", "parameters"),
    ("limits", "operations"),
)
_ABSENT = object()


def difference(old: str, new: Definition) -> tuple[str, ...]:
    """One line for each change from a stored definition to `new` that is refused; none when the study may go on."""
    before, after = json.loads(old), json.loads(new.text)
    for text in (before, after):
        del text["study"]["baselines"], text["space"], text["study"]["task"]  # said by the cells, and by all options
        del text["study"]["space"]["contains"]
    for option in new.task.files:  # data are known by their digest, wherever they lie
        before["task"].pop(option, None)
    cells = after["baselines"]
    after["baselines"] = {label: cells[label] for label in before["baselines"] if label in cells}
    return tuple(_compare(before.pop("study"), after.pop("study"), ())) + tuple(_compare(before, after, ()))


def _compare(old: Any, new: Any, path: tuple[str | int, ...]) -> Iterator[str]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in dict.fromkeys([*old, *new]):
            yield from _compare(old.get(key, _ABSENT), new.get(key, _ABSENT), (*path, key))
        if old.keys() == new.keys() and list(old) != list(new):
            yield f"{spell_path(path)}: the order {_spell(list(old))} -> {_spell(list(new))}"
    elif path in GROWING:
        if old is not _ABSENT and new < old:  # a limit that came with a later version
            yield f"{spell_path(path)}: {_spell(old)} -> {_spell(new)} (may only be raised)"
    elif old != new:
        yield f"{spell_path(path)}: {_spell(old)} -> {_spell(new)}"


def _spell(value: Any) -> str:
    if value is _ABSENT:
        return "(absent)"
    return printable(value if isinstance(value, str) else json.dumps(value), 100)
