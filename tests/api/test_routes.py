"""What each route says about a made-up study, read with our own client from a real server."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

import archsearch
from archsearch.api.client import Client
from archsearch.errors import InvalidInput, Refused
from archsearch.findings.boards import FlatRow
from archsearch.findings.columns import KEYS
from archsearch.registry import names, shipped_names
from tests.api.serving import TOKEN, Served, serving
from tests.cli.conftest import Call
from tests.cli.samples import BASELINES, CANDIDATES, DEFINITION, LINES, Recorder, record_study, spec_row
from tests.store.free_store import FreeStore


@pytest.fixture
def client(served: Served) -> Client:
    return served.client()


def test_the_client_is_a_public_name(served: Served) -> None:
    with archsearch.Client(f"{served.url}/?token={TOKEN}") as client:
        assert client.study("tiny").state == "finished"


def test_studies_are_listed_sorted_filtered_and_cut(client: Client) -> None:
    everything = client.studies()
    assert everything.total == len(everything.studies)
    found = [each.study for each in everything.studies]
    assert found == sorted(found)
    (tiny,) = client.studies(name="TIN").studies
    assert (tiny.state, tiny.task, tiny.trials, tiny.best) == ("finished", "temporal_order", 5, 0.9)
    assert [each.study for each in client.studies(state="finished").studies] == ["tiny"]
    page = client.studies(sort="name", descending=True, limit=2, offset=1)
    assert page.total == everything.total
    assert [each.study for each in page.studies] == found[::-1][1:3]


def test_a_study_has_its_definition_its_phases_and_the_verdict(client: Client) -> None:
    study = client.study("tiny")
    assert study.definition == DEFINITION
    assert [(each.phase, each.done, each.planned, each.failed) for each in study.phases] == [
        ("search", 4, 4, 1),
        ("confirm", 6, 6, 0),
        ("report", 12, 12, 0),
    ]
    assert study.trial_states == {"running": 0, "complete": 3, "pruned": 0, "failed": 2}
    assert study.verdict.startswith("no winner: too few seeds to tell ")
    assert study.decided


def test_minus_infinity_in_a_definition_is_null(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with FreeStore.create(url) as store:
        text = json.dumps(DEFINITION | {"baselines": {"rnn": {"states": {"h": 0}}}}).replace('"h": 0', '"h": -1e999')
        store.create_study("max", text)
    with serving(url) as found:
        assert found.client().study("max").definition["baselines"]["rnn"]["states"] == {"h": None}


def test_a_board_row_has_the_keys_of_the_command_line() -> None:
    assert tuple(field.name for field in dataclasses.fields(FlatRow)) == (*(key.name for key in KEYS), "choices")


def test_the_board_is_that_of_the_command_line(client: Client, call: Call, storage: str) -> None:
    for phase in ("search", "confirm", "report"):
        printed = call("board", "tiny", "--phase", phase, "--storage", storage, "--json").json
        board = client.board("tiny", phase=phase)
        assert [dataclasses.asdict(row) for row in board.rows] == printed["rows"]
        assert (board.verdict, board.note, board.seeds) == (printed["verdict"], printed["note"], printed["seeds"])
    assert client.board("tiny").phase == "report"


def test_a_board_is_sorted_filtered_and_cut(client: Client) -> None:
    board = client.board("tiny", phase="search", sort="objective", descending=False, limit=1, offset=1)
    assert [row.objective for row in board.rows] == [pytest.approx(0.6)]
    assert (board.total, board.left_out) == (4, 3)
    kept = client.board("tiny", phase="search", filters=["objective>0.7", "line~COUPLED"])
    assert [row.line for row in kept.rows] == [LINES["mgu"]]
    everything = [row.rank for row in client.board("tiny").rows]
    assert [row.rank for row in client.board("tiny", descending=True).rows] == everything[::-1]
    with pytest.raises(InvalidInput, match="did you mean 'objective'"):
        client.board("tiny", sort="objectiv")
    with pytest.raises(InvalidInput, match="is not a valid filter"):
        client.board("tiny", filters=["solved"])


def test_a_board_is_drawn_up_again_when_the_study_changes(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny", phases=1)
    with serving(url) as found:
        client = found.client()
        assert client.board("tiny") is not None
        assert client.board("tiny").phase == "search"
        with FreeStore.create(url) as store:
            row = store.find_study("tiny")
            assert row is not None
            Recorder(store, row.id).later("confirm", ("mgu",), 3)
        assert client.board("tiny").phase == "confirm"


def test_trials_are_sorted_filtered_and_cut(client: Client) -> None:
    trials = client.trials("tiny")
    assert [trial.number for trial in trials.trials] == [0, 1, 2, 3, 4]
    assert trials.trials[0].choices == {"coupling": "none", "peepholes.input": "yes"}
    assert trials.trials[4].reason == "no sound cell"
    best = client.trials("tiny", sort="value", descending=True, limit=2)
    assert [(trial.number, trial.value) for trial in best.trials] == [(0, 0.9), (1, 0.8)]
    assert best.total == 5
    assert [trial.number for trial in client.trials("tiny", state="failed").trials] == [2, 4]
    assert [trial.number for trial in client.trials("tiny", least=0.6, most=0.85).trials] == [1, 3]
    assert [trial.number for trial in client.trials("tiny", line="[BOLD]").trials] == [0]
    arch = spec_row("cifg").arch_id
    assert [trial.number for trial in client.trials("tiny", arch_id=arch).trials] == [CANDIDATES.index("cifg")]
    assert client.trials("tiny", line="%").trials == ()


def test_evaluations_of_a_trial_and_of_an_entry(client: Client) -> None:
    (only,) = client.trial_evaluations("tiny", 0).evaluations
    assert (only.state, only.objective, only.backend, only.seed) == ("complete", 0.9, "reference", "0")
    (failed,) = client.trial_evaluations("tiny", CANDIDATES.index("ugrnn")).evaluations
    assert (failed.id, failed.state, failed.failure, failed.reason) == (None, "failed", "nan", "nan \x1b[31m")
    assert client.trial_evaluations("tiny", 4).evaluations == ()
    everywhere = client.evaluations("tiny", spec_row("mgu").spec_id).evaluations
    assert [each.phase for each in everywhere] == ["search"] + ["confirm"] * 3 + ["report"] * 4
    report = client.evaluations("tiny", spec_row(BASELINES[0]).spec_id, "report").evaluations
    assert [each.seed_index for each in report] == [0, 1, 2, 3]
    with pytest.raises(Refused, match="no trial with this number"):
        client.trial_evaluations("tiny", 77)
    with pytest.raises(Refused, match="no entry with this spec"):
        client.evaluations("tiny", spec_row(BASELINES[0]).spec_id, "confirm")


def test_a_curve_is_found_by_its_evaluation(client: Client) -> None:
    (only,) = client.trial_evaluations("tiny", 1).evaluations
    assert only.id is not None
    curve = client.curve(only.id)
    assert curve.points == ((6400, 0.8), (12_800, 0.8))
    with pytest.raises(Refused, match="no evaluation has this id"):
        client.curve(999_999)


def test_failures_come_with_the_latest_first(client: Client) -> None:
    found = client.failures("tiny", limit=2)
    assert (found.total, found.kinds) == (3, {"killed": 1, "nan": 1, "no cell": 1})
    assert [each.kind for each in found.failures] == ["no cell", "nan"]
    assert [each.kind for each in client.failures("tiny", offset=2).failures] == ["killed"]


def test_importance_says_why_there_is_none(client: Client) -> None:
    with pytest.raises(Refused, match="needs 10 complete trials, study 'tiny' has 3"):
        client.importance("tiny")


def test_cells_and_tasks_are_those_of_the_command_line(client: Client, call: Call) -> None:
    printed = call("cells", "--hidden-size", 16, "--json").json
    assert [dataclasses.asdict(cell) for cell in client.cells(hidden_size=16).cells] == printed["cells"]
    shown = call("show", "gru", "--input-size", 3, "--json").json
    assert json.loads(json.dumps(dataclasses.asdict(client.cell("gru", input_size=3)))) == shown
    assert call("explain", "gru", "--input-size", 3, "--json").json == shown
    tasks = json.loads(json.dumps([dataclasses.asdict(task) for task in client.tasks().tasks]))
    assert tasks == call("tasks", "--json").json["tasks"]
    assert client.task("adding").task == "adding"


def test_every_shipped_name_can_be_asked_for(client: Client) -> None:
    for name in shipped_names("spaces/cells"):
        assert client.cell(name).ir.startswith("cell ")
    for name in names("archsearch.tasks"):
        assert client.task(name).summary


@pytest.mark.parametrize("name", ["nothing", "../cells", "spaces/cells/lstm.yaml", "lstm.yaml", "lstm\n", "a" * 300])
def test_what_has_no_such_name_is_not_there(client: Client, name: str) -> None:
    for kind in ("study", "cell", "task", "board", "trials", "failures", "importance"):
        with pytest.raises(Refused, match=r"has this name|nothing at this address"):
            getattr(client, kind)(name)


def test_parameters_that_a_route_does_not_know_are_refused(served: Served) -> None:
    with served.http() as http:
        for query, what in (("sortt=value", "did you mean 'sort'?"), ("limit=1&limit=2", "more than once")):
            answer = http.get(f"/api/v1/studies/tiny/trials?{query}")
            assert answer.status_code == 422
            assert what in answer.text
        problems = http.get("/api/v1/studies/tiny/trials?limit=0&least=nan&state=lost").json()["problems"]
    assert [each["path"] for each in problems] == [["query", "state"], ["query", "least"], ["query", "limit"]]


def test_a_read_only_server_has_no_route_that_posts(storage: str) -> None:
    with serving(storage, read_only=True) as found, found.http() as http:
        assert http.get("/api/v1/studies").status_code == 200
        assert http.post("/api/v1/validate", content=b"cell: x").status_code in (404, 405)
        assert all(list(path) == ["get"] for path in http.get("/api/v1/openapi.json").json()["paths"].values())


def test_health_says_whether_the_database_answers(tmp_path: Path) -> None:
    record_study(f"sqlite:///{tmp_path / 'a.db'}", "tiny")
    with serving(f"sqlite:///{tmp_path / 'a.db'}") as found, found.anonymous() as http:
        assert http.get("/healthz").json() == {"alive": True, "database": True}
        (tmp_path / "a.db").unlink()
        answer = http.get("/healthz")
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert str(tmp_path) not in answer.text
        with pytest.raises(Refused, match="the database does not answer"):
            found.client().study("tiny")
