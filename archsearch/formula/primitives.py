"""The closed table of primitives: every pointwise operation that exists, with its derivative.

Derivatives are formulas in the same language, so that reverse mode yields more pointwise operations and no backend
contains a backward pass written by hand. In a derivative `a` and `b` are the operands and `y` is the result.

Ties: the derivative of `max(a, b)` is that of `where(a > b, a, b)`, of `min(a, b)` that of `where(a < b, a, b)`:
at a tie all of it goes to `b`.
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


def _sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a)) if a >= 0 else math.exp(a) / (1 + math.exp(a))


_TABLE = (
    Primitive("add", 2, ("1", "1"), lambda a, b: a + b, commutes=True, unit=0.0),
    Primitive("sub", 2, ("1", "-1"), lambda a, b: a - b),
    Primitive("mul", 2, ("b", "a"), lambda a, b: a * b, commutes=True, unit=1.0),
    Primitive("div", 2, ("1 / b", "-y / b"), lambda a, b: a / b),
    Primitive("max", 2, ("gt(a, b)", "1 - gt(a, b)"), lambda a, b: a if a > b else b, commutes=True),
    Primitive("min", 2, ("gt(b, a)", "1 - gt(b, a)"), lambda a, b: a if a < b else b, commutes=True),
    Primitive("neg", 1, ("-1",), lambda a: -a),
    Primitive("exp", 1, ("y",), math.exp),
    Primitive("log", 1, ("1 / a",), math.log),
    Primitive("tanh", 1, ("1 - y * y",), math.tanh),
    Primitive("sigmoid", 1, ("y * (1 - y)",), _sigmoid),
    Primitive("sin", 1, (f"sin(a + {math.pi / 2!r})",), math.sin),
    Primitive("gt", 2, ("0", "0"), lambda a, b: float(a > b)),
)

PRIMITIVES: dict[str, Primitive] = {primitive.name: primitive for primitive in _TABLE}
