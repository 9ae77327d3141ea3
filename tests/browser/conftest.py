"""A browser for each file: two of Playwright's cannot live in one process, nor beside an event loop of another test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.visit import started_browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with started_browser() as found:
        yield found
