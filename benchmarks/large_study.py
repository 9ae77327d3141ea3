"""A study of ten thousand trials in a database, none of them trained: what boards and pages are measured on.

    python -m benchmarks.large_study FILE.db [TRIALS]

Two hundred candidates of the space lstm_to_gru are drawn; each trial is one of them under an id and with a learning
rate of its own, with made-up scores. The same number of trials gives the same study.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import random
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta

from archsearch.schema.canonical import canonical_json
from archsearch.schema.score import Score
from archsearch.space import Candidate, RandomChooser
from archsearch.store import EvaluationKey, NewEntry, Run, SpecRow
from archsearch.store.owned import Owned, own_study
from archsearch.store.store import Store
from archsearch.study.definition import Definition, load_study
from archsearch.study.outcomes import subject_of

TRIALS = 10_000
NAME = "large"
RATE = "training.learning_rate"
FIRST, UPDATE = 0.5, 1.0
"""Targets, in seconds: until rows are there that were not read before, and until a change is seen."""

_DRAWN = 200
_CHECKS = 20
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)


def study_text(trials: int) -> str:
    """The study's file."""
    return f"""
study: {NAME}
space: lstm_to_gru
task: {{name: temporal_order, length: 40, markers: 2}}
model: {{hidden_size: 16}}
training: {{learning_rate: 0.01, batch_size: 32, sequences: 16000, checks: {_CHECKS}}}
holes: {{{RATE}: {{float: [0.001, 0.03], log: true}}}}
baselines: [lstm, gru]
search: {{sampler: random, pruner: none, trials: {trials + 1000}, seeds: 1}}
confirm: {{best: 4, seeds: 4}}
report: {{best: 1, seeds: 20}}
"""


def make(file: str, trials: int = TRIALS) -> Definition:
    """Write the study into a new database."""
    definition = load_study(study_text(trials))
    url = f"sqlite:///{file}"
    with own_study(url, definition.name, definition.text) as store:
        baselines = [subject_of(definition.candidates.of_cell(each.cell, _chooser(0))) for each in definition.baselines]
        for baseline, subject in zip(definition.baselines, baselines, strict=True):
            store.add_entries("search", [NewEntry("baseline", subject.row, baseline.label)])
            _record(store, subject.row, 0.7)
    with closing(sqlite3.connect(file)) as connection, connection:
        drawn = [definition.candidates.fill(_chooser(seed)) for seed in range(_DRAWN)]
        environment = connection.execute("SELECT fingerprint FROM archsearch_environments").fetchone()[0]
        for number in range(trials):
            _insert(connection, store.study_id, number, drawn[number % _DRAWN], environment)
    return definition


def add_one(url: str, number: int) -> None:
    """One evaluation more, as a coordinator records it."""
    with Store.read(url) as store:
        row = store.find_study(NAME)
        assert row is not None
        first = store.spec(store.entries(row.id, "search")[0].spec_id)
    assert first is not None
    spec = dataclasses.replace(first, spec_id=_spec_id(number))
    with own_study(url, NAME, row.definition) as owned:
        owned.record_proposal(number, {"coupling": "none"}, spec)
        _record(owned, spec, 0.5)


def _record(store: Owned, spec: SpecRow, objective: float) -> None:
    key = EvaluationKey(spec.spec_id, {"name": "temporal_order"}, 1, 16_000, "native", 1)
    score = Score.model_validate(_score(objective) | {"curve": _curve(objective)})
    store.record_completion(Run(store.study_id, "search", spec.spec_id, 0), key, score, {"python": "3"})


def _insert(connection: sqlite3.Connection, study: int, number: int, candidate: Candidate, environment: str) -> None:
    """The rows of one trial, as the store would write them, without a transaction for each."""
    chance = random.Random(number)
    subject = subject_of(candidate)
    spec, objective = _spec_id(number), min(1.0, max(0.0, chance.gauss(0.6, 0.15)))
    row, score = subject.row, _score(objective)
    at = (_BEGAN + timedelta(seconds=5 * number)).isoformat(timespec="microseconds")
    reports = canonical_json([[check, objective * check / _CHECKS] for check in range(1, _CHECKS + 1)])
    _put(connection, "architectures", arch_id=row.arch_id, ir=row.ir)
    _put(connection, "specs", spec_id=spec, arch_id=row.arch_id, document=row.document, line=row.line)
    choices = json.dumps(dict(candidate.choices) | {RATE: 10 ** chance.uniform(-3, -1.6)})
    _put(connection, "trials", study_id=study, number=number, choices=choices, spec_id=spec,
         state="complete", value=objective, proposed_at=at, finished_at=at)  # fmt: skip
    _put(connection, "entries", study_id=study, phase="search", spec_id=spec, role="candidate", label="")
    made = _put(connection, "evaluations", key=spec, spec_id=spec, task="{}", seed=str(number), budget=16_000,
                backend="native", version=1, state="complete", reports=reports, environment=environment,
                finished_at=at, curve=canonical_json([list(point) for point in _curve(objective)]),
                **{name: value for name, value in score.items() if name != "backend"})  # fmt: skip
    _put(connection, "runs", study_id=study, phase="search", spec_id=spec, seed_index=0, evaluation_id=made)


def _put(connection: sqlite3.Connection, table: str, **values: object) -> int:
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    ignored = "OR IGNORE " if table == "architectures" else ""
    text = f"INSERT {ignored}INTO archsearch_{table} ({names}) VALUES ({marks})"  # noqa: S608 (names of our own tables)
    return connection.execute(text, tuple(values.values())).lastrowid or 0


def _score(objective: float) -> dict[str, object]:
    solved = objective > 0.8
    return {
        "objective": objective, "final": objective, "best": objective, "test": None, "solved": solved,
        "sequences_to_solve": int(16_000 * (1 - objective)) if solved else None, "parameters": 1300,
        "operations": 1400, "stages": 1, "seconds": 2.0 + objective, "backend": "native", "backend_reason": "",
        "compiled": True, "weights_hash": "0" * 16,
    }  # fmt: skip


def _curve(objective: float) -> list[tuple[int, float]]:
    return [(800 * check, objective * check / _CHECKS) for check in range(1, _CHECKS + 1)]


def _spec_id(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()[:16]


def _chooser(seed: int) -> RandomChooser:
    return RandomChooser(random.Random(seed))


if __name__ == "__main__":
    make(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else TRIALS)
