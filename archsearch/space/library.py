"""Finding cells, wirings and spaces: by shipped name, by path, or as text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from archsearch import registry
from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.ir import lower
from archsearch.ir.wiring import WiringReader, expand
from archsearch.schema.cell import Cell
from archsearch.schema.document import Document, parse_document, read_document
from archsearch.schema.file import File
from archsearch.schema.kinds import USES, check_kind, wrong_kind
from archsearch.schema.validation import Collector, Parts, load, mend
from archsearch.schema.wiring import Wiring

CELLS, WIRINGS, SPACES, STUDIES = PLACES = ("spaces/cells", "spaces/wirings", "spaces", "studies")
"""Folders of shipped files."""
SUFFIXES = (".yaml", ".yml")

_HARMLESS = ("activation", "bias", "cell_input", "wiring")  # keys whose values do not decide which others count


def cell_names() -> list[str]:
    """The names of the shipped cells and wirings, sorted."""
    return sorted({*registry.shipped_names(CELLS), *registry.shipped_names(WIRINGS)})


def open_document(reference: str | File, shipped: tuple[str, ...], folder: Path | None = None) -> Document:
    """The document that `reference` means, of the kind that one of the `shipped` folders holds.

    Text (with a line break) or that of a model is parsed; a path (with a slash or ending in .yaml) is read; any other
    word is looked up in the folders, in that order. `folder` is where the paths of a file start that names it; None for
    a user who does.
    """
    kinds = tuple(map(registry.noun, shipped))
    if isinstance(reference, File):
        reference = reference.to_yaml()
    if "\n" in reference:
        document = parse_document(reference)
        check_kind(document, kinds)
        return document
    if _is_path(reference):
        registry.check_may_open()
        document = read_document(_existing((folder or Path()) / reference, folder))
        check_kind(document, kinds, reference if folder is not None else "")
        return document
    for place in shipped:
        if reference in registry.shipped_names(place):
            return read_document(registry.shipped_path(place, reference))
    raise InvalidInput(_unknown(reference, shipped, kinds, folder or Path()))


def home_of(reference: str | File, shipped: str, folder: Path | None = None) -> Path:
    """Where relative paths inside the document that `reference` means start: at its file."""
    if isinstance(reference, File) or "\n" in reference:
        return folder or Path()
    return ((folder or Path()) / reference).parent if _is_path(reference) else registry.shipped_folder(shipped)


def _is_path(reference: str) -> bool:
    return "/" in reference or reference.endswith(SUFFIXES)


def _existing(path: Path, folder: Path | None) -> Path:
    if path.exists():
        return path
    near = [path.with_name(path.name + end) for end in SUFFIXES]
    hints = [f"did you mean {quoted(other)}?" for other in near if other.exists()]
    hints += ["a path counts from the file that names it"] if folder is not None else [""]
    raise InvalidInput(Problem((), f"there is no file {quoted(path)}", hints[0]))


def _unknown(reference: str, shipped: tuple[str, ...], kinds: tuple[str, ...], folder: Path) -> Problem:
    """What is said where no shipped file of these kinds has a name."""
    for place in PLACES:
        if reference in registry.shipped_names(place):
            kind = registry.noun(place)
            return Problem((), f"{quoted(reference)} is {wrong_kind(kind, kinds)}", USES[kind])
    known = dict.fromkeys(name for place in shipped for name in registry.shipped_names(place))
    path_too = "; or a path to a .yaml file" if registry.may_open() else ""
    what = f"no shipped {' or '.join(kinds)} is called {quoted(reference)}"
    if path_too and re.fullmatch(r"[\w-]{1,64}", reference, re.ASCII):
        beside = [f"{reference}{end}" for end in SUFFIXES if (folder / f"{reference}{end}").exists()]
        if beside:
            return Problem((), what, f"did you mean {quoted(beside[0])}?")
    return Problem((), what, f"{one_of(known, reference)}{path_too}")


def load_cell(reference: str | Path | Cell | Wiring, folder: Path | None = None) -> Cell:
    """A cell by name, path, text or model; a wiring is expanded. It has been lowered once, so its equations are sound.

    Raises `InvalidInput` where there is no such cell, and for a faulty one.
    """
    if isinstance(reference, Path):
        return cell_of(read_document(reference if folder is None else folder / reference))
    if not isinstance(reference, str | Cell | Wiring):
        what = f"{quoted(type(reference).__name__)} is not the type of a cell"
        raise InvalidInput(
            Problem(("cell",), what, "allowed: a shipped name, a path, the text of a file, a Cell or a Wiring")
        )
    return cell_of(open_document(reference, (CELLS, WIRINGS), folder))


def cell_of(document: Document) -> Cell:
    """The cell that a cell or wiring file describes; raises `InvalidInput` with places."""
    kind = check_kind(document, ("cell", "wiring"))
    with document.locating():
        if kind == "cell":
            return _sound_cell(mend(Cell, document.data))
        cell = expand_wiring(mend(Wiring, document.data))
        lower(cell)
        return cell


def _sound_cell(parts: Parts[Cell]) -> Cell:
    """The cell, lowered once. An equation under no legal name is left out, and what reads it would be blamed."""
    collector, cell = Collector(parts), parts.value
    nameless = {path for path in parts.replaced if len(path) == 2 and path[1] not in {*cell.equations, *cell.states}}
    if parts.given("equations") and parts.given("states") and not nameless:
        collector.attempt(lambda: lower(cell))
    collector.settle()
    return cell


def expand_wiring(parts: Parts[Wiring]) -> Cell:
    """The equations of a wiring file, which may not say anything that it does not use."""
    wiring = parts.value
    reader = WiringReader(wiring.model_dump())
    cell = expand(reader, wiring.wiring)
    decided = all(path[-1] in _HARMLESS for path in parts.replaced)
    parts.settle(_unused(wiring, reader) if decided else ())
    return cell


def _unused(wiring: Wiring, reader: WiringReader) -> Iterator[Problem]:
    for gate in ("input", "forget", "output", "reset"):
        if gate in wiring.gates.model_fields_set and f"gates.{gate}" not in reader.reads:
            yield Problem(("gates", gate), f"the {gate} gate is not used: {_why_unused(wiring)}", "remove this entry")
    for index, gate in enumerate(wiring.peepholes):
        if f"peepholes.{gate}" not in reader.reads:
            what = f"the {gate} gate has no memory to look into or no pre-activation"
            yield Problem(("peepholes", index), what, "remove it")
    for field in ("coupling", "cell_input", "squash", "gate_recurrence"):
        if field in wiring.model_fields_set and field not in reader.reads:
            yield Problem((field,), "with these gates it has no effect", "remove this entry")


def _why_unused(wiring: Wiring) -> str:
    if wiring.gates.output == "closed":
        return "the output is closed"
    return f"coupling is {quoted(wiring.coupling)}" if wiring.coupling != "none" else "the input is closed"


@functools.cache
def textbook_wirings() -> dict[str, dict[str, Any]]:
    """What each shipped wiring says about the fields that count for it, by name."""
    reads = {}
    for name in registry.shipped_names(WIRINGS):
        reader = WiringReader(load(Wiring, read_document(registry.shipped_path(WIRINGS, name))).model_dump())
        expand(reader, name)
        reads[name] = reader.reads
    return reads
