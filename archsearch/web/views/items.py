"""A cell as it is named in an address: `cell:lstm`, one that is shipped, or `entry:SPEC:STUDY`, one of a study."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import TYPE_CHECKING, Any

from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.ir import lower
from archsearch.registry import shipped_names
from archsearch.schema.cell import Cell
from archsearch.space.library import CELLS, WIRINGS
from archsearch.study.stored import PHASES
from archsearch.web.rendering import href

if TYPE_CHECKING:
    from archsearch.schema.score import Phase
    from archsearch.store import SpecRow, Store, StudyRow

_ID = re.compile(r"[0-9a-f]{1,64}")
ALLOWED = "allowed: cell:NAME for a shipped cell, entry:SPEC:STUDY for one of a study"


@dataclasses.dataclass(frozen=True)
class Entry:
    """A spec that takes part in a study; `label` is the name of a baseline, empty for a candidate."""

    row: StudyRow
    spec: SpecRow
    label: str
    phases: tuple[Phase, ...]
    parts: dict[str, Any]


@dataclasses.dataclass(frozen=True)
class Item:
    """A cell that an address names. `source`: where it comes from, in words."""

    text: str
    name: str
    cell: Cell
    source: str
    entry: Entry | None = None

    @property
    def ir(self) -> str:
        """Its instructions, printed."""
        return str(lower(self.cell))

    @property
    def page(self) -> str:
        """The address of its page."""
        if self.entry is None:
            return href("/cell", name=self.name)
        return href("/candidate", study=self.entry.row.name, spec=self.entry.spec.spec_id)

    @property
    def file(self) -> str:
        """What its files are called, without an ending."""
        return self.name if self.entry is None else f"cell-{self.entry.spec.arch_id}"


def cell_names() -> list[str]:
    """The names of shipped cells and wirings."""
    return sorted({*shipped_names(CELLS), *shipped_names(WIRINGS)})


def shipped_item(name: str) -> str:
    """A shipped cell in an address."""
    return f"cell:{name}"


def entry_item(study: str, spec_id: str) -> str:
    """An entry of a study in an address."""
    return f"entry:{spec_id}:{study}"


def find_item(store: Store, text: str) -> Item:
    """The cell that a text names; `InvalidInput` where there is none."""
    kind, _, rest = text.partition(":")
    found: Item | None = None
    if kind == "cell":
        found = find_shipped(rest)
    elif kind == "entry":
        spec_id, _, study = rest.partition(":")
        row = _study(store, study)
        entry = None if row is None else find_entry(store, row, spec_id)
        found = None if entry is None else item_of(entry)
    if found is None:
        raise InvalidInput(Problem(("query", "item"), f"no cell is known as {quoted(text)}", ALLOWED))
    return found


def find_shipped(name: str) -> Item | None:
    """The shipped cell called exactly `name`."""
    from archsearch.study.described import shipped_cell

    if name not in cell_names():
        return None
    shown = shipped_cell(name, 1, 1)
    return Item(shipped_item(name), name, shown.cell, " ".join(shown.source.split()))


def item_of(entry: Entry) -> Item:
    """An entry of a study as a cell."""
    cell = Cell.model_validate(entry.parts["cell"])
    source = f"from the study {entry.row.name}: {entry.spec.line}"
    return Item(entry_item(entry.row.name, entry.spec.spec_id), entry.label or entry.spec.line, cell, source, entry)


def find_entry(store: Store, row: StudyRow, spec_id: str) -> Entry | None:
    """The spec with this id, if it takes part in the study."""
    known = _ID.fullmatch(spec_id) is not None
    phases = tuple(phase for phase in PHASES if known and store.has_entry(row.id, phase, spec_id))
    spec = store.spec(spec_id) if phases else None
    if spec is None:
        return None
    return Entry(row, spec, _label(store, row, phases[0], spec_id), phases, json.loads(spec.document))


def _label(store: Store, row: StudyRow, phase: Phase, spec_id: str) -> str:
    """The name of a baseline; what a trial has proposed is none."""
    if store.trial_of_spec(row.id, spec_id) is not None:
        return ""
    return next((entry.label for entry in store.entries(row.id, phase) if entry.spec_id == spec_id), "")


def _study(store: Store, name: str) -> StudyRow | None:
    try:
        return store.find_study(name)
    except InvalidInput:  # a text that no database can hold
        return None
