"""An empty database for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archsearch.store import StudyRow
from tests.store.free_store import FreeStore


@pytest.fixture
def store(url: str) -> Iterator[FreeStore]:
    """A fresh database, open for writing."""
    with FreeStore.create(url) as opened:
        yield opened


@pytest.fixture
def study(store: FreeStore) -> StudyRow:
    """A study without trials."""
    return store.create_study("quick", '{"study":"quick"}')
