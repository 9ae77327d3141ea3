"""`archsearch validate`: every problem of every file, and what is proved of the others."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from archsearch import registry
from tests.cli.conftest import Call

GOOD = """cell: mine
states: {h: 0}
output: h
equations:
  h: {linear: [x, h_prev], activation: tanh}
"""
BAD = """cell: mine
states: {h: 0}
output: h
equations:
  h: {linear: [x, h_prv], activation: tahn}
  2h: tanh(h)
"""
SPACE = """space: mine
wiring: lstm
holes:
  cell_input: [tanh, relu]
contains: [lstm, gru]
"""


@pytest.mark.parametrize("kind", ["spaces/cells", "spaces/wirings", "studies"])
def test_every_shipped_file_is_valid(call: Call, kind: str) -> None:
    files = [registry.shipped_path(kind, name) for name in registry.shipped_names(kind)]
    done = call("validate", *files)
    assert (done.status, done.err) == (0, "")
    assert [line.split(":")[0] for line in done.out.splitlines()] == [str(file) for file in files]


def test_a_good_file_is_one_line_with_what_was_proved(call: Call) -> None:
    Path("mine.yaml").write_text(GOOD)
    done = call("validate", "mine.yaml")
    assert done.out.startswith("mine.yaml: cell mine: 1 equation, 1 gate with parameters, 1 state, 1 stage, arch ")


def test_a_device_that_is_not_there_stands_on_stderr_with_its_place(call: Call) -> None:
    text = registry.shipped_path("studies", "quickstart").read_text(encoding="utf-8")
    place = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith("training:"))
    Path("far.yaml").write_text(text.replace("training: {", "training: {device: 'cuda:99', "))
    for command in (["validate", "far.yaml"], ["run", "far.yaml"]):
        done = call(*command)
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith(
            f"far.yaml:{place}:20: training.device: this machine has no device 'cuda:99'; allowed"
        )
        assert done.err.count("\n") == 1


def test_every_problem_stands_on_stderr_with_its_place(call: Call) -> None:
    Path("bad.yaml").write_text(BAD)
    Path("mine.yaml").write_text(GOOD)
    done = call("validate", "bad.yaml", "nowhere.yaml", "mine.yaml")
    assert done.status == 2
    assert [line.split(":")[:3] for line in done.err.splitlines()] == [
        ["bad.yaml", "5", "39"],
        ["bad.yaml", "6", "3"],
        ["nowhere.yaml", " cannot be read", " no such file or directory"],
    ]
    assert "did you mean 'tanh'?" in done.err
    assert done.out.startswith("mine.yaml: cell mine")


def test_a_promise_that_a_space_does_not_keep_has_its_place(call: Call) -> None:
    Path("space.yaml").write_text(SPACE)
    done = call("validate", "space.yaml")
    assert done.status == 2
    assert done.err.startswith("space.yaml:5:18: contains[1]: gru is not among all configurations")


def test_a_space_says_how_much_was_proved(call: Call) -> None:
    Path("space.yaml").write_text(SPACE.replace(", gru", ""))
    said = "space.yaml: space mine: 2 configurations, all lowered; contains lstm\n"
    assert call("validate", "space.yaml").out == said


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x00\x01\x02", "NUL"),
        (b"\x7fELF\x02\x01\x01\xff", "not UTF-8"),
        (b"", "the document is empty"),
        (b"- a\n- b\n", "this is not an archsearch file"),
        (b"cell: [" * 40, "nested"),
        (b"x" * 300_000, "larger than 256 KiB"),
        (b"cell: a\n--- \ncell: b\n", "second document"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_line(call: Call, content: bytes, what: str) -> None:
    Path("odd.yaml").write_bytes(content)
    done = call("validate", "odd.yaml")
    assert done.status == 2
    assert done.err.startswith("odd.yaml")
    assert done.err.count("\n") == 1
    assert what in done.err


def test_a_folder_and_a_pipe_are_no_files(call: Call) -> None:
    Path("folder").mkdir()
    os.mkfifo("pipe.yaml")
    done = call("validate", "folder", "pipe.yaml")
    assert done.status == 2
    assert done.err == "folder: is a folder, not a file\npipe.yaml: is not a regular file\n"


def test_the_name_of_a_file_cannot_move_the_cursor(call: Call) -> None:
    done = call("validate", "a\x1b[2J\u202eb.yaml")
    assert done.err.startswith("a\\x1b[2J\\u202eb.yaml: cannot be read")


def test_json_holds_every_problem_in_parts(call: Call) -> None:
    Path("bad.yaml").write_text(BAD)
    Path("mine.yaml").write_text(GOOD)
    done = call("validate", "bad.yaml", "mine.yaml", "--json")
    assert done.status == 2
    bad, good = done.json
    assert (bad["valid"], good["valid"]) == (False, True)
    assert bad["problems"][0]["path"] == ["equations", "h", "activation"]
    assert (bad["problems"][0]["line"], bad["problems"][0]["column"]) == (5, 39)
    assert (good["kind"], good["name"], good["problems"]) == ("cell", "mine", [])


def test_csv_has_one_row_per_problem_and_per_good_file(call: Call) -> None:
    Path("bad.yaml").write_text(BAD)
    Path("mine.yaml").write_text(GOOD)
    rows = list(csv.DictReader(io.StringIO(call("validate", "bad.yaml", "mine.yaml", "--csv").out)))
    assert [(row["file"], row["valid"], row["line"]) for row in rows] == [
        ("bad.yaml", "false", "5"),
        ("bad.yaml", "false", "6"),
        ("mine.yaml", "true", ""),
    ]
