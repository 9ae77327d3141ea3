"""One spec of a study with all that can be said of its cell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archsearch.api import documents
from archsearch.api.problems import Declined

if TYPE_CHECKING:
    from archsearch.export.explanation import Explanation
    from archsearch.schema.cell import Cell
    from archsearch.schema.score import Phase, Score
    from archsearch.store import Store, StudyRow


def candidate_of(store: Store, row: StudyRow, spec_id: str) -> documents.Candidate:
    """What is known of a spec that takes part in a study; `Declined` (404) when none with this id does."""
    from archsearch.export.explanation import parameter_formula
    from archsearch.ir import lower

    cell, parts = stored_cell(store, row, spec_id)
    spec = store.spec(spec_id)
    assert spec is not None
    phases = _phases(store, row, spec_id)
    trial = store.trial_of_spec(row.id, spec_id)
    score = _score(store, row, spec_id, phases)
    ir = lower(cell)
    return documents.Candidate(
        study=row.name,
        spec_id=spec_id,
        arch_id=spec.arch_id,
        role="baseline" if trial is None else "candidate",
        label=_label(store, row, phases[0], spec_id) if trial is None else "",
        line=spec.line,
        phases=phases,
        trial=None if trial is None else trial.number,
        choices={} if trial is None else trial.choices,
        model=parts["model"],
        training=parts["training"],
        parameters=None if score is None else score.parameters,
        operations=None if score is None else score.operations,
        parameter_formula=parameter_formula(ir),
        ir=str(ir),
        **_said(cell),
    )


def stored_cell(store: Store, row: StudyRow, spec_id: str) -> tuple[Cell, dict[str, Any]]:
    """The cell of a spec that takes part in a study, and the spec's document; `Declined` (404) when none does."""
    from archsearch.schema.cell import Cell

    spec = store.spec(spec_id) if _phases(store, row, spec_id) else None
    if spec is None:
        raise Declined(404, "the study has no entry with this spec")
    document: dict[str, Any] = json.loads(spec.document)
    return Cell.model_validate(document["cell"]), document


def explained(cell: Cell) -> dict[str, Any]:
    """The equations of a cell as text, in words and as LaTeX."""
    return _words(_explain(cell))


def _explain(cell: Cell) -> Explanation:
    from archsearch.export.explanation import explain

    return explain(cell, 1, 1)  # words do not depend on sizes


def _words(found: Explanation) -> dict[str, Any]:
    return {
        "text": {equation.name: equation.text for equation in found.equations},
        "sentences": {equation.name: equation.sentence for equation in found.equations},
        "latex": found.latex.text,
    }


def _said(cell: Cell) -> dict[str, Any]:
    found = _explain(cell)
    nearest = found.nearest
    return _words(found) | {
        "stages": found.stages,
        "states": {name: None if start == float("-inf") else start for name, start in cell.states.items()},
        "output": cell.output,
        "equations": cell.model_dump(mode="json")["equations"],
        "titles": {equation.name: equation.title for equation in found.equations},
        "latex_parameters": found.latex.symbols,
        "nearest": None
        if nearest is None
        else documents.Nearest(
            nearest.name, nearest.measure, nearest.distance, nearest.differences, nearest.also, nearest.line
        ),
    }


def _phases(store: Store, row: StudyRow, spec_id: str) -> tuple[Phase, ...]:
    from archsearch.study.stored import PHASES

    return tuple(phase for phase in PHASES if store.has_entry(row.id, phase, spec_id))


def _label(store: Store, row: StudyRow, phase: Phase, spec_id: str) -> str:
    return next(entry.label for entry in store.entries(row.id, phase) if entry.spec_id == spec_id)


def _score(store: Store, row: StudyRow, spec_id: str, phases: tuple[Phase, ...]) -> Score | None:
    """That of any complete evaluation: what it says of sizes is the same for all."""
    for phase in phases:
        for run in store.runs(row.id, phase, spec_id):
            if run.evaluation is not None and run.evaluation.score is not None:
                return run.evaluation.score
    return None
