"""What Optuna's own loader finds in a database; its connections are closed, which PostgreSQL's driver insists on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import optuna


@contextlib.contextmanager
def optuna_storage(url: str) -> Iterator[optuna.storages.RDBStorage]:
    """Optuna's tables in the database at `url`."""
    storage = optuna.storages.RDBStorage(url)
    try:
        yield storage
    finally:
        storage.remove_session()
        storage.engine.dispose()


def optuna_names(url: str) -> list[str]:
    """The studies of Optuna's tables."""
    with optuna_storage(url) as storage:
        return sorted(optuna.get_all_study_names(storage))


def optuna_trials(url: str, name: str = "small") -> list[optuna.trial.FrozenTrial]:
    """The trials of a study in Optuna's tables."""
    with optuna_storage(url) as storage:
        return optuna.load_study(study_name=name, storage=storage).get_trials()


def optuna_numbers(url: str, name: str = "small") -> list[int]:
    """Our numbers of these trials, in order."""
    return sorted(trial.user_attrs["archsearch_number"] for trial in optuna_trials(url, name))


def make_optuna_study(url: str) -> None:
    """A study `small` with one trial, as somebody makes it with Optuna itself."""
    with optuna_storage(url) as storage:
        optuna.create_study(study_name="small", storage=storage).add_trial(optuna.create_trial(value=1.0))
