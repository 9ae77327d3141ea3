"""Whether a database has changed, told without a look at what is in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.store import Unavailable
from archsearch.store.store import Store
from tests.store.free_store import FreeStore


@pytest.fixture
def url(tmp_path: Path) -> str:
    found = f"sqlite:///{tmp_path / 'a.db'}"
    FreeStore.create(found).close()
    return found


def test_every_change_of_somebody_else_gives_another_number(url: str) -> None:
    with Store.read(url) as reader, FreeStore.create(url) as writer:
        seen = [reader.version()]
        for name in ("a", "b"):
            writer.create_study(name, "{}")
            seen.append(reader.version())
        assert len(set(seen)) == 3


def test_changes_through_the_same_store_count(url: str) -> None:
    with FreeStore.create(url) as store:
        before = store.version()
        store.create_study("a", "{}")
        assert store.version() != before


def test_without_a_change_it_stays(url: str) -> None:
    with Store.read(url) as reader, FreeStore.create(url) as writer:
        before = reader.version()
        writer.list_studies()
        assert reader.list_studies() == ()
        assert reader.version() == before


def test_a_database_that_is_gone_is_a_clear_error_and_may_come_back(url: str, tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    kept = file.read_bytes()
    with Store.read(url) as reader:
        file.unlink()
        with pytest.raises(Unavailable, match="cannot be opened"):
            reader.version()
        file.write_bytes(kept)
        assert reader.version() is not None
