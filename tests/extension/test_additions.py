"""Each row of the table in CONTRIBUTING: one thing added in its place is found wherever such things are shown."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.extension.conftest import ADDITIONS, ROOT, Extended


def listed(extended: Extended, address: str, key: str, name: str) -> set[str]:
    """The names that a list of the API holds."""
    return {row[name] for row in json.loads(extended.get(address))[key]}


def test_a_cell_is_one_file(extended: Extended) -> None:
    assert "added_cell" in extended.call("cells").out
    assert "added_cell" in listed(extended, "/api/v1/cells", "cells", "name")
    assert "added_cell" in extended.get("/cells")
    assert "a leaky average" in extended.get("/cell?name=added_cell")
    assert extended.call("show", "added_cell", "--emit", "native").status == 0
    assert extended.call("draw", "added_cell").out.startswith("<svg")
    assert "average" in extended.call("show", "added_cell").out
    assert extended.call("explain", "added_cell", "--json").json["nearest"] is not None


def test_a_wiring_is_one_file(extended: Extended) -> None:
    assert "added_wiring" in extended.call("cells").out
    assert "added_wiring" in listed(extended, "/api/v1/cells", "cells", "name")
    assert "added_wiring" in extended.get("/cells")
    assert extended.call("show", "added_wiring").status == 0


def test_a_space_is_one_file(extended: Extended) -> None:
    assert "squash" in extended.call("space", "added_space", "--sample", "2").out
    assert "added_space" in extended.get("/new")


def test_an_activation_is_one_line(extended: Extended) -> None:
    assert "added_activation" in extended.call("schema", "cell").out
    assert "added_activation" in extended.call("explain", "added_cell").out
    assert "added_activation(" in extended.call("show", "added_wiring").out, "recognised where it is a formula"


def test_a_task_is_one_file(extended: Extended) -> None:
    assert "parity under another name" in extended.call("tasks", "added_task").out
    assert "added_task" in listed(extended, "/api/v1/tasks", "tasks", "task")


def test_a_command_is_one_file(extended: Extended) -> None:
    assert "Say that a test added this command." in extended.call("--help").out
    assert extended.call("added_command").out == "added by a test\n"


def test_a_page_is_one_file_and_its_template(extended: Extended) -> None:
    assert "<h1>added by a test</h1>" in extended.get("/added")


def test_a_study_a_sampler_a_pruner_a_connection_and_a_backend_are_one_file_each(extended: Extended) -> None:
    assert "added_study" in extended.get("/new")
    done = extended.call("run", "added_study")
    assert done.status == 0, done.err
    board = extended.call("board", "added_study", "--json").json
    assert {row["role"] for row in board["rows"]} == {"candidate", "baseline"}
    layers, between, head = (4 * 2 + 16 + 4) + (16 + 16 + 4), 4, (4 + 1) * 2
    assert [row["parameters"] for row in board["rows"] if row["role"] == "baseline"] == [layers + between + head]
    assert "added_study" in extended.get("/")
    shown = extended.get("/study?name=added_study")
    assert "added_cell" in shown
    assert all(name in shown for name in ("added_sampler", "added_pruner", "added_backend", "added_task"))
    assert "added_connection" in extended.call("schema", "study").out


def test_a_panel_is_a_template_and_a_property(extended: Extended) -> None:
    assert extended.call("run", "added_study").status == 0
    for text in (extended.get("/study?name=added_study"), extended.call("report", "added_study").out):
        assert "<h2>a panel by a test</h2>" in text


def test_a_board_column_is_one_record(extended: Extended) -> None:
    assert extended.call("run", "added_study").status == 0
    rows = extended.call("board", "added_study", "--json").json["rows"]
    assert [row["added_column"] for row in rows] == [row["rank"] / 8 for row in rows]
    csv = extended.call("board", "added_study", "--csv").out.splitlines()
    assert "added_column" in csv[0].split(",")
    last_first = extended.call("board", "added_study", "--sort", "added_column", "--descending", "--json").json["rows"]
    assert last_first == rows[::-1]
    kept = extended.call("board", "added_study", "--filter", "added_column<=0.125", "--json").json["rows"]
    assert [row["rank"] for row in kept] == [1]
    text = extended.call("board", "added_study").out
    assert "added_column" in text
    assert "added by a test" in text
    document = json.loads(extended.get("/api/v1/openapi.json"))
    row = document["components"]["schemas"]["BoardRow"]["properties"]
    assert row["added_column"] == {"type": "number", "title": "Added Column"}
    parameters = document["paths"]["/api/v1/studies/{study}/board"]["get"]["parameters"]
    assert all("added_column" in json.dumps(each) for each in parameters if each["name"] in ("sort", "filter"))
    page = extended.get("/study?name=added_study&filter=added_column<%3D0.125&sort=added_column")
    assert page.count("added_column") > 3
    assert 'title="added by a test"' in page
    assert '<td class="number secondary">0.125</td>' in page


@pytest.mark.parametrize("kind", ["sampler", "pruner", "connection"])
def test_a_wrong_name_is_answered_with_the_added_one(extended: Extended, kind: str, tmp_path: Path) -> None:
    text = (ADDITIONS / "studies" / "added_study.yaml").read_text(encoding="utf-8")
    file = tmp_path / "study.yaml"
    file.write_text(text.replace(f"added_{kind}", f"adde_{kind}"), encoding="utf-8")
    assert f"did you mean 'added_{kind}'?" in extended.call("validate", str(file)).err


def test_a_hole_of_connections_is_sized_with_each(extended: Extended, tmp_path: Path) -> None:
    """At hidden size 1 the added cell has 11 parameters, and 12 with the added connection between its two layers."""
    text = (ADDITIONS / "studies" / "added_study.yaml").read_text(encoding="utf-8")
    file = tmp_path / "study.yaml"
    model = "model: {parameters: 11, layers: 2}\nholes: {model.connection: [plain, added_connection]}"
    file.write_text(text.replace("model: {hidden_size: 4, layers: 2, connection: added_connection}", model), "utf-8")
    message = "the smallest model of added_cell has 12 parameters, more than 11"
    assert message in extended.call("validate", str(file)).err
    file.write_text(file.read_text("utf-8").replace("added_connection", "added_conection"), "utf-8")
    assert "did you mean 'added_connection'?" in extended.call("validate", str(file)).err


def test_an_executor_is_one_file(extended: Extended) -> None:
    assert "added_executor" in extended.names("archsearch.study.executors")


def test_every_addition_stands_in_the_contract_tests(extended: Extended) -> None:
    """The tests of the checkout, which import the extended package, are collected for the additions too."""
    options = ["-n", "0", "--collect-only", "-p", "no:cacheprovider", "-o", f"pythonpath={extended.root} ."]
    command = [sys.executable, "-P", "-m", "pytest", *options]
    done = subprocess.run(
        [*command, "tests/contract", "tests/golden", "tests/formula/test_activations.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    for addition in ("cell", "task", "sampler", "pruner", "connection", "backend", "executor", "activation"):
        assert f"added_{addition}" in done.stdout, addition
