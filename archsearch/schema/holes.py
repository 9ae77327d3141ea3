"""What a table of holes may say, and models whose fields accept a hole in place of a value."""

from __future__ import annotations

import types
import typing
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, Discriminator, Field, StringConstraints, Tag, create_model

from archsearch.schema.strict import Strict

NO_HOLE = "hole"
"""Type of the error of a value that is not a hole."""

HolePath = Annotated[
    str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*\z", max_length=100)
]
"""A hole's name: a word, or the dotted path of the field that it fills."""

HoleUse = Annotated[str, StringConstraints(pattern=r"\A\$[A-Za-z][A-Za-z0-9_]*\z")]
"""A hole in place of a value inside a cell: `$name`."""

OptionLabel = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Plain = str | int | float | bool


class OneOf(Strict):
    """Choose one of several values with structure, each under a label."""

    one_of: Annotated[dict[OptionLabel, Any], Field(min_length=1, max_length=200)]


class SubsetOf(Strict):
    """Choose any of the elements, at least a given number."""

    subset_of: Annotated[list[str], Field(min_length=1, max_length=32)]
    at_least: Annotated[int, Field(ge=0)] = 0


class IntRange(Strict):
    """Choose a whole number from low to high, both included."""

    bounds: Annotated[list[int], Field(alias="int", min_length=2, max_length=2)]
    log: bool = False


class FloatRange(Strict):
    """Choose a number from low to high."""

    bounds: Annotated[list[float], Field(alias="float", min_length=2, max_length=2)]
    log: bool = False


HOLE_KINDS = ("one_of", "subset_of", "int", "float")
"""Keys that say what kind of hole a mapping is."""


def _hole_kind(value: Any) -> str | None:
    if isinstance(value, list):
        return None if any(isinstance(option, dict | list) for option in value) else "choices"
    if isinstance(value, dict):
        return next((kind for kind in HOLE_KINDS if kind in value), None)
    kinds: dict[type[Any], str] = {OneOf: "one_of", SubsetOf: "subset_of", IntRange: "int", FloatRange: "float"}
    return kinds.get(type(value))


Hole = Annotated[
    Annotated[list[Plain], Field(min_length=1, max_length=200), Tag("choices")]
    | Annotated[OneOf, Tag("one_of")]
    | Annotated[SubsetOf, Tag("subset_of")]
    | Annotated[IntRange, Tag("int")]
    | Annotated[FloatRange, Tag("float")],
    Discriminator(
        _hole_kind,
        custom_error_type=NO_HOLE,
        custom_error_message=f"a hole is a list of plain values, or a mapping with one of: {', '.join(HOLE_KINDS)}",
    ),
]


def with_holes(model: type[BaseModel]) -> type[BaseModel]:
    """The model with every value, at any depth, replaceable by a hole `$name`."""
    fields: dict[str, Any] = {
        name: (_accepting(_annotation(field)), ... if field.is_required() else field.default)
        for name, field in model.model_fields.items()
    }
    return create_model(f"{model.__name__}Template", __base__=Strict, __doc__=model.__doc__, **fields)


def _annotation(field: Any) -> Any:
    return Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation


def _accepting(kind: Any) -> Any:
    """The type that takes what `kind` takes, or a hole."""
    kind = _inside(kind)
    choice = Annotated[HoleUse, Tag("hole")] | Annotated[kind, Tag("value")]
    return Annotated[choice, Discriminator(_use_or_value)]


def _inside(kind: Any) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is Annotated:
        return Annotated[_inside(arguments[0]), *arguments[1:]]
    if origin is list:
        return list[_accepting(arguments[0])]  # type: ignore[misc]
    if origin is dict:
        return dict[arguments[0], _accepting(arguments[1])]  # type: ignore[misc,valid-type]
    if origin in (Union, types.UnionType):
        return Union[tuple(_inside(member) for member in arguments)]  # noqa: UP007
    if origin is Literal or not isinstance(kind, type):
        return kind
    return with_holes(kind) if issubclass(kind, BaseModel) else kind


def _use_or_value(value: Any) -> str:
    return "hole" if isinstance(value, str) and value.startswith("$") and value[1:].isidentifier() else "value"
