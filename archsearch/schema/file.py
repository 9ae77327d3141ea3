"""The base of the models that are whole files: cell, wiring, space and study, from YAML or from Python."""

from __future__ import annotations

import importlib
import io
import re
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel
from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from archsearch.schema.document import parse_document, read_document
from archsearch.schema.strict import Strict
from archsearch.schema.validation import load
from archsearch.schema.yaml_scalars import resolve

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-z_$(][A-Za-z0-9_$ ()=.,*/+-]*(?<! )")  # a formula or a name; all else is quoted


class _Representer(SafeRepresenter):
    """Quotes every text that is not plainly one: ruamel.yaml writes `?0` as a key that it could not read."""

    def represent_text(self, text: str) -> Any:
        """A name or a formula as it is, in quotes where YAML would take it for something else."""
        style = None if _PLAIN.fullmatch(text) and resolve(text) == text else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Representer.add_representer(str, _Representer.represent_text)


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
        return load(cls, read_document(source) if isinstance(source, Path) else parse_document(source))

    def to_yaml(self) -> str:
        """The model as the text of a file, without what was left out; `from_yaml` makes an equal model of it."""
        own = type(self).__annotations__  # its name, before what it inherits
        writer: Any = YAML(typ="safe", pure=True)
        writer.Representer, writer.sort_base_mapping_type_on_output, writer.width = _Representer, False, _WIDTH
        text = io.StringIO()
        for key, value in sorted(as_written(self).items(), key=lambda entry: entry[0] not in own):
            writer.default_flow_style = None if isinstance(value, dict | list) else False
            writer.dump({key: value}, text)
        return text.getvalue()

    def validate(self) -> str:  # type: ignore[override]
        """What `archsearch validate` proves of the file, in words; raises `InvalidInput` with all that is wrong.

        Relative paths in it start at the working directory.
        """
        # By name: a schema lies below everything that a proof needs.
        checking = importlib.import_module("archsearch.study.checking")
        return str(checking.prove_text(self.to_yaml()))
