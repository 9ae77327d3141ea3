"""One spec of a study with all that can be said of its cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archsearch.api.parameters import NO_ENTRY
from archsearch.findings.candidates import Candidate, Nearest
from archsearch.server.problems import Declined

if TYPE_CHECKING:
    from archsearch.findings.explanation import Explanation
    from archsearch.schema.cell import Cell
    from archsearch.schema.score import Score
    from archsearch.store import StudyRow
    from archsearch.store.store import Store
    from archsearch.study.entries import Entry


def candidate_of(store: Store, row: StudyRow, spec_id: str) -> Candidate:
    """What is known of a spec that takes part in a study; `Declined` (404) when none with this id does."""
    from archsearch.findings.explanation import parameter_formula
    from archsearch.ir import lower

    entry = entry_of(store, row, spec_id)
    cell = cell_of(entry)
    trial = store.trial_of_spec(row.id, spec_id)
    score = _score(store, entry)
    ir = lower(cell)
    return Candidate(
        study=row.name,
        spec_id=spec_id,
        arch_id=entry.spec.arch_id,
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
        parameter_formula=parameter_formula(ir),
        ir=str(ir),
        **_said(cell),
    )


def entry_of(store: Store, row: StudyRow, spec_id: str) -> Entry:
    """The spec with this id; `Declined` (404) when none takes part in the study."""
    from archsearch.study.entries import find_entry

    entry = find_entry(store, row, spec_id)
    if entry is None:
        raise Declined(404, NO_ENTRY)
    return entry


def cell_of(entry: Entry) -> Cell:
    """The cell of an entry."""
    from archsearch.schema.cell import Cell

    return Cell.model_validate(entry.parts["cell"])


def explained(cell: Cell) -> dict[str, Any]:
    """The equations of a cell as text, in words and as LaTeX."""
    return _words(_explain(cell))


def _explain(cell: Cell) -> Explanation:
    from archsearch.findings.explanation import explain

    return explain(cell, 1, 1)  # words do not depend on sizes


def _words(found: Explanation) -> dict[str, Any]:
    return {
        "text": {equation.name: equation.text for equation in found.equations},
        "sentences": {equation.name: equation.sentence for equation in found.equations},
        "latex": found.latex.text,
    }


def _said(cell: Cell) -> dict[str, Any]:
    from archsearch.findings.cells import start_values

    found = _explain(cell)
    nearest = found.nearest
    return _words(found) | {
        "stages": found.stages,
        "states": start_values(cell),
        "output": cell.output,
        "equations": cell.model_dump(mode="json")["equations"],
        "titles": {equation.name: equation.title for equation in found.equations},
        "latex_parameters": found.latex.symbols,
        "nearest": None
        if nearest is None
        else Nearest(nearest.name, nearest.measure, nearest.distance, nearest.differences, nearest.also, nearest.line),
    }


def _score(store: Store, entry: Entry) -> Score | None:
    """That of any complete evaluation: what it says of sizes is the same for all."""
    for phase in entry.phases:
        for run in store.runs(entry.row.id, phase, entry.spec.spec_id):
            if run.evaluation is not None and run.evaluation.score is not None:
                return run.evaluation.score
    return None
