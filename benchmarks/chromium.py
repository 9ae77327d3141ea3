"""Chromium without a window, for pages that are measured, pictured and tested."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator

from playwright.sync_api import Browser, sync_playwright


def find() -> str | None:
    """Where it is, by the name in ARCHSEARCH_CHROMIUM where there is one; None where it is not installed."""
    return shutil.which(os.environ.get("ARCHSEARCH_CHROMIUM", "chromium"))


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[Browser]:
    """Running, with these arguments of its own."""
    # As root, as in containers, Chromium starts without its sandbox only; it visits our own server alone.
    given = ["--no-sandbox", *arguments] if os.geteuid() == 0 else list(arguments)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=given)
        try:
            yield browser
        finally:
            browser.close()
