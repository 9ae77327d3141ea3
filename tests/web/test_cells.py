"""The gallery and the page of a shipped cell."""

from __future__ import annotations

import pytest

from archsearch.findings.cells import explain
from archsearch.space.library import cell_names, load_cell
from tests.api.serving import Served
from tests.web.pages import Element, links, parse

HTML = {"Accept": "text/html"}


def get(site: Served, path: str, status: int = 200) -> Element:
    with site.http() as http:
        answer = http.get(path, headers=HTML)
    assert answer.status_code == status, answer.text
    return parse(answer.text)


def names(root: Element) -> list[str]:
    return [card.one("h2").text for card in root.all("li", class_="card")]


def test_the_gallery_shows_every_shipped_cell_with_its_cost_and_a_diagram_to_come(site: Served) -> None:
    root = get(site, "/cells")
    assert names(root) == cell_names()
    card = next(card for card in root.all("li", class_="card") if card.one("h2").text == "gru_reset_before")
    assert "Cho et al. 2014" in card.text
    assert "2 stages, 14,016 parameters" in card.text
    assert card.one("div", class_="drawing").attributes["hx-get"] == "/diagram?item=cell%3Agru_reset_before"
    assert card.one("input", type="checkbox").attributes["value"] == "cell:gru_reset_before"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("peepholes np", ["greff_np"]), ("ELMAN", ["rnn"]), ("mut1", ["mut1", "mut1_linear"]), ("<script>", [])],
)
def test_words_in_name_or_paper_filter_the_gallery(site: Served, text: str, expected: list[str]) -> None:
    with site.http() as http:
        answer = http.get("/cells", params={"text": text}, headers=HTML)
    assert names(parse(answer.text)) == expected
    assert "<script>" not in answer.text


def test_cells_that_were_chosen_stay_whatever_is_typed(site: Served) -> None:
    root = get(site, "/cells?text=elman&item=cell:gru&item=cell:mgu")
    assert names(root) == ["gru", "mgu", "rnn"]
    chosen = [box.attributes["value"] for box in root.all("input", type="checkbox") if "checked" in box.attributes]
    assert chosen == ["cell:gru", "cell:mgu"]


def test_a_cell_is_told_equation_by_equation(site: Served) -> None:
    root = get(site, "/cell?name=lstm")
    found = explain(load_cell("lstm"), 8, 64)
    told = list(root.one("ul", class_="equations").all("li"))
    assert [li.one("p", class_="meaning").text for li in told] == [
        f"{equation.title}: {equation.sentence}" for equation in found.equations
    ]
    assert told[4].one("span", class_="formula").text == "ct = ft ⊙ ct−1 + it ⊙ gt"
    assert root.one("details", id="latex").one("pre").text == " ".join(found.latex.split())
    assert "affine W[x]" in root.one("details", id="instructions").text
    assert "sigmoid(W·x + W·h_prev + b(0))" in root.one("details", id="text").text


def test_its_cost_is_that_of_the_sizes_in_the_form(site: Served) -> None:
    root = get(site, "/cell?name=lstm&input_size=3&hidden_size=5")
    facts = root.one("dl", class_="facts").text
    assert f"{4 * 5 * (3 + 5 + 1)} = 4·hidden·(input + hidden + 1)" in facts
    assert root.one("input", name="hidden_size").attributes["value"] == "5"


def test_cells_of_the_same_architecture_are_named(site: Served) -> None:
    facts = get(site, "/cell?name=lstm_b").one("dl", class_="facts")
    same = {link.text: link.attributes["href"] for link in facts.all("a")}
    assert same == {"lstm": "/cell?name=lstm", "greff_np": "/cell?name=greff_np"}


@pytest.mark.parametrize("path", ["/cells", "/cell?name=mut1", "/cell?name=greff_fgr"])
def test_links_lead_somewhere_and_nothing_is_inline(site: Served, path: str) -> None:
    root = get(site, path)
    with site.http() as http:
        for link in links(root):
            assert http.get(link, headers=HTML).status_code == 200, link
    assert not any("style" in element.attributes for element in root.all())
    assert not any(not script.attributes.get("src") for script in root.all("script"))


@pytest.mark.parametrize("name", ["nobody", "../lstm", "lstm.yaml", "", "<script>alert(1)</script>"])
def test_a_name_that_is_not_shipped_is_not_there(site: Served, name: str) -> None:
    with site.http() as http:
        answer = http.get("/cell", params={"name": name}, headers=HTML)
    assert answer.status_code == 404
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("size", ["0", "-1", "1e9", "x", "99999999999"])
def test_sizes_are_numbers_within_reason(site: Served, size: str) -> None:
    get(site, f"/cell?name=lstm&hidden_size={size}", 422)
