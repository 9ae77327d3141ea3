"""The report: a whole study in one file that asks for nothing else, and says the same whenever it is made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from archsearch.schema.canonical import canonical_json
from archsearch.store.store import Store
from archsearch.web.report import BEST, ROWS, make_report
from benchmarks import large_study
from tests.api.conftest import HOSTILE
from tests.cli.samples import DEFINITION, definition_with, record_study
from tests.store.free_store import FreeStore
from tests.web.pages import Element, parse

_LOADS = {"src", "srcset", "poster", "data", "action", "formaction", "background", "ping", "xlink:href"}
"""Attributes for which a browser may fetch something, or send."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FreeStore]:
    """A finished study, one per earlier phase, one without anything, and one of a task that is not at hand."""
    url = f"sqlite:///{tmp_path_factory.mktemp('report') / 'a.db'}"
    for phases, name in enumerate(("searched", "confirmed", "tiny"), 1):
        record_study(url, name, phases=phases)
    own = definition_with(name="coin", length=3, file="0" * 64)
    record_study(url, "own", definition=own)
    with FreeStore.create(url) as opened:
        for name in ("empty", *HOSTILE):
            opened.create_study(name, canonical_json(DEFINITION))
        yield opened


def report(store: FreeStore, name: str) -> str:
    row = store.find_study(name)
    assert row is not None
    return make_report(store, row)


def tables(root: Element) -> dict[str, list[str]]:
    """The architectures of each board, by its heading."""
    found = {}
    for section in root.all("section"):
        heading = next(section.all("h2"), None)
        if heading is not None and section.attributes.get("aria-labelledby", "").startswith("board"):
            found[heading.text] = [row.text for row in section.one("tbody").all("tr")]
    return found


def outside(root: Element) -> list[str]:
    """Whatever a browser would run, or ask somebody else for."""
    found = []
    for element in root.all():
        if element.tag in ("script", "iframe", "object", "embed", "form", "link", "base", "img"):
            found.append(element.tag)
        for name, value in element.attributes.items():
            if name in _LOADS or name.startswith(("on", "hx-")) or (name == "href" and not value.startswith("#")):
                found.append(f"{element.tag} {name}={value}")
    return found


def test_a_finished_study_is_told_from_its_verdict_to_its_environment(store: FreeStore) -> None:
    root = parse(report(store, "tiny"))
    assert root.one("head").one("title").text == "tiny – a study by archsearch"
    assert root.one("p", class_="verdict").text.startswith("no winner: too few seeds to tell gru")
    boards = tables(root)
    assert list(boards) == ["Report: fresh seeds, which decide", "Confirm: the best again", "Search"]
    assert [row.split()[1] for row in boards["Report: fresh seeds, which decide"]] == ["gru,", "lstm", "rnn"]
    headings = [each.text for each in root.all("h2")]
    assert headings[-2:] == ["Failures", "Definition"]
    assert {"Over time", "Which choices matter"} <= set(headings)
    assert root.one("details", id="definition-environments").has("open", "")
    assert "21 evaluations" in root.one("details", id="definition-environments").text
    assert len(list(root.all("svg"))) >= BEST  # two charts, and the best cells


def test_the_best_are_drawn_and_reached_from_their_rows(store: FreeStore) -> None:
    root = parse(report(store, "tiny"))
    best = list(root.all("section", class_="best"))
    assert best[0].one("h2").text.startswith("gru, coupled [bold]i = 1 - f[/bold]")
    assert len(best) == BEST
    for each in best:
        assert len(list(each.one("div", class_="diagram").all("svg"))) == 1
        assert each.attributes["id"] in {link.attributes["href"][1:] for link in root.all("a")}
    ids = [element.attributes["id"] for element in root.all() if "id" in element.attributes]
    assert sorted(set(ids)) == sorted(ids)


@pytest.mark.parametrize(
    ("name", "boards"),
    [("searched", ["Search"]), ("confirmed", ["Confirm: the best again", "Search"]), ("empty", [])],
)
def test_a_study_that_is_not_done_is_told_as_far_as_it_got(store: FreeStore, name: str, boards: list[str]) -> None:
    root = parse(report(store, name))
    assert list(tables(root)) == boards
    assert ("Nothing has been evaluated yet." in root.text) == (name == "empty")
    assert outside(root) == []


def test_a_study_whose_task_is_not_at_hand_says_so(store: FreeStore) -> None:
    root = parse(report(store, "own"))
    assert (
        "the task 'coin', whose baseline they count as, is a file of your own" in root.one("ul", class_="problems").text
    )
    assert list(tables(root)) == [
        "Report: fresh seeds, which decide",
        "Confirm: the best again",
    ]  # the search has failed seeds


@pytest.mark.parametrize("name", ["tiny", *HOSTILE])
def test_it_asks_for_nothing_and_runs_nothing(store: FreeStore, name: str) -> None:
    text = report(store, name)
    root = parse(text)
    assert outside(root) == []
    assert set(re.findall(r"\w+://[^\s\"'<)]*", text)) <= {"http://www.w3.org/2000/svg"}
    assert "url(" not in text
    assert "@import" not in text
    policies = list(root.all("meta", http_equiv="Content-Security-Policy"))
    assert [each.attributes["content"] for each in policies] == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)


def test_a_page_that_asks_is_caught() -> None:
    assert outside(parse("<script>1</script>")) == ["script"]
    assert outside(parse('<p onclick="f()"><a href="/study">x</a>')) == ["p onclick=f()", "a href=/study"]


def test_the_same_study_gives_the_same_file(store: FreeStore) -> None:
    assert report(store, "tiny") == report(store, "tiny")


def test_thousands_of_trials_make_a_file_that_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "large.db"
    large_study.make(str(file), trials=2_000)
    with Store.read(f"sqlite:///{file}") as opened:
        (row,) = opened.list_studies()
        text = make_report(opened, row)
    root = parse(text)
    (rows,) = tables(root).values()
    assert len(rows) == ROWS
    assert re.search(r"[\d,]+ further rows not shown here", root.text)
    assert len(text) < 1_000_000
