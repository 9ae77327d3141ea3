"""A process of its own for the tests: `python -m tests.store.child ROLE URL ARGUMENT`.

It says "ready" on stdout, waits for a line on stdin (the barrier), and plays its role.
"""

from __future__ import annotations

import itertools
import os
import sys

from sqlalchemy import event

from archsearch.errors import ArchsearchError
from archsearch.store import TrialEnd
from archsearch.store.lock import study_lock
from archsearch.store.owned import own_study
from tests.schema.scores import score
from tests.store.free_store import FreeStore
from tests.store.samples import ENVIRONMENT, key, propose, run


def wait() -> None:
    """Wait until the parent lets all children go at once."""
    print("ready", flush=True)
    sys.stdin.readline()


def first_start(url: str, name: str) -> None:
    """Open a database that may not exist and write to it."""
    wait()
    with FreeStore.create(url) as store:
        store.create_study(name, "{}")


def upgrade(url: str, name: str) -> None:
    """Own a study in a database that may be older."""
    wait()
    with own_study(url, name, "{}"):
        pass


def write(url: str, name: str) -> None:
    """Record twenty trials of a study of its own, the same specs as everybody."""
    with FreeStore.create(url) as store:
        study = store.create_study(name, "{}")
        wait()
        for number in range(20):
            propose(store, study.id, number)
            end = TrialEnd(number, "complete", 0.5)
            store.record_completion(run(study.id, number), key(number), score(), ENVIRONMENT, trial=end)


def die_in_transaction(url: str, point: str) -> None:
    """Die while a completion is being recorded: at its commit, or before its statement number `point`."""
    store = FreeStore.create(url)
    study = store.find_study("quick")
    assert study is not None
    owned = store.owned(study.id)
    wait()
    _die_at(store, point)
    blob = b"w" * 8_000_000  # more than the page cache holds: pages of the open transaction reach the file
    end = TrialEnd(0, "complete", 0.5)
    owned.record_completion(run(study.id, 0), key(0), score(), ENVIRONMENT, weights=blob, trial=end)


def _die_at(store: FreeStore, point: str) -> None:
    statements = itertools.count()

    def die_before_statement(*_: object) -> None:
        if next(statements) == int(point):
            os._exit(9)

    if point == "commit":
        event.listen(store._engine, "commit", lambda connection: os._exit(9))
    else:
        event.listen(store._engine, "before_cursor_execute", die_before_statement)


def hold_lock(url: str, study: str) -> None:
    """Hold a study's lock until killed, or until the parent says so."""
    with study_lock(url, study):
        wait()


ROLES = {
    "first_start": first_start,
    "upgrade": upgrade,
    "write": write,
    "die_in_transaction": die_in_transaction,
    "hold_lock": hold_lock,
}

if __name__ == "__main__":
    try:
        ROLES[sys.argv[1]](*sys.argv[2:])
    except ArchsearchError as error:
        print(error, flush=True)
        sys.exit(3)
