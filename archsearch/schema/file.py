"""The base of the models that are whole files: cell, wiring, space and study, from YAML or from Python."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.schema.document import parse_document, read_document
from archsearch.schema.strict import Strict
from archsearch.schema.validation import load
from archsearch.schema.yaml_scalars import resolve

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z0-9_$(][A-Za-z0-9_$ ()=.,*/+-]*(?<! )")  # a formula or a name; all else is quoted


class _Representer(SafeRepresenter):
    """Quotes every text that is not plainly one: ruamel.yaml writes `?0` as a key that it could not read."""

    def represent_text(self, text: str) -> Any:
        """A name or a formula as it is, lines as a block, in quotes what YAML would take for something else."""
        style = None if _PLAIN.fullmatch(text) and resolve(text) == text else "|" if "\n" in text else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    def represent_number(self, number: float) -> Any:
        """A number as in a formula: `0`, not `0.0`."""
        whole = number.is_integer() and abs(number) < 1e15 and str(number) != "-0.0"
        return self.represent_int(int(number)) if whole else self.represent_float(number)

    def represent_values(self, values: list[Any]) -> Any:
        """A list, in one line where that is short."""
        return self.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=_is_short(values))

    def represent_table(self, table: dict[str, Any]) -> Any:
        """A table, in one line where that is short; the keys of a file have lines of their own."""
        flow_style = not isinstance(table, _Document) and _is_short(list(table.values()))
        return self.represent_mapping("tag:yaml.org,2002:map", table, flow_style=flow_style)


class _Document(dict[str, Any]):
    """The keys of a file."""


def _is_short(values: list[Any]) -> bool:
    """Whether values, and those in lists among them, fit in a line."""
    inner = [value for value in values if isinstance(value, list)]
    broken = any(isinstance(value, dict) or (isinstance(value, str) and "\n" in value) for value in values)
    return not broken and len(str(values)) <= _WIDTH and all(map(_is_short, inner))


for _kind, _represent in {
    str: _Representer.represent_text,
    float: _Representer.represent_number,
    list: _Representer.represent_values,
    dict: _Representer.represent_table,
    _Document: _Representer.represent_table,
}.items():
    _Representer.add_representer(_kind, _represent)


def spell_yaml(document: Mapping[str, Any]) -> str:
    """Plain data as the text of a file."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.Representer, writer.sort_base_mapping_type_on_output, writer.width = _Representer, False, 1000
    text = io.StringIO()
    writer.dump(_Document(document), text)
    return text.getvalue()


def as_written(part: Any) -> Any:
    """A model as plain data, under the keys of files and without the defaults that it left out."""
    if isinstance(part, BaseModel):
        fields = {name: field for name, field in type(part).model_fields.items() if name in part.model_fields_set}
        given = {field.alias or name: getattr(part, name) for name, field in fields.items()}
        return as_written(given | (part.model_extra or {}))
    if isinstance(part, dict):
        return {key: as_written(value) for key, value in part.items()}
    return list(map(as_written, part)) if isinstance(part, list) else part


class File(Strict):
    """A model that is a whole file. Pydantic's `ValidationError` is raised where it is built from faulty values."""

    @classmethod
    def from_yaml(cls, source: str | Path) -> Self:
        """The model that a text, or the file at a path, describes.

        Raises `InvalidInput` with the place of each problem of the schema; `validate` checks the meaning as well.
        """
        if isinstance(source, str) and source.endswith((".yaml", ".yml")):
            raise InvalidInput(Problem((), f"{quoted(source)} is a text", "for a file pass pathlib.Path(...)"))
        return load(cls, read_document(source) if isinstance(source, Path) else parse_document(source))

    def to_yaml(self) -> str:
        """The model as the text of a file, without what was left out; `from_yaml` makes an equal model of it."""
        own = type(self).__annotations__  # its name, before what it inherits
        return spell_yaml(dict(sorted(as_written(self).items(), key=lambda entry: entry[0] not in own)))

    def validate(self) -> str:  # type: ignore[override]
        """What `archsearch validate` proves of the file, in words; raises `InvalidInput` with all that is wrong.

        Relative paths in it start at the working directory.
        """
        # By name: a schema lies below everything that a proof needs.
        checking = importlib.import_module("archsearch.study.checking")
        return str(checking.prove_text(self.to_yaml()))
