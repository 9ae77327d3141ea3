"""A study from Python: run it, then read how it stands."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from archsearch.board import Board
from archsearch.findings.boards import Standing, read_standing
from archsearch.schema.phases import Phase
from archsearch.schema.study import Study
from archsearch.store.store import Store
from archsearch.study.coordinator import run as run_study
from archsearch.study.defaults import default_storage
from archsearch.study.definition import Definition, load_studies, load_study
from archsearch.study.progress import Event
from archsearch.study.stored import find_study


@dataclasses.dataclass(frozen=True)
class Session:
    """A stored study, by name, and where it is stored."""

    name: str
    storage: str = dataclasses.field(repr=False)  # may hold a password
    tasks_from: Path | None = None

    def standing(self, phase: Phase | None = None) -> Standing:
        """The board of a phase, by default of the latest with results, and the verdict."""
        with Store.read(self.storage) as store:
            return read_standing(store, find_study(store, self.name), phase, self.tasks_from)

    def board(self, phase: Phase | None = None) -> Board:
        """The board of a phase, by default of the latest with results."""
        return self.standing(phase).board

    def verdict(self) -> str:
        """The report phase in one sentence."""
        return self.standing().verdict


def run(
    source: str | Path | Study,
    storage: str | None = None,
    workers: int | None = None,
    listen: Callable[[Event], None] | None = None,
    tasks_from: Path | None = None,
) -> Session:
    """Run a study to its end, or go on with it: a shipped name, a path, text or a model.

    `storage` is `ARCHSEARCH_STORAGE` of the environment or `.env`, or archsearch.db in the working directory, unless it
    is given. Raises `InvalidInput` for a faulty file, `Refused` where the study is being run already or was changed.
    """
    return _run(load_study(source, tasks_from), storage, workers, listen)


def run_studies(
    source: str | Path,
    storage: str | None = None,
    workers: int | None = None,
    listen: Callable[[Event], None] | None = None,
    tasks_from: Path | None = None,
) -> tuple[Session, ...]:
    """As `run`, for a file with several tasks: one study after another, in the order of the file."""
    definitions = load_studies(source, tasks_from)
    return tuple(_run(definition, storage, workers, listen) for definition in definitions)


def _run(
    definition: Definition, storage: str | None, workers: int | None, listen: Callable[[Event], None] | None
) -> Session:
    url = storage or default_storage()
    run_study(definition, url, workers, listen)
    return Session(definition.name, url, definition.tasks_from)
