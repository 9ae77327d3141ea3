"""A cell as the text of a file, which loads as the same cell."""

from __future__ import annotations

from archsearch.errors import printable
from archsearch.schema.cell import Cell
from archsearch.schema.yaml_writer import spell_yaml

_LONGEST_LINE = 2000


def spell_file(cell: Cell, comment: str = "") -> str:
    """The cell in YAML without defaults, with the comment on top."""
    lines = [f"# {printable(line, _LONGEST_LINE)}".rstrip() for line in comment.splitlines()]
    document = {"cell": cell.cell, **cell.model_dump(exclude_defaults=True)}
    return "\n".join([*lines, spell_yaml(document)])
