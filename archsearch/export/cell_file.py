"""A cell as the text of a file, which loads as the same cell."""

from __future__ import annotations

import re

from archsearch.errors import printable
from archsearch.ir.instructions import spell
from archsearch.schema.cell import Cell, Gate

_PLAIN = re.compile(r"[A-Za-z0-9_(][A-Za-z0-9_()+*/. -]*")
_LONGEST_LINE = 2000


def spell_file(cell: Cell, comment: str = "") -> str:
    """The cell in YAML, with the comment on top."""
    lines = [f"# {printable(line, _LONGEST_LINE)}".rstrip() for line in comment.splitlines()]
    states = ", ".join(f"{name}: {_number(value)}" for name, value in cell.states.items())
    lines += [f"cell: {cell.cell}", f"states: {{{states}}}", f"output: {cell.output}", "equations:"]
    for name, equation in cell.equations.items():
        lines.append(f"  {name}: {_gate(equation) if isinstance(equation, Gate) else _text(equation)}")
    return "\n".join(lines) + "\n"


def _gate(gate: Gate) -> str:
    fields = []
    for name in ("linear", "diagonal"):
        texts = getattr(gate, name)
        if texts:
            fields.append(f"{name}: [{', '.join(map(_text, texts))}]")
    if gate.bias != 0:
        fields.append(f"bias: {gate.bias if gate.bias == 'none' else _number(float(gate.bias))}")
    if gate.activation != "identity":
        fields.append(f"activation: {gate.activation}")
    return f"{{{', '.join(fields)}}}"


def _text(text: str) -> str:
    """A formula as a scalar; in quotes where a flow list would cut it up."""
    return text if _PLAIN.fullmatch(text) else f'"{text}"'


def _number(value: float) -> str:
    return "-.inf" if value == float("-inf") else spell(value)
