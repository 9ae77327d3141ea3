"""The closed table of primitives: every pointwise operation that exists, with its derivative.

Derivatives are formulas in the same language, so that reverse mode yields more pointwise operations and no backend
contains a backward pass written by hand. In a derivative `a`, `b`, ... are the operands and `y` is the result.

A derivative that is a mask says so with `where_le`: it selects the adjoint or leaves it out, whatever the adjoint is.
Values and derivatives are those of torch: NaN stays NaN, and max and min share the adjoint at a tie.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable


@dataclasses.dataclass(frozen=True)
class Primitive:
    """One pointwise operation: operand count, laws that identity may use, derivatives, and its value on numbers."""

    name: str
    arity: int
    derivatives: tuple[str, ...]
    value: Callable[..., float]
    commutes: bool = False
    """Operands may be swapped."""
    unit: float | None = None
    """For associative operations, the operand that changes nothing; nested uses may be flattened."""
    internal: bool = False
    """Only activations and derivatives call it; formulas of a cell cannot."""


def _sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


_LARGER = "where_le(a, b, where_le(b, a, 0.5, 0), 1)"
_SMALLER = "where_le(b, a, where_le(a, b, 0.5, 0), 1)"
"""1 where `a` is larger (smaller) than `b` or one of them is NaN, one half at a tie, else 0."""

_TABLE = (
    Primitive("add", 2, ("1", "1"), lambda a, b: a + b, commutes=True, unit=0.0),
    Primitive("sub", 2, ("1", "-1"), lambda a, b: a - b),
    Primitive("mul", 2, ("b", "a"), lambda a, b: a * b, commutes=True, unit=1.0),
    Primitive("div", 2, ("1 / b", "-(y / b)"), lambda a, b: a / b),
    Primitive("max", 2, (_LARGER, _SMALLER), lambda a, b: a if a > b or a != a else b, commutes=True),
    Primitive("min", 2, (_SMALLER, _LARGER), lambda a, b: a if a < b or a != a else b, commutes=True),
    Primitive("neg", 1, ("-1",), lambda a: -a),
    Primitive("exp", 1, ("y",), math.exp),
    Primitive("log", 1, ("1 / a",), math.log),
    Primitive("tanh", 1, ("(1 - y) * (1 + y)",), math.tanh),
    Primitive("sigmoid", 1, ("y * (1 - y)",), _sigmoid),
    Primitive("sin", 1, ("cos(a)",), math.sin),
    Primitive("gt", 2, ("0", "0"), lambda a, b: float(a > b)),
    Primitive("log1p", 1, ("1 / (1 + a)",), math.log1p, internal=True),
    Primitive("cos", 1, ("-sin(a)",), math.cos, internal=True),
    Primitive(
        "where_le",  # c where a <= b, else d
        4,
        ("0", "0", "where_le(a, b, 1, 0)", "where_le(a, b, 0, 1)"),
        lambda a, b, c, d: c if a <= b else d,
        internal=True,
    ),
)

PRIMITIVES: dict[str, Primitive] = {primitive.name: primitive for primitive in _TABLE}

FUNCTIONS = tuple(name for name, primitive in PRIMITIVES.items() if not primitive.internal)
"""The primitives that formulas of a cell can call."""
