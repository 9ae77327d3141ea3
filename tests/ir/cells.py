"""Cells for tests: written in a line, edited, disguised, drawn at random."""

from __future__ import annotations

import ast
import random
import re
from collections.abc import Mapping, Sequence
from typing import Any

from archsearch.ir import CellIR, lower
from archsearch.ir.identity import arch_id
from archsearch.schema.cell import Cell, Equation, Gate


def cell(equations: Mapping[str, Any], states: Mapping[str, float] | Sequence[str] = ("h",), output: str = "h") -> Cell:
    """A cell; states given by name start at 0."""
    starts = states if isinstance(states, Mapping) else dict.fromkeys(states, 0.0)
    return Cell.model_validate(
        {"cell": "test", "states": dict(starts), "output": output, "equations": dict(equations)}, strict=False
    )


def gate(*linear: str, **fields: Any) -> dict[str, Any]:
    """A gate that reads `linear`."""
    return {"linear": list(linear), **fields}


def sigmoid(*linear: str, **fields: Any) -> dict[str, Any]:
    """A sigmoid gate that reads `linear`."""
    return gate(*linear, activation="sigmoid", **fields)


def identity(of: Cell) -> str:
    """The cell's arch_id."""
    return arch_id(lower(of))


def with_equations(original: Cell, **changed: Any) -> Cell:
    """The same cell with some equations replaced or, in the end, added."""
    new = {name: Gate(**equation) if isinstance(equation, dict) else equation for name, equation in changed.items()}
    return cell({**original.equations, **new}, original.states, original.output)


def renamed(original: Cell, names: Mapping[str, str]) -> Cell:
    """The same cell with other names for its equations and states."""

    def text(formula: str) -> str:
        return re.sub(r"[A-Za-z_]\w*", lambda match: _renamed_word(match[0], original, names), formula)

    def equation(old: Equation) -> Equation:
        if not isinstance(old, Gate):
            return text(old)
        linear, diagonal = list(map(text, old.linear)), list(map(text, old.diagonal))
        return old.model_copy(update={"linear": linear, "diagonal": diagonal})

    equations = {names.get(name, name): equation(old) for name, old in original.equations.items()}
    states = {names.get(name, name): start for name, start in original.states.items()}
    return cell(equations, states, names.get(original.output, original.output))


def _renamed_word(word: str, original: Cell, names: Mapping[str, str]) -> str:
    if word in original.equations:
        return names.get(word, word)
    state = word.removesuffix("_prev")
    return f"{names.get(state, state)}_prev" if state in original.states and word.endswith("_prev") else word


def shuffled(original: Cell, generator: random.Random) -> Cell:
    """The same equations in another legal order, states and read values too."""
    waiting = dict(original.equations)
    generator.shuffle(keys := list(waiting))
    equations: dict[str, Equation] = {}
    while keys:
        ready = [name for name in keys if not _reads(waiting[name]) & set(keys)]
        name = generator.choice(ready)
        keys.remove(name)
        equations[name] = _shuffled_reads(waiting[name], generator)
    states = list(original.states.items())
    generator.shuffle(states)
    return cell(equations, dict(states), original.output)


def swapped(original: Cell, generator: random.Random) -> Cell:
    """The same cell with operands of commutative operations swapped here and there."""
    swap = _Swap(generator)

    def text(formula: str) -> str:
        return ast.unparse(swap.visit(ast.parse(formula.strip(), mode="eval")))

    def equation(old: Equation) -> Equation:
        if not isinstance(old, Gate):
            return text(old)
        linear, diagonal = list(map(text, old.linear)), list(map(text, old.diagonal))
        return old.model_copy(update={"linear": linear, "diagonal": diagonal})

    equations = {name: equation(old) for name, old in original.equations.items()}
    return cell(equations, original.states, original.output)


class _Swap(ast.NodeTransformer):
    def __init__(self, generator: random.Random) -> None:
        self.generator = generator

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self.generator.random() < 0.5:
            node.left, node.right = node.right, node.left
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id in ("max", "min") and self.generator.random() < 0.5:
            node.args.reverse()
        return node


def disguised(original: Cell, generator: random.Random) -> Cell:
    """The same architecture under other names, in another order, with operands swapped."""
    names = [f"n{index}" for index in range(len(original.equations))]
    generator.shuffle(names)
    return swapped(shuffled(renamed(original, dict(zip(original.equations, names, strict=True))), generator), generator)


def _reads(equation: Equation) -> set[str]:
    texts = [*equation.linear, *equation.diagonal] if isinstance(equation, Gate) else [equation]
    return set(re.findall(r"[A-Za-z_]\w*", " ".join(texts)))


def _shuffled_reads(equation: Equation, generator: random.Random) -> Equation:
    if not isinstance(equation, Gate):
        return equation
    linear = generator.sample(equation.linear, len(equation.linear))
    return equation.model_copy(update={"linear": linear})


def lowered(equations: Mapping[str, Any], states: Mapping[str, float] | Sequence[str] = ("h",)) -> CellIR:
    """The instructions of a cell given by its equations; its output is `h`."""
    return lower(cell(equations, states))
