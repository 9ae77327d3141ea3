r"""Equations as LaTeX: a value of this step is `c_t`, one of the step before `c_{t-1}`; products are \odot.

The gate `i` reads the input with W_{i}, another value with U_{i} (U_{i,1}, U_{i,2}, ... where there are several), an
element-wise one with p_{i}, and adds b_{i}. Of a name, the letters in front stand alone when they are one or more than
two (`c`, `gate`), the rest is a subscript: `nh` is n_{\mathrm{h},t}.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable

from archsearch.formula import Call, Formula, Name, Number, meaning, parse
from archsearch.ir.instructions import spell
from archsearch.schema.cell import Cell, Gate

_FUNCTIONS = {
    "sigmoid": r"\sigma",
    **{name: rf"\{name}" for name in ("tanh", "exp", "log", "sin")},
}
_SUM, _PRODUCT, _ATOM = 1, 2, 3
"""How tightly LaTeX binds; a minus in front binds as a sum."""


@dataclasses.dataclass(frozen=True)
class Fragment:
    """Some LaTeX, and how tightly it binds."""

    text: str
    binding: int

    def enclosed(self, least: int) -> str:
        """In parentheses where it binds less tightly than `least`."""
        return self.text if self.binding >= least else _brackets(self.text)


@dataclasses.dataclass(frozen=True)
class Latex:
    """An `align` block, and the parameter that each of its symbols stands for, by the name it has in a layer.

    `lines` are both sides of each equation, in the order of the cell, then of each activation that had to be defined.
    """

    text: str
    symbols: dict[str, str]
    lines: tuple[tuple[str, str], ...] = ()


def latex_of(cell: Cell) -> Latex:
    """The equations of a cell as an `align` block (it needs the package amsmath)."""
    return _Writing(cell).all()


class _Writing:
    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.stems = _stems(["x", *cell.equations, *cell.states])
        self.symbols: dict[str, str] = {}
        self.definitions: dict[str, Formula] = {}

    def all(self) -> Latex:
        lines = []
        for name, equation in self.cell.equations.items():
            right = (
                self._gate(name, equation) if isinstance(equation, Gate) else self._formula(parse(str(equation))).text
            )
            lines.append((self._value(name), right))
        argument = Fragment("a", _ATOM)
        lines += [(head, self._formula(formula, argument).text) for head, formula in self.definitions.items()]
        body = " \\\\\n".join(f"  {left} &= {right}" for left, right in lines)
        return Latex(f"\\begin{{align}}\n{body}\n\\end{{align}}\n", self.symbols, tuple(lines))

    def _gate(self, name: str, gate: Gate) -> str:
        inputs = [index for index, text in enumerate(gate.linear) if text.strip() == "x"]
        others = [index for index in range(len(gate.linear)) if index not in inputs]
        terms = []
        for index, text in enumerate(gate.linear):
            letter, among = ("W", inputs) if index in inputs else ("U", others)
            symbol = self._parameter(letter, name, among.index(index), len(among), f"linear.{index}")
            terms.append(f"{symbol} {self._formula(parse(text)).enclosed(_ATOM)}")
        for index, text in enumerate(gate.diagonal):
            symbol = self._parameter("p", name, index, len(gate.diagonal), f"diagonal.{index}")
            terms.append(f"{symbol} \\odot {self._formula(parse(text)).enclosed(_ATOM)}")
        if gate.bias != "none":
            terms.append(self._parameter("b", name, 0, 1, "bias"))
        total = " + ".join(terms) or "0"
        return self._applied(gate.activation, Fragment(total, _SUM)).text

    def _parameter(self, letter: str, equation: str, index: int, of: int, parameter: str) -> str:
        stem, rest = self.stems[equation]
        numbered = f",{index + 1}" if of > 1 else ""
        inside = stem if not rest else f"{stem}_{{{rest}}}"
        inside = r"\mathrm{t}" if inside == "t" else inside  # W_t is the value W of this step
        symbol = f"{letter}_{{{inside}{numbered}}}"
        self.symbols[symbol] = f"{equation}.{parameter}"
        return symbol

    def _value(self, name: str) -> str:
        state = name.removesuffix("_prev")
        when = "t-1" if name.endswith("_prev") and state in self.cell.states else "t"
        stem, rest = self.stems[name if when == "t" else state]
        if rest:
            return f"{stem}_{{{rest},{when}}}"
        return f"{stem}_{{{when}}}" if len(when) > 1 else f"{stem}_{when}"

    def _formula(self, formula: Formula, argument: Fragment | None = None) -> Fragment:
        """A formula; in that of an activation, `argument` stands for its `a`."""
        match formula:
            case Number(value=value):
                return _number(value)
            case Name(name=name):
                return argument or Fragment(self._value(name), _ATOM)
            case Call(function="neg", operands=(operand,)):
                return Fragment(f"-{self._formula(operand, argument).enclosed(_PRODUCT)}", _SUM)
            case Call(function="gt" | "max" | "min" as function, operands=(left, right)):
                one, other = self._formula(left, argument).text, self._formula(right, argument).text
                if function == "gt":
                    return Fragment(rf"\mathbf{{1}}[{one} > {other}]", _ATOM)
                return Fragment(f"\\{function}{_brackets(f'{one}, {other}')}", _ATOM)
            case Call(function=function, operands=(left, right)):
                return self._binary(function, left, right, argument)
            case Call(function=function, operands=(operand,)):
                return self._applied(function, self._formula(operand, argument))
        raise TypeError(f"not a formula: {formula!r}")

    def _binary(self, function: str, left: Formula, right: Formula, argument: Fragment | None) -> Fragment:
        one, other = self._formula(left, argument), self._formula(right, argument)
        if function == "div":
            return Fragment(rf"\frac{{{one.text}}}{{{other.text}}}", _PRODUCT)
        if function == "mul":
            sign = r"\cdot" if isinstance(left, Number) or isinstance(right, Number) else r"\odot"
            return Fragment(f"{one.enclosed(_PRODUCT)} {sign} {other.enclosed(_PRODUCT)}", _PRODUCT)
        return Fragment(f"{one.text} {'+' if function == 'add' else '-'} {other.enclosed(_PRODUCT)}", _SUM)

    def _applied(self, function: str, inner: Fragment) -> Fragment:
        """A function of one value; an activation without a LaTeX name is written out, or defined at the end."""
        if function in _FUNCTIONS:
            return Fragment(f"{_FUNCTIONS[function]}{_brackets(inner.text)}", _ATOM)
        formula = meaning(function)
        if _readings(formula) == 1:
            return self._formula(formula, inner)
        name = rf"\operatorname{{{_escaped(function)}}}"
        self.definitions[f"{name}(a)"] = formula
        return Fragment(f"{name}{_brackets(inner.text)}", _ATOM)


def _readings(formula: Formula) -> int:
    """How often a formula reads its argument."""
    return sum(map(_readings, formula.operands)) if isinstance(formula, Call) else int(isinstance(formula, Name))


def _stems(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """The letters and the subscript that stand for each name; no two names share both."""
    stems: dict[str, tuple[str, str]] = {}
    for name in dict.fromkeys(names):
        letters = re.match(r"[A-Za-z]*", name)
        head = letters[0] if letters and len(letters[0]) > 2 else name[:1]
        rest = name[len(head) :]
        stem = (_escaped(head) if len(head) == 1 else rf"\mathrm{{{_escaped(head)}}}", _subscript(rest.lstrip("_")))
        if stem in stems.values():
            stem = (stem[0], _subscript(rest))
        if stem in stems.values():
            stem = (rf"\mathrm{{{_escaped(name)}}}", "")
        stems[name] = stem
    return stems


def _subscript(text: str) -> str:
    return text if not text or text.isdigit() else rf"\mathrm{{{_escaped(text)}}}"


def _escaped(text: str) -> str:
    """Letters and digits as they are; an underscore behind a backslash; nothing else, which no name can have."""
    return "".join(rf"\{char}" if char == "_" else char for char in text if char == "_" or char.isalnum())


def _brackets(text: str) -> str:
    return rf"\left({text}\right)" if r"\frac" in text else f"({text})"


def _number(value: float) -> Fragment:
    mantissa, _, exponent = spell(value).partition("e")
    if exponent:
        return Fragment(rf"{mantissa} \cdot 10^{{{int(exponent)}}}", _SUM if value < 0 else _PRODUCT)
    return Fragment(mantissa, _SUM if mantissa.startswith("-") else _ATOM)
