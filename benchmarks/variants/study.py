"""Reads what the report tells from a study file and from the studies that its tasks are stored as."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from archsearch.errors import InvalidInput, Problem, Refused, quoted
from archsearch.schema.document import read_document
from archsearch.schema.phases import PHASES
from archsearch.store import EntryResult, EntryRow, EvaluationRow, StudyRow
from archsearch.store.store import Store
from archsearch.study.stored import StoredPlan, find_study, plan_of, trivial_score
from benchmarks.variants.results import Draw, Found, Setting, TaskBoard, objectives_of, place_cells

RATE = "training.learning_rate"
"""The hole that each draw fills."""


@dataclasses.dataclass(frozen=True)
class Failed:
    """A failed attempt; a final one counts as the blind guess."""

    task: str
    cell: str
    phase: str
    kind: str
    reason: str
    final: bool


@dataclasses.dataclass(frozen=True)
class Work:
    """What all evaluations of all phases took. `seconds` are those of the single evaluations, added up."""

    evaluations: int
    seconds: float
    environments: tuple[Mapping[str, Any], ...]
    backends: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Record:
    """A study on several tasks, done. `design` is the stored study of the first task; others differ in their task."""

    name: str
    design: Mapping[str, Any]
    found: Found
    failed: tuple[Failed, ...]
    work: Work

    @property
    def parameters(self) -> int | None:
        """How many each model was to have; None where its hidden size was given."""
        wanted: int | None = self.design["model"].get("parameters")
        return wanted

    @property
    def draws(self) -> int:
        """Learning rates tried by each cell on each task."""
        return int(self.design["search"]["trials"])

    @property
    def rates(self) -> tuple[float, float]:
        """Between which they were drawn."""
        low, high = self.design["holes"][RATE]["float"]
        return low, high


def read_record(file: Path, storage: str) -> Record:
    """The record of the study in `file`; `Refused` when it is not done, `InvalidInput` when it is not there."""
    name, labels, reference = _read_file(file)
    with Store.read(storage) as store:
        rows = [find_study(store, f"{name}.{label}") for label in labels]
        plans = [plan_of(row) for row in rows]
        comparisons = sum(len(plan.document["baselines"]) for plan in plans)
        phases = [{phase: store.results(row.id, phase) for phase in PHASES} for row in rows]
        for row, plan, results in zip(rows, plans, phases, strict=True):
            _check_done(row, plan, results["report"])
        boards = [
            _board(store, label, plan, results["search"], results["report"], reference, comparisons)
            for label, plan, results in zip(labels, plans, phases, strict=True)
        ]
        failed = [
            each for label, row in zip(labels, rows, strict=True) for each in _failed(store, label, row, reference)
        ]
        work = _work(store, (result for results in phases for phase in results.values() for result in phase))
    return Record(name, plans[0].document["study"], Found(reference, tuple(boards)), tuple(failed), work)


def _read_file(file: Path) -> tuple[str, list[str], str]:
    """The study's name, its tasks' labels, and the cell that its space is."""
    document = read_document(file)
    match document.data:
        case {"study": str(name), "tasks": {**tasks}, "space": {"wiring": str(cell)} | {"cell": str(cell)}}:
            return name, [str(label) for label in tasks], cell
    problem = Problem(
        (), "this is not a study of cells on several tasks", "needed: study, tasks, and one cell as its space"
    )
    raise document.located(InvalidInput(problem))


def _check_done(row: StudyRow, plan: StoredPlan, results: Sequence[EntryResult]) -> None:
    seeds = plan.seeds("report")
    names = {result.entry.label for result in results}
    short = next((result for result in results if len(result.runs) < seeds), None)
    if short is not None or len(names) < 1 + len(plan.document["baselines"]):
        raise Refused(f"study {quoted(row.name)} is not done: the report phase wants {seeds} seeds of every cell")


def _board(
    store: Store,
    label: str,
    plan: StoredPlan,
    search: Sequence[EntryResult],
    report: Sequence[EntryResult],
    reference: str,
    comparisons: int,
) -> TaskBoard:
    trivial = trivial_score(plan)
    last = {_cell(result.entry, reference): result for result in reversed(report) if result.entry.role == "candidate"}
    last |= {_cell(result.entry, reference): result for result in report if result.entry.role == "baseline"}
    settings = {result.entry.spec_id: _setting(store, result.entry, reference) for result in last.values()}
    draws: dict[str, list[Draw]] = {}
    for result in search:
        rate = _setting(store, result.entry, reference).learning_rate
        for objective in objectives_of(result, trivial).values():
            draws.setdefault(_cell(result.entry, reference), []).append(Draw(rate, objective))
    places = place_cells(
        list(last.values()), settings, draws, reference=reference, trivial=trivial, comparisons=comparisons
    )
    return TaskBoard(label, plan.task, trivial, int(plan.document["study"]["training"]["sequences"]), places)


def _cell(entry: EntryRow, reference: str) -> str:
    return entry.label if entry.role == "baseline" else reference


def _setting(store: Store, entry: EntryRow, reference: str) -> Setting:
    row = store.spec(entry.spec_id)
    assert row is not None
    spec = json.loads(row.document)
    return Setting(_cell(entry, reference), spec["model"]["hidden_size"], spec["training"]["learning_rate"])


def _failed(store: Store, label: str, row: StudyRow, reference: str) -> list[Failed]:
    cells = {entry.spec_id: _cell(entry, reference) for phase in PHASES for entry in store.entries(row.id, phase)}
    return [
        Failed(label, cells[each.spec_id], each.phase, each.kind, each.reason, each.final)
        for each in reversed(store.failures(row.id))
        if each.spec_id is not None
    ]


def _work(store: Store, results: Iterable[EntryResult]) -> Work:
    done: dict[int, EvaluationRow] = {}
    for result in results:
        done |= {run.evaluation.id: run.evaluation for run in result.runs if run.evaluation is not None}
    fingerprints = dict.fromkeys(each.environment for each in done.values())
    environments = [found for each in fingerprints if (found := store.environment(each)) is not None]
    backends = dict.fromkeys(each.key.backend for each in done.values())
    seconds = sum(each.seconds for each in done.values())
    return Work(len(done), seconds, tuple(environments), tuple(backends))
