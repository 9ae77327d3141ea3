"""One candidate or baseline of a study, with all that can be said of its cell."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from archsearch.errors import InvalidInput, quoted
from archsearch.findings.cells import CellFinding, explain
from archsearch.schema.cell import Cell
from archsearch.schema.phases import Phase
from archsearch.schema.sizes import Sizes
from archsearch.schema.states import Role
from archsearch.store import Choice
from archsearch.study.entries import Entry
from archsearch.study.stored import plan_of, trained_sizes

if TYPE_CHECKING:
    from pathlib import Path

    from archsearch.schema.score import Score
    from archsearch.store.store import Store


@dataclasses.dataclass(frozen=True)
class CandidateFinding:
    """A spec that takes part in a study.

    `choices` answer the space's holes; a baseline, which comes from no proposal, has none, and no `trial`. `parameters`
    and `operations` (per step) are those of the whole model, null until an evaluation of it is complete. `cell` is in
    one layer of the sizes in which it is trained; `note` says so where its task is not at hand and a size is a guess.
    """

    study: str
    spec_id: str
    role: Role
    label: str
    line: str
    phases: tuple[Phase, ...]
    trial: int | None
    choices: dict[str, Choice]
    model: dict[str, Any]
    training: dict[str, Any]
    parameters: int | None
    operations: int | None
    cell: CellFinding
    note: str


def candidate_of(store: Store, entry: Entry, tasks_from: Path | None = None) -> CandidateFinding:
    """All that is known of a spec that takes part in a study, but its scores."""
    trial = store.trial_of_spec(entry.row.id, entry.spec.spec_id)
    score = _score(store, entry)
    sizes, note = sizes_of(entry, tasks_from)
    return CandidateFinding(
        study=entry.row.name,
        spec_id=entry.spec.spec_id,
        role="baseline" if trial is None else "candidate",
        label=entry.label,
        line=entry.spec.line,
        phases=entry.phases,
        trial=None if trial is None else trial.number,
        choices={} if trial is None else trial.choices,
        model=entry.parts["model"],
        training=entry.parts["training"],
        parameters=None if score is None else score.parameters,
        operations=None if score is None else score.operations,
        cell=explain(cell_of(entry), sizes.input_size, sizes.hidden_size),
        note=note,
    )


def cell_of(entry: Entry) -> Cell:
    """The cell of an entry."""
    return Cell.model_validate(entry.parts["cell"])


def sizes_of(entry: Entry, tasks_from: Path | None) -> tuple[Sizes, str]:
    """The sizes in which an entry is trained, and what is to be said where its task is not at hand."""
    plan, model = plan_of(entry.row), entry.parts["model"]
    try:
        return trained_sizes(plan, model, tasks_from), ""
    except InvalidInput:
        usual = Sizes(hidden_size=int(model["hidden_size"]))
        name = quoted(str(plan.task["name"]))
        return usual, f"The task {name} is not at hand; the input size is a usual one, not that of the task."


def _score(store: Store, entry: Entry) -> Score | None:
    """That of any complete evaluation: what it says of sizes is the same for all."""
    for phase in entry.phases:
        for run in store.runs(entry.row.id, phase, entry.spec.spec_id):
            if run.score is not None:
                return run.score
    return None
