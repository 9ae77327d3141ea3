"""Reading equations in LaTeX back into numbers: a small evaluator that shares nothing with what wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_TOKEN = re.compile(r"\s*(\\[A-Za-z]+|\\_|\d+(?:\.\d+)?|[A-Za-z]|[-+(){}\[\]>,^_])")
_ONE: dict[str, Callable[[Array], Array]] = {
    r"\sigma": lambda a: 1 / (1 + np.exp(-a)),
    r"\tanh": np.tanh,
    r"\exp": np.exp,
    r"\log": np.log,
    r"\sin": np.sin,
}
_TWO: dict[str, Callable[[Array, Array], Array]] = {r"\max": np.maximum, r"\min": np.minimum}


def lines_of(text: str) -> list[tuple[str, str]]:
    """The left and right sides of an align block; ValueError for anything else."""
    block = re.fullmatch(r"\\begin\{align\}\n(.*)\n\\end\{align\}\n", text, flags=re.DOTALL)
    if block is None:
        raise ValueError("no align block")
    rows = [row.strip() for row in block[1].split("\\\\\n")]
    sides = [row.split(" &= ") for row in rows]
    if any(len(pair) != 2 for pair in sides):
        raise ValueError("a line is not one equation")
    return [(left, right) for left, right in sides]


def previous_of(symbol: str) -> str:
    """The symbol of the step before: `c_t` to `c_{t-1}`, `n_{h,t}` to `n_{h,t-1}`."""
    return symbol[:-2] + "_{t-1}" if symbol.endswith("_t") else symbol.removesuffix("t}") + "t-1}"


def step(text: str, known: Mapping[str, Array]) -> dict[str, Array]:
    """The values of all equations, by their symbols, from `known`: inputs, past states and parameters.

    Vectors are [hidden], matrices [out, in]. Raises ValueError for what is no formula, and for unknown symbols.
    """
    values, functions = dict(known), dict[str, str]()
    lines = lines_of(text)
    for left, right in lines:
        if left.endswith("(a)"):
            functions[left.removesuffix("(a)")] = right
    for left, right in lines:
        if not left.endswith("(a)"):
            values[left] = Evaluation(right, values, functions).all()
    return {left: values[left] for left, _ in lines if not left.endswith("(a)")}


class Evaluation:
    """One right side, evaluated while it is read."""

    def __init__(self, text: str, values: Mapping[str, Array], functions: Mapping[str, str]) -> None:
        self.tokens = _tokens(text)
        self.values = values
        self.functions = functions
        self.place = 0

    def all(self) -> Array:
        found = self.sum()
        if self.place != len(self.tokens):
            raise ValueError(f"left over: {self.tokens[self.place :]}")
        return found

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        found = self.peek()
        if not found or (wanted and found != wanted):
            raise ValueError(f"expected {wanted or 'more'}, found {found or 'the end'}")
        self.place += 1
        return found

    def sum(self) -> Array:
        total = self.product() if self.peek() != "-" else self._negative()
        while self.peek() in ("+", "-"):
            total = total + self.product() if self.take() == "+" else total - self.product()
        return total

    def _negative(self) -> Array:
        self.take("-")
        return -self.product()

    def product(self) -> Array:
        found = self.factor()
        while True:
            if self.peek() in (r"\odot", r"\cdot"):
                if self.take() == r"\odot" and found.ndim == 0:
                    raise ValueError("an element-wise product with a number")
                found = found * self.factor()
            elif found.ndim == 2:
                found = found @ self.factor()
            else:
                return found

    def factor(self) -> Array:
        token = self.peek()
        if token in ("(", r"\left"):
            return self.bracketed(self.sum)
        if token[:1].isdigit():
            return self.number()
        if token == r"\frac":
            self.take()
            return self.group() / self.group()
        if token in _ONE:
            self.take()
            return np.asarray(_ONE[token](self.bracketed(self.sum)))
        if token in _TWO:
            self.take()
            return self.bracketed(lambda: np.asarray(_TWO[token](self.sum(), self.after(","))))
        if token == r"\mathbf":
            return self.indicator()
        if token == r"\operatorname":
            return self.defined()
        return self.symbol()

    def after(self, comma: str) -> Array:
        self.take(comma)
        return self.sum()

    def bracketed(self, inside: Callable[[], Array]) -> Array:
        wide = self.peek() == r"\left"
        if wide:
            self.take()
        self.take("(")
        found = inside()
        if wide:
            self.take(r"\right")
        self.take(")")
        return found

    def group(self) -> Array:
        self.take("{")
        found = self.sum()
        self.take("}")
        return found

    def number(self) -> Array:
        found = float(self.take())
        if self.peek() == "^":
            self.take()
            found = float(np.power(found, self.group()))
        return np.asarray(found)

    def indicator(self) -> Array:
        for wanted in (r"\mathbf", "{", "1", "}", "["):
            self.take(wanted)
        left = self.sum()
        self.take(">")
        right = self.sum()
        self.take("]")
        return np.asarray(left > right, dtype=np.float64)

    def defined(self) -> Array:
        name = self.take() + self.raw_group()
        if name not in self.functions:
            raise ValueError(f"{name} is not defined")
        argument = self.bracketed(self.sum)
        return Evaluation(self.functions[name], {"a": argument}, {}).all()

    def symbol(self) -> Array:
        head = self.take()
        name = head + self.raw_group() if head == r"\mathrm" else head
        if not name[:1].isalpha() and head != r"\mathrm":
            raise ValueError(f"{head} is no symbol")
        if self.peek() == "_":
            self.take()
            name += "_" + (self.raw_group() if self.peek() == "{" else self.take())
        if name not in self.values:
            raise ValueError(f"{name} is not defined")
        return self.values[name]

    def raw_group(self) -> str:
        """A group in braces as it is written."""
        depth, text = 0, ""
        while True:
            token = self.take()
            depth += (token == "{") - (token == "}")
            text += token
            if depth == 0:
                return text


def _tokens(text: str) -> list[str]:
    found, place = [], 0
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if match is None:
            raise ValueError(f"not LaTeX that is read here: {text[place:]!r}")
        found.append(match[1])
        place = match.end()
    return found
