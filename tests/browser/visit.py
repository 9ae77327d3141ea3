"""A visitor with a browser, and the server that is visited: both as they are in life."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Error, Page, expect

from benchmarks import chromium
from benchmarks.serving import serving

PATIENCE = 60_000
"""Milliseconds that anything may take on a busy machine."""

_REFUSED = re.compile(r"Failed to load resource: .* status of 4\d\d ")
_WATCH = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
});
"""


@contextlib.contextmanager
def started_browser() -> Iterator[Browser]:
    """Chromium without a window. Left out where there is none, unless this is a continuous integration."""
    if chromium.find() is None:
        message = "no chromium: apt-get install chromium, or name one with ARCHSEARCH_CHROMIUM"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    expect.set_options(timeout=PATIENCE)
    with chromium.started() as browser:
        yield browser


@contextlib.contextmanager
def visiting(browser: Browser, url: str, *, refusals: bool = False, **options: object) -> Iterator[Page]:
    """A fresh profile at `url`. Afterwards nothing may have gone wrong in the page: no error, no dialog, no breach of
    the policy, no request to anywhere else; with `refusals` the server may have refused something (4xx).
    """
    wrong: list[str] = []
    context = browser.new_context(**options)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE)
    context.add_init_script(_WATCH)
    page = context.new_page()

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not (refusals and _REFUSED.search(message.text)):
            wrong.append(f"console: {message.text}")

    def dismiss(dialog: Dialog) -> None:
        wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def fail(error: Error) -> None:
        wrong.append(f"script: {error}")

    page.on("console", note)
    page.on("pageerror", fail)
    page.on("dialog", dismiss)
    base = url.split("?", maxsplit=1)[0].rstrip("/")
    page.on("request", lambda request: None if request.url.startswith((base, "data:")) else wrong.append(request.url))
    try:
        page.goto(url)
        yield page
    finally:
        context.close()
    assert not wrong, wrong


@contextlib.contextmanager
def served_for_real(storage: str, *options: str) -> Iterator[str]:
    """The link of an `archsearch serve` in a process of its own."""
    with serving(storage, *options) as (link, _):
        yield link
