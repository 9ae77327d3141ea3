"""The page of a candidate: what it is, how it scored, and nothing that its study's names could smuggle in."""

from __future__ import annotations

import dataclasses
import json
from types import SimpleNamespace
from typing import cast

import pytest

from archsearch.schema.canonical import canonical_json
from archsearch.schema.score import Failure
from archsearch.store import EvaluationKey, Run, TrialEnd
from archsearch.store.store import Store
from archsearch.study.entries import find_entry
from archsearch.web.charts import Chart
from archsearch.web.rendering import href
from archsearch.web.views.candidate import CandidatePage, candidate_page
from archsearch.web.views.scores import SEEDS, PhaseScores, curves, mean_curve
from tests.api.serving import Served
from tests.cli.samples import BUDGET, DEFINITION, TASK, Recorder, definition_with, record_study, score, spec_row
from tests.store.free_store import FreeStore
from tests.web.conftest import serving_pages
from tests.web.pages import Element, links, parse
from tests.web.threads import note_threads

HTML = {"Accept": "text/html"}
MGU = spec_row("mgu").spec_id


def get(site: Served, path: str, study: str = "tiny", spec: str = MGU) -> Element:
    with site.http() as http:
        answer = http.get(path, params={"study": study, "spec": spec}, headers=HTML)
    assert answer.status_code == 200, answer.text
    return parse(answer.text)


def look(storage: str, name: str) -> CandidatePage:
    with Store.read(storage) as store:
        row = store.find_study("tiny")
        assert row is not None
        entry = find_entry(store, row, spec_row(name).spec_id)
        assert entry is not None
        return candidate_page(store, entry)


def seeds(root: Element) -> list[list[str]]:
    """The rows of the table of scores, without the headings of phases."""
    table = next(table for table in root.all("table") if table.one("caption").text == "Scores seed by seed")
    rows = (row for body in table.all("tbody") for row in body.all("tr") if not row.has("class_", "phase"))
    return [[cell.text for cell in row.inside if isinstance(cell, Element)] for row in rows]


def test_every_seed_of_every_phase_is_a_row_the_latest_phase_first(site: Served) -> None:
    root = get(site, "/candidate")
    found = seeds(root)
    assert [row[0] for row in found] == ["0", "1", "2", "3", "0", "1", "2", "0"]
    assert found[0] == ["0", "0.700", "0.700", "0.700", "0.700", "✓ solved", "6,400", "reference", "1.5", "00000000"]
    assert found[-1][1:5] == ["0.900", "0.900", "0.900", "–"]
    headings = [row.text for row in root.all("tr", class_="phase")]
    assert [heading.partition(":")[0] for heading in headings] == ["report", "confirm", "search"]
    assert "4 of 4 seeds, mean objective 0.715 ± 0.0" in headings[0]


def test_what_it_is_stands_in_words_ids_and_equations(site: Served) -> None:
    root = get(site, "/candidate")
    assert root.one("h1").text == "gru, coupled [bold]i = 1 - f[/bold]"
    facts = root.one("dl", class_="facts").text
    assert spec_row("mgu").arch_id in facts
    assert MGU in facts
    assert root.one("ul", class_="equations").text.startswith("zt = σ(Wz xt + Uz ht−1 + bz)")
    choices = next(table for table in root.all("table") if table.one("caption").text == "Choices")
    assert [row.text for row in choices.one("tbody").all("tr")] == ["couplingnone", "peepholes.inputyes"]
    assert "the same, equation by equation" in root.text


def test_a_shipped_architecture_is_told_as_that(site: Served) -> None:
    facts = get(site, "/candidate").one("dl", class_="facts")
    assert "/cell?name=mgu" in links(facts)


def test_it_can_be_set_beside_the_baselines_of_its_study(site: Served) -> None:
    wanted = [
        href("/compare", item=[f"entry:{MGU}:tiny", f"entry:{spec_row(name).spec_id}:tiny"]) for name in ("rnn", "lstm")
    ]
    found = [link for link in links(get(site, "/candidate")) if link.startswith("/compare")]
    assert found[:2] == wanted


def test_a_baseline_has_its_own_page(site: Served) -> None:
    root = get(site, "/candidate", spec=spec_row("lstm").spec_id)
    assert root.one("h1").text == "lstm"
    assert root.one("p", class_="lead").text.startswith("Baseline of the study tiny")
    assert not any(table.one("caption").text == "Choices" for table in root.all("table"))


def test_a_failed_seed_stands_there_with_its_reason_and_counts_as_the_blind_guess(site: Served) -> None:
    root = get(site, "/candidate", spec=spec_row("ugrnn").spec_id)
    assert seeds(root) == [["0", "failed: nan nan \\x1b[31m"]]
    assert "mean objective 0.250" in root.one("tr", class_="phase").text


def test_its_ranks_and_the_commands_that_show_it_come_as_parts(site: Served) -> None:
    root = get(site, "/candidate")
    (ranks,) = root.all("dd", id="ranks")
    with site.http() as http:
        places = parse(http.get(ranks.attributes["hx-get"], headers=HTML).text)
        commands = parse(http.get(root.one("div", id="commands").attributes["hx-get"], headers=HTML).text)
    assert places.text == "1 of 3 in report, 2 of 2 in confirm, 1 of 4 in search"
    assert commands.one("pre").text.startswith("archsearch explain --study tiny --rank 1 archsearch show --study tiny")


def test_the_command_line_knows_no_rank_of_what_the_latest_board_has_not(site: Served) -> None:
    root = get(site, "/candidate/commands", spec=spec_row("cifg").spec_id)
    assert not list(root.all("pre"))


def test_links_lead_somewhere_and_nothing_is_inline(site: Served) -> None:
    root = get(site, "/candidate")
    with site.http() as http:
        for link in links(root):
            assert http.get(link, headers=HTML).status_code == 200, link
    assert not any("style" in element.attributes for element in root.all())


def test_only_a_study_under_way_is_followed(storage: str, site: Served) -> None:
    root = get(site, "/candidate")
    assert "data-follow" not in root.one("body").attributes
    assert "hx-get" not in root.one("main").attributes


def test_a_study_under_way_is_followed_and_the_page_asks_for_itself(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('live') / 'studies.db'}"
    name = "' <script>alert(1)</script> &"
    record_study(url, name, 1)
    with serving_pages(url, read_only=True) as site:
        with site.http() as http:
            answer = http.get("/candidate", params={"study": name, "spec": MGU}, headers=HTML)
        assert "<script>alert" not in answer.text
        root = parse(answer.text)
        assert root.one("body").attributes["data-follow"] == href("/study/events", name=name)
        main = root.one("main")
        assert main.attributes["hx-get"] == href("/candidate", study=name, spec=MGU)
        assert main.attributes["hx-trigger"] == "study-changed from:body"
        kept = [
            element.attributes.get("id") for element in root.all() if "hx-morph-skip-children" in element.attributes
        ]
        assert {"ranks", "commands"} <= set(kept), "what was fetched stays when the page is renewed"
        assert "A score of the search is not a result" in root.text


@pytest.mark.parametrize(
    ("study", "spec"),
    [("tiny", "0" * 16), ("tiny", ""), ("tiny", "' OR 1=1"), ("going", MGU), ("nobody", MGU), ("../tiny", MGU)],
)
@pytest.mark.parametrize("path", ["/candidate", "/candidate/places", "/candidate/commands"])
def test_what_takes_no_part_in_the_study_is_not_there(site: Served, path: str, study: str, spec: str) -> None:
    with site.http() as http:
        assert http.get(path, params={"study": study, "spec": spec}, headers=HTML).status_code == 404


def test_several_seeds_are_thin_lines_beside_their_mean_and_one_alone_is_a_line(storage: str) -> None:
    report, confirm, search = look(storage, "mgu").curves
    assert styles(report) == ["thin"] * 4 + ["straight"]
    assert styles(confirm) == ["thin"] * 3 + ["straight"]
    assert styles(search) == ["straight"]
    assert report.lines[0].points == ((6400.0, 0.7), (12_800.0, 0.7))


def test_of_many_seeds_the_first_have_a_line_and_all_are_in_the_mean() -> None:
    scores = tuple(score(0.5, curve=[(at, seed / 1000) for at in range(1, 1001)]) for seed in range(SEEDS + 70))
    (chart,) = curves([cast("PhaseScores", SimpleNamespace(phase="report", scores=scores))])
    assert chart.title == "report: 100 seeds"
    assert styles(chart) == ["thin"] * SEEDS + ["straight"]
    assert {line.name for line in chart.lines[:-1]} == {
        "one of the first 30 of 100 seeds; the others are in the mean alone"
    }
    assert [line.points[0][1] for line in chart.lines[:-1]] == [seed / 1000 for seed in range(SEEDS)]
    assert all(len(line.points) <= 201 for line in chart.lines[:-1])
    assert {line.points[0][0] for line in chart.lines} == {1.0}
    assert {line.points[-1][0] for line in chart.lines} == {1000.0}
    assert chart.lines[-1].points[-1][1] == pytest.approx(0.0495)


def test_as_many_seeds_as_have_a_line_are_no_choice() -> None:
    scores = tuple(score(0.5) for _ in range(SEEDS))
    (chart,) = curves([cast("PhaseScores", SimpleNamespace(phase="report", scores=scores))])
    assert {line.name for line in chart.lines[:-1]} == {"a seed"}


@pytest.mark.parametrize(
    ("path", "made"),
    [
        ("/candidate", "pages.candidate.page"),
        ("/candidate/places", "pages.candidate.find_row"),
        ("/candidate/commands", "pages.candidate.find_row"),
    ],
)
def test_what_takes_long_is_done_in_a_thread(
    site: Served, monkeypatch: pytest.MonkeyPatch, path: str, made: str
) -> None:
    beside = note_threads(monkeypatch, f"archsearch.web.{made}")
    get(site, path)
    assert set(beside) == {True}


def styles(chart: Chart) -> list[str]:
    return [line.style for line in chart.lines]


def test_the_mean_curve_counts_a_solved_seed_as_1_from_then_on() -> None:
    solved = score(0.9, curve=[(100, 0.5), (200, 1.0)], sequences_to_solve=200)
    never = score(0.2, curve=[(100, 0.1), (200, 0.2), (300, 0.4)])
    places, values = zip(*mean_curve([solved, never]), strict=True)
    assert places == (100.0, 200.0, 300.0)
    assert values == pytest.approx((0.3, 0.6, 0.7))


def test_what_is_a_textbook_cell_has_no_difference_to_show(storage: str) -> None:
    found = look(storage, "mgu")
    assert (found.nearest and found.nearest.name, found.difference) == ("mgu", None)


def test_the_difference_to_the_nearest_textbook_cell_is_marked(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('near') / 'studies.db'}"
    spec = json.loads(spec_row("ugrnn").document)
    spec["cell"]["equations"]["n"]["activation"] = "relu"
    row = dataclasses.replace(spec_row("ugrnn"), spec_id="1" * 16, document=json.dumps(spec))
    with FreeStore.create(url) as store:
        study = store.create_study("near", canonical_json(DEFINITION))
        store.record_proposal(study.id, 0, {}, row)
    with serving_pages(url, read_only=True) as site:
        root = get(site, "/candidate", "near", row.spec_id)
    assert "Beside ugrnn, the nearest textbook cell" in [heading.text for heading in root.all("h2")]
    assert "In a line: ugrnn, cell input relu." in root.text
    assert [cell.text for cell in root.all("td", class_="marked")] == [
        "≠ tanh",
        "nt = tanh(Wn xt + Un ht−1 + bn) ≠ changed",
    ]


def test_stopped_early_says_how_far_it_came(tmp_path_factory: pytest.TempPathFactory) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('pruned') / 'studies.db'}"
    row = spec_row("gru")
    with FreeStore.create(url) as store:
        study = store.create_study("pruned", canonical_json(DEFINITION))
        store.record_proposal(study.id, 0, {"reset": "after"}, row)
        key = EvaluationKey(row.spec_id, TASK, 1, BUDGET, "native", 1)
        run, reports = Run(study.id, "search", row.spec_id, 0), [(1, 0.25), (2, 0.31)]
        store.record_pruned(run, key, {}, seconds=2.0, reports=reports, trial=TrialEnd(0, "pruned", 0.31))
    with serving_pages(url, read_only=True) as site:
        found = seeds(get(site, "/candidate", "pruned", row.spec_id))
    assert found == [["0", "stopped early after 2 checks, mean so far 0.310", "native", "2.0", ""]]


def test_failed_seeds_of_a_task_that_is_not_at_hand_leave_the_mean_out(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('own') / 'studies.db'}"
    definition = definition_with(name="my_task", file="0" * 64)
    row = spec_row("gru")
    with FreeStore.create(url) as store:
        study = store.create_study("own", canonical_json(definition))
        recorder = Recorder(store, study.id)
        store.record_proposal(study.id, 0, {}, row)
        failure = Failure(kind="exception", reason="broken")
        store.record_failure(Run(study.id, "search", row.spec_id, 0), failure, trial=TrialEnd(0, "failed"))
        assert recorder.study_id == study.id
    with serving_pages(url, read_only=True) as site:
        root = get(site, "/candidate", "own", row.spec_id)
    assert "file of your own" in root.one("tr", class_="phase").text
    assert "mean objective" not in root.text
