"""The formula language: text, primitives, activations."""

from archsearch.formula.activations import ACTIVATIONS
from archsearch.formula.parse import Call, FaultyFormula, Formula, Name, Number, activation, meaning, names_in, parse
from archsearch.formula.primitives import FUNCTIONS, PRIMITIVES, Primitive

__all__ = [
    "ACTIVATIONS",
    "FUNCTIONS",
    "PRIMITIVES",
    "Call",
    "FaultyFormula",
    "Formula",
    "Name",
    "Number",
    "Primitive",
    "activation",
    "meaning",
    "names_in",
    "parse",
]
