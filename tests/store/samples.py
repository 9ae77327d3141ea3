"""Made-up specs, scores and keys for the tests of the store."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

from archsearch.schema.phases import Phase
from archsearch.schema.score import Failure
from archsearch.store import EvaluationKey, Run, SpecRow
from tests.store.free_store import FreeStore

ENVIRONMENT = {"python": "3.11", "torch": "2.13"}
KILLED = Failure(kind="killed", reason="signal 9")


def spec(number: int, arch: int | None = None) -> SpecRow:
    """Spec `number`; of architecture `arch`, or of its own."""
    arch_id = f"a{number if arch is None else arch:015}"
    return SpecRow(f"s{number:015}", arch_id, f"cell c{number}(x; h=0)", f'{{"n":{number}}}', f"line {number}")


def key(number: int, seed: int = 1, **changes: Any) -> EvaluationKey:
    """The key of an evaluation of spec `number`."""
    values: dict[str, Any] = {"task": {"name": "adding", "length": 50}, "budget": 6400, "backend": "native"}
    return EvaluationKey(spec_id=spec(number).spec_id, seed=seed, version=1, **values | changes)


def run(study_id: int, number: int, seed_index: int = 0, phase: Phase = "search") -> Run:
    """The run of spec `number` with a seed of a phase."""
    return Run(study_id, phase, spec(number).spec_id, seed_index)


def propose(store: FreeStore, study_id: int, number: int) -> None:
    """Record trial `number` with the spec of the same number."""
    store.record_proposal(study_id, number, {"gate": "open", "size": number, "rate": 0.5}, spec(number))


def make_version(number: int, url: str) -> Path:
    """A database as an earlier archsearch wrote it; its file.

    1: from before there were jobs, a running study of two trials and a finished one. 2: from before there were fences,
    a study that a coordinator finished, with Optuna's tables, and one that waits for a server.
    """
    file = Path(url.removeprefix("sqlite:///"))
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(Path(__file__).with_name(f"version_{number}.sql").read_text(encoding="utf-8"))
    return file
