"""Texts to begin a study from: shipped files as they are, and stored studies as a file would say them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archsearch import registry
from archsearch.errors import ArchsearchError
from archsearch.export.cell_file import spell_file
from archsearch.registry import closed_files
from archsearch.schema.cell import Cell
from archsearch.schema.document import parse_document
from archsearch.schema.study import Study
from archsearch.schema.validation import validate
from archsearch.schema.yaml_text import read_text
from archsearch.schema.yaml_writer import spell_yaml
from archsearch.space.library import SPACES, STUDIES, cell_names, load_cell
from archsearch.store import StudyRow
from archsearch.store.pages import Cut
from archsearch.store.store import Store
from archsearch.study.definition import define_studies

_MOST_STORED = 50


@dataclasses.dataclass(frozen=True)
class Texts:
    """What stands in the two fields. `space` is empty where the study names a shipped one."""

    space: str = ""
    study: str = ""


def origins(store: Store) -> dict[str, tuple[str, ...]]:
    """The names of what there is to begin from: shipped files, and stored studies, the latest first."""
    stored = store.page_studies("created_at", Cut(_MOST_STORED, 0, True), None, None).rows
    shipped = {"spaces": registry.shipped_names(SPACES), "studies": registry.shipped_names(STUDIES)}
    return shipped | {"stored": tuple(row.name for row in stored)}


def shipped_text(kind: str, name: str) -> str:
    """A shipped file as it is; `InvalidInput` when there is none of this name."""
    return read_text(registry.shipped_path(kind, name))


def stored_texts(row: StudyRow, tasks_from: Path | None = None) -> Texts:
    """The files of a stored study: names where what is shipped is still the same, everything else written out."""
    kept = json.loads(row.definition)
    given = validate(Study, kept["study"])
    study = given.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude={"space"})
    space = {"space": kept["space"], **kept["study"]["space"]}
    baselines = [_baseline(label, kept["baselines"][label]) for label in kept["study"]["baselines"]]
    begin = {"study": study["study"], "space": kept["space"]}  # as study files begin
    shipped = Texts("", spell_yaml(begin | study | ({"baselines": baselines} if baselines else {})))
    if kept["space"] in registry.shipped_names(SPACES) and _defines(shipped, row, tasks_from):
        return shipped
    return Texts(spell_yaml(space), shipped.study)


def _baseline(label: str, document: Mapping[str, Any]) -> str:
    """A shipped cell's name, or the cell as text."""
    cell = validate(Cell, dict(document))
    if label in cell_names() and load_cell(label) == cell:
        return label
    return spell_file(cell)


def _defines(texts: Texts, row: StudyRow, tasks_from: Path | None) -> bool:
    """Whether the text of a study stands for exactly the stored one."""
    try:
        with closed_files():
            definitions = define_studies(parse_document(texts.study), Path(), tasks_from)
    except ArchsearchError:
        return False
    return [definition.text for definition in definitions] == [row.definition]
