"""The signs on nodes, and finding activations in instructions."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from archsearch.formula import ACTIVATIONS, Call, Formula, Name, Number, activation
from archsearch.ir.instructions import Affine, Instruction, Operand, Pointwise, spell

_ACTIVATION_SIGNS = {
    "sigmoid": "σ",
    "identity": "lin",
    "logsigmoid": "log σ",
    "leaky_relu": "leaky",
    "hard_sigmoid": "hard σ",
    "hard_tanh": "hard tanh",
    "sigmoid_to_1": "2σ−1",
    "sigmoid_to_2": "4σ−2",
}

_BINARY = {
    "add": ("+", "", ""),
    "sub": ("−", "", "−"),
    "mul": ("×", "", ""),
    "div": ("÷", "", "÷"),
    "gt": ("a>b", "a", "b"),
}
"""The sign of an operation on two values, and the marks where they enter."""

_WITH_NUMBER = {
    "add": ("+{}", "{}+"),
    "sub": ("−{}", "{}−"),
    "mul": ("×{}", "{}×"),
    "div": ("÷{}", "{}÷"),
    "gt": (">{}", "{}>"),
}
"""The sign of an operation on a value and a number, and on a number and a value."""


@dataclasses.dataclass(frozen=True)
class Match:
    """Instructions that together are one activation of `argument`."""

    activation: str
    argument: str
    inside: tuple[str, ...]


def activation_sign(name: str) -> str:
    """How an activation is written in a box."""
    return _ACTIVATION_SIGNS.get(name, name)


def number_sign(value: float) -> str:
    """A number of at most four digits, with a real minus."""
    exact = spell(value)
    return (exact if len(exact) <= 6 else f"{value:.4g}").replace("-", "−")


def operation_sign(pointwise: Pointwise) -> tuple[str, tuple[str, ...]]:
    """The sign of a single operation, and a mark for each value that it reads."""
    args = pointwise.args
    if pointwise.op == "neg":
        return "−1×", ("",)
    if len(args) == 1:
        return activation_sign(pointwise.op), ("",)
    numbers = [number_sign(arg) for arg in args if isinstance(arg, float)]
    if not numbers:
        sign, *marks = _BINARY.get(pointwise.op, (pointwise.op, "", ""))
        return sign, tuple(marks)
    after = isinstance(args[1], float)
    patterns = _WITH_NUMBER.get(pointwise.op, (pointwise.op + " {}",) * 2)
    number = f"({numbers[0]})" if numbers[0].startswith("−") and after else numbers[0]
    return patterns[0 if after else 1].format(number), ("",)


def find_activation(
    root: Pointwise, makers: Mapping[str, Instruction], uses: Mapping[str, Sequence[str]]
) -> Match | None:
    """The largest activation that ends in `root` and whose inner values nothing else reads."""
    for name in _LARGEST_FIRST:
        matching = _Matching(makers)
        if not matching.match(activation(name), root.name) or matching.argument is None:
            continue
        inside = tuple(dict.fromkeys(matching.inside))
        inner = [value for value in inside if value != root.name]
        if all(is_temporary(value) and set(uses[value]) <= set(inside) for value in inner):
            return Match(name, matching.argument, inside)
    return None


def _size(formula: Formula) -> int:
    return 1 + sum(map(_size, formula.operands)) if isinstance(formula, Call) else 1


_LARGEST_FIRST = sorted((name for name in ACTIVATIONS if name != "identity"), key=lambda name: -_size(activation(name)))


class _Matching:
    """One attempt to read a value as an activation's formula."""

    def __init__(self, makers: Mapping[str, Instruction]) -> None:
        self.makers = makers
        self.argument: str | None = None
        self.inside: list[str] = []

    def match(self, formula: Formula, value: Operand) -> bool:
        match formula:
            case Number(value=number):
                return isinstance(value, float) and value == number
            case Name():
                if not isinstance(value, str) or self.argument not in (None, value):
                    return False
                self.argument = value
                return True
            case Call(function=function, operands=operands):
                maker = self.makers.get(value) if isinstance(value, str) else None
                if not isinstance(maker, Pointwise) or maker.op != function:
                    return False
                self.inside.append(maker.name)
                return all(map(self.match, operands, maker.args))


def is_temporary(name: str) -> bool:
    """Whether a value has no name of its own in the cell's file."""
    return "~" in name


def is_gate_of(affine: Instruction | None, root: str) -> bool:
    """Whether `affine` is the pre-activation of the equation `root`."""
    return isinstance(affine, Affine) and affine.name == f"{root}~"
