"""Reverse mode over pointwise instructions: the derivative of each segment as more pointwise instructions.

An adjoint in memory is called `d <name>`, what is computed on the way `~1`, `~2`, ... Between segments adjoints live in
memory, where several contributions add up; the products of a segment add theirs in between.
"""

from __future__ import annotations

import dataclasses
import math

from archsearch.formula import PRIMITIVES, Call, Formula, Name, Number, activation, parse
from archsearch.ir.instructions import Operand, Pointwise
from archsearch.ir.passes.segments import Program, Segment


@dataclasses.dataclass(frozen=True)
class ReverseSegment:
    """The way back through one segment's pointwise instructions.

    `seeds` names the values whose adjoints the body reads from memory. After the body, `products[name]` is the adjoint
    of each product, and `adds[name]` is what is added to the adjoint of a value made earlier (or of a vector).
    """

    segment: Segment
    seeds: tuple[str, ...]
    body: tuple[Pointwise, ...]
    products: dict[str, Operand]
    adds: dict[str, Operand]


def reverse(program: Program) -> tuple[ReverseSegment, ...]:
    """The segments from the last to the first. Adjoints of ends (output, next states) are seeds of their values."""
    ends = {end for end in (*(state.next for state in program.ir.states), program.ir.output) if isinstance(end, str)}
    waiting = set(ends)  # values whose adjoint has something in memory by now
    segments = []
    for segment in reversed(program.segments):
        one = _Backwards(segment, waiting).run()
        segments.append(one)
        waiting |= set(one.adds)
        waiting |= {name for product in segment.products for name in product.matrices}
    return tuple(segments)


class _Backwards:
    def __init__(self, segment: Segment, waiting: set[str]) -> None:
        self.segment = segment
        self.waiting = waiting
        self.seeds: list[str] = []
        self.body: list[Pointwise] = []
        self.terms: dict[str, list[Operand]] = {}
        self.count = 0

    def run(self) -> ReverseSegment:
        for instruction in reversed(self.segment.pointwise):
            adjoint = self._adjoint(instruction.name)
            if adjoint != 0.0:
                self._spread(instruction, adjoint)
        products = {product.name: self._adjoint(product.name) for product in self.segment.products}
        adds = {name: self._sum(terms) for name, terms in self.terms.items()}
        return ReverseSegment(self.segment, tuple(self.seeds), tuple(self.body), products, adds)

    def _adjoint(self, name: str) -> Operand:
        terms = self.terms.pop(name, [])
        if name in self.waiting:
            self.seeds.append(name)
            terms = [f"d {name}", *terms]
        return self._sum(terms)

    def _sum(self, terms: list[Operand]) -> Operand:
        total: Operand = 0.0
        for term in terms:
            total = self._apply("add", (total, term))
        return total

    def _spread(self, instruction: Pointwise, adjoint: Operand) -> None:
        primitive = PRIMITIVES[instruction.op]
        values: dict[str, Operand] = dict(zip("abcd", instruction.args, strict=False)) | {"y": instruction.name}
        for arg, text in zip(instruction.args, primitive.derivatives, strict=True):
            if isinstance(arg, str):
                term = self._times(adjoint, parse(text, internal=True), values)
                if term != 0.0:
                    self.terms.setdefault(arg, []).append(term)

    def _times(self, adjoint: Operand, derivative: Formula, values: dict[str, Operand]) -> Operand:
        """The adjoint times a derivative.

        Where the derivative selects or divides, the adjoint itself is selected or divided: 0 times an infinite adjoint
        would be NaN, and 1 / b can be infinite where adjoint / b is not.
        """
        match derivative:
            case Call(function="where_le", operands=(a, b, c, d)):
                compared = (self._formula(a, values), self._formula(b, values))
                return self._apply(
                    "where_le", (*compared, self._times(adjoint, c, values), self._times(adjoint, d, values))
                )
            case Call(function="div", operands=(dividend, divisor)):
                return self._apply("div", (self._times(adjoint, dividend, values), self._formula(divisor, values)))
        return self._apply("mul", (adjoint, self._formula(derivative, values)))

    def _formula(self, formula: Formula, values: dict[str, Operand]) -> Operand:
        match formula:
            case Number(value=value):
                return value
            case Name(name=name):
                return values[name]
            case Call(function=function, operands=operands):
                args = tuple(self._formula(operand, values) for operand in operands)
                if function in PRIMITIVES:
                    return self._apply(function, args)
                return self._formula(activation(function), {"a": args[0]})

    def _apply(self, op: str, args: tuple[Operand, ...]) -> Operand:
        if all(isinstance(arg, float) for arg in args):
            return _folded(op, args)
        simple = _simplified(op, args)
        if simple is not None:
            return simple
        if op == "mul" and -1.0 in args:
            op, args = "neg", tuple(arg for arg in args if arg != -1.0)
        self.count += 1
        self.body.append(Pointwise(f"~{self.count}", op, args))
        return self.body[-1].name


def _folded(op: str, args: tuple[Operand, ...]) -> float:
    """The value of an operation on numbers; of a division by zero too, in which a cell's text may end."""
    if op == "div" and args[1] == 0.0:
        return math.copysign(math.inf, float(args[0]) * math.copysign(1.0, float(args[1])))
    return float(PRIMITIVES[op].value(*args))


def _simplified(op: str, args: tuple[Operand, ...]) -> Operand | None:
    """Sums with 0 and products with 0 or 1, which arise from the derivatives of sums and constants."""
    if op in ("add", "mul"):
        unit = PRIMITIVES[op].unit
        for here, there in (args, args[::-1]):
            if here == unit:
                return there
            if op == "mul" and here == 0.0:
                return 0.0
    return None
