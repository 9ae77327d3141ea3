"""The visit itself: what goes wrong in a page is noticed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from archsearch.store.store import Store
from tests.browser.visit import served_for_real, visiting


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a database without a study."""
    url = f"sqlite:///{tmp_path_factory.mktemp('visit') / 'studies.db'}"
    Store.create(url).close()
    with served_for_real(url, "--read-only", "--no-token") as address:
        yield address


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("document.body.innerHTML = '<p style=\"color: red\">x</p>'", "policy: style-src"),
        ("document.body.innerHTML = '<img src=x onerror=alert(1)>'", "policy: script-src"),
        ("setTimeout('1', 0)", "policy: script-src"),
        ("fetch('http://127.0.0.1:9/').catch(() => {})", "policy: connect-src"),
        ("setTimeout(() => alert('hello'), 0)", "dialog: hello"),
        ("setTimeout(() => { throw new Error('broken') }, 0)", "script: broken"),
    ],
)
def test_what_goes_wrong_in_a_page_is_noticed(browser: Browser, link: str, script: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told), visiting(browser, link) as page:
        page.evaluate(f"() => new Promise((done) => {{ {script}; setTimeout(done, 50); }})")


def test_a_page_where_nothing_is_wrong_passes(browser: Browser, link: str) -> None:
    with visiting(browser, link) as page:
        page.evaluate("() => new Promise((done) => setTimeout(done, 50))")
