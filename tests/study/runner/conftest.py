"""A database, open for writing, and a server with four cores that looks after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.free_store import FreeStore
from tests.study.runner.hall import Hall


@pytest.fixture
def store(url: str) -> Iterator[FreeStore]:
    """A fresh database."""
    with FreeStore.create(url) as opened:
        yield opened


@pytest.fixture
def hall(store: FreeStore) -> Hall:
    """With four cores."""
    return Hall(store, 4)
