"""What a cell file may say: states, an output and equations, in order (docs/language.md)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from archsearch.formula import ACTIVATIONS
from archsearch.schema.file import File
from archsearch.schema.strict import Identifier, Label, Strict

MOST_EQUATIONS = 500
MOST_READS = 32


def _number_as_text(value: Any) -> Any:
    return repr(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _initial(value: float) -> float:
    if math.isnan(value) or value == math.inf:
        raise ValueError("must be a finite number or -.inf")
    return value


FormulaText = Annotated[str, BeforeValidator(_number_as_text), WithJsonSchema({"type": ["string", "number"]})]
"""A formula's text; a bare number counts as one."""

InitialValue = Annotated[float, Field(allow_inf_nan=True), AfterValidator(_initial)]
"""The constant a state starts from; minus infinity is allowed here alone."""

Bias = float | Literal["none"]

if TYPE_CHECKING:
    ActivationName = str
else:
    ActivationName = Literal[tuple(ACTIVATIONS)]


class Gate(Strict):
    """An equation with parameters: activation(sum of W·linear + sum of p ⊙ diagonal + bias)."""

    linear: Annotated[list[FormulaText], Field(max_length=MOST_READS)] = []
    """Values that are each multiplied by a matrix of their own."""
    diagonal: Annotated[list[FormulaText], Field(max_length=MOST_READS)] = []
    """Values that are each multiplied, element by element, by a vector of their own (peepholes)."""
    bias: Bias = 0.0
    """The number at which the trainable bias starts, or `none`."""
    activation: ActivationName = "identity"


def _kind(value: Any) -> str:
    return "gate" if isinstance(value, dict | Gate) else "formula"


Equation = Annotated[Annotated[Gate, Tag("gate")] | Annotated[FormulaText, Tag("formula")], Discriminator(_kind)]


class CellBody(Strict):
    """A cell without its name."""

    states: Annotated[dict[Identifier, InitialValue], Field(min_length=1, max_length=64)]
    output: Identifier
    equations: Annotated[dict[Identifier, Equation], Field(min_length=1, max_length=MOST_EQUATIONS)]


class Cell(File, CellBody):
    """A cell file."""

    cell: Label
