"""Names that nobody would choose, in a browser: no script runs, no dialog opens, the policy is not even touched."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from archsearch.schema.canonical import canonical_json
from archsearch.store import Store
from tests.api.conftest import HOSTILE
from tests.browser.visit import served_for_real, visiting
from tests.cli.samples import DEFINITION

MORE = (
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "{{7*7}}{%raise%}",
    "' hx-get='/study/delete' hx-trigger='load",
)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with a study of each name."""
    url = f"sqlite:///{tmp_path_factory.mktemp('hostile') / 'studies.db'}"
    with Store.create(url) as store:
        for name in (*HOSTILE, *MORE):
            store.create_study(name, canonical_json(DEFINITION))
    return url


def test_the_list_shows_them_as_text(browser: Browser, storage: str) -> None:
    with served_for_real(storage, "--read-only") as address, visiting(browser, address) as page:
        expect(page.get_by_role("row")).to_have_count(1 + len(HOSTILE) + len(MORE))
        expect(page.get_by_role("link", name="<img src=x onerror=alert(1)>", exact=True)).to_be_visible()
