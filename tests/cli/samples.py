"""A made-up study in a database, evaluated without training anything."""

from __future__ import annotations

import functools
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archsearch.ir import lower
from archsearch.ir.identity import arch_id, spec_id
from archsearch.schema.canonical import canonical_json, ordered_json, plain
from archsearch.schema.cell import Cell
from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.score import Failure, Score
from archsearch.schema.study import Model, Spec, Training
from archsearch.space import load_cell
from archsearch.store import EvaluationKey, NewEntry, Run, SpecRow, TrialEnd
from archsearch.store.lock import utc_now
from tests.schema import scores
from tests.store.free_store import FreeStore

TASK = {"name": "temporal_order", "length": 20, "markers": 2}
BUDGET = 12_800
CANDIDATES = ("mgu", "gru_reset_before", "ugrnn", "cifg")
BASELINES = ("rnn", "lstm")
LINES = {"mgu": "gru, coupled [bold]i = 1 - f[/bold]", "cifg": '=HYPERLINK("x")'}
"""Lines of two candidates that a terminal and a spreadsheet must not take for more than text."""

DEFINITION: dict[str, Any] = {
    "study": {
        "study": "tiny",
        "task": TASK,
        "search": {"sampler": "random", "pruner": "none", "trials": 5, "seeds": 1},
        "confirm": {"best": 2, "seeds": 3},
        "report": {"best": 1, "seeds": 4},
    },
    "space": "lstm_to_gru",
    "task": TASK,
    "baselines": dict.fromkeys(BASELINES),
}


def definition_with(**task: Any) -> dict[str, Any]:
    """The definition of a study of another task."""
    return DEFINITION | {"study": DEFINITION["study"] | {"task": task}, "task": task}


@functools.cache
def spec_row(name: str) -> SpecRow:
    """The shipped cell `name` in a small model."""
    cell: Cell = load_cell(name)
    spec = Spec(cell=cell, model=Model(hidden_size=8), training=Training(learning_rate=0.01, sequences=BUDGET))
    ir = lower(cell)
    return SpecRow(spec_id(spec), arch_id(ir), str(ir), ordered_json(plain(spec)), LINES.get(name, name))


def score(objective: float, **changes: Any) -> Score:
    """A score in this study; solved when it names `sequences_to_solve`."""
    usual = {
        "curve": [(6400, objective), (12_800, objective)],
        "parameters": 420,
        "operations": 500,
        "stages": 2,
        "seconds": 1.5,
        "backend": "reference",
    }
    return scores.score(objective, **usual | changes)


class Recorder:
    """Writes results into one study."""

    def __init__(self, store: FreeStore, study_id: int) -> None:
        self.store = store
        self.study_id = study_id

    def search(self) -> None:
        """Four candidates, of which one fails for good and one is evaluated at the second attempt; one refusal."""
        for number, name in enumerate(CANDIDATES):
            row = spec_row(name)
            self.store.record_proposal(self.study_id, number, {"coupling": "none", "peepholes.input": "yes"}, row)
            run = Run(self.study_id, "search", row.spec_id, 0)
            if name == "ugrnn":
                self.store.record_failure(
                    run, Failure(kind="nan", reason="nan \x1b[31m"), trial=TrialEnd(number, "failed")
                )
                continue
            if name == "mgu":
                self.store.record_attempt(run, Failure(kind="killed", reason="signal 9"))
            self.complete("search", name, 0, 0.9 - number / 10, TrialEnd(number, "complete", 0.9 - number / 10))
        self.store.record_refusal(self.study_id, len(CANDIDATES), {"coupling": "none"}, "no sound cell")

    def later(self, phase: Phase, names: tuple[str, ...], seeds: int) -> None:
        """The best candidates, in the report after the baselines, each better than the one before by 0.1."""
        baselines = BASELINES if phase == "report" else ()
        self.store.add_entries(self.study_id, phase, [NewEntry("candidate", spec_row(name)) for name in names])
        self.store.add_entries(self.study_id, phase, [NewEntry("baseline", spec_row(name), name) for name in baselines])
        for place, name in enumerate((*baselines, *names)):
            for seed in range(seeds):
                self.complete(phase, name, seed, 0.5 + place / 10 + seed / 100)

    def complete(self, phase: Phase, name: str, seed: int, objective: float, end: TrialEnd | None = None) -> None:
        """One evaluation; above 0.65 the task counts as solved."""
        row = spec_row(name)
        found = score(
            objective,
            sequences_to_solve=6400 + 640 * seed if objective > 0.65 else None,
            test=objective if phase == "report" else None,
        )
        key = EvaluationKey(row.spec_id, TASK, PHASES.index(phase) * 100 + seed, BUDGET, "reference", 1)
        self.store.record_completion(
            Run(self.study_id, phase, row.spec_id, seed), key, found, {"python": "3"}, trial=end
        )


def record_study(
    url: str,
    name: str,
    phases: int = 3,
    definition: dict[str, Any] = DEFINITION,
    clock: Callable[[], str] = utc_now,
) -> str:
    """A study with the first so many phases done."""
    file = Path(url.removeprefix("sqlite:///"))
    if clock is utc_now and url.startswith("sqlite:///") and not file.exists():
        file.write_bytes(_recorded(name, phases, canonical_json(definition)))
    else:
        _record(url, name, phases, canonical_json(definition), clock)
    return name


@functools.cache
def _recorded(name: str, phases: int, definition: str) -> bytes:
    """The file of a database with nothing but this study: to record one takes far longer than to copy it."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "study.db"
        _record(f"sqlite:///{file}", name, phases, definition, utc_now)
        return file.read_bytes()


def _record(url: str, name: str, phases: int, definition: str, clock: Callable[[], str]) -> None:
    with FreeStore.create(url, clock) as store:
        row = store.create_study(name, definition)
        recorder = Recorder(store, row.id)
        recorder.search()
        if phases > 1:
            recorder.later("confirm", ("mgu", "gru_reset_before"), 3)
        if phases > 2:
            recorder.later("report", ("mgu",), 4)
            store.set_state(row.id, "finished")
