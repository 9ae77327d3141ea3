"""The formula language: text, primitives, activations."""

from archsearch.formula.activations import ACTIVATIONS
from archsearch.formula.parse import Call, Formula, Name, Number, activation, names_in, parse
from archsearch.formula.primitives import PRIMITIVES, Primitive

__all__ = [
    "ACTIVATIONS",
    "PRIMITIVES",
    "Call",
    "Formula",
    "Name",
    "Number",
    "Primitive",
    "activation",
    "names_in",
    "parse",
]
