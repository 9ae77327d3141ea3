"""A database, open for writing, and a server with four cores that looks after it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archsearch.store import Store
from tests.study.runner.hall import Hall


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A fresh database."""
    with Store.create(url) as opened:
        yield opened


@pytest.fixture
def hall(store: Store) -> Hall:
    """With four cores."""
    return Hall(store, 4)
