"""Small studies, and their jobs."""

from __future__ import annotations

from archsearch.store import JobRow
from archsearch.store.store import Store
from archsearch.study.definition import load_study
from archsearch.study.jobs import start_study

CORES = 3
QUICK = """
study: {name}
space: lstm_to_gru
task: {{name: temporal_order, length: 10}}
model: {{hidden_size: 4}}
training: {{learning_rate: 0.01, sequences: 32, checks: 1}}
baselines: [rnn]
search: {{sampler: random, pruner: none, trials: 12, seeds: 1}}
confirm: {{best: 1, seeds: 1}}
report: {{best: 1, seeds: 2}}
limits: {{seconds: 100, memory_mb: 2000}}
backend: reference
seed: {seed}
"""


def add(store: Store, names: str, workers: int = 1) -> None:
    """Create studies and start them."""
    for seed, name in enumerate(names):
        definition = load_study(QUICK.format(name=name, seed=seed))
        store.add_studies([(name, definition.text)])
        start_study(store, name, workers, CORES)


def job(store: Store, name: str) -> JobRow:
    row = store.find_study(name)
    assert row is not None
    found = store.job(row.id)
    assert found is not None, f"study {name} has no job: it is {row.state}"
    return found


def pid(store: Store, name: str) -> int | None:
    return job(store, name).pid
