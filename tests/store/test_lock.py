"""Locks that cannot be had: what passes is told from what does not, and a database has one set of them."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from filelock import FileLock

from archsearch.errors import Refused
from archsearch.store import HeldElsewhere, Unavailable, lock
from archsearch.store.lock import runner_lock, schema_lock, study_lock
from archsearch.store.store import Store
from tests.databases.fixtures import SQLITE_ONLY

Lock = Callable[[str], AbstractContextManager[None]]


def lock_study(url: str) -> AbstractContextManager[None]:
    return study_lock(url, "quick")


LOCKS: list[Lock] = [schema_lock, runner_lock, lock_study]


def test_waiting_too_long_for_the_tables_may_pass(url: str, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coordinator that began at that moment is to be tried again, not given up."""
    monkeypatch.setattr(lock, "TIMEOUT", 0.01)
    with schema_lock(url):
        for ask in (lambda: schema_lock(url).__enter__(), lambda: Store.create(url)):
            with pytest.raises(Unavailable, match=r"the tables of .* are being created by another process for 0\.01 s"):
                ask()
    Store.create(url).close()


@SQLITE_ONLY
@pytest.mark.parametrize("ask", LOCKS)
@pytest.mark.parametrize(
    ("number", "passes"),
    [(errno.ENOSPC, True), (errno.EMFILE, True), (errno.EAGAIN, True), (errno.EACCES, False), (errno.EROFS, False)],
)
def test_a_full_disk_passes_and_a_file_of_somebody_elses_does_not(
    url: str, monkeypatch: pytest.MonkeyPatch, ask: Lock, number: int, passes: bool
) -> None:
    def fail(_: FileLock) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(FileLock, "acquire", fail)
    with pytest.raises(Refused, match=rf"^cannot lock .*study\.db.*lock: {os.strerror(number)}$") as refused:
        ask(url).__enter__()
    assert isinstance(refused.value, Unavailable) == passes
    assert not isinstance(refused.value, HeldElsewhere)


@pytest.mark.parametrize(
    ("error", "passes"),
    [
        (Unavailable("locked"), True),
        (OSError(errno.ENOSPC, "full"), True),
        (BlockingIOError(errno.EAGAIN, "no more processes"), True),
        (FileNotFoundError(errno.ENOENT, "gone"), False),
        (OSError("without a number"), False),
        (Refused("the study was changed"), False),
        (ZeroDivisionError("a bug"), False),
    ],
)
def test_what_may_pass(error: Exception, passes: bool) -> None:
    assert lock.may_pass(error) == passes


@pytest.mark.parametrize("ask", LOCKS)
@pytest.mark.parametrize("way", ["file", "folder", "chain", "dots"])
def test_a_database_has_one_set_of_locks_whatever_it_is_called(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask: Lock, way: str
) -> None:
    monkeypatch.setattr(lock, "TIMEOUT", 0)
    (tmp_path / "data").mkdir()
    (tmp_path / "link.db").symlink_to(Path("data", "study.db"))
    (tmp_path / "chain.db").symlink_to("link.db")
    (tmp_path / "folder").symlink_to("data")
    name = {"file": "link.db", "folder": "folder/study.db", "chain": "chain.db", "dots": "data/../data/study.db"}[way]
    url, other = f"sqlite:///{tmp_path}/data/study.db", f"sqlite:///{tmp_path}/{name}"
    Store.create(other).close()
    assert (tmp_path / "data" / "study.db").is_file(), "a link to a file that is not there yet is followed, too"
    for held, asked in ((url, other), (other, url)):
        with ask(held), pytest.raises(Refused, match=r"another (process|server)|being run by process"):
            ask(asked).__enter__()
    assert {path.name for path in tmp_path.iterdir()} == {"data", "link.db", "chain.db", "folder"}
