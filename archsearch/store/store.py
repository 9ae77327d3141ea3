"""A database of studies, opened for reading, or for what servers and commands change.

`query` and `change` make a method of each function of this package that takes a connection; each call is one
transaction. Errors that a user can meet are `Refused` or `InvalidInput`; `ValueError` is a mistake of the calling code.
No exception of the database library leaves this package. What the coordinator of a study writes is in `owned`.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Concatenate, ParamSpec, Self, TypeVar

from sqlalchemy import Connection, Engine, PoolProxiedConnection, select

from archsearch.errors import Refused
from archsearch.schema.phases import Phase
from archsearch.store import (
    POSSIBLE_DAMAGE,
    deletion,
    entries,
    figures,
    jobs,
    optuna_copy,
    pages,
    recording,
    results,
    studies,
    trials,
)
from archsearch.store.address import Address, parse_address
from archsearch.store.board_figures import EntryFigures
from archsearch.store.creation import open_for_reading, open_for_writing
from archsearch.store.engine import explained, reading, writing
from archsearch.store.lock import utc_now
from archsearch.store.tallies import FigureCache, list_figures

Clock = Callable[[], str]
_Result = TypeVar("_Result")
_P = ParamSpec("_P")


def query(function: Callable[Concatenate[Connection, _P], _Result]) -> Callable[Concatenate[Database, _P], _Result]:
    """Make a method of `function`: it calls it in a transaction that reads."""

    @functools.wraps(function)
    def method(database: Database, /, *args: _P.args, **options: _P.kwargs) -> _Result:
        return database._read(lambda c: function(c, *args, **options))

    return method


def change(function: Callable[Concatenate[Connection, str, _P], _Result]) -> Callable[Concatenate[Store, _P], _Result]:
    """Make a method of `function`: it calls it in a transaction that writes, with the present time."""

    @functools.wraps(function)
    def method(store: Store, /, *args: _P.args, **options: _P.kwargs) -> _Result:
        return store._write(lambda c: function(c, store._clock(), *args, **options))

    return method


class Database:
    """An open database and what it is asked. A context manager; may be used from several threads."""

    def __init__(self, engine: Engine, address: Address, *, read_only: bool, clock: Clock = utc_now) -> None:
        """Use `create` or `read`."""
        self._engine = engine
        self._address = address
        self._read_only = read_only
        self._clock = clock
        self._commits = _CommitCounter(engine, address)
        self._figure_cache = FigureCache()

    @classmethod
    def create(cls, url: str, clock: Clock = utc_now, *, lasting: bool = False) -> Self:
        """Open for writing; make file and tables where they are missing, also when several processes do so at once.

        With `lasting`, connections stay open between transactions, which makes small ones two or three times as fast:
        for a process that never forks.
        """
        address = parse_address(url)
        return cls(open_for_writing(address, lasting=lasting), address, read_only=False, clock=clock)

    @classmethod
    def read(cls, url: str, *, lasting: bool = False) -> Self:
        """Open an existing database for reading; `Refused` when there is none."""
        address = parse_address(url)
        return cls(open_for_reading(address, lasting=lasting), address, read_only=True)

    @property
    def url(self) -> str:
        """The database's URL without its password."""
        return self._address.shown

    def close(self) -> None:
        """Close all connections."""
        self._commits.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close; raise `Damaged` in place of an error that has come of damage."""
        try:
            if isinstance(error, POSSIBLE_DAMAGE):
                self.examine()
        finally:
            self.close()

    def _write(self, change: Callable[[Connection], _Result]) -> _Result:
        if self._read_only:
            raise Refused(f"the database {self._address} is open for reading only")
        with writing(self._engine, self._address) as connection:
            return change(connection)

    def _read(self, query: Callable[[Connection], _Result]) -> _Result:
        with reading(self._engine, self._address) as connection:
            return query(connection)

    def examine(self) -> None:
        """Raise `Damaged`, with the place, unless all that is stored can be read."""
        from archsearch.store.damage import examine  # which loads all schemas

        examine(self._address)

    def ping(self) -> None:
        """Raise `Unavailable` unless the database answers."""
        self._read(lambda c: c.execute(select(1)))

    def version(self) -> int | None:
        """Read a counter that changes with every commit by another connection; None for PostgreSQL, which has none.

        The cost does not depend on the size of the database.
        """
        return self._commits.latest()

    find_study = query(studies.find_study)
    list_studies = query(studies.list_studies)
    page_studies = query(pages.page_studies)
    stamp = query(studies.stamp)
    progress = query(studies.progress)
    environments = query(figures.environments_of)

    spec = query(entries.find_spec)
    spec_of_study = query(entries.find_spec_of_study)
    has_entry = query(entries.has_entry)
    lines = query(figures.lines_of)
    baselines = query(figures.baselines)
    runs = query(results.list_runs)

    page_trials = query(pages.page_trials)
    find_trial = query(trials.find_trial)
    trial_of_spec = query(trials.trial_of_spec)
    best_trial = query(trials.best_trial)
    usual_failure = query(trials.usual_failure)
    trial_values = query(figures.trial_values)

    find_complete = query(results.find_complete)
    evaluation = query(results.find_evaluation)
    last_evaluations = query(figures.last_evaluations)
    weights = query(results.find_weights)
    environment = query(results.find_environment)
    attempts = query(recording.count_attempts)
    machine_failures = query(recording.count_machine_failures)
    failures = query(pages.list_failures)
    failure_kinds = query(figures.failure_kinds)

    check_copy = query(optuna_copy.check_copy)
    copied_trials = query(optuna_copy.copied_trials)

    job = query(jobs.find_job)
    # Last: from here on these names mean the methods, not the modules.
    jobs = query(jobs.list_jobs)
    entries = query(entries.list_entries)
    results = query(results.list_results)
    trials = query(trials.list_trials)

    def figures(self, study_id: int, phase: Phase) -> tuple[EntryFigures, ...]:
        """Every entry of a phase, in the order of `entries`, with what a board takes from its finished runs.

        A second call reads only what is new.
        """
        return self._read(lambda c: list_figures(c, study_id, phase, self._figure_cache))


class Store(Database):
    """What servers and commands change, besides what a database is asked."""

    def delete_study(self, study_id: int) -> None:
        """Delete a study with all that no other one refers to; `Refused` while a runner has it."""
        self._write(lambda c: deletion.delete_study(c, study_id))

    add_studies = change(jobs.add_studies)
    enqueue = change(jobs.enqueue)
    cancel = change(jobs.cancel)
    begin_job = change(jobs.begin_job)
    set_process = change(jobs.set_process)
    clear_process = change(jobs.clear_process)
    fail_job = change(jobs.fail_job)
    stop_job = change(jobs.stop_job)
    count_crash = change(jobs.count_crash)
    forget_crashes = change(jobs.forget_crashes)


class _CommitCounter:
    """SQLite counts the commits of others since a connection was opened: one connection stays open for that."""

    def __init__(self, engine: Engine, address: Address) -> None:
        self._engine = engine
        self._address = address
        self._lock = threading.Lock()
        self._connection: PoolProxiedConnection | None = None

    def latest(self) -> int | None:
        """The count; None where the database has none."""
        if self._address.file is None:
            return None
        with self._lock, explained(self._address):
            try:
                return self._ask()
            except BaseException:
                self._close()
                raise

    def _ask(self) -> int:
        if self._connection is None:
            self._connection = self._engine.raw_connection()
        cursor: Any = self._connection.cursor()
        (number,) = cursor.execute("PRAGMA data_version").fetchone()
        cursor.close()
        return int(number)

    def close(self) -> None:
        """Close the connection, if there is one."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
