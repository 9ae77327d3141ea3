"""Defining a study in a browser: what is wrong is told at its line, and texts are kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from archsearch import registry
from archsearch.api.checker import Checker
from archsearch.errors import Refused
from archsearch.schema.validation import MOST_PROBLEMS
from archsearch.schema.yaml_text import LARGEST_TEXT
from archsearch.space.library import SPACES, STUDIES
from archsearch.store import Unavailable
from archsearch.store.store import Store
from archsearch.study.checking import define_texts
from tests.api.serving import Served
from tests.web.conftest import serving_pages
from tests.web.launching import SERIES, SPACE, STUDY, create, faults, send, show, text_in
from tests.web.pages import Element, parse

HOSTILE = (
    "\n\nstarts with empty lines",
    "</textarea><script>alert(1)</script>",
    "<b onmouseover=alert(1)>&amp;&lt; &notin; \"'`",
    "{{ 7 * 7 }}{% raw %}{# no #}",
    "  indented\n\ttabbed  \n\n\n",
    "\u202eabc\u2066 \u200b \ufeff é e\u0301 𝕏",
    "\x1b[2J\x07\x7f",
    "a\x00b",
    "study: [" + "[" * 5000,
    "&a [*a]",
    "x" * 20_000,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server on a database of its own, which runs nothing."""
    url = f"sqlite:///{tmp_path_factory.mktemp('new') / 'studies.db'}"
    with serving_pages(url) as found:
        yield found


class TestThePage:
    """GET /new."""

    def test_begins_with_two_empty_texts(self, server: Served) -> None:
        root = show(server, "/new")
        assert [text_in(root, field) for field in ("space", "study")] == ["", ""]
        assert root.one("h1").text == "New study"
        assert "Nothing to check yet" in root.one(id="result").text

    def test_names_every_text_and_says_what_it_is_for(self, server: Served) -> None:
        root = show(server, "/new")
        for field in ("space", "study"):
            assert [label.text for label in root.all("label") if label.attributes.get("for") == field] == [
                field.title()
            ]
            described = root.one("textarea", id=field).attributes["aria-describedby"].split()
            assert all(root.one(id=each) for each in described)
        assert all(element.attributes.get("aria-hidden") == "true" for element in root.all(class_="gutter"))
        assert root.one(id="result").attributes["aria-live"] == "polite"

    def test_has_nothing_inline(self, server: Served) -> None:
        for root in (show(server, "/new"), parse(send(server, "/new/check", space=SPACE, study=STUDY).text)):
            for element in root.all():
                assert element.tag != "style"
                assert not [name for name in element.attributes if name == "style" or name.startswith("on")]
                assert "js:" not in "".join(element.attributes.values())
                assert "[" not in element.attributes.get("hx-trigger", "")
            assert all(not script.text for script in root.all("script"))

    @pytest.mark.parametrize("name", registry.shipped_names(STUDIES))
    def test_begins_from_a_shipped_study_as_it_is(self, server: Served, name: str) -> None:
        root = show(server, "/new", study=name)
        assert text_in(root, "study") == registry.shipped_path(STUDIES, name).read_text()
        assert text_in(root, "space") == ""

    @pytest.mark.parametrize("name", registry.shipped_names(SPACES))
    def test_begins_from_a_shipped_space_as_it_is(self, server: Served, name: str) -> None:
        root = show(server, "/new", space=name)
        assert text_in(root, "space") == registry.shipped_path(SPACES, name).read_text()

    def test_offers_what_there_is_to_begin_from(self, server: Served) -> None:
        create(server, "offered")
        root = show(server, "/new")
        offered = {
            select.attributes["name"]: [option.attributes["value"] for option in select.all("option")]
            for select in root.one("form", id="begin").all("select")
        }
        assert offered["study"] == ["", *registry.shipped_names(STUDIES)]
        assert offered["space"] == ["", *registry.shipped_names(SPACES)]
        assert "offered" in offered["from"]

    @pytest.mark.parametrize("name", ["../studies/quickstart", "/etc/passwd", "quickstart.yaml", "nothing", "a\nb"])
    def test_begins_from_nothing_else(self, server: Served, name: str) -> None:
        for parameter in ("study", "space", "from"):
            chosen: dict[str, Any] = {parameter: name}
            root = show(server, "/new", 404, **chosen)
            assert "passwd:" not in root.text
            assert not list(root.all("textarea"))

    def test_begins_from_a_stored_study_that_defines_the_same(self, server: Served) -> None:
        create(server, "origin")
        chosen: dict[str, Any] = {"from": "origin"}
        root = show(server, "/new", **chosen)
        found = define_texts(text_in(root, "study"), text_in(root, "space"))
        with server.http() as http:
            stored = http.get("/api/v1/studies/origin").json()["definition"]
        assert json.loads(found[0].text) == stored


class TestChecking:
    """POST /new/check."""

    def test_tells_mistakes_at_their_lines_in_both_texts(self, server: Served) -> None:
        space = SPACE.replace("tanh", "tahn").replace("coupling", "cuopling")
        study = STUDY.replace("trials: 2", "trials: none")
        root = parse(send(server, "/new/check", space=space, study=study).text)
        assert [fault[:2] + fault[3:] for fault in faults(root, "space")] == [
            ("4", "3", "cuopling"),
            ("5", "12", "tahn"),
        ]
        assert [fault[0] for fault in faults(root, "study")] == ["7"]
        for field in ("space", "study"):
            area = root.one("textarea", id=field).attributes
            assert area["aria-invalid"] == "true"
            assert f"{field}-problems" in area["aria-describedby"].split()
        assert "3 problems" in root.one(id="result").text
        assert not list(root.all(class_="samples"))

    def test_counts_lines_as_the_text_field_shows_them(self, server: Served) -> None:
        text = "\n\n# é 𝕏\r\n" + SPACE.replace("\n", "\r\n").replace("tanh", "tahn")
        root = parse(send(server, "/new/check", space=text, study="").text)
        assert [fault[0] for fault in faults(root, "space")] == ["8"]
        assert text_in(root, "space") == text.replace("\r\n", "\n")

    def test_counts_columns_in_characters(self, server: Served) -> None:
        space = "space: few\nwiring: lstm\nholes: {squash: [𝕏, tahn]}\n"
        root = parse(send(server, "/new/check", space=space, study="").text)
        assert [fault[:2] + fault[3:] for fault in faults(root, "space")] == [("3", "18", "𝕏"), ("3", "21", "tahn")]

    def test_tells_the_first_of_many_mistakes_and_that_there_are_more(self, server: Served) -> None:
        uses = "".join(f"    g{number}: {'$a ' * 500}\n" for number in range(40))
        cell = f"cell:\n  states: {{h: 0}}\n  output: h\n  equations:\n    h: x\n{uses}"
        space = "\n" * 100_000 + f"space: many\n{cell}"
        root = parse(send(server, "/new/check", space=space, study=STUDY.replace("few", "many")).text)
        told = [fault[2] for fault in faults(root, "space")]
        assert len(told) <= 2 * (MOST_PROBLEMS + 1)
        assert "more problems from here on" in told

    def test_tells_what_only_a_proof_finds(self, server: Served) -> None:
        root = parse(send(server, "/new/check", space=SPACE.replace("[lstm]", "[gru]"), study=STUDY).text)
        assert [fault[0] for fault in faults(root, "space")] == ["6"]

    def test_says_what_is_proved_and_what_will_be_done(self, server: Served) -> None:
        result = parse(send(server, "/new/check", space=SPACE, study=STUDY).text).one(id="result")
        assert "4 configurations, all lowered; contains lstm" in result.text
        rows = [
            [cell.text for cell in row.inside if isinstance(cell, Element)] for row in result.one("table").all("tr")
        ]
        assert rows[1:] == [
            ["search", "2 candidates and 2 baselines", "1", "4"],
            ["confirm", "the best", "1", "1"],
            ["report", "the best and 2 baselines", "2", "6"],
            ["all", "", "", "11"],
        ]
        assert "temporal_order" in result.text

    def test_a_space_alone_is_checked(self, server: Served) -> None:
        root = parse(send(server, "/new/check", space=SPACE, study=" \n").text)
        assert "4 configurations" in root.one(id="result").text
        assert not list(root.all("table"))

    def test_a_study_of_a_shipped_space_needs_no_other_text(self, server: Served) -> None:
        study = STUDY.replace("few", "lstm_to_gru")
        assert "All in order" in send(server, "/new/check", space="", study=study).text

    def test_a_series_says_its_tasks(self, server: Served) -> None:
        result = parse(send(server, "/new/check", space=SPACE, study=SERIES).text).one(id="result")
        assert [item.one("b").text for item in result.one("ul", class_="tasks").all("li")] == [
            "several.short",
            "several.long",
        ]

    def test_a_text_in_the_wrong_field_is_said_to_be_there(self, server: Served) -> None:
        root = parse(send(server, "/new/check", space=STUDY.replace("few", "lstm_to_gru"), study="").text)
        assert [fault[2] for fault in faults(root, "space")] == ["this is a study, not a space"]
        root = parse(send(server, "/new/check", space="", study=SPACE).text)
        assert [fault[2] for fault in faults(root, "study")] == ["this is a space, not a study"]

    def test_a_name_that_is_taken_is_said_before_anything_is_created(self, server: Served) -> None:
        create(server, "there")
        study = STUDY.replace("study: small", "study: there")
        result = parse(send(server, "/new/check", space=SPACE, study=study).text).one(id="result")
        assert result.one(class_="taken").one("a").attributes["href"] == "/study?name=there"

    @pytest.mark.parametrize("text", HOSTILE)
    def test_texts_are_kept_as_they_were_typed(self, server: Served, text: str) -> None:
        answer = send(server, "/new/check", space=text, study=text)
        assert answer.status_code == 200
        root = parse(answer.text)
        assert text_in(root, "space") == text
        assert text_in(root, "study") == text
        assert not [script for script in root.all("script") if "src" not in script.attributes]
        assert faults(root, "space")
        assert faults(root, "study")
        assert not set("\x1b\x00\u202e") & set(root.one(id="result").text)

    def test_a_text_that_is_too_large_is_said_to_be(self, server: Served) -> None:
        root = parse(send(server, "/new/check", space="", study="#" * (LARGEST_TEXT + 1)).text)
        assert [fault[2] for fault in faults(root, "study")] == ["is larger than 256 KiB"]

    def test_why_it_cannot_be_found_out_is_said(self, server: Served, monkeypatch: pytest.MonkeyPatch) -> None:
        async def refuse(*_: object, **__: object) -> None:
            raise Refused("the data of <b>MNIST</b> are\x1b elsewhere")

        monkeypatch.setattr(Checker, "check", refuse)
        for part in (True, False):
            answer = send(server, "/new/check", part=part, space=SPACE, study="")
            assert answer.status_code == 200
            result = parse(answer.text).one(id="result")
            assert result.one("h2").text.endswith("Not checked")
            assert result.one("p").text == "The data of <b>MNIST</b> are\\x1b elsewhere."
        samples = send(server, "/new/samples", part=True, space=SPACE, study="")
        assert parse(samples.text).text.strip() == "No samples: the data of <b>MNIST</b> are\\x1b elsewhere."

    def test_a_database_that_does_not_answer_is_no_matter_of_the_texts(
        self, server: Served, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise Unavailable("the database was locked by another process for 60 s")

        monkeypatch.setattr(Store, "find_study", fail)
        assert send(server, "/new/check", space=SPACE, study=STUDY).status_code == 503

    def test_a_program_gets_the_part_alone(self, server: Served) -> None:
        answer = send(server, "/new/check", part=True, space=SPACE, study=STUDY)
        root = parse(answer.text)
        assert not list(root.all("html"))
        assert "All in order" in root.one(id="result").text
        assert root.one(class_="samples").attributes["hx-post"] == "/new/samples"

    def test_samples_are_drawn_anew_only_for_another_space(self, server: Served) -> None:
        def key(space: str, study: str) -> str:
            return (
                parse(send(server, "/new/check", part=True, space=space, study=study).text)
                .one(class_="samples")
                .attributes["id"]
            )

        assert key(SPACE, STUDY) == key(SPACE, STUDY.replace("trials: 2", "trials: 3")) == key(SPACE, "")
        assert key(SPACE, STUDY) != key(SPACE.replace("identity", "relu"), STUDY)


class TestSamples:
    """POST /new/samples."""

    def test_are_drawn_of_either_text(self, server: Served) -> None:
        for space, study, size in (
            (SPACE, "", "4 configurations"),
            ("", STUDY.replace("few", "two_timescales"), "configurations"),
        ):
            root = parse(send(server, "/new/samples", part=True, space=space, study=study).text)
            assert size in root.one("h2").text
            cards = list(root.all("li", class_="card"))
            assert len({card.one("h3").text for card in cards}) == len(cards) == (4 if space else 5)
            for card in cards:
                assert card.one("svg").attributes["viewbox"]
                assert not list(card.all("style"))
                assert next(card.all("code")).text.count("=") >= 1

    def test_without_a_script_they_stand_on_the_page(self, server: Served) -> None:
        root = parse(send(server, "/new/samples", space=SPACE, study="").text)
        assert text_in(root, "space") == SPACE
        assert len(list(root.one(class_="samples").all("svg"))) == 4

    def test_of_a_faulty_text_there_are_none(self, server: Served) -> None:
        assert "has changed" in send(server, "/new/samples", part=True, space="space: [", study="").text


@pytest.mark.parametrize(
    ("opened", "loads"), [({}, False), ({"study": "quickstart"}, True), ({"space": "lstm_to_gru"}, True)]
)
def test_what_is_opened_is_checked_without_being_asked(site: Served, opened: dict[str, str], loads: bool) -> None:
    with site.http() as http:
        root = parse(http.get("/new", params=opened, headers={"Accept": "text/html"}).text)
    assert root.one(id="definition").attributes["hx-trigger"].startswith("load, ") == loads
    assert root.one(id="result-title").text == ("Not checked yet" if loads else "Nothing to check yet")
