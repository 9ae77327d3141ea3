"""Reads equations as `show` prints them and nothing else: what is trained is known by its signs alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Take = Callable[[str], Array]
"""The parameter of an equation: `linear.0`, `diagonal.1`, `bias`."""

_TOKEN = re.compile(r"\s*([0-9.]+(?:e[-+]?[0-9]+)?|[A-Za-z_][A-Za-z0-9_]*|[-+*/(),·⊙])")


def _sigmoid(a: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-a)))


FUNCTIONS: dict[str, Callable[..., Array]] = {
    "sigmoid": _sigmoid,
    "sigmoid_to_1": lambda a: 2 * _sigmoid(a) - 1,
    "sigmoid_to_2": lambda a: 4 * _sigmoid(a) - 2,
    "relu": lambda a: np.maximum(a, 0),
    "identity": np.asarray,
    "tanh": np.tanh,
    "max": np.maximum,
    "min": np.minimum,
}


class Reading:
    """The value of one right-hand side. `starts` gets the number in each bias."""

    def __init__(self, text: str, values: Mapping[str, Array], take: Take) -> None:
        self.tokens = _TOKEN.findall(text)
        self.values = values
        self.take_parameter = take
        self.starts: list[float] = []
        self.counts = {"linear": 0, "diagonal": 0}

    def all(self) -> Array:
        """The value; `ValueError` where something is left over."""
        found = self.sum()
        if self.tokens:
            raise ValueError(f"left over: {self.tokens}")
        return found

    def next(self, *wanted: str) -> bool:
        """Take the next token if it is one of these."""
        if self.tokens and self.tokens[0] in wanted:
            self.last = self.tokens.pop(0)
            return True
        return False

    def sum(self) -> Array:
        found = self.product()
        while self.next("+", "-"):
            sign = 1 if self.last == "+" else -1
            found = found + sign * self.product()
        return found

    def product(self) -> Array:
        if self.next("-"):
            return -self.product()
        found = self.factor()
        while self.next("*", "/"):
            found = found * self.factor() if self.last == "*" else found / self.factor()
        return found

    def factor(self) -> Array:
        if self.next("("):
            found = self.sum()
            assert self.next(")")
            return found
        if self.next("-"):
            return -self.factor()
        token = self.tokens.pop(0)
        if self.next("·", "⊙"):
            kind = "linear" if self.last == "·" else "diagonal"
            place, self.counts[kind] = self.counts[kind], self.counts[kind] + 1
            parameter, value = self.take_parameter(f"{kind}.{place}"), self.factor()
            return parameter @ value if kind == "linear" else parameter * value
        if self.next("("):
            operands = [self.sum()]
            while self.next(","):
                operands.append(self.sum())
            assert self.next(")")
            if token == "b":
                self.starts.append(float(operands[0]))
                return self.take_parameter("bias")
            return FUNCTIONS[token](*operands)
        return np.asarray(float(token)) if token[0].isdigit() or token[0] == "." else self.values[token]
