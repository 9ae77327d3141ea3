"""What leads to what, and dropping what no output reads, states included."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import TypeVar

from archsearch.ir.instructions import CellIR, Operand

T = TypeVar("T")


def reached(ends: Iterable[T], follow: Callable[[T], Iterable[T]]) -> set[T]:
    """The ends, and everything to which `follow` leads from them."""
    waiting = list(ends)
    known = set(waiting)
    while waiting:
        following = [value for value in follow(waiting.pop()) if value not in known]
        waiting += following
        known.update(following)
    return known


def drop_dead(ir: CellIR) -> CellIR:
    """The same cell without instructions and states that its output never depends on, at this step or a later one."""
    reads: dict[Operand, tuple[Operand, ...]] = {state.previous: (state.next,) for state in ir.states}
    reads |= {instruction.name: instruction.operands for instruction in ir.body}
    live = reached([ir.output], lambda value: reads.get(value, ()))
    return dataclasses.replace(
        ir,
        states=tuple(state for state in ir.states if state.previous in live),
        body=tuple(instruction for instruction in ir.body if instruction.name in live),
    )
