"""A formula's value: a second, tiny evaluator, so that the tests do not lean on any backend."""

from __future__ import annotations

from collections.abc import Mapping

from archsearch.formula import PRIMITIVES, Call, Formula, Name, Number, activation, parse


def value(text: str, names: Mapping[str, float]) -> float:
    """The value of the formula `text` where its names have these values."""
    return _value(parse(text, internal=True), names)


def _value(formula: Formula, names: Mapping[str, float]) -> float:
    match formula:
        case Number(value=number):
            return number
        case Name(name=name):
            return names[name]
        case Call(function=function, operands=operands):
            args = [_value(operand, names) for operand in operands]
            if function in PRIMITIVES:
                return float(PRIMITIVES[function].value(*args))
            return _value(activation(function), {"a": args[0]})
