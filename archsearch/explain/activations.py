"""What an activation does to a value, found by trying it out, so that a new one finds its own place."""

from __future__ import annotations

import itertools
import math

from archsearch.formula import ACTIVATIONS, PRIMITIVES, Call, Formula, Name, Number, activation

_POINTS = (-1200.0, -600.0, *(step / 4 for step in range(-40, 41)), 600.0, 1200.0)


def value_at(formula: Formula, at: float) -> float:
    """The value of an activation's formula; infinity where it is too large for a float."""
    match formula:
        case Number(value=value):
            return value
        case Name():
            return at
        case Call(function=function, operands=operands):
            try:
                return PRIMITIVES[function].value(*(value_at(operand, at) for operand in operands))
            except OverflowError:
                return math.inf


def _bounds(name: str) -> tuple[float, float] | None:
    """The ends of an activation that never falls and is flat far out; None for others."""
    values = [value_at(activation(name), point) for point in _POINTS]
    rises = all(one <= other for one, other in itertools.pairwise(values))
    flat = abs(values[0] - values[1]) < 0.01 and abs(values[-1] - values[-2]) < 0.01
    return (round(values[0], 2), round(values[-1], 2)) if rises and flat else None


BOUNDS: dict[str, tuple[float, float]] = {
    name: (low, high) for name in ACTIVATIONS for low, high in [_bounds(name) or (0.0, 0.0)] if low < high
}
"""Between which numbers each squashing activation lies."""

BETWEEN_0_AND_1 = frozenset(name for name, bounds in BOUNDS.items() if bounds == (0, 1))
