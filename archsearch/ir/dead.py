"""Dropping what no output reads, states included."""

from __future__ import annotations

import dataclasses

from archsearch.ir.instructions import CellIR


def drop_dead(ir: CellIR) -> CellIR:
    """The same cell without instructions and states that its output never depends on, at this step or a later one."""
    makers = {instruction.name: instruction for instruction in ir.body}
    states = {state.previous: state for state in ir.states}
    live: set[str] = set()
    waiting = [ir.output]
    while waiting:
        name = waiting.pop()
        if not isinstance(name, str) or name in live:
            continue
        live.add(name)
        if name in states:
            waiting.append(states[name].next)
        elif name in makers:
            waiting.extend(makers[name].operands)
    return dataclasses.replace(
        ir,
        states=tuple(state for state in ir.states if state.previous in live),
        body=tuple(instruction for instruction in ir.body if instruction.name in live),
    )
