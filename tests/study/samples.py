"""A small study with everything in it: repeats, refusals, failures, flaky evaluations, seeds; and how to look at it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.score import Score
from archsearch.store.store import Store
from archsearch.study.coordinator import run
from archsearch.study.definition import Definition, load_study
from archsearch.study.executors import Evaluate, Executor
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.progress import Event
from tests.study import fake_work

TEXT = """
study: small
space:
  cell:
    states: {h: 0}
    output: h
    equations:
      f: {linear: $reads, activation: sigmoid}
      g: {linear: [x, h_prev], activation: $phi}
      h: $keep
  holes:
    reads: {subset_of: [x, h_prev], at_least: 1}
    phi: [tanh, relu]
    keep: [f * g, f * h_prev + g, f * lost]
task: {name: temporal_order, length: 10}
model: {hidden_size: 4}
training: {learning_rate: 0.01, sequences: 96, checks: 3}
baselines: [rnn, gru]
search: {sampler: random, pruner: none, trials: 5, seeds: 2}
confirm: {best: 2, seeds: 2}
report: {best: 1, seeds: 2}
limits: {seconds: 60, memory_mb: 200}
backend: reference
seed: 20
"""
"""The third way to keep makes no sound cell."""


def small(**changes: Any) -> Definition:
    """The study, with other values at top-level keys (mappings are merged)."""
    return load_study(changed(**changes))


def changed(**changes: Any) -> str:
    """The study's text with other values; JSON is YAML."""
    from archsearch.schema.document import parse_document

    data = parse_document(TEXT).data
    for key, value in changes.items():
        data[key] = {**data[key], **value} if isinstance(value, dict) and key in data and key != "space" else value
    return json.dumps(data, indent=1)


def executor(evaluate: Evaluate = fake_work.train) -> Callable[[int], Executor]:
    """An executor factory for `run`."""
    return lambda slots: LocalExecutor(slots, fake_work.work(evaluate))


def complete(definition: Definition, url: str, workers: int = 1, evaluate: Evaluate = fake_work.train) -> list[Event]:
    """Run a study to its end with a stand-in for training; what its listener was told."""
    events: list[Event] = []
    run(definition, url, workers, events.append, executor=executor(evaluate))
    return events


def holder(url: str, pid: int) -> str:
    """How a message names the process that holds a lock: PostgreSQL knows the one of its server alone."""
    return r"server process \d+ for 127" if url.startswith("postgresql") else f"process {pid} "


def snapshot(url: str, name: str = "small") -> dict[str, Any]:
    """Everything about a study that must not depend on workers and crashes."""
    with Store.read(url) as store:
        study = store.find_study(name)
        assert study is not None
        trials = [
            (
                row.number,
                row.choices,
                row.spec_id,
                row.arch_id,
                row.line,
                row.state,
                row.value,
                row.repeat_of,
                row.reason,
            )
            for row in store.trials(study.id)
        ]
        phases: dict[str, Any] = {phase: results(store, study.id, phase) for phase in PHASES}
        found: dict[str, Any] = {"state": study.state, "definition": study.definition, "trials": trials}
        return {**found, **phases}


def results(store: Store, study_id: int, phase: Phase) -> list[Any]:
    """Entries and their runs, without times; candidates of the search in no particular order."""
    found = []
    for result in store.results(study_id, phase):
        entry = result.entry
        runs = [
            (
                each.seed_index,
                each.failure,
                each.pruned,
                each.evaluation and (each.evaluation.key, _without_time(each.evaluation.score)),
            )
            for each in result.runs
        ]
        found.append((entry.role, entry.label, entry.rank, entry.spec_id, entry.line, runs))
    return sorted(found, key=str) if phase == "search" else found


def _without_time(score: Score | None) -> Score | None:
    return score and score.model_copy(update={"seconds": 0.0})


def starts(log: Path) -> list[str]:
    """The evaluations that were started: spec and seed."""
    return log.read_text(encoding="ascii").splitlines() if log.exists() else []
