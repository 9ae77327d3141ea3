"""A page that follows its study from the moment at which it was made."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Route, expect

from archsearch.web.rendering import href
from tests.browser.visit import served_for_real, visiting
from tests.cli.samples import record_study
from tests.store.free_store import FreeStore

_COUNT = """
window.heard = 0;
addEventListener("study-changed", () => { window.heard += 1; }, true);  // it does not bubble
const close = EventSource.prototype.close;
EventSource.prototype.close = function () { close.call(this); window.over = true; };
"""
"""Count the changes that the page hears of, and note when it has heard that the study is over."""
_EVENTS = "**/study/events?*"


@pytest.fixture
def storage(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a study that is half done."""
    url = f"sqlite:///{tmp_path_factory.mktemp('following') / 'studies.db'}"
    record_study(url, "half", phases=1)
    return url


def finish(storage: str) -> None:
    with FreeStore.create(storage) as store:
        row = store.find_study("half")
        assert row is not None
        store.set_state(row.id, "finished")


def test_what_changes_before_the_stream_begins_is_shown(browser: Browser, storage: str) -> None:
    def change_first(route: Route) -> None:
        finish(storage)
        route.continue_()

    with served_for_real(storage, "--read-only", "--no-token") as address, visiting(browser, address) as page:
        page.route(_EVENTS, change_first)
        page.goto(address.rstrip("/") + href("/study", name="half"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("finished")


def test_a_page_is_not_loaded_again_while_nothing_has_changed(browser: Browser, storage: str) -> None:
    finish(storage)
    with served_for_real(storage, "--read-only", "--no-token") as address, visiting(browser, address) as page:
        page.add_init_script(_COUNT)
        page.goto(address.rstrip("/") + href("/study", name="half"))
        page.wait_for_function("() => window.over")
        page.evaluate("() => new Promise((done) => setTimeout(() => setTimeout(done)))")
        assert page.evaluate("() => window.heard") == 0
