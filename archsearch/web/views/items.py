"""A cell as it is named in an address: `cell:lstm`, one that is shipped, or `entry:SPEC:STUDY`, one of a study."""

from __future__ import annotations

import contextlib
import dataclasses

from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.findings.candidates import cell_of
from archsearch.findings.cells import open_cell
from archsearch.ir import lower
from archsearch.schema.cell import Cell
from archsearch.space.library import cell_names
from archsearch.store.store import Store
from archsearch.study.entries import Entry, find_entry
from archsearch.web.rendering import href

ALLOWED = "allowed: cell:NAME for a shipped cell, entry:SPEC:STUDY for one of a study"


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


def shipped_item(name: str) -> str:
    """A shipped cell in an address."""
    return f"cell:{name}"


def find_item(store: Store, text: str) -> Item:
    """The cell that a text names; `InvalidInput` where there is none."""
    kind, _, rest = text.partition(":")
    item: Item | None = None
    if kind == "cell":
        item = find_shipped(rest)
    elif kind == "entry":
        spec_id, _, study = rest.partition(":")
        with contextlib.suppress(InvalidInput):  # a text that no database can hold
            row = store.find_study(study)
            entry = None if row is None else find_entry(store, row, spec_id)
            item = None if entry is None else item_of(entry)
    if item is None:
        raise InvalidInput(Problem(("query", "item"), f"no cell is known as {quoted(text)}", ALLOWED))
    return item


def find_shipped(name: str) -> Item | None:
    """The shipped cell called exactly `name`."""
    if name not in cell_names():
        return None
    cell, source = open_cell(name)
    return Item(shipped_item(name), name, cell, " ".join(source.split()))


def item_of(entry: Entry) -> Item:
    """An entry of a study as a cell."""
    study, spec = entry.row.name, entry.spec
    name, source = entry.label or spec.line, f"from the study {study}: {spec.line}"
    return Item(f"entry:{spec.spec_id}:{study}", name, cell_of(entry), source, entry)
