"""From instructions to the nodes of a drawing."""

from __future__ import annotations

from archsearch.diagram.bundles import bundled
from archsearch.diagram.graph import OUTPUT_KEY, Graph, Node, Read, next_key
from archsearch.diagram.signs import (
    activation_sign,
    find_activation,
    is_gate_of,
    is_temporary,
    number_sign,
    operation_sign,
)
from archsearch.diagram.spines import find_spines
from archsearch.ir import Affine, CellIR, Operand, Pointwise


def graph_of(ir: CellIR) -> Graph:
    """The drawing's graph of one step of a cell."""
    nodes = bundled(_Folding(ir).nodes())
    return Graph(nodes, find_spines(ir, nodes))


class _Folding:
    """Goes through the body backwards, so that a value is folded into its one reader before it gets a node."""

    def __init__(self, ir: CellIR) -> None:
        self.ir = ir
        self.makers = {instruction.name: instruction for instruction in ir.body}
        self.uses: dict[str, list[str]] = {name: [] for name in self.makers}
        for instruction in ir.body:
            self._use(instruction.operands, instruction.name)
        for state in ir.states:
            self._use((state.next,), next_key(state.name))
        self._use((ir.output,), OUTPUT_KEY)
        self.folded: set[str] = set()
        # A state's value needs no name in the drawing: it stands at the end of its line.
        self.at_an_end: set[Operand] = {state.next for state in ir.states if state.next == state.name}
        if not any(state.next == ir.output for state in ir.states):
            self.at_an_end.add(ir.output)

    def _use(self, values: tuple[Operand, ...], reader: str) -> None:
        for value in values:
            if value in self.uses and isinstance(value, str):
                self.uses[value].append(reader)

    def nodes(self) -> dict[str, Node]:
        made = [Node(name, "input", name=name) for name in self.ir.inputs]
        made += [Node(state.previous, "previous", name=state.previous, state=state.name) for state in self.ir.states]
        body = []
        for instruction in reversed(self.ir.body):
            if instruction.name not in self.folded:
                node = self._affine(instruction) if isinstance(instruction, Affine) else self._pointwise(instruction)
                body.append(node)
        ends: list[Node] = []
        for state in self.ir.states:
            ends += self._end(Node(next_key(state.name), "next", name=state.name, state=state.name), state.next)
        ends += self._end(Node(OUTPUT_KEY, "output", name=self._output_name()), self.ir.output)
        return {node.key: node for node in [*made, *reversed(body), *ends]}

    def _output_name(self) -> str:
        """The state that the output is, or else the name of its value."""
        names = [state.name for state in self.ir.states if state.next == self.ir.output]
        return names[0] if names else self.ir.output if isinstance(self.ir.output, str) else "output"

    def _end(self, end: Node, value: Operand) -> list[Node]:
        constant = [] if isinstance(value, str) else [Node(f"number of {end.key}", "constant", number_sign(value))]
        source = value if isinstance(value, str) else constant[0].key
        read = Read(source, "end")
        return [*constant, Node(end.key, end.kind, name=end.name, reads=(read,), state=end.state)]

    def _affine(
        self, affine: Affine, key: str = "", activation: str = "identity", inside: tuple[str, ...] = ()
    ) -> Node:
        reads = [Read(name, "matrix") for name in affine.matrices] + [Read(name, "diagonal") for name in affine.vectors]
        return Node(
            key or affine.name,
            "gate",
            activation_sign(activation),
            affine.equation,
            tuple(reads),
            (affine.name, *inside),
            start=number_sign(affine.bias) if affine.bias else "",
        )

    def _pointwise(self, root: Pointwise) -> Node:
        match = find_activation(root, self.makers, self.uses)
        if match is None:
            return self._chain(root)
        self.folded |= set(match.inside)
        affine = self.makers.get(match.argument)
        if is_gate_of(affine, root.name) and set(self.uses[match.argument]) <= set(match.inside):
            assert isinstance(affine, Affine)
            self.folded.add(affine.name)
            return self._affine(affine, root.name, match.activation, match.inside)
        read = Read(match.argument, "operand")
        return self._operation(root.name, activation_sign(match.activation), (read,), match.inside)

    def _chain(self, root: Pointwise) -> Node:
        inside: list[str] = []
        reads = tuple(self._terms(root, root.op if len(root.operands) == len(root.args) else "", "", inside))
        if len(inside) == 1:
            sign, marks = operation_sign(root)
            reads = tuple(Read(value, "operand", mark) for value, mark in zip(root.operands, marks, strict=True))
        else:
            self.folded |= set(inside)
            sign = "×" if root.op == "mul" else "−" if len(reads) == 2 and reads[0].mark != reads[1].mark else "+"
        return self._operation(root.name, sign, reads, tuple(inside))

    def _terms(self, root: Pointwise, op: str, mark: str, inside: list[str]) -> list[Read]:
        """The values that a chain of sums or of products reads; negative terms are marked."""
        inside.append(root.name)
        signs = [mark] * len(root.args)
        if root.op in ("sub", "neg"):
            signs[-1] = "" if mark else "−"
        reads = []
        for arg, sign in zip(root.args, signs, strict=True):
            inner = self.makers.get(arg) if isinstance(arg, str) else None
            if isinstance(inner, Pointwise) and self._continues(inner, op):
                reads += self._terms(inner, op, sign, inside)
            elif isinstance(arg, str):
                reads.append(Read(arg, "operand", sign))
        return reads

    def _continues(self, inner: Pointwise, op: str) -> bool:
        """Whether `inner` is a part of a chain of `op`: without a name, a number or another reader."""
        family = {"add": ("add", "sub", "neg"), "sub": ("add", "sub", "neg"), "mul": ("mul",)}.get(op, ())
        alone = is_temporary(inner.name) and len(self.uses[inner.name]) == 1
        return alone and inner.op in family and len(inner.operands) == len(inner.args)

    def _operation(self, key: str, sign: str, reads: tuple[Read, ...], inside: tuple[str, ...]) -> Node:
        name = "" if is_temporary(key) or key in self.at_an_end else key
        return Node(key, "operation", sign, name, reads, inside)
