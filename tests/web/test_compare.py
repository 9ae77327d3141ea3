"""Cells side by side: what differs is marked, in words and signs as well as in colour."""

from __future__ import annotations

import dataclasses
import json

import pytest

from archsearch.explain.difference import compare
from archsearch.explain.viewed import view
from archsearch.findings.differences import EquationRow, compare_cells
from archsearch.ir import cost, lower
from archsearch.schema.canonical import canonical_json, ordered_json
from archsearch.schema.sizes import Sizes
from archsearch.space.library import load_cell
from archsearch.store import NewEntry
from archsearch.tasks.temporal_order import TemporalOrder
from archsearch.web.rendering import href
from tests.api.serving import Served
from tests.cli.samples import DEFINITION, Recorder, record_study, spec_row
from tests.store.free_store import FreeStore
from tests.web.conftest import serving_pages
from tests.web.pages import Element, links, parse
from tests.web.threads import note_threads

HTML = {"Accept": "text/html"}
MGU, LSTM = (f"entry:{spec_row(name).spec_id}:tiny" for name in ("mgu", "lstm"))


def get(site: Served, *items: str, status: int = 200, **more: str) -> Element:
    with site.http() as http:
        answer = http.get("/compare", params={"item": list(items), **more}, headers=HTML)
    assert answer.status_code == status, answer.text
    return parse(answer.text)


def table(root: Element, caption: str) -> dict[str, list[Element]]:
    """The cells of a table by the heading of their row."""
    found = next(each for each in root.all("table") if each.one("caption").text.startswith(caption))
    rows = next(found.all("tbody")).all("tr")
    return {row.one("th").text: list(row.all("td")) for row in rows}


def names(row: EquationRow) -> list[str | None]:
    return [side.name for side in row.sides]


def test_cells_are_compared_and_drawn_in_a_thread(site: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = note_threads(monkeypatch, "archsearch.web.pages.compare.page")
    get(site, "cell:lstm", "cell:gru")
    get(site, "cell:lstm", status=422)
    assert beside == [True, True]


def test_fields_of_the_wirings_that_differ_are_marked_with_a_sign(site: Served) -> None:
    fields = table(get(site, "cell:lstm", "cell:peephole_lstm"), "Wiring")
    assert set(fields) == {"peepholes.input", "peepholes.forget", "peepholes.output"}
    for values in fields.values():
        assert [value.text for value in values] == ["no", "≠ yes"]
        assert [value.has("class_", "marked") for value in values] == [False, True]


def test_equations_for_the_same_stand_in_one_row(site: Served) -> None:
    rows = table(get(site, "cell:lstm", "cell:mgu"), "Equations")
    assert rows["memory"][0].text.endswith("+ only here")
    assert rows["memory"][0].has("class_", "marked")
    assert rows["memory"][1].text == "none"
    assert rows["cell input"][1].text.endswith("≠ changed")
    rows = table(get(site, "cell:lstm", "cell:cifg"), "Equations")
    assert [cell.text for cell in rows["cell input"]] == ["gt = tanh(Wg xt + Ug ht−1 + bg)"] * 2
    assert not rows["cell input"][1].has("class_", "marked")
    assert rows["input gate / input gate, coupled"][1].text == "it = 1 − ft ≠ changed"


@pytest.mark.parametrize(("one", "other"), [("lstm", "gru"), ("gru", "mgu"), ("lstm", "greff_np"), ("mut1", "rnn")])
def test_two_cells_are_paired_as_on_the_command_line(one: str, other: str) -> None:
    cells = load_cell(one), load_cell(other)
    difference = compare(view(cells[0]), view(cells[1]))
    found = compare_cells(cells, [Sizes()] * 2)
    assert sorted(map(names, found.rows), key=str) == sorted(
        ([pair.left, pair.right] for pair in difference.equations), key=str
    )
    assert found.verdicts == (difference.verdict,)


def test_several_cells_share_a_row_where_the_first_has_none() -> None:
    found = compare_cells([load_cell(name) for name in ("ugrnn", "lstm", "peephole_lstm")], [Sizes()] * 3)
    rows = {row.title: row for row in found.rows}
    assert names(rows["output gate"]) == [None, "o", "o"]
    assert [side.status for side in rows["output gate"].sides[1:]] == ["right", "right"]
    used = [name for row in found.rows for name in [names(row)[2]] if name]
    assert sorted(used) == sorted(load_cell("peephole_lstm").equations), "each equation stands in one row"


def test_a_bias_that_starts_elsewhere_is_said(site: Served) -> None:
    rows = table(get(site, "cell:lstm", "cell:lstm_b"), "Equations")
    assert rows["forget gate"][1].text.endswith("bias from 1≠ other start")
    assert not rows["input gate"][1].has("class_", "marked")


def test_cells_that_are_no_wirings_are_compared_by_their_equations(site: Served) -> None:
    assert "They cannot all be written as wirings" in get(site, "cell:mut1", "cell:mut2").text
    fields = table(get(site, "cell:lstm", "cell:gru", "cell:mut1"), "Wiring")
    assert {values[2].text for values in fields.values()} == {"no wiring"}


def test_costs_are_those_of_the_sizes_in_the_form(site: Served) -> None:
    root = get(site, "cell:rnn", "cell:lstm", input_size="2", hidden_size="3")
    assert [cell.text for cell in table(root, "Cost")["parameters"]] == ["18", "72 +300%"]


def costs_of(root: Element) -> tuple[list[str], str]:
    """The parameters of each cell, and the sizes that are said below."""
    said = next(note.text for note in root.all("p", class_="note") if note.text.startswith("Of one layer"))
    return [cell.text.split()[0] for cell in table(root, "Cost")["parameters"]], said


def test_cells_of_a_study_cost_what_they_cost_there(site: Served) -> None:
    features = TemporalOrder(length=20).input_size
    for root in (get(site, MGU, LSTM), get(site, MGU, LSTM, input_size="", hidden_size="")):
        parameters, said = costs_of(root)
        assert parameters == [f"{cost.parameters(lower(load_cell(name)), features, 8):,}" for name in ("mgu", "lstm")]
        assert said.startswith(f"Of one layer at input size {features} and hidden size 8;")
    parameters, said = costs_of(get(site, LSTM, "cell:gru"))
    assert parameters[1] == str(cost.parameters(lower(load_cell("gru")), features, 8)), "as the one that is trained"
    assert costs_of(get(site, LSTM, "cell:gru", input_size="2", hidden_size="3"))[0][0] == "72"
    assert "input size 8 and hidden size 64" in costs_of(get(site, "cell:lstm", "cell:gru"))[1]


def test_each_candidate_has_a_hidden_size_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('sizes') / 'studies.db'}"
    record_study(url, "one", 1)
    features = TemporalOrder(length=20).input_size
    with FreeStore.create(url) as store:
        row = store.find_study("one")
        assert row is not None
        spec = spec_row("gru")
        parts = json.loads(spec.document)
        parts["model"]["hidden_size"] = 5
        other = dataclasses.replace(spec, spec_id="ab" * 8, document=ordered_json(parts))
        store.add_entries(row.id, "report", [NewEntry("baseline", other, "gru")])
    with serving_pages(url, read_only=True) as site:
        found, said = costs_of(get(site, f"entry:{spec_row('mgu').spec_id}:one", f"entry:{other.spec_id}:one"))
    irs = [lower(load_cell(name)) for name in ("mgu", "gru")]
    assert found == [f"{cost.parameters(ir, features, size):,}" for ir, size in zip(irs, (8, 5), strict=True)]
    assert f"gru at input size {features} and hidden size 5; operations" in said


def test_entries_of_a_study_show_their_objectives_in_each_phase(site: Served) -> None:
    root = get(site, MGU, LSTM, "cell:gru")
    objective = table(root, "Objective")
    assert list(objective) == ["report", "confirm", "search"]
    assert [cell.text[:5] for cell in objective["report"]] == ["0.715", "0.615", "no sc"]
    assert [cell.text for cell in objective["confirm"][1:]] == ["no scores", "no scores"]
    (chart,) = root.all("figure", class_="chart")
    assert [item.text for item in chart.one("ul", class_="legend").all("li")] == [
        "gru, coupled [bold]i = 1 - f[/bold] (report, 4 seeds)",
        "lstm (report, 4 seeds)",
    ]


def test_a_shipped_cell_shows_the_scores_of_the_baseline_that_it_is(site: Served) -> None:
    root = get(site, MGU, "cell:lstm", "cell:gru")
    beside = table(get(site, MGU, LSTM), "Objective")
    objective = table(root, "Objective")
    assert [cell.text for cell in objective["report"][:2]] == [cell.text for cell in beside["report"]]
    assert [cell.text for cell in objective["confirm"][1:]] == ["no scores", "no scores"]
    assert objective["report"][2].text == "no scores", "no baseline of this study"
    (said,) = [note for note in root.all("p", class_="note") if "baseline of tiny" in note.text]
    assert said.text == "lstm is a baseline of tiny: its scores are those of this baseline."
    assert said.one("a").attributes["href"] == href("/candidate", study="tiny", spec=spec_row("lstm").spec_id)
    assert "lstm (report, 4 seeds)" in root.one("figure", class_="chart").one("ul", class_="legend").text


def test_a_cell_of_the_same_name_or_of_the_same_architecture_alone_is_no_baseline(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('names') / 'studies.db'}"
    record_study(url, "one", 1)
    with FreeStore.create(url) as store:
        row = store.find_study("one")
        assert row is not None
        for label, cell in (("lstm", "gru"), ("mine", "rnn")):
            store.add_entries(row.id, "report", [NewEntry("baseline", spec_row(cell), label)])
            Recorder(store, row.id).complete("report", cell, 0, 0.5)
    with serving_pages(url, read_only=True) as site:
        root = get(site, f"entry:{spec_row('mgu').spec_id}:one", "cell:lstm", "cell:rnn")
    assert "report" not in table(root, "Objective")
    assert "baseline of one" not in root.text


def test_between_studies_it_is_not_said_whose_baseline_a_cell_would_be(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('two') / 'studies.db'}"
    for name in ("one", "two"):
        record_study(url, name)
    items = [f"entry:{spec_row('mgu').spec_id}:{study}" for study in ("one", "two")]
    with serving_pages(url, read_only=True) as site:
        objective = table(get(site, *items, "cell:lstm"), "Objective")
    assert [cell.text[:5] for cell in objective["report"]] == ["0.715", "0.715", "no sc"]


def test_scores_on_different_tasks_are_not_set_compare_cells(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('tasks') / 'studies.db'}"
    record_study(url, "one", 1)
    with FreeStore.create(url) as store:
        other = store.create_study("other", canonical_json(DEFINITION | {"task": {"name": "adding", "length": 9}}))
        Recorder(store, other.id).search()
    items = [f"entry:{spec_row('mgu').spec_id}:{study}" for study in ("one", "other")]
    with serving_pages(url, read_only=True) as site:
        root = get(site, *items)
    assert "different tasks (temporal_order, length 20, markers 2; adding, length 9)" in root.text
    assert not list(root.all("figure", class_="chart"))


def test_four_cells_go_and_each_links_to_its_page(site: Served) -> None:
    root = get(site, MGU, LSTM, "cell:gru", "cell:mut1")
    cards = list(root.all("li", class_="card"))
    assert [next(card.all("a")).attributes["href"].partition("?")[0] for card in cards] == [
        "/candidate",
        "/candidate",
        "/cell",
        "/cell",
    ]
    with site.http() as http:
        for link in links(root):
            assert http.get(link, headers=HTML).status_code == 200, link
    assert not any("style" in element.attributes for element in root.all())


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ((), "No cell is chosen; allowed: 2 to 4"),
        (("cell:lstm",), "One cell is chosen"),
        (("cell:lstm", "cell:lstm"), "One cell is chosen"),
        (("cell:lstm", ""), "One cell is chosen"),
        (("cell:lstm", "cell:gru", "cell:rnn", "cell:mgu", "cell:cifg"), "5 cells are chosen"),
        (("cell:lstm", "cell:<script>"), "No cell is known as 'cell:<script>'"),
        (("cell:lstm", "entry:00:tiny"), "No cell is known as 'entry:00:tiny'"),
    ],
)
def test_what_cannot_be_compared_is_said_once_and_asked_again(site: Served, items: tuple[str, ...], said: str) -> None:
    root = get(site, *items, status=422)
    assert said in root.one("p", role="alert").text
    assert len(list(root.all("select"))) == 4
    assert not list(root.all("script", src=""))


def test_the_form_offers_what_is_shown_again(site: Served) -> None:
    root = get(site, MGU, "cell:gru")
    chosen = [
        [option.attributes["value"] for option in select.all("option") if "selected" in option.attributes]
        for select in root.all("select")
    ]
    assert chosen == [[MGU], ["cell:gru"], [], []]
