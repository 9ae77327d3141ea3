"""The list of studies: what a row says, order, pages, hostile names."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from archsearch.schema.canonical import canonical_json
from tests.api.conftest import HOSTILE
from tests.api.serving import Served
from tests.cli.samples import DEFINITION, record_study
from tests.store.free_store import FreeStore
from tests.web.conftest import serving_pages
from tests.web.pages import Element, parse


def rows(root: Element) -> list[Element]:
    return list(root.one("tbody").all("tr"))


def names(root: Element) -> list[str]:
    return [row.one("th").text for row in rows(root)]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Sixty studies."""
    url = f"sqlite:///{tmp_path_factory.mktemp('web') / 'a.db'}"
    with FreeStore.create(url) as store:
        for number in range(60):
            store.create_study(f"study {number:02}", canonical_json(DEFINITION))
    return url


def test_a_row_says_how_far_a_study_is(site: Served) -> None:
    with site.http() as http:
        root = parse(http.get("/", params={"name": "tiny"}).text)
    (row,) = rows(root)
    texts = [cell.text for cell in row.all("td")]
    assert texts[:3] == ["finished", "temporal_order", "5/5"]
    assert texts[4:6] == ["", "0.900"]
    bar = row.one("progress")
    assert (bar.attributes["value"], bar.attributes["max"]) == ("22", "22")


def test_a_study_that_runs_has_time_left(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "half", phases=2)
    with serving_pages(url) as found, found.http() as http:
        (row,) = rows(parse(http.get("/").text))
        assert row.one("span", class_="state").text == "running"
        assert re.fullmatch(r"\d+ s", [cell.text for cell in row.all("td")][4])


def test_hostile_names_are_text_and_their_links_lead_to_them(site: Served) -> None:
    with site.http() as http:
        answer = http.get("/", params={"sort": "name"})
        assert "<script>alert" not in answer.text
        assert "\x1b" not in answer.text
        assert "\u202e" not in answer.text
        links = [row.one("a").attributes["href"] for row in rows(parse(answer.text))]
        found = {parse_qs(urlsplit(link).query)["name"][0] for link in links}
        assert found == {"tiny", "going", *HOSTILE}
        for link in links:
            page = http.get(link)
            assert page.status_code == 200, link
            assert "<script>alert" not in page.text


def test_sixty_studies_are_shown_by_pages(many: str) -> None:
    with serving_pages(many) as found, found.http() as http:
        seen: list[str] = []
        address = "/?sort=name&descending=false"
        while address:
            root = parse(http.get(address).text)
            seen += names(root)
            address = next((link.attributes["href"] for link in root.all("a", rel="next")), "")
    assert seen == [f"study {number:02}" for number in range(60)]


def test_headings_sort_and_say_so(many: str) -> None:
    with serving_pages(many) as found, found.http() as http:
        first = parse(http.get("/").text)
        heading = next(each for each in first.one("thead").all("th") if each.text.startswith("study"))
        sorted_page = parse(http.get(heading.one("a").attributes["href"]).text)
        assert names(sorted_page)[0] == "study 00"
        heading = next(each for each in sorted_page.one("thead").all("th") if each.text.startswith("study"))
        assert heading.attributes["aria-sort"] == "ascending"
        assert names(parse(http.get(heading.one("a").attributes["href"]).text))[0] == "study 59"


def test_filters_stay_in_the_form_and_in_the_links(many: str) -> None:
    with serving_pages(many) as found, found.http() as http:
        root = parse(http.get("/", params={"name": "study 0", "state": "running"}).text)
        assert len(rows(root)) == 10
        assert root.one("input", name="name").attributes["value"] == "study 0"
        links = [
            heading.one("a").attributes["href"] for heading in root.one("thead").all("th") if list(heading.all("a"))
        ]
        assert all(parse_qs(urlsplit(link).query)["name"] == ["study 0"] for link in links)
        none = parse(http.get("/", params={"name": "nothing"}).text)
        assert none.one("td", class_="nothing").text == "No study is like that."


def test_an_empty_database_says_how_to_begin(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    FreeStore.create(url).close()
    with serving_pages(url) as found, found.http() as http:
        root = parse(http.get("/").text)
        assert not list(root.all("table"))
        assert "There is no study yet" in root.one("main").text
