"""Made-up specs, scores and keys for the tests of the store."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

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


def respelled(number: int) -> SpecRow:
    """Spec `number` with other names in its equations."""
    return dataclasses.replace(spec(number), document=f'{{"n":{number},"spelled":"otherwise"}}')


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
    """An SQLite database as an earlier archsearch wrote it; its file.

    1: from before there were jobs, a running study of two trials and a finished one. 2: from before there were fences,
    a study that a coordinator finished, with Optuna's tables, and one that waits for a server. 3: from before wirings
    said `cell_input`, two finished studies with Optuna's tables: of a wiring, and of a cell with its own `candidate`.
    4: from before studies kept their own spellings, the same two.
    """
    file = Path(url.removeprefix("sqlite:///"))
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(_dump(f"version_{number}.sql"))
    return file


def make_version_3(url: str) -> None:
    """The same version 3 in SQLite or PostgreSQL."""
    if url.startswith("sqlite"):
        make_version(3, url)
        return
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        connection.execute(_dump("version_3.postgresql.sql").encode())


def _dump(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
