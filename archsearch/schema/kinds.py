"""The kinds of file, and which one a document is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from archsearch.errors import InvalidInput, Problem, nearest, printable, quoted
from archsearch.schema.cell import Cell
from archsearch.schema.document import Document
from archsearch.schema.series import StudyFile
from archsearch.schema.space import Space
from archsearch.schema.wiring import Wiring

MODELS: Mapping[str, type[BaseModel]] = {"study": StudyFile, "space": Space, "wiring": Wiring, "cell": Cell}
KINDS = tuple(MODELS)

USES = {
    "study": "`archsearch run` takes a study",
    "space": "`archsearch space` takes a space, and a study names it (space: FILE)",
    "wiring": "`archsearch show` takes a wiring, and a space (wiring: FILE) or a study's baselines name it",
    "cell": "`archsearch show` takes a cell, and a space (cell: FILE) or a study's baselines name it",
}
"""What to do with a file of each kind."""


def kind_of(data: Any) -> str:
    """What a document is: study, space, wiring or cell, by the keys that it has.

    A key counts for the kinds that know it, and the one that names a kind for that kind once more. Raises
    `InvalidInput` for a document of no kind, or with more keys of another kind.
    """
    keys = {str(key): dict.fromkeys(_kinds_with(str(key))) for key in data} if isinstance(data, Mapping) else {}
    counts = {kind: (sum(kind in kinds for kinds in keys.values()) + (kind in keys)) for kind in KINDS}
    best = max(KINDS, key=lambda kind: counts[kind])
    if not counts[best]:
        raise InvalidInput(
            Problem((), "this is not an archsearch file", f"allowed: one that starts with {', '.join(KINDS)}")
        )
    strange = [key for key, kinds in keys.items() if best not in kinds]
    if len(strange) > max(2, len(keys) - len(strange)):
        what = f"this is not a {best}: most of its keys are unknown ({', '.join(map(printable, strange[:3]))}, ...)"
        raise InvalidInput(Problem((), what, f"allowed: {', '.join(MODELS[best].model_fields)}"))
    return best


def _kinds_with(key: str) -> list[str]:
    """The kinds that know a key; where none does, those that know one like it."""
    known = [kind for kind, model in MODELS.items() if key in model.model_fields]
    return known or [kind for kind, model in MODELS.items() if nearest(key, list(model.model_fields))]


def check_kind(document: Document, allowed: tuple[str, ...], reference: str = "") -> str:
    """The kind of a document; `InvalidInput` unless it is `allowed`, about `reference` where a file names it."""
    try:
        kind = kind_of(document.data)
    except InvalidInput as error:
        if reference:
            what = f"{quoted(reference)} is not a {' or a '.join(allowed)}: {error.problems[0].what}"
            raise InvalidInput(Problem((), what, f"allowed: a file of a {' or a '.join(allowed)}")) from None
        raise document.located(error) from None
    if kind not in allowed:
        subject = quoted(reference) if reference else "this"
        problem = Problem((), f"{subject} is {wrong_kind(kind, allowed)}", USES[kind])
        raise InvalidInput(problem if reference else document.locate(problem))
    return kind


def wrong_kind(kind: str, allowed: tuple[str, ...]) -> str:
    """`a space, not a study`."""
    return f"a {kind}, not a {' or a '.join(allowed)}"
