"""From instructions to the nodes of a drawing, the bundles of lines between them, and the states' lines."""

from __future__ import annotations

import dataclasses
from collections import deque

from archsearch.diagram.graph import OUTPUT_KEY, Node, NodeGraph, Read, next_key
from archsearch.diagram.signs import (
    activation_sign,
    find_activation,
    is_gate_of,
    is_temporary,
    number_sign,
    operation_sign,
)
from archsearch.ir import Affine, CellIR, Operand, Pointwise


def graph_of(ir: CellIR) -> NodeGraph:
    """The drawing's graph of one step of a cell."""
    nodes = _bundled(_Folding(ir).nodes())
    return NodeGraph(nodes, _find_spines(ir, nodes))


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
        sources = [Node(name, "input", name=name) for name in self.ir.inputs]
        sources += [Node(state.previous, "previous", name=state.previous, state=state.name) for state in self.ir.states]
        body = []
        for instruction in reversed(self.ir.body):
            if instruction.name not in self.folded:
                node = self._affine(instruction) if isinstance(instruction, Affine) else self._pointwise(instruction)
                body.append(node)
        ends: list[Node] = []
        for state in self.ir.states:
            ends += self._end(Node(next_key(state.name), "next", name=state.name, state=state.name), state.next)
        ends += self._end(Node(OUTPUT_KEY, "output", name=self._output_name()), self.ir.output)
        return {node.key: node for node in [*sources, *reversed(body), *ends]}

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


def _bundled(nodes: dict[str, Node]) -> dict[str, Node]:
    """The same nodes, where values that gates read together travel as one line.

    There is a bundle for each set of values that at least two gates read; each below what it reads.
    """
    inputs = {key: _matrices(node) for key, node in nodes.items() if node.kind == "gate"}
    sets = [values for values in dict.fromkeys(inputs.values()) if len(values) > 1]
    sets = [values for values in sets if sum(values <= other for other in inputs.values()) > 1]
    bundles: dict[frozenset[str], Node] = {}
    for values in sorted(sets, key=len):
        bundles[values] = _bundle(values, bundles, nodes)
    placed: dict[str, Node] = {}
    for key, node in nodes.items():
        bundle = bundles.get(inputs.get(key, frozenset()))
        if bundle is not None:
            _place(bundle, bundles, placed)
            others = tuple(read for read in node.reads if read.kind != "matrix")
            placed[key] = dataclasses.replace(node, reads=(Read(bundle.key, "matrix"), *others))
        else:
            placed[key] = node
    return placed


def _matrices(gate: Node) -> frozenset[str]:
    """What a gate reads through matrices; nothing where it reads a value twice."""
    values = [read.value for read in gate.reads if read.kind == "matrix"]
    return frozenset(values) if len(set(values)) == len(values) else frozenset()


def _bundle(values: frozenset[str], known: dict[frozenset[str], Node], nodes: dict[str, Node]) -> Node:
    """A bundle of `values`, with the larger known bundles inside it instead of their parts."""
    rest, parts = set(values), []
    for inner in sorted(known, key=lambda part: (-len(part), known[part].key)):
        if inner <= rest:
            parts.append(known[inner].key)
            rest -= inner
    parts += [key for key in nodes if key in rest]
    key = f"bundle of {', '.join(key for key in nodes if key in values)}"
    return Node(key, "bundle", reads=tuple(Read(part, "member") for part in parts))


def _place(bundle: Node, bundles: dict[frozenset[str], Node], placed: dict[str, Node]) -> None:
    by_key = {node.key: node for node in bundles.values()}
    for read in bundle.reads:
        if read.value in by_key:
            _place(by_key[read.value], bundles, placed)
    placed.setdefault(bundle.key, bundle)


def _find_spines(ir: CellIR, nodes: dict[str, Node]) -> dict[str, tuple[str, ...]]:
    """For each state that flows through operations alone, those operations in order; each belongs to one state."""
    taken: set[str] = set()
    spines: dict[str, tuple[str, ...]] = {}
    for state in ir.states:
        path = _shortest_way(state.previous, nodes[next_key(state.name)].reads[0].value, nodes, taken)
        if path is not None:
            spines[state.name] = path
            taken |= set(path)
    return spines


def _shortest_way(start: str, end: str, nodes: dict[str, Node], taken: set[str]) -> tuple[str, ...] | None:
    waiting: deque[tuple[str, ...]] = deque([(end,)])
    seen = {end}
    while waiting:
        path = waiting.popleft()
        if path[0] == start:
            return path[1:]
        node = nodes[path[0]]
        if node.kind != "operation" or node.key in taken:
            continue
        for read in node.reads:
            if read.value not in seen:
                seen.add(read.value)
                waiting.append((read.value, *path))
    return None
