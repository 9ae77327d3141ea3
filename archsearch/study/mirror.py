"""The copy of a study in Optuna's tables of the same database: every finished trial, for Optuna's tools to read.

It is brought up to date at the end of the search and of each run, also of one that is stopped; a run that was killed
leaves that to the next one. Each batch is one transaction of the study's owner.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from archsearch.errors import printable
from archsearch.space import Candidates
from archsearch.store import TrialRow
from archsearch.store.address import parse_address
from archsearch.store.engine import explained, kind
from archsearch.store.lock import schema_lock
from archsearch.store.optuna_copy import TrialCopy
from archsearch.store.owned import Owned
from archsearch.store.patience import Patience
from archsearch.study.optuna_trials import Distributions, attributes, optuna_state, quieten
from archsearch.study.outcomes import Reports

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

BATCH = 1000
"""Trials that are copied in one transaction."""

_TIMEOUT = 60  # seconds that a connection waits for a lock of SQLite's


class Mirror:
    """The copy of the study `name`, which `store` owns. `first_reports` gives the reports of each spec's first seed."""

    def __init__(
        self,
        url: str,
        store: Owned,
        name: str,
        candidates: Candidates,
        first_reports: Callable[[], Mapping[str, Reports]],
        patience: Patience,
    ) -> None:
        self._url = url
        self._store = store
        self._name = name
        self._patience = patience
        self._distributions = Distributions(candidates)
        self._documents: dict[str, str] = {}  # the JSON of each hole's distribution, which never changes
        self._first_reports = first_reports

    def complete(self, after_batch: Callable[[], None] = lambda: None) -> None:
        """Copy the finished trials that are missing. Raises `Unavailable` where Optuna's tables cannot be written."""
        copied = self._store.copied_trials(self._name)
        trials = self._store.trials(self._store.study_id)
        missing = [row for row in trials if row.state != "running" and row.number not in copied]
        if not missing:
            return
        self._patience(lambda: make_tables(self._url))
        reports = self._first_reports()
        for start in range(0, len(missing), BATCH):
            batch = missing[start : start + BATCH]
            self._store.add_copies([self._copy(row, reports.get(row.spec_id or "", ())) for row in batch])
            after_batch()

    def _copy(self, row: TrialRow, reports: Reports) -> TrialCopy:
        distributions = self._distributions.of(row.choices)
        assert row.finished_at is not None
        return TrialCopy(
            number=row.number,
            state=optuna_state(row.state).name,
            value=row.value,
            began=_naive(row.proposed_at),
            ended=_naive(row.finished_at),
            parameters={
                name: (distribution.to_internal_repr(row.choices[name]), self._document(name, distribution))
                for name, distribution in distributions.items()
            },
            attributes=attributes(row),
            reports=reports,
        )

    def _document(self, name: str, distribution: BaseDistribution) -> str:
        from optuna.distributions import distribution_to_json

        if name not in self._documents:
            self._documents[name] = distribution_to_json(distribution)
        return self._documents[name]


def make_tables(url: str) -> None:
    """Let Optuna make its tables where they are missing; ours must be there. Raises `Unavailable`, in one line."""
    import optuna

    quieten()
    patience = {"connect_args": {"timeout": _TIMEOUT}} if url.startswith("sqlite") else {"pool_pre_ping": True}
    literal = url.replace("{", "{{").replace("}", "}}")  # braces in the path would be taken for a template's
    with _explained(url), schema_lock(url):
        storage = optuna.storages.RDBStorage(literal, engine_kwargs=patience)
        storage.remove_session()
        storage.engine.dispose()


@contextlib.contextmanager
def _explained(url: str) -> Iterator[None]:
    """Optuna's storage errors, and those of the database that Optuna lets through as they are, in one line."""
    import optuna

    address = parse_address(url)
    try:
        with explained(address):
            yield
    except (optuna.exceptions.StorageInternalError, RuntimeError) as error:  # the latter: tables of another version
        cause = error.__cause__ or error
        first = (str(cause).splitlines() or [""])[0]
        what = f"Optuna's tables cannot be made: {printable(address.hide(first), 300)}"
        raise kind(error.__cause__)(what) from error


def _naive(utc: str) -> dt.datetime:
    """A time as Optuna stores it."""
    return dt.datetime.fromisoformat(utc).replace(tzinfo=None)
