"""The board on a study's page: order, filters, pages, what is wrong, comparing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

import pytest

from archsearch.board import BoardRow, ranking
from archsearch.board.ranking import LazyRows
from archsearch.findings.boards import Standing
from archsearch.store import Choice
from archsearch.web.views.board import Asked, BoardView, TypedFilter, row_key, view_board
from tests.api.serving import Served
from tests.board.samples import board, entry
from tests.web.pages import Element, parse
from tests.web.test_study import get


def rows(root: Element) -> list[Element]:
    """The rows of the board."""
    return list(root.one("table", class_="board").one("tbody").all("tr"))


def lines(root: Element) -> list[str]:
    """The architectures on the board, from the top."""
    return [row.one("th").text for row in rows(root)]


def heading(root: Element, name: str) -> Element:
    found = root.one("table", class_="board").one("thead").all("th")
    return next(each for each in found if each.text.split()[0] == name)


def query(address: str) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(address).query)


def view(count: int, **changes: object) -> BoardView:
    """A board of so many candidates."""
    entries = [entry(f"c{number:03}", [number / 1000]) for number in range(count)]
    return view_board(Standing(board(*entries), "no winner", decided=False), Asked("tiny", **changes))  # type: ignore[arg-type]


def test_the_choices_of_all_entries_are_read_once_for_a_board(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    real = ranking._choices

    def count(text: str) -> Mapping[str, Choice]:
        read.append(text)
        return real(text)

    monkeypatch.setattr(ranking, "_choices", count)
    texts = tuple(f'{{"rate":{number}}}' for number in range(1000))
    found = dataclasses.replace(board(*(entry(f"c{number}", [0.5]) for number in range(3))), choices_texts=texts)
    standing = Standing(found, "no winner", decided=False)
    for offset in range(3):
        shown = view_board(standing, Asked("tiny", offset=offset, limit=1))
        assert list(shown.holes) == ["rate"]
    assert len(read) == len(texts)


def test_the_latest_phase_is_shown_and_others_are_a_click_away(site: Served) -> None:
    root = get(site, "tiny")
    tabs = {tab.text: tab for tab in root.one("nav", class_="tabs").all("a")}
    assert [name for name, tab in tabs.items() if tab.attributes.get("aria-current")] == ["report"]
    assert lines(root) == ["gru, coupled [bold]i = 1 - f[/bold]", "lstm (baseline)", "rnn (baseline)"]
    assert [row.has("class_", "baseline") for row in rows(root)] == [False, True, True]
    with site.http() as http:
        search = parse(http.get(tabs["search"].attributes["href"]).text)
    assert len(lines(search)) == 4
    assert "search scores, no result" in search.one("main").text


def test_a_name_leads_to_its_candidate(site: Served) -> None:
    row = rows(get(site, "tiny"))[0]
    address = row.one("th").one("a").attributes["href"]
    assert urlsplit(address).path == "/candidate"
    spec = dict(query(address))["spec"]
    assert dict(query(address)) == {"study": "tiny", "spec": spec}
    assert row.one("input", name="item").attributes["value"] == f"entry:{spec}:tiny"


def test_headings_sort_by_their_better_end_first_and_then_the_other_way(site: Served) -> None:
    root = get(site, "tiny")
    assert heading(root, "#").attributes["aria-sort"] == "ascending"
    with site.http() as http:
        address = heading(root, "objective").one("a").attributes["href"]
        assert address == "/study?name=tiny&sort=objective&descending=true#board"
        once = parse(http.get(address).text)
        assert lines(once)[0].startswith("gru")
        assert heading(once, "objective").attributes["aria-sort"] == "descending"
        twice = parse(http.get(heading(once, "objective").one("a").attributes["href"]).text)
        assert lines(twice) == lines(once)[::-1]
        assert heading(twice, "objective").attributes["aria-sort"] == "ascending"


def test_the_form_puts_a_filter_into_the_address(site: Served) -> None:
    given = {"name": "tiny", "phase": "search", "sort": "parameters", "filter": "line~g"}
    with site.http() as http:
        answer = http.get("/study", params=given | {"column": "solved", "relation": ">=", "value": " 1 "})
        assert answer.status_code == 303
        address = answer.headers["location"]
        assert query(address) == [
            ("name", "tiny"),
            ("phase", "search"),
            ("sort", "parameters"),
            ("filter", "line~g"),
            ("filter", "solved>= 1 "),
        ]
        root = parse(http.get(address).text)
    assert lines(root) == ["gru, coupled [bold]i = 1 - f[/bold]", "gru_reset_before"]
    chips = list(root.one("ul", class_="chips").all("li"))
    assert [chip.text for chip in chips] == ["architecture contains g ×", "solved ≥ 1 ×"]
    assert "2 of 4 rows" in root.one("main").text
    without = query(chips[0].one("a").attributes["href"])
    assert [value for key, value in without if key == "filter"] == ["solved>= 1 "]


@pytest.mark.parametrize(
    ("parameters", "what"),
    [
        ({"column": "solved", "relation": "~", "value": "3"}, "does not go with a column of numbers"),
        ({"column": "solved", "relation": ">", "value": "<script>alert(1)</script>"}, "is not a number"),
        ({"column": "colour", "relation": "=", "value": "3"}, "no column is called 'colour'"),
        ({"column": "", "relation": "", "value": "3"}, "is not a valid filter"),
        ({"filter": "nonsense"}, "'nonsense' is not a valid filter"),
        ({"sort": "beauty"}, "no column is called 'beauty'"),
    ],
)
def test_what_is_wrong_is_said_at_the_form_beside_the_board(
    site: Served, parameters: dict[str, str], what: str
) -> None:
    with site.http() as http:
        answer = http.get("/study", params={"name": "tiny"} | parameters)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    root = parse(answer.text)
    (problem,) = root.one(id="filter-problem").all("li")
    assert what in problem.text
    assert len(lines(root)) == 3
    if "value" in parameters:
        assert root.one("input", name="value").attributes["value"] == parameters["value"]


def test_good_filters_hold_beside_a_wrong_one(site: Served) -> None:
    with site.http() as http:
        root = parse(http.get("/study", params=[("name", "tiny"), ("filter", "role=baseline"), ("filter", "x")]).text)
    assert len(lines(root)) == 2
    assert root.one("input", name="filter").attributes["value"] == "role=baseline"


def test_no_row_may_pass(site: Served) -> None:
    with site.http() as http:
        root = parse(http.get("/study", params={"name": "tiny", "filter": "line~nothing"}).text)
    assert "No row passes the filters." in root.one("table", class_="board").text


def test_too_many_filters_are_refused(site: Served) -> None:
    with site.http() as http:
        filters = [f"solved>={number}" for number in range(-20, 1)]
        assert http.get("/study", params={"name": "tiny", "filter": filters}).status_code == 422
        typed = {"column": "solved", "relation": ">=", "value": "1"}
        answer = http.get("/study", params={"name": "tiny", "filter": filters[:-1], **typed})
    assert parse(answer.text).one(id="filter-problem").text == "there are 20 filters already"


def headings(root: Element) -> list[str]:
    return [each.text.split()[0] for each in root.one("table", class_="board").one("thead").all("th")]


def test_the_choice_by_which_rows_are_sorted_or_filtered_is_shown(site: Served) -> None:
    assert "coupling" not in headings(get(site, "tiny", phase="search"))
    by_choice = get(site, "tiny", phase="search", sort="coupling")
    assert headings(by_choice)[:3] == ["#", "architecture", "coupling"]
    assert heading(by_choice, "coupling").attributes["aria-sort"] == "ascending"
    assert [row.text for row in rows(by_choice) if " none " in row.text] != []
    filtered = get(site, "tiny", phase="search", filter="peepholes.input=yes")
    assert headings(filtered)[:3] == ["#", "architecture", "peepholes.input"]
    assert [chip.text for chip in filtered.one("ul", class_="chips").all("li")] == ["peepholes.input is yes ×"]
    assert len(rows(filtered)) == 4
    nobody = get(site, "tiny", phase="search", filter="coupling=i = 1 - f")
    assert "No row passes the filters." in rows(nobody)[0].text


def test_all_choices_can_be_columns(site: Served) -> None:
    root = get(site, "tiny", phase="search", choices="true")
    assert headings(root)[-2:] == ["coupling", "peepholes.input"]
    assert [group.attributes["label"] for group in root.one("select", name="column").all("optgroup")] == [
        "columns",
        "choices",
    ]
    links = {link.text: link.attributes["href"] for link in root.one("p", class_="links").all("a")}
    assert query(links["Without the choices"]) == [("name", "tiny"), ("phase", "search")]


def test_a_long_board_comes_in_pages() -> None:
    first = view(250)
    assert [row.rank for row in first.rows] == [*range(1, 21)]
    assert (first.total, first.entries) == (250, 250)
    longer = dict(query(first.longer))
    assert longer["limit"] == "100"
    last = view(250, limit=100, offset=200)
    assert [row.rank for row in last.rows] == [*range(201, 251)]
    assert last.longer == ""
    assert dict(query(view(250, offset=180).longer))["offset"] == "100"


def test_beyond_the_last_page_is_the_last_page() -> None:
    found = view(250, offset=9_999, limit=100)
    assert (found.asked.offset, len(found.rows)) == (200, 50)
    nothing = view(250, offset=40, filters=("solved>=9",))
    assert (nothing.asked.offset, nothing.total, nothing.rows) == (0, 0, ())


def test_filters_and_order_start_again_at_the_first_row() -> None:
    found = view(250, limit=100, offset=200, phase="report")
    assert all("offset" not in address.address for address in found.headings)
    assert "offset=200" in found.asked.here
    assert "limit=100" in found.headings[0].address
    assert "phase=report" in found.headings[0].address


def test_the_address_of_a_page_holds_what_was_typed_and_is_wrong() -> None:
    asked = Asked("a&b", draft=TypedFilter("solved", "~", "x y"))
    assert query(asked.here) == [("name", "a&b"), ("column", "solved"), ("relation", "~"), ("value", "x y")]
    assert query(asked.at()) == [("name", "a&b")]


def test_a_long_board_makes_the_rows_that_it_shows() -> None:
    made: list[int] = []
    found = board(*[entry(f"c{number:04}", [number / 1000]) for number in range(900)])

    def make(place: int) -> BoardRow:
        made.append(place)
        return found.rows[place]

    lazy = dataclasses.replace(found, rows=LazyRows(900, make))
    seen = view_board(Standing(lazy, "", decided=False), Asked("tiny", offset=600))
    assert [row.rank for row in seen.rows] == [*range(601, 621)]
    assert len(made) <= 220
    view_board(Standing(lazy, "", decided=False), Asked("tiny", sort="parameters"))
    assert len(made) == 900


def test_rows_keep_their_names_in_the_page_when_they_move() -> None:
    earlier = view_board(Standing(board(entry("a", [0.5]), entry("b", [0.4])), "", decided=False), Asked("tiny"))
    later = view_board(Standing(board(entry("a", [0.5]), entry("b", [0.6])), "", decided=False), Asked("tiny"))
    assert list(map(row_key, earlier.rows)) == list(map(row_key, later.rows))[::-1]
    same = [entry("x", [0.5]), entry("x", [0.5], "baseline")]
    keys = list(map(row_key, view_board(Standing(board(*same), "", decided=False), Asked("tiny")).rows))
    assert len(set(keys)) == 2
