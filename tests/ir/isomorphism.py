"""Which cells are the same architecture, decided by trying every way to match their parts.

Nothing of archsearch.ir takes part in that: equations are read by Python's own parser, values become terms over gates,
states and the input, and two cells are the same when some matching of gates with gates and states with states turns
one's terms into the other's. The laws of docs/language.md (section Identity) are built into how terms are made.
"""

from __future__ import annotations

import ast
import itertools
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from archsearch.ir import lower
from archsearch.ir.identity import arch_id
from archsearch.schema.cell import Cell, Gate

Term = tuple[object, ...]
"""("x",), ("state", name), ("gate", name), ("number", value), (function, operand, ...), or a sum or product as
("sum" | "product", constant, frozenset of (term, how often)), or ("max" | "min", frozenset of the same)."""

X: Term = ("x",)
RELU_APART = "relu_with_its_own_derivative"
Parts = tuple[list[Term], list[Term], bool | float | str]
"""What a gate reads through matrices and through diagonals, and whether it has a bias, or where that starts."""

_ON_NUMBERS: dict[str, Callable[[float], float]] = {
    "tanh": math.tanh,
    "exp": math.exp,
    "sin": math.sin,
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
}
_UNITS = {"sum": Fraction(0), "product": Fraction(1)}
_OPERATORS: dict[type[ast.operator], str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}


def number(value: Fraction | float) -> Term:
    """A constant."""
    return ("number", Fraction(value))


def chain(kind: str, *parts: Term) -> Term:
    """A sum or product of `parts`, flattened, its constants folded."""
    constant, rest = _UNITS[kind], Counter[Term]()
    for part in parts:
        if part[0] == "number":
            constant = _fold(kind, constant, part[1])
        elif part[0] == kind:
            constant = _fold(kind, constant, part[1])
            assert isinstance(part[2], frozenset)
            rest.update(dict(part[2]))
        else:
            rest[part] += 1
    if not rest:
        return number(constant)
    if float(constant) == _UNITS[kind] and rest.total() == 1:
        return next(iter(rest))
    return (kind, constant, frozenset(rest.items()))


def _fold(kind: str, one: Fraction, other: object) -> Fraction:
    assert isinstance(other, Fraction)
    return one + other if kind == "sum" else one * other


def apply(function: str, parts: list[Term]) -> Term:
    """A primitive or an activation applied to terms."""
    match function, parts:
        case ("add", _):
            return chain("sum", *parts)
        case ("mul", _):
            return chain("product", *parts)
        case ("neg", [a]):
            return chain("product", number(-1), a)
        case ("sub", [a, b]):
            return chain("sum", a, chain("product", number(-1), b))
        case ("div", [a, ("number", Fraction() as divisor)]):
            return chain("product", a, number(1 / float(divisor)))
        case (_, [("number", Fraction() as a)]) if function in _ON_NUMBERS:
            return number(_ON_NUMBERS[function](float(a)))
        case (("max" | "min"), [("number", Fraction() as a), ("number", Fraction() as b)]):
            return number(max(a, b) if function == "max" else min(a, b))
        case (("max" | "min"), _):
            return (function, frozenset(Counter(parts).items()))
        case ("relu", [a]):
            return apply("max", [a, number(0)])
        case ("identity", [a]):
            return a
    return (function, *parts)


def read(text: str, values: Mapping[str, Term], trained: bool = False) -> Term:
    """The term of a formula."""
    spelt = re.sub(r"\brelu\b", RELU_APART, text) if trained else text
    return _convert(ast.parse(spelt.strip(), mode="eval").body, values)


def _convert(node: ast.expr, values: Mapping[str, Term]) -> Term:
    match node:
        case ast.Name(id=name):
            return values[name]
        case ast.Constant(value=int() | float() as value):
            return number(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return apply("neg", [_convert(operand, values)])
        case ast.BinOp(left=left, op=op, right=right):
            return apply(_OPERATORS[type(op)], [_convert(left, values), _convert(right, values)])
        case ast.Call(func=ast.Name(id=function), args=args):
            return apply(function, [_convert(arg, values) for arg in args])
    raise AssertionError(ast.dump(node))


class Architecture:
    """The live parts of a cell: gates and states with the terms that they read or become, and the output's term.

    `trained`: where biases and states start counts too, and relu is another function than `max(a, 0)`.
    """

    def __init__(self, cell: Cell, trained: bool = False) -> None:
        values: dict[str, Term] = {"x": X} | {f"{state}_prev": ("state", state) for state in cell.states}
        gates: dict[str, Parts] = {}
        for name, equation in cell.equations.items():
            if isinstance(equation, Gate):
                linear = [read(text, values, trained) for text in equation.linear]
                diagonal = [read(text, values, trained) for text in equation.diagonal]
                gates[name] = (linear, diagonal, equation.bias if trained else equation.bias != "none")
                apart = trained and equation.activation == "relu"
                values[name] = apply(RELU_APART if apart else equation.activation, [("gate", name)])
            else:
                values[name] = read(equation, values, trained)
        self.output = values[cell.output]
        nexts = {state: values[state] for state in cell.states}
        live = _live(self.output, gates, nexts)
        self.gates = {name: parts for name, parts in gates.items() if ("gate", name) in live}
        self.states = {name: term for name, term in nexts.items() if ("state", name) in live}
        self.starts = {name: float(start) if trained else 0.0 for name, start in cell.states.items()}

    def texts(self) -> Iterator[str]:
        """The cell written out once for every numbering of its gates and states that puts like before unlike."""
        gates = _blocks(self.gates, self._shape_of_gate)
        states = _blocks(self.states, lambda name: f"{_shape(self.states[name])} {self.starts[name]}")
        for gate_order, state_order in itertools.product(_orders(gates), _orders(states)):
            yield self._text(gate_order, state_order)

    def canonical(self) -> str:
        """Equal exactly for isomorphic cells."""
        return min(self.texts())

    def _shape_of_gate(self, name: str) -> str:
        linear, diagonal, bias = self.gates[name]
        return f"{sorted(map(_shape, linear))} {sorted(map(_shape, diagonal))} {bias}"

    def _text(self, gates: tuple[str, ...], states: tuple[str, ...]) -> str:
        names: dict[Term, str] = {("gate", name): f"g{index}" for index, name in enumerate(gates)}
        names |= {("state", name): f"s{index}" for index, name in enumerate(states)}
        spell = _Spelling(names)
        lines = [f"out {spell(self.output)}"]
        for name in gates:
            linear, diagonal, bias = self.gates[name]
            lines.append(f"gate {sorted(map(spell, linear))} {sorted(map(spell, diagonal))} {bias}")
        lines += [f"state {spell(self.states[name])} {self.starts[name]}" for name in states]
        return "\n".join(lines)


def canonical(cell: Cell, trained: bool = False) -> str:
    """A text that two cells share exactly when they are the same architecture, or the same training."""
    return Architecture(cell, trained).canonical()


def assert_ids_are_architectures(cells: Iterable[Cell]) -> int:
    """Two of these cells have equal ids exactly when they are the same architecture; returns how many there are."""
    by_id: dict[str, tuple[str, Cell]] = {}
    by_text: dict[str, tuple[str, Cell]] = {}
    for cell in cells:
        found, expected = arch_id(lower(cell)), canonical(cell)
        text, first = by_id.setdefault(found, (expected, cell))
        assert text == expected, f"equal ids of different architectures: {first.equations} and {cell.equations}"
        name, first = by_text.setdefault(expected, (found, cell))
        assert name == found, f"different ids of the same architecture: {first.equations} and {cell.equations}"
    return len(by_id)


class _Spelling:
    """Spells terms with gates and states under given names; what has no name is spelt by its kind."""

    def __init__(self, names: Mapping[Term, str]) -> None:
        self.names = names
        self.known: dict[Term, str] = {}

    def __call__(self, term: Term) -> str:
        if term not in self.known:
            self.known[term] = self.names.get(term) or self._spell(term)
        return self.known[term]

    def _spell(self, term: Term) -> str:
        match term:
            case ("sum" | "product" as kind, Fraction() as constant, frozenset() as parts):
                return f"{kind}({float(constant)!r}; {self._counted(parts)})"
            case ("max" | "min" as kind, frozenset() as parts):
                return f"{kind}({self._counted(parts)})"
            case ("number", Fraction() as value):
                return repr(float(value))
            case ("x" | "state" | "gate" as kind, *_):
                return str(kind)
        return f"{term[0]}({', '.join(self(part) for part in term[1:] if isinstance(part, tuple))})"

    def _counted(self, parts: frozenset[tuple[Term, int]]) -> str:
        return " ".join(sorted(f"{count}x{self(part)}" for part, count in parts))


@lru_cache(maxsize=100_000)
def _shape(term: Term) -> str:
    """A term with all gates alike and all states alike."""
    return _Spelling({})(term)


def _blocks(parts: Mapping[str, object], shape: Callable[[str], str]) -> list[list[str]]:
    """Names of like shape together, in the order of their shapes."""
    found: dict[str, list[str]] = defaultdict(list)
    for name in parts:
        found[shape(name)].append(name)
    return [found[each] for each in sorted(found)]


def _orders(blocks: list[list[str]]) -> list[tuple[str, ...]]:
    """Every order inside the blocks."""
    ways = itertools.product(*(itertools.permutations(block) for block in blocks))
    return [tuple(itertools.chain.from_iterable(way)) for way in ways]


def _live(output: Term, gates: Mapping[str, Parts], nexts: Mapping[str, Term]) -> set[Term]:
    """Every gate and state that the output depends on, now or later."""
    live: set[Term] = set()
    waiting: list[object] = [output]
    while waiting:
        term = waiting.pop()
        if isinstance(term, frozenset):
            waiting += [part for part, _ in term]
        elif isinstance(term, tuple) and term[0] in ("gate", "state"):
            if term not in live:
                live.add(term)
                name = str(term[1])
                waiting += [*gates[name][0], *gates[name][1]] if term[0] == "gate" else [nexts[name]]
        elif isinstance(term, tuple):
            waiting += term[1:]
    return live
