"""Results of the child processes of a server: the validation of a text, its definitions, the diagram of a cell."""

from __future__ import annotations

import dataclasses

from archsearch.errors import Problem
from archsearch.store import Choice


@dataclasses.dataclass(frozen=True)
class Sample:
    """A cell drawn from a space: the equations as text; no `svg` where it cannot be drawn, or not in time."""

    line: str
    arch_id: str
    choices: dict[str, Choice]
    equations: dict[str, str]
    svg: str | None


@dataclasses.dataclass(frozen=True)
class Validation:
    """The mistakes of a text, or what is proved of it.

    Where samples were asked for and the text is a valid space or study: `size`, the configurations of the space, null
    where there are more than are counted, and cells drawn from it, of different architectures as far as there are.
    """

    kind: str
    name: str
    valid: bool
    proved: str
    problems: tuple[Problem, ...]
    size: int | None = None
    samples: tuple[Sample, ...] = ()


@dataclasses.dataclass(frozen=True)
class Definitions:
    """The studies of a text by name and definition, as the store keeps them, or what is wrong with the text."""

    studies: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclasses.dataclass(frozen=True)
class Diagram:
    """A drawing as SVG: a file of its own with its style sheet, and `bare` for a page that has it already."""

    styled: str
    bare: str
