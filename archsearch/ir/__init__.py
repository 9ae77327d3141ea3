"""One step of a cell as instructions: lowering, text, laws, cost, identity."""

from archsearch.ir.canonical import Canonical, canonical
from archsearch.ir.check import BrokenIR, check
from archsearch.ir.dead import drop_dead
from archsearch.ir.instructions import Affine, CellIR, Instruction, Operand, Pointwise, State
from archsearch.ir.lower import lower
from archsearch.ir.text import parse_ir

__all__ = [
    "Affine",
    "BrokenIR",
    "Canonical",
    "CellIR",
    "Instruction",
    "Operand",
    "Pointwise",
    "State",
    "canonical",
    "check",
    "drop_dead",
    "lower",
    "parse_ir",
]
