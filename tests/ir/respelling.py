"""Other ways to write a cell down that leave its architecture as it is."""

from __future__ import annotations

import ast
import functools
import random
import re
from collections.abc import Callable, Container, Iterator

from archsearch.schema.cell import Cell, Equation, Gate
from tests.ir.cells import cell, disguised, shuffled, swapped

Respelling = Callable[[Cell, random.Random], Cell]


def activations_in_readers(original: Cell, _: random.Random) -> Cell:
    """Gates are linear maps under their old names; who reads one applies its activation."""
    applied: dict[str, str] = {}
    plain: dict[str, Equation] = dict(original.equations)
    for name, equation in original.equations.items():
        inner = name not in original.states and name != original.output
        if isinstance(equation, Gate) and equation.activation != "identity" and inner:
            applied[name] = equation.activation
            plain[name] = equation.model_copy(update={"activation": "identity"})
    return _rewritten(cell(plain, original.states, original.output), lambda name: f"{applied[name]}({name})", applied)


def activations_apart(original: Cell, _: random.Random) -> Cell:
    """A gate is a linear map with a name of its own, and its activation an equation."""
    equations: dict[str, Equation] = {}
    for name, equation in original.equations.items():
        if isinstance(equation, Gate) and equation.activation != "identity":
            equations[f"{name}_map"] = equation.model_copy(update={"activation": "identity"})
            equations[name] = f"{equation.activation}({name}_map)"
        else:
            equations[name] = equation
    return cell(equations, original.states, original.output)


def operations_named(original: Cell, generator: random.Random) -> Cell:
    """Every operation inside a formula, or some of them, is an equation of its own."""
    equations: dict[str, Equation] = {}
    for name, equation in original.equations.items():
        naming = _Naming(name, equations, generator)
        if isinstance(equation, Gate):
            reads = {kind: [naming.text(text) for text in getattr(equation, kind)] for kind in ("linear", "diagonal")}
            equations[name] = equation.model_copy(update=reads)
        else:
            equations[name] = naming.text(equation, outermost=True)
    return cell(equations, original.states, original.output)


def formulas_inlined(original: Cell, _: random.Random) -> Cell:
    """Formulas stand where they are read; only states, the output and gates have equations."""
    found = original
    for name in reversed(original.equations):
        text = found.equations[name]
        if not isinstance(text, Gate) and name not in original.states and name != original.output:
            found = _rewritten(found, functools.partial(_in_parentheses, text), {name})
            equations = {key: value for key, value in found.equations.items() if key != name}
            found = cell(equations, original.states, original.output)
    return found


def subtractions_as_sums(original: Cell, _: random.Random) -> Cell:
    """`a - b` is `a + -1 * b`, and `1 - a` is `-a + 1`."""

    class Visitor(ast.NodeTransformer):
        def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
            self.generic_visit(node)
            if isinstance(node.op, ast.Sub):
                taken = ast.BinOp(ast.UnaryOp(ast.USub(), ast.Constant(1)), ast.Mult(), node.right)
                return ast.BinOp(taken, ast.Add(), node.left)
            return node

    return _mapped(original, lambda text: ast.unparse(Visitor().visit(ast.parse(text, mode="eval"))))


RESPELLINGS: dict[str, Respelling] = {
    "disguised": disguised,
    "activations in readers": activations_in_readers,
    "activations apart": activations_apart,
    "operations named": operations_named,
    "formulas inlined": formulas_inlined,
    "subtractions as sums": subtractions_as_sums,
    "shuffled and swapped": lambda original, generator: swapped(shuffled(original, generator), generator),
    "all at once": lambda original, generator: disguised(
        operations_named(activations_in_readers(subtractions_as_sums(original, generator), generator), generator),
        generator,
    ),
}


class _Naming(ast.NodeTransformer):
    def __init__(self, name: str, equations: dict[str, Equation], generator: random.Random) -> None:
        self.name = name
        self.equations = equations
        self.generator = generator
        self.count = 0

    def text(self, formula: str, *, outermost: bool = False) -> str:
        node = ast.parse(formula.strip(), mode="eval").body
        return ast.unparse(self.generic_visit(node) if outermost else self.visit(node))

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        return self._named(node)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.args = [self.visit(arg) for arg in node.args]
        return self._put(node)

    def _named(self, node: ast.expr) -> ast.expr:
        self.generic_visit(node)
        return self._put(node)

    def _put(self, node: ast.expr) -> ast.expr:
        varies = any(isinstance(each, ast.Name) and not _is_function(each, node) for each in ast.walk(node))
        if not varies or self.generator.random() < 0.2:
            return node
        self.count += 1
        new = f"{self.name}_{self.count}_part"
        self.equations[new] = ast.unparse(node)
        return ast.Name(new)


def _in_parentheses(text: str, _: str) -> str:
    return f"({text})"


def _is_function(name: ast.Name, inside: ast.expr) -> bool:
    return any(isinstance(each, ast.Call) and each.func is name for each in ast.walk(inside))


def _rewritten(original: Cell, put: Callable[[str], str], names: Container[str]) -> Cell:
    def text(formula: str) -> str:
        return re.sub(r"[A-Za-z_]\w*", lambda word: put(word[0]) if word[0] in names else word[0], formula)

    return _mapped(original, text)


def _mapped(original: Cell, text: Callable[[str], str]) -> Cell:
    def equation(old: Equation) -> Equation:
        if not isinstance(old, Gate):
            return text(str(old))
        return old.model_copy(update={"linear": [*map(text, old.linear)], "diagonal": [*map(text, old.diagonal)]})

    return cell({name: equation(old) for name, old in original.equations.items()}, original.states, original.output)


def respelled(original: Cell, generator: random.Random) -> Iterator[tuple[str, Cell]]:
    """The cell in every other way, by the name of the way."""
    for name, respelling in RESPELLINGS.items():
        yield name, respelling(original, generator)
