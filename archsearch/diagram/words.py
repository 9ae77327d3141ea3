"""A drawing in words, for screen readers: the cell's equations, read back from its graph."""

from __future__ import annotations

from archsearch.diagram.graph import Node, NodeGraph
from archsearch.ir import Affine, CellIR, Instruction, Pointwise
from archsearch.ir.instructions import spell

_INFIX = {"add": " + ", "sub": " − ", "mul": " * ", "div": " / ", "gt": " > "}
LONGEST = 2_000
"""Characters of one equation."""


def describe(ir: CellIR, graph: NodeGraph) -> str:
    """The equations of a cell, one a line, then its states and its output."""
    words = _Words(ir)
    lines = [f"{node.key} = {words.equation(node)}" for node in graph.nodes.values() if words.is_equation(node)]
    lines += [f"{state.name} = {spell(state.next)}" for state in ir.states if state.next != state.name]
    starts = ", ".join(f"{state.name} from {spell(state.initial)}" for state in ir.states)
    carried = ", ".join(graph.spines)
    lines.append(f"States: {starts}." if starts else "No states.")
    if carried:
        lines.append(f"Carried from step to step on a line of its own: {carried}.")
    return "\n".join([*lines, f"Output: {spell(ir.output)}."])


class _Words:
    def __init__(self, ir: CellIR) -> None:
        self.makers: dict[str, Instruction] = {instruction.name: instruction for instruction in ir.body}
        self.ends = {ir.output, *(state.next for state in ir.states)}

    def is_equation(self, node: Node) -> bool:
        """Whether a node's value has a name in the cell's file."""
        return node.key in self.makers and ("~" not in node.key or node.key in self.ends)

    def equation(self, node: Node) -> str:
        """The right-hand side of the equation that makes a node's value."""
        instruction = self.makers[node.key]
        text = self._instruction(instruction, node)
        return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"

    def _instruction(self, instruction: Instruction, node: Node | None = None) -> str:
        if node is not None and node.kind == "gate":
            affine = self.makers[node.folds[0]]
            assert isinstance(affine, Affine)
            return self._affine(affine) if node.sign == "lin" else f"{node.sign}({self._affine(affine)})"
        return self._affine(instruction) if isinstance(instruction, Affine) else self._pointwise(instruction)

    def _affine(self, affine: Affine) -> str:
        terms = [f"W·{self._value(name, nested=True)}" for name in affine.matrices]
        terms += [f"p⊙{self._value(name, nested=True)}" for name in affine.vectors]
        return " + ".join([*terms, *([] if affine.bias is None else [f"b({spell(affine.bias)})"])])

    def _pointwise(self, instruction: Pointwise) -> str:
        if instruction.op in _INFIX:
            return _INFIX[instruction.op].join(self._value(arg, nested=True) for arg in instruction.args)
        if instruction.op == "neg":
            return f"−{self._value(instruction.args[0], nested=True)}"
        return f"{instruction.op}({', '.join(self._value(arg) for arg in instruction.args)})"

    def _value(self, value: str | float, nested: bool = False) -> str:
        maker = self.makers.get(value) if isinstance(value, str) else None
        if maker is None or "~" not in maker.name or maker.name.endswith("~"):
            return spell(value)
        text = self._instruction(maker)
        infix = isinstance(maker, Pointwise) and (maker.op in _INFIX or maker.op == "neg")
        return f"({text})" if nested and infix else text
