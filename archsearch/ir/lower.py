"""From a cell's equations to instructions, reporting everything that is wrong with them."""

from __future__ import annotations

import keyword
import math

from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.formula import (
    ACTIVATIONS,
    FUNCTIONS,
    PRIMITIVES,
    Call,
    FaultyFormula,
    Formula,
    Name,
    Number,
    activation,
    parse,
)
from archsearch.ir.check import check
from archsearch.ir.dead import drop_dead
from archsearch.ir.instructions import Affine, CellIR, Instruction, Operand, Pointwise, State
from archsearch.schema.cell import Cell, CellBody, Gate

INPUT = "x"


def lower(cell: CellBody, name: str = "cell") -> CellIR:
    """The instructions of one step of `cell`; what no output reads is dropped.

    Raises `InvalidInput` with every problem (unknown names, functions, activations, wrong operand counts).
    """
    lowering = _Lowering(cell)
    lowering.run()
    if lowering.problems:
        raise InvalidInput(lowering.problems)
    states = tuple(State(state, float(initial), lowering.values[state]) for state, initial in cell.states.items())
    label = cell.cell if isinstance(cell, Cell) else name
    output = lowering.values[cell.output]
    ir = drop_dead(CellIR(label, (INPUT,), states, tuple(lowering.body), output))
    check(ir)
    return ir


class _Lowering:
    """Values known so far and the instructions that make them."""

    def __init__(self, cell: CellBody) -> None:
        self.cell = cell
        self.body: list[Instruction] = []
        self.values: dict[str, Operand] = {INPUT: INPUT}
        self.values |= {f"{state}_prev": f"{state}_prev" for state in cell.states}
        self.problems: list[Problem] = []
        self.temporaries = 0

    def run(self) -> None:
        for name, equation in self.cell.equations.items():
            problems_before = len(self.problems)
            if (what := _bad_name(name)) is not None:
                self.problems.append(Problem(("equations", name), *what, at_key=True))
            self.temporaries = 0
            self.values[name] = self._gate(name, equation) if isinstance(equation, Gate) else self._text(name, equation)
            if len(self.problems) > problems_before:
                self.values[name] = name  # one mistake, one message: later equations may read it
        self._ends()

    def _ends(self) -> None:
        known = list(self.cell.equations)
        for state in self.cell.states:
            if state not in self.cell.equations:
                self._fault(("states", state), f"no equation defines the state {quoted(state)}", one_of(known, state))
        if self.cell.output not in self.cell.equations:
            what = f"no equation defines the output {quoted(self.cell.output)}"
            self._fault(("output",), what, one_of(known, self.cell.output))

    def _text(self, name: str, text: str) -> Operand:
        formula = self._parse(text, ("equations", name))
        return name if formula is None else self._formula(formula, name, ("equations", name), name)

    def _gate(self, name: str, gate: Gate) -> Operand:
        path = ("equations", name)
        matrices = self._reads(name, gate.linear, (*path, "linear"))
        vectors = self._reads(name, gate.diagonal, (*path, "diagonal"))
        bias = None if gate.bias == "none" else float(gate.bias)
        if not matrices and not vectors and bias is None:
            self._fault(path, "a gate that reads nothing and has no bias", "give linear, diagonal or a bias")
        shape = activation(gate.activation)
        plain = shape == Name("a")
        affine = Affine(name if plain else f"{name}~", matrices, vectors, bias)
        self.body.append(affine)
        return name if plain else self._bound(shape, {"a": affine.name}, name, path, name)

    def _reads(self, name: str, texts: list[str], path: tuple[str | int, ...]) -> tuple[str, ...]:
        names: list[str] = []
        for index, text in enumerate(texts):
            formula = self._parse(text, (*path, index))
            value = None if formula is None else self._formula(formula, name, (*path, index))
            if isinstance(value, str):
                names.append(value)
            elif value is not None:
                self._fault((*path, index), f"{quoted(text)} is a constant", "allowed: something that varies")
        return tuple(names)

    def _parse(self, text: str, path: tuple[str | int, ...]) -> Formula | None:
        if "$" in text:
            self._fault(path, f"a hole in {quoted(text)}", "holes stand in a space: its cell has them, and their table")
            return None
        try:
            return parse(text)
        except InvalidInput as error:
            self.problems += [problem.under(*path) for problem in error.problems]
            for name in error.names if isinstance(error, FaultyFormula) else ():
                self._value(name, self.values, path)
            return None

    def _formula(
        self, formula: Formula, equation: str, path: tuple[str | int, ...], target: str | None = None
    ) -> Operand:
        return self._bound(formula, self.values, equation, path, target)

    def _bound(
        self,
        formula: Formula,
        values: dict[str, Operand],
        equation: str,
        path: tuple[str | int, ...],
        target: str | None = None,
    ) -> Operand:
        """Emit what computes `formula` over `values`; its last instruction is called `target` where there is one."""
        match formula:
            case Number(value=value):
                return value
            case Name(name=name):
                return self._value(name, values, path)
            case Call(function=function, operands=operands):
                args = tuple(self._bound(operand, values, equation, path) for operand in operands)
                if function in PRIMITIVES:
                    return self._emit(function, args, equation, path, target)
                return self._bound(activation(function), {"a": args[0]}, equation, path, target)

    def _emit(
        self, op: str, args: tuple[Operand, ...], equation: str, path: tuple[str | int, ...], target: str | None
    ) -> Operand:
        constants = [arg for arg in args if isinstance(arg, float)]
        if len(constants) == len(args):
            return self._fold(op, constants, path)
        if target is None:
            self.temporaries += 1
            target = f"{equation}~{self.temporaries}"
        self.body.append(Pointwise(target, op, args))
        return target

    def _fold(self, op: str, constants: list[float], path: tuple[str | int, ...]) -> float:
        try:
            value = PRIMITIVES[op].value(*constants)
        except (ArithmeticError, ValueError):
            value = math.nan
        if math.isfinite(value):
            return float(value)
        spelt = ", ".join(map(repr, constants))
        self._fault(path, f"the constant part {op}({spelt}) is not finite", "allowed: finite numbers")
        return 0.0

    def _value(self, name: str, values: dict[str, Operand], path: tuple[str | int, ...]) -> Operand:
        if name in values:
            return values[name]
        if name in self.cell.equations:
            allowed = "a name is read only below its definition"
            if name in self.cell.states:
                allowed += f"; the value of the step before is {quoted(f'{name}_prev')}"
            self._fault(path, f"{quoted(name)} is defined further down", allowed)
        elif name.endswith("_prev") and name.removesuffix("_prev") in self.cell.equations:
            state = name.removesuffix("_prev")
            self._fault(path, f"{quoted(state)} is not a state", f"add it to states to read {quoted(name)}")
        else:
            self._fault(path, f"nothing is called {quoted(name)}", one_of(values, name))
        return name

    def _fault(self, path: tuple[str | int, ...], what: str, allowed: str) -> None:
        problem = Problem(path, what, allowed)
        if problem not in self.problems:
            self.problems.append(problem)


def _bad_name(name: str) -> tuple[str, str] | None:
    if name == INPUT:
        return f"{quoted(name)} is the input's name", "choose another name"
    if name.endswith(("_prev", "_below")):
        return f"the name {quoted(name)}", "_prev and _below at the end of a name are kept for earlier values"
    if name in FUNCTIONS or name in ACTIVATIONS:
        return f"{quoted(name)} is the name of a function", "choose another name"
    if keyword.iskeyword(name):
        return f"{quoted(name)} cannot be used in formulas", "choose another name"
    return None
