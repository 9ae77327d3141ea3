"""One candidate or baseline of a study, with all that can be said of its cell."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from archsearch.schema.phases import Phase
from archsearch.schema.states import Role
from archsearch.store import Choice


@dataclasses.dataclass(frozen=True)
class Nearest:
    """The textbook cell nearest to a cell. By `identity` the architectures are the same, as are those of `also`."""

    name: str
    measure: Literal["identity", "wiring", "graph"]
    distance: int
    differences: tuple[str, ...]
    also: tuple[str, ...]
    line: str


@dataclasses.dataclass(frozen=True)
class Candidate:
    """A spec that takes part in a study.

    `choices` answer the space's holes; a baseline, which comes from no proposal, has none, and no `trial`. `parameters`
    and `operations` (per step) are those of the whole model, null until an evaluation of it is complete. `text` and
    `sentences` are the equations as in a paper and in words, `latex` all of them as an `align` block. A state that
    starts at minus infinity starts at null.
    """

    study: str
    spec_id: str
    arch_id: str
    role: Role
    label: str
    line: str
    phases: tuple[Phase, ...]
    trial: int | None
    choices: dict[str, Choice]
    model: dict[str, Any]
    training: dict[str, Any]
    stages: int
    parameters: int | None
    operations: int | None
    parameter_formula: str
    states: dict[str, float | None]
    output: str
    equations: dict[str, Any]
    text: dict[str, str]
    titles: dict[str, str]
    sentences: dict[str, str]
    latex: str
    latex_parameters: dict[str, str]
    nearest: Nearest | None
    ir: str
