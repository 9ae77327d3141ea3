"""The base of every schema: frozen, strict, nothing unknown, nothing infinite."""

from __future__ import annotations

import ast
import contextlib
import inspect
import itertools
import textwrap
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    GetJsonSchemaHandler,
    StringConstraints,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

if TYPE_CHECKING:
    from pydantic.json_schema import JsonSchemaValue

Identifier = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_]{0,39}\z")]
"""A name inside a cell: a letter, then letters, digits and underscores, at most 40 in all."""

Label = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_-]{0,63}\z")]
"""The name of a cell, wiring, space or study: as an identifier, dashes allowed, at most 64 characters."""

StudyName = Annotated[
    str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_-]{0,63}(\.[A-Za-z][A-Za-z0-9_-]{0,63})?\z")
]
"""The name of a study: a label, and after a dot the label of its task where it is one of several."""


class Strict(BaseModel):
    """A frozen model that refuses unknown keys, type coercion, NaN and infinity."""

    model_config = ConfigDict(
        frozen=True,
        strict=True,
        extra="forbid",
        allow_inf_nan=False,
        hide_input_in_errors=True,
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """The JSON schema with the docstrings of the fields, which `archsearch schema` prints, for editors.

        They are read here, not when the class is made: that is a third of the time in which the schemas are loaded.
        """
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema).get("properties", {})
        for name, text in _field_texts(cls).items():
            if name in properties:
                properties[name].setdefault("description", text)
        return schema


def _field_texts(model: type[BaseModel]) -> dict[str, str]:
    """The docstrings below the fields of a model and its bases; none where there is no source."""
    texts: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        with contextlib.suppress(OSError, TypeError, SyntaxError):
            (definition,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
            assert isinstance(definition, ast.ClassDef)
            for field, below in itertools.pairwise([*definition.body, ast.Pass()]):
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
                    texts.pop(field.target.id, None)
                    if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant):
                        texts[field.target.id] = inspect.cleandoc(str(below.value.value))
    return texts


EXACTLY_ONE, EMPTY = "exactly_one", "empty_value"
"""Types of the errors of `ExactlyOne`."""


def _describe(schema: dict[str, Any], model: type[ExactlyOne]) -> None:
    """Of the alternatives a file has exactly one, and never as null."""
    schema["oneOf"] = [{"required": [name]} for name in model.alternatives]
    for name in model.alternatives:
        field = schema["properties"][name]
        kinds = [kind for kind in field.pop("anyOf") if kind.get("type") != "null"]
        field |= kinds[0] if len(kinds) == 1 else {"anyOf": kinds}
        del field["default"]


class ExactlyOne(Strict):
    """A model of which a document gives exactly one of the fields `alternatives`; the other one is None."""

    model_config = ConfigDict(json_schema_extra=_describe)

    noun: ClassVar[str]
    alternatives: ClassVar[tuple[str, str]]

    @field_validator("*", mode="before")
    @classmethod
    def _is_given(cls, value: Any, info: ValidationInfo) -> Any:
        if value is None and info.field_name in cls.alternatives:
            raise PydanticCustomError(EMPTY, "must not be empty")
        return value

    @model_validator(mode="after")
    def _has_exactly_one(self) -> Self:
        present = [name for name in self.alternatives if getattr(self, name) is not None]
        if len(present) != 1:
            amount = "both are" if present else "neither is"
            what = f"a {self.noun} has either {' or '.join(self.alternatives)}, and {amount} given"
            context = {"what": what, "names": self.alternatives, "given": present}
            raise PydanticCustomError(EXACTLY_ONE, "{what}", context)
        return self
