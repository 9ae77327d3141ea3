"""The base of the models that are whole files: cell, wiring, space and study, from YAML or from Python.

What reads and writes files is imported where it is needed: the models alone are all that a worker loads.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel

from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.schema.strict import Strict


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
        from archsearch.schema.document import parse_document, read_document
        from archsearch.schema.validation import load

        if isinstance(source, str) and source.endswith((".yaml", ".yml")):
            raise InvalidInput(Problem((), f"{quoted(source)} is a text", "for a file pass pathlib.Path(...)"))
        return load(cls, read_document(source) if isinstance(source, Path) else parse_document(source))

    def to_yaml(self) -> str:
        """The model as the text of a file, without what was left out; `from_yaml` makes an equal model of it."""
        from archsearch.schema.yaml_writer import spell_yaml

        own = type(self).__annotations__  # its name, before what it inherits
        return spell_yaml(dict(sorted(as_written(self).items(), key=lambda entry: entry[0] not in own)))

    def validate(self) -> str:  # type: ignore[override]
        """What `archsearch validate` proves of the file, in words; raises `InvalidInput` with all that is wrong.

        Relative paths in it start at the working directory.
        """
        # By name: a schema lies below everything that a proof needs.
        checking = importlib.import_module("archsearch.study.checking")
        return str(checking.prove_text(self.to_yaml()))
