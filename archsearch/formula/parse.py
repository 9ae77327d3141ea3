"""Text to formula. Python's own parser reads the text; a whitelist of its nodes decides what is a formula."""

from __future__ import annotations

import ast
import dataclasses
import functools
import math
import re
import warnings
from collections.abc import Collection, Iterable

from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.formula.activations import ACTIVATIONS, MEANINGS
from archsearch.formula.primitives import FUNCTIONS, PRIMITIVES

LONGEST = 2_000
DEEPEST = 40


@dataclasses.dataclass(frozen=True)
class Name:
    """A value that is defined elsewhere."""

    name: str


@dataclasses.dataclass(frozen=True)
class Number:
    """A finite constant."""

    value: float


@dataclasses.dataclass(frozen=True)
class Call:
    """A primitive or an activation applied to operands."""

    function: str
    operands: tuple[Formula, ...]


Formula = Name | Number | Call


class FaultyFormula(InvalidInput):
    """A formula with mistakes, all of them. `names`: what its sound parts read."""

    def __init__(self, problems: Iterable[Problem], names: list[str]) -> None:
        super().__init__(problems)
        self.names = names


_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}
_STRANGE = re.compile(r"[^\t -~]|#")  # not ASCII, not visible, or what Python takes for the start of a comment
_ALLOWED = "allowed: names, numbers, + - * /, parentheses and functions"


@functools.lru_cache(maxsize=4096)
def parse(text: str, internal: bool = False) -> Formula:
    """The formula that `text` spells; `internal`: of an activation or a derivative, which may call every primitive.

    Raises `InvalidInput` for anything that is not a formula; nothing of the text is ever executed.
    """
    _guard(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise _problem(f"{quoted(text)} is not a formula", _ALLOWED) from error
    reader = _Reader(text.strip(), PRIMITIVES if internal else FUNCTIONS)
    formula = reader.convert(tree.body)
    if reader.problems:
        raise FaultyFormula(reader.problems, names_in(formula))
    return formula


def names_in(formula: Formula) -> list[str]:
    """The names that a formula reads, in order of first appearance."""
    if isinstance(formula, Name):
        return [formula.name]
    if isinstance(formula, Number):
        return []
    names = (name for operand in formula.operands for name in names_in(operand))
    return list(dict.fromkeys(names))


@functools.cache
def activation(name: str) -> Formula:
    """The formula, over `a`, of an activation by name."""
    return parse(ACTIVATIONS[name], internal=True)


@functools.cache
def meaning(name: str) -> Formula:
    """What an activation means, over `a`, as people write it."""
    return parse(MEANINGS[name]) if name in MEANINGS else activation(name)


def _guard(text: str) -> None:
    if not text.strip():
        raise _problem("the formula is empty", _ALLOWED)
    if len(text) > LONGEST:
        raise _problem(f"a formula of {len(text)} characters", f"at most {LONGEST}")
    if "\n" in text.strip():
        raise _problem("a formula on several lines", "allowed: one line")
    strange = _STRANGE.search(text.strip())
    if strange is not None:
        raise _problem(f"the character {quoted(strange[0])} in a formula", _ALLOWED)
    depth = 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if depth > DEEPEST:
            raise _problem("a formula nested too deeply", f"at most {DEEPEST} parentheses deep")


class _Reader:
    """Reads the syntax tree of one text. What has no place in a formula is a problem, and read as 0."""

    def __init__(self, text: str, primitives: Collection[str]) -> None:
        self.problems: list[Problem] = []
        self._text = text
        self._primitives = primitives

    def convert(self, node: ast.expr, depth: int = 0) -> Formula:
        """The formula that a node of the tree stands for."""
        if depth > 4 * DEEPEST:
            raise _problem("a formula nested too deeply", f"at most {4 * DEEPEST} operations deep")
        match node:
            case ast.Name(id=name):
                return Name(name)
            case ast.Constant(value=value):
                return self._number(value)
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                inner = self.convert(operand, depth + 1)
                return Number(-inner.value) if isinstance(inner, Number) else Call("neg", (inner,))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return Call(_OPERATORS[type(op)], (self.convert(left, depth + 1), self.convert(right, depth + 1)))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self._call(name, tuple(self.convert(arg, depth + 1) for arg in args))
        part = re.sub(r"\s+", " ", ast.get_source_segment(self._text, node) or self._text)
        return self._fault(f"{quoted(part)} has no place in a formula", _ALLOWED)

    def _number(self, value: object) -> Formula:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._fault(f"{quoted(repr(value))} has no place in a formula", _ALLOWED)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            return self._fault(f"the number in {quoted(self._text)} is not finite", "allowed: finite numbers")
        return Number(number)

    def _call(self, name: str, operands: tuple[Formula, ...]) -> Formula:
        if name in self._primitives:
            arity = PRIMITIVES[name].arity
        elif name in ACTIVATIONS:
            arity = 1
        else:
            known = list(dict.fromkeys([*self._primitives, *ACTIVATIONS]))
            arity = len(operands)
            self._fault(f"no function is called {quoted(name)}", one_of(known, name))
        if len(operands) != arity:
            plural = "" if arity == 1 else "s"
            self._fault(f"{name} takes {arity} operand{plural}, got {len(operands)}")
        return Call(name, operands)

    def _fault(self, what: str, allowed: str = "") -> Formula:
        problem = Problem((), what, allowed)
        if problem not in self.problems:
            self.problems.append(problem)
        return Number(0.0)


def _problem(what: str, allowed: str = "") -> InvalidInput:
    return InvalidInput(Problem((), what, allowed))
