"""Reading the IR's text back (the grammar stands in instructions.py)."""

from __future__ import annotations

import re

from archsearch.formula import PRIMITIVES
from archsearch.ir.check import check
from archsearch.ir.instructions import Affine, CellIR, Instruction, Operand, Pointwise, State

_HEAD = re.compile(r"cell ([\w-]+)\(([^;]*); (.*)\)")
_LINE = re.compile(r"  (\S+) = (\w+) (.*)")
_ENDS = re.compile(r"  -> (.*); output=(\S+)")
_TERM = re.compile(r"([Wd])\[(\S+)\]|b\((\S+)\)")


def parse_ir(text: str) -> CellIR:
    """The IR that `str(ir)` printed. Raises `ValueError` on any other text, `BrokenIR` on one that breaks a law."""
    head, *body, ends = text.rstrip("\n").split("\n")
    cell, inputs, initials = _match(_HEAD, head)
    nexts, output = _match(_ENDS, ends)
    follow = dict(_pairs(nexts))
    states = tuple(State(name, float(start), _operand(follow[name])) for name, start in _pairs(initials))
    ir = CellIR(cell, tuple(inputs.split(", ")), states, tuple(map(_instruction, body)), _operand(output))
    check(ir)
    return ir


def _instruction(line: str) -> Instruction:
    name, op, rest = _match(_LINE, line)
    if op in PRIMITIVES:
        return Pointwise(name, op, tuple(map(_operand, rest.split(", "))))
    if op != "affine":
        raise ValueError(f"unknown instruction: {line!r}")
    terms = [_match(_TERM, term) for term in rest.split(" + ")]
    biases = [float(bias) for _, _, bias in terms if bias]
    return Affine(
        name,
        tuple(value for kind, value, _ in terms if kind == "W"),
        tuple(value for kind, value, _ in terms if kind == "d"),
        biases[0] if biases else None,
    )


def _match(pattern: re.Pattern[str], text: str) -> tuple[str, ...]:
    match = pattern.fullmatch(text)
    if match is None:
        raise ValueError(f"not a line of an IR: {text!r}")
    return match.groups(default="")


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in text.split(", ") if pair)]


def _operand(text: str) -> Operand:
    return float(text) if text[0] == "-" or text[0].isdigit() else text
