"""What a training step writes to memory on its way forward, so that the way back finds everything it reads.

Kept is what the derivatives read and what cannot be computed again from states, inputs and other kept values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from archsearch.ir.instructions import Pointwise
from archsearch.ir.passes.reverse import ReverseSegment
from archsearch.ir.passes.segments import Program


@dataclasses.dataclass(frozen=True)
class Memory:
    """`stored`: values that get an array [time, batch, hidden] of their own, in program order.

    `next_states`: value -> the states that it becomes, whose sequences hold it anyway.
    """

    stored: tuple[str, ...]
    next_states: dict[str, tuple[str, ...]]

    def holds(self, name: str) -> bool:
        """Whether the value can be read back from memory."""
        return name in self.stored or name in self.next_states


def plan_memory(program: Program, backwards: tuple[ReverseSegment, ...]) -> Memory:
    """The values to store: operands of products (the weights' gradients read them) and what reverse mode lacks."""
    ends: dict[str, tuple[str, ...]] = {}
    makers = {instruction.name: instruction for instruction in program.pointwise}
    made = makers.keys() | {product.name for product in program.products}
    for state in program.ir.states:
        if isinstance(state.next, str) and state.next in made:
            ends[state.next] = (*ends.get(state.next, ()), state.name)
    stored = {name for product in program.products for name in product.matrices if name in made} - ends.keys()
    available = set(program.ir.inputs) | {state.previous for state in program.ir.states} | set(program.vectors)
    available |= stored | ends.keys()
    needed = _closure(program, backwards)
    for name in _in_order(program):
        if name in available:
            continue
        instruction = makers.get(name)
        if instruction is not None and all(operand in available for operand in instruction.operands):
            available.add(name)
        elif name in needed:
            stored.add(name)
            available.add(name)
    return Memory(tuple(name for name in _in_order(program) if name in stored), ends)


def _in_order(program: Program) -> Iterator[str]:
    for segment in program.segments:
        yield from (product.name for product in segment.products)
        yield from (instruction.name for instruction in segment.pointwise)


def _closure(program: Program, backwards: tuple[ReverseSegment, ...]) -> set[str]:
    """Every forward value that the way back reads."""
    forward = set(_in_order(program))
    reads: set[str] = set()
    for segment in backwards:
        reads |= {name for instruction in segment.body for name in _names(instruction) if name in forward}
    return reads


def _names(instruction: Pointwise) -> Iterator[str]:
    return (name for name in instruction.operands if not name.startswith("d "))
