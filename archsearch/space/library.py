"""Finding cells, wirings and spaces: by shipped name, by path, or as text."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

from archsearch import registry
from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.ir import lower
from archsearch.ir.wiring import FinishedWiring, expand
from archsearch.schema.cell import Cell
from archsearch.schema.document import Document, parse_document, read_document
from archsearch.schema.validation import load
from archsearch.schema.wiring import Wiring

CELLS, WIRINGS, SPACES = "spaces/cells", "spaces/wirings", "spaces"
KINDS = ("study", "space", "wiring", "cell")


def open_document(reference: str, shipped: tuple[str, ...], folder: Path | None = None) -> Document:
    """The document that `reference` means.

    Text (with a line break) is parsed; a path (with a slash or ending in .yaml) is read, relative to `folder`;
    any other word is looked up in the `shipped` folders, in that order.
    """
    if "\n" in reference:
        return parse_document(reference)
    if "/" in reference or reference.endswith((".yaml", ".yml")):
        registry.check_may_open()
        path = (folder or Path()) / reference
        if not path.exists():
            raise InvalidInput(
                Problem((), f"there is no file {quoted(path)}", "a path counts from the file that names it")
            )
        return read_document(path)
    for kind in shipped:
        if reference in registry.shipped_names(kind):
            return read_document(registry.shipped_path(kind, reference))
    known = dict.fromkeys(name for kind in shipped for name in registry.shipped_names(kind))
    nouns = " or ".join(registry.noun(kind) for kind in shipped)
    path_too = "; or a path to a .yaml file" if registry.may_open() else ""
    raise InvalidInput(
        Problem((), f"no shipped {nouns} is called {quoted(reference)}", f"{one_of(known, reference)}{path_too}")
    )


def kind_of(data: Any) -> str:
    """What a document is: study, space, wiring or cell, by the key that names it."""
    if isinstance(data, dict):
        for kind in KINDS:
            if kind in data:
                return kind
    raise InvalidInput(Problem((), "this is no archsearch file", f"allowed: one that starts with {', '.join(KINDS)}"))


def load_cell(reference: str, folder: Path | None = None) -> Cell:
    """A cell by name, path or text; a wiring is expanded. It has been lowered once, so its equations are sound."""
    return cell_of(open_document(reference, (CELLS, WIRINGS), folder))


def cell_of(document: Document) -> Cell:
    """The cell that a cell or wiring file describes; raises `InvalidInput` with places."""
    try:
        kind = kind_of(document.data)
        if kind == "cell":
            cell = load(Cell, document)
        elif kind == "wiring":
            cell = expand_wiring(load(Wiring, document))
        else:
            raise InvalidInput(Problem((kind,), f"this is a {kind}, not a cell", "allowed: a cell or wiring file"))
        lower(cell)
    except InvalidInput as error:
        raise document.located(error) from None
    return cell


def expand_wiring(wiring: Wiring) -> Cell:
    """The equations of a wiring file, which may not say anything that it does not use."""
    reader = FinishedWiring(wiring)
    cell = expand(reader, wiring.wiring)
    problems = [
        Problem(("gates", gate), f"the {gate} gate is not used: {_why_unused(wiring)}", "remove this entry")
        for gate in ("input", "forget", "output", "reset")
        if gate in wiring.gates.model_fields_set and f"gates.{gate}" not in reader.reads
    ]
    problems += [
        Problem(("peepholes", index), f"the {gate} gate has no memory to look into or no pre-activation", "remove it")
        for index, gate in enumerate(wiring.peepholes)
        if f"peepholes.{gate}" not in reader.reads
    ]
    problems += [
        Problem((field,), "with these gates it has no effect", "remove this entry")
        for field in ("coupling", "candidate", "squash", "gate_recurrence")
        if field in wiring.model_fields_set and field not in reader.reads
    ]
    if problems:
        raise InvalidInput(problems)
    return cell


def _why_unused(wiring: Wiring) -> str:
    if wiring.gates.output == "closed":
        return "the output is closed"
    return f"coupling is {quoted(wiring.coupling)}" if wiring.coupling != "none" else "the input is closed"


@functools.cache
def textbook_wirings() -> dict[str, dict[str, Any]]:
    """What each shipped wiring says about the fields that count for it, by name."""
    found = {}
    for name in registry.shipped_names(WIRINGS):
        reader = FinishedWiring(load(Wiring, read_document(registry.shipped_path(WIRINGS, name))))
        expand(reader, name)
        found[name] = reader.reads
    return found
