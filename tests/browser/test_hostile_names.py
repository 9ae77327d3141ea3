"""Names that nobody would choose, in a browser: no script runs, no dialog opens, the policy is not even touched."""

from __future__ import annotations

import dataclasses

import pytest
from playwright.sync_api import Browser, expect

from archsearch.errors import printable
from archsearch.schema.canonical import canonical_json
from archsearch.schema.score import Failure
from archsearch.store import Run, TrialEnd
from archsearch.web.rendering import href
from tests.api.conftest import HOSTILE
from tests.browser.visit import served_for_real, visiting
from tests.cli.samples import DEFINITION, spec_row
from tests.store.free_store import FreeStore

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
    with FreeStore.create(url) as store:
        for name in (*HOSTILE, *MORE):
            row = store.create_study(name, canonical_json(DEFINITION))
            spec = dataclasses.replace(spec_row("gru"), line=name, spec_id=f"{row.id:016x}")
            store.record_proposal(row.id, 0, {name: name}, spec)
            failure = Failure(kind="nan", reason=name)
            store.record_failure(Run(row.id, "search", spec.spec_id, 0), failure, trial=TrialEnd(0, "failed"))
            store.set_state(row.id, "interrupted")
    return url


def test_the_list_shows_them_as_text(browser: Browser, storage: str) -> None:
    with served_for_real(storage, "--read-only") as address, visiting(browser, address) as page:
        expect(page.get_by_role("row")).to_have_count(1 + len(HOSTILE) + len(MORE))
        expect(page.get_by_role("link", name="<img src=x onerror=alert(1)>", exact=True)).to_be_visible()


def test_every_page_shows_them_as_text(browser: Browser, storage: str) -> None:
    with (
        served_for_real(storage, "--no-token", "--cores", "1") as address,
        visiting(browser, address, refusals=True) as page,
    ):
        base = address.rstrip("/")
        for number, name in enumerate((*HOSTILE, *MORE), start=1):
            shown = printable(name, limit=300)
            spec = f"{number:016x}"
            page.goto(base + href("/study", name=name))
            expect(page.get_by_role("heading", level=1)).to_contain_text(" ".join(shown.split()))
            page.goto(base + href("/study", name=name, filter="line~" + name[:50], sort="hole:" + name[:50]))
            page.goto(base + href("/candidate", study=name, spec=spec))
            page.goto(base + href("/compare", item=[f"entry:{spec}:{name}", "cell:lstm"]))
            page.goto(base + href("/study/delete", name=name))
            page.goto(base + href("/", name=name))
            page.goto(base + href("/new", **{"from": name}))
