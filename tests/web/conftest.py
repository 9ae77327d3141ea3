"""A server with pages on a database with made-up studies, shared by the tests of this folder, which only read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from archsearch.web.answers import Readable
from archsearch.web.site import make_site
from tests.api.conftest import storage
from tests.api.serving import Served, serving

__all__ = ["serving_pages", "site", "storage"]


def serving_pages(storage: str, **settings: Any) -> AbstractContextManager[Served]:
    """As `serving`, with the pages."""
    return serving(storage, make=make_site, dress=Readable, **settings)


@pytest.fixture(scope="session")
def site(storage: str) -> Iterator[Served]:
    """A server with a token: a finished study `tiny`, one that runs, `going`, and some with hostile names."""
    with serving_pages(storage) as found:
        yield found
