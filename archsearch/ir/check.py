"""The laws that every IR obeys; run after lowering and after each pass."""

from __future__ import annotations

import math

from archsearch.formula import PRIMITIVES
from archsearch.ir.instructions import Affine, CellIR, Instruction, Operand


class BrokenIR(AssertionError):
    """An IR that breaks a law: a mistake in archsearch, not in a user's input."""


def check(ir: CellIR) -> None:
    """Raise `BrokenIR` unless every name is assigned once, before it is read, and every operation is well formed."""
    known = set(ir.inputs) | {state.previous for state in ir.states}
    if len(known) < len(ir.inputs) + len(ir.states):
        raise BrokenIR(f"{ir.cell}: two inputs or states share a name")
    for instruction in ir.body:
        _check_shape(instruction)
        for name in instruction.operands:
            _require(name in known, f"{instruction}: {name} is read before it is assigned")
        _require(instruction.name not in known, f"{instruction}: assigned twice")
        known.add(instruction.name)
    for state in ir.states:
        _require(not math.isnan(state.initial), f"state {state.name} starts at NaN")
    for end in (*(state.next for state in ir.states), ir.output):
        _check_end(end, known)


def _check_shape(instruction: Instruction) -> None:
    if isinstance(instruction, Affine):
        some = instruction.operands or instruction.bias is not None
        _require(bool(some), f"{instruction.name}: an affine of nothing")
        _require(instruction.bias is None or math.isfinite(instruction.bias), f"{instruction}: bias is not finite")
        return
    _require(instruction.op in PRIMITIVES, f"{instruction}: no such primitive")
    _require(len(instruction.args) == PRIMITIVES[instruction.op].arity, f"{instruction}: wrong number of operands")
    _require(bool(instruction.operands), f"{instruction}: only constants")
    constants = (arg for arg in instruction.args if isinstance(arg, float))
    _require(all(map(math.isfinite, constants)), f"{instruction}: a constant is not finite")


def _check_end(end: Operand, known: set[str]) -> None:
    _require(end in known if isinstance(end, str) else math.isfinite(end), f"{end} is an end but has no value")


def _require(law: bool, broken: str) -> None:
    if not law:
        raise BrokenIR(broken)
