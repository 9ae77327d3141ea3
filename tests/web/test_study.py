"""A study's page: what it says of one that is finished, runs, has nothing yet or cannot be judged; parts of it."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from archsearch.findings.studies import progress_of
from archsearch.schema.score import Failure
from archsearch.store import Run
from archsearch.store.store import Store
from archsearch.web.rendering import render
from archsearch.web.views.board import Asked
from archsearch.web.views.study import StudyView, importance_step
from tests.api.conftest import HOSTILE
from tests.api.serving import Served
from tests.cli.samples import definition_with, record_study, spec_row
from tests.store.free_store import FreeStore
from tests.web.conftest import serving_pages
from tests.web.pages import Element, parse

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Studies that are half done (`half`), of a task of the user's own (`own`), and with 130 failures (`bad`)."""
    url = f"sqlite:///{tmp_path_factory.mktemp('web') / 'a.db'}"
    record_study(url, "half", phases=1)
    record_study(url, "own", phases=1, definition=definition_with(name="coin", length=3, file="0" * 64))
    record_study(url, "bad")
    with FreeStore.create(url) as store:
        row = store.find_study("bad")
        assert row is not None
        run = Run(row.id, "report", spec_row("rnn").spec_id, 9)
        for number in range(127):
            store.record_attempt(run, Failure(kind="time limit", reason=f"reason {number} <script>alert(1)</script>"))
    with serving_pages(url) as found:
        yield found


def get(served: Served, name: str, **parameters: str) -> Element:
    """A study's page."""
    with served.http() as http:
        answer = http.get("/study", params={"name": name, **parameters}, headers=HTML)
    assert answer.status_code == 200, answer.text
    return parse(answer.text)


def facts(root: Element) -> dict[str, str]:
    return {each.one("dt").text: each.one("dd").text for each in root.one(id="progress").all("div")}


def test_a_finished_study_has_its_verdict_and_its_progress(site: Served) -> None:
    root = get(site, "tiny")
    assert root.one("h1").text == "tiny finished"
    assert root.one("p", class_="verdict").text.startswith("no winner: too few seeds to tell gru")
    found = facts(root)
    assert found["report"] == "12 of 12 12 of 12"  # the bar's own text, and the text beneath
    assert found["search"].endswith("4 of 4, 1 failed")
    assert found["trials"] == "5 of 5: 3 complete, 2 failed, 1 evaluation tried again"
    assert "time left" not in found
    assert "temporal_order, length 20, markers 2" in root.one("main").text


def test_a_running_study_has_time_left_and_is_followed(odd: Served) -> None:
    root = get(odd, "half", sort="parameters")
    assert re.fullmatch(r"about \d+ s", facts(root)["time left"])
    assert root.one("body").attributes["data-follow"] == "/study/events?name=half"
    assert root.one("body").attributes["data-seen"] == "running 5 4 0 0"
    main = root.one("main")
    assert main.attributes["hx-get"] == "/study?name=half&sort=parameters"
    assert (main.attributes["hx-select"], main.attributes["hx-swap"]) == ("#content", "outerMorph")
    assert root.one("p", data_announce="").text == "5 of 5 trials, best 0.900; running"


def test_a_study_without_any_result_says_so(site: Served) -> None:
    root = get(site, "going")
    assert "Nothing has been evaluated in this phase yet." in root.one("main").text
    assert not list(root.all("table"))
    assert "Nothing has failed." in root.one("main").text


def test_a_board_that_cannot_be_drawn_up_leaves_the_rest(odd: Served) -> None:
    root = get(odd, "own")
    assert "is a file of your own" in root.one("ul", class_="problems").text
    assert "The board cannot be drawn up here." in root.one("main").text
    assert facts(root)["trials"].startswith("5 of 5")


def test_there_is_no_page_for_a_study_that_is_not_there(site: Served) -> None:
    with site.http() as http:
        for name in ("nobody", "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), ""):
            for path in ("/study", "/study/importance", "/study/failures", "/study/events"):
                answer = http.get(path, params={"name": name}, headers=HTML)
                assert answer.status_code == 404, (path, name)
                assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_text_everywhere(site: Served, name: str) -> None:
    with site.http() as http:
        for path in ("/study", "/study/importance", "/study/failures"):
            answer = http.get(path, params={"name": name}, headers=HTML)
            assert answer.status_code == 200
            assert not [each for each in ("<script>alert", "\x1b", "\u202e") if each in answer.text]
            root = parse(answer.text)
            assert not [each for each in root.all() if "style" in each.attributes or each.tag == "style"]
            assert all(each.attributes.get("src") for each in root.all("script"))


def test_links_of_a_page_lead_somewhere(site: Served) -> None:
    root = get(site, "tiny")
    links = {link.attributes["href"].partition("#")[0] for link in root.one("main").all("a")}
    with site.http() as http:
        for link in links:
            if urlsplit(link).path in ("/study", "/study/failures"):
                assert http.get(link, headers=HTML).status_code == 200, link
    assert "/new?from=tiny" in links
    ids = [each.attributes["id"] for each in root.all() if "id" in each.attributes]
    assert len(set(ids)) == len(ids)
    assert not [each for each in ids if " " in each]


def test_sections_have_headings_in_order(site: Served) -> None:
    root = get(site, "tiny")
    headings = [each.tag for each in root.all() if each.tag in ("h1", "h2", "h3", "h4")]
    assert headings[0] == "h1"
    assert headings.count("h1") == 1
    assert all(int(later[1]) - int(earlier[1]) <= 1 for earlier, later in itertools.pairwise(headings))


def test_failures_are_counted_and_the_latest_told_with_their_reasons(odd: Served) -> None:
    root = get(odd, "bad")
    details = root.one("details", id="failures-latest")
    assert len(list(details.one("tbody").all("tr"))) == 20
    assert "130 failures: 127 time limit, 1 killed, 1 nan, 1 no cell." in root.one("main").text
    assert "reason 126 <script>" in next(details.one("tbody").all("tr")).text
    more = details.one("a").attributes["href"]
    with odd.http() as http:
        first = parse(http.get(more).text)
        assert len(list(first.one("tbody").all("tr"))) == 100
        later = parse(http.get(first.one("a", rel="next").attributes["href"]).text)
    assert len(list(later.one("tbody").all("tr"))) == 30
    assert list(later.one("tbody").all("tr"))[-1].text.endswith("killed (tried again) signal 9")


def test_importance_comes_by_itself_and_says_why_it_cannot_be_told(site: Served) -> None:
    part = next(
        each for each in get(site, "tiny").all("div") if each.attributes.get("id", "").startswith("importance-")
    )
    assert (part.attributes["hx-get"], part.attributes["hx-trigger"]) == ("/study/importance?name=tiny", "load")
    with site.http() as http:
        answer = http.get(part.attributes["hx-get"])
    assert "Importance needs 10 complete trials, study 'tiny' has 3" in parse(answer.text).text


def test_holes_stand_in_order_with_bars() -> None:
    from archsearch.study.importance import HoleShare, Importance

    found = Importance("tiny", (HoleShare("rank", 0.75), HoleShare("<b>", 0.25)))
    root = parse(render("study/shares.html", importance=found))
    assert [link.attributes["href"] for link in root.all("a")] == [
        "/study?name=tiny&phase=search&sort=hole%3Arank#board",
        "/study?name=tiny&phase=search&sort=%3Cb%3E#board",
    ]
    assert [row.text for row in root.one("tbody").all("tr")] == ["rank 75.0 %", "<b> 25.0 %"]
    assert [bar.attributes["value"] for bar in root.all("meter")] == ["0.7500", "0.2500"]


def test_importance_is_asked_for_a_few_times_while_a_search_runs() -> None:
    assert len({importance_step(complete, 24) for complete in range(25)}) == 3
    assert len({importance_step(complete, 10_000) for complete in range(10_001)}) == 7


def test_the_definition_can_be_used_again_and_says_where_it_ran(site: Served) -> None:
    root = get(site, "tiny")
    assert "temporal_order" in root.one("details", id="definition-text").one("pre").text
    where = root.one("details", id="definition-environments")
    assert where.one("h3").text == "21 evaluations"
    assert where.one("dt").text == "python"
    assert len(list(root.all("a", href="/new?from=tiny"))) == 1


def test_charts_have_the_best_value_and_how_the_best_learn(site: Served) -> None:
    captions = [each.one("figcaption").text for each in get(site, "tiny").all("figure")]
    assert captions == ["Best so far", "How the best learn (report, mean over seeds)"]
    assert "How the best learn (search)" in [
        each.one("figcaption").text for each in get(site, "tiny", phase="search").all("figure")
    ]


def test_the_same_is_shown_without_a_server(storage: str) -> None:
    from archsearch.findings.boards import read_standing

    with Store.read(storage) as store:
        row = store.find_study("tiny")
        assert row is not None
        found = StudyView(store, row, read_standing(store, row), Asked("tiny", limit=10))
        assert found.progress == progress_of(store, row)
    root = parse(render("study.html", study=found, asked=found.board and found.board.asked, current="", static=True))
    assert not list(root.one("main").all("form"))
    assert [row.one("th").text for row in root.one("table", class_="board").one("tbody").all("tr")]


def test_events_are_those_of_the_api(site: Served) -> None:
    with site.http() as http:
        answer = http.get("/study/events", params={"name": "tiny"})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith('event: end\ndata: {"study": "tiny"')


def test_words_of_progress_leave_out_what_is_not(storage: str) -> None:
    with Store.read(storage) as store:
        row = store.find_study("going")
        assert row is not None
        found = StudyView(store, row, None, Asked("going"), "no board")
    assert found.progress.trials_line == ""
    spoken = parse(render("study.html", study=found, asked=found, current="")).one("p", id="spoken")
    assert spoken.text == "0 of 5 trials; running"
    repeated = dataclasses.replace(found.progress, repeats=2)
    assert repeated.trials_line == "2 proposals repeated an earlier one"
