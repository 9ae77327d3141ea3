"""A schema with everything in it that schemas have: unions of all sorts, lists, mappings, bounds, rules."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag

from archsearch.errors import InvalidInput, Problem
from archsearch.schema.strict import Identifier, Label, Strict


class Gate(Strict):
    linear: Annotated[list[str], Field(min_length=1, max_length=3)] = ["x"]
    bias: float | Literal["none"] = 0.0
    activation: Literal["tanh", "relu", "sigmoid"] = "tanh"
    size: Annotated[int, Field(ge=1)] | Literal["all"] = "all"


def _kind(value: Any) -> str | None:
    return {dict: "gate", str: "word", bool: "flag", float: "number"}.get(type(value))


Entry = Annotated[
    Annotated[Gate, Tag("gate")] | Annotated[Literal["open", "closed"], Tag("word")] | Annotated[int, Tag("number")],
    Discriminator(_kind),
]


class Square(Strict):
    shape: Literal["square"]
    side: float


class Circle(Strict):
    shape: Literal["circle"]
    radius: float


class Node(Strict):
    name: Identifier
    children: list[Node] = []


def _not_three(value: int) -> int:
    if value == 3:
        raise ValueError("three is taken")
    return value


def _formula(value: str) -> str:
    if "(" in value:
        raise InvalidInput(Problem(("formula",), "a formula without brackets is wanted"))
    return value


class Machine(Strict):
    name: Label
    gates: dict[Identifier, Entry] = {}
    hidden: Annotated[int, Field(ge=1, le=4096)] = 1
    rate: Annotated[float, Field(gt=0, lt=1)] = 0.5
    loop: bool = False
    note: Annotated[str, Field(min_length=2, max_length=5)] | None = None
    readout: Literal["last", "every"] | None = None
    picks: list[Literal["input", "forget"]] = []
    colours: dict[Literal["red", "green"], int] = {}
    shape: Annotated[Square | Circle, Field(discriminator="shape")] | None = None
    numbers: list[int] | dict[str, int] = []
    nested: list[list[int] | dict[str, int]] | bool = False
    table: dict[str, dict[str, int]] = {}
    either: Square | Circle | None = None
    tree: Node | None = None
    odd: Annotated[int, AfterValidator(_not_three)] = 1
    formula: Annotated[str, AfterValidator(_formula)] = ""
    text: Annotated[str, BeforeValidator(lambda value: value)] = ""
    long_name: int = Field(default=1, alias="long-name")
    start: Annotated[float, Field(allow_inf_nan=True)] = 0.0
