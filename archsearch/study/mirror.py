"""Every finished trial once more in Optuna's own tables of the same database, for Optuna's tools to read.

Our tables are the truth. A trial is added here after it has been recorded there, in one transaction of Optuna's; a
trial that a crash left out is added when the study goes on.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from archsearch.errors import Refused, printable, quoted
from archsearch.store import TrialRow
from archsearch.store.address import parse_address
from archsearch.store.engine import explained, kind
from archsearch.store.lock import schema_lock
from archsearch.study.optuna_trials import NUMBER, Distributions, quieten, to_optuna
from archsearch.study.outcomes import Reports

if TYPE_CHECKING:
    from optuna.storages import RDBStorage

_TIMEOUT = 60  # seconds that a connection waits for a lock of SQLite's
_OWNER = "archsearch"


class Mirror:
    """The Optuna study called `name` in the database at `url`; its tables must be ready for ours already.

    Raises `Unavailable` where the database does not let itself be written, which may pass.
    """

    def __init__(self, url: str, name: str, distributions: Distributions) -> None:
        import optuna

        quieten()
        self._distributions = distributions
        with _explained(url, name), schema_lock(url):
            self._storage = _open(url)
            self._study = optuna.create_study(
                storage=self._storage, study_name=name, direction="maximize", load_if_exists=True
            )
        with _explained(url, name):
            self._check_owner(name)
        self._url, self._name = url, name
        self._numbers: set[int] | None = None
        self._look()

    def __contains__(self, number: int) -> bool:
        """Whether the trial with this number of ours is there."""
        return number in self._look()

    def add(self, row: TrialRow, reports: Reports) -> None:
        """Add a finished trial, unless it is there."""
        numbers = self._look()
        if row.number in numbers:
            return
        self._numbers = None  # a commit that fails may have got through
        with _explained(self._url, self._name):
            self._study.add_trial(to_optuna(row, self._distributions.of(row.choices), reports))
        self._numbers = numbers | {row.number}

    def _look(self) -> set[int]:
        """The numbers of the trials that are there."""
        if self._numbers is None:
            with _explained(self._url, self._name):
                trials = self._study.get_trials(deepcopy=False)
            self._numbers = {trial.user_attrs[NUMBER] for trial in trials if NUMBER in trial.user_attrs}
        return self._numbers

    def close(self) -> None:
        """Close the connections."""
        self._storage.remove_session()
        self._storage.engine.dispose()

    def _check_owner(self, name: str) -> None:
        """Refuse to write into a study that a user has made with Optuna itself."""
        if _OWNER not in self._study.user_attrs:
            if self._study.get_trials(deepcopy=False):
                raise Refused(f"the database holds an Optuna study {quoted(name)} already: rename one of the two")
            self._study.set_user_attr(_OWNER, True)


def delete_mirror(url: str, name: str) -> None:
    """Delete the copy of a study, if there is one; a study made with Optuna itself is left alone."""
    import optuna

    quieten()
    with _explained(url, name), schema_lock(url):
        storage = _open(url)
        try:
            if any(study.study_name == name and _OWNER in study.user_attrs for study in storage.get_all_studies()):
                optuna.delete_study(study_name=name, storage=storage)
        finally:
            storage.remove_session()
            storage.engine.dispose()


def _open(url: str) -> RDBStorage:
    import optuna

    patience = {"connect_args": {"timeout": _TIMEOUT}} if url.startswith("sqlite") else {"pool_pre_ping": True}
    # Braces in the path would be taken for a template's.
    literal = url.replace("{", "{{").replace("}", "}}")
    return optuna.storages.RDBStorage(literal, engine_kwargs=patience)


@contextlib.contextmanager
def _explained(url: str, name: str) -> Iterator[None]:
    """Optuna's storage errors, and those of the database that Optuna lets through as they are, in one line."""
    import optuna

    address = parse_address(url)
    try:
        with explained(address):
            yield
    except optuna.exceptions.StorageInternalError as error:
        cause = error.__cause__ or error
        first = (str(cause).splitlines() or [""])[0]
        what = f"Optuna's tables of study {quoted(name)} cannot be written: {printable(address.hide(first), 300)}"
        raise kind(error.__cause__)(what) from error
