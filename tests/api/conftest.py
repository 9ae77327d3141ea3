"""A server on a database with made-up studies, shared by the tests of this folder, which only read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archsearch.schema.canonical import canonical_json
from tests.api.serving import Served, serving
from tests.cli.conftest import call
from tests.cli.samples import DEFINITION, record_study
from tests.store.free_store import FreeStore

__all__ = ["HOSTILE", "call", "served", "storage"]

HOSTILE = (
    "=HYPERLINK(1)",
    "<script>alert(1)</script>",
    "a\x1b[2Jb",
    "\u202eabc",
    "x" * 500,
    "..",
    ".",
    "a/../b",
    "' OR 1=1 --",
    "100%25",
    "a?token=b#c",
    "café",
    "cafe\u0301",
    "name\n",
)


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A finished study `tiny`, one that runs, `going`, and some with names that nobody would choose."""
    url = f"sqlite:///{tmp_path_factory.mktemp('api') / 'studies.db'}"
    record_study(url, "tiny")
    with FreeStore.create(url) as store:
        for name in ("going", *HOSTILE):
            store.create_study(name, canonical_json(DEFINITION))
    return url


@pytest.fixture(scope="session")
def served(storage: str) -> Iterator[Served]:
    """A server with a token."""
    with serving(storage) as found:
        yield found
