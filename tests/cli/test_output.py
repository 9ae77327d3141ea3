"""JSON and CSV for programs, and text that cannot do more than be read."""

from __future__ import annotations

import csv
import io
import json
import math

import pytest

from archsearch.cli.output import Record, csv_cell, emit, visible
from tests.cli.conftest import Call

READING = (
    ["cells"],
    ["tasks"],
    ["show", "lstm"],
    ["explain", "lstm"],
    ["explain", "mut1"],
    ["diff", "lstm", "gru"],
    ["space", "two_timescales"],
    ["space", "two_timescales", "--sample", "3"],
    ["status"],
    ["status", "tiny"],
    ["board", "tiny"],
    ["board", "tiny", "--phase", "search"],
    ["failures", "tiny"],
    ["doctor"],
)


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_json_is_one_document_on_stdout(call: Call, stored: str, arguments: list[str]) -> None:
    done = call(*arguments, "--json")
    assert (done.status, done.err) == (0, "")
    assert done.json
    assert done.out.isascii()


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_csv_is_one_table_on_stdout(call: Call, stored: str, arguments: list[str]) -> None:
    done = call(*arguments, "--csv")
    assert (done.status, done.err) == (0, "")
    rows = list(csv.reader(io.StringIO(done.out)))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize("arguments", READING, ids=" ".join)
def test_text_in_a_file_has_no_escape_codes_and_no_trailing_blanks(
    call: Call, stored: str, arguments: list[str]
) -> None:
    done = call(*arguments)
    assert (done.status, done.err) == (0, "")
    assert "\x1b" not in done.out
    assert done.out


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-x", "'-x"),
        ("-1+1", "'-1+1"),
        ("-1\n", "'-1\\n"),
        ("-1", "-1"),
        ("-0.5", "-0.5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "\\t=1"),
        ("\n=1", "\\n=1"),
        ("gru", "gru"),
        ("", ""),
        (-0.5, "-0.5"),
        (-3, "-3"),
        (0.1, "0.1"),
        (True, "true"),
        (None, ""),
        ("a\x1b[31m\u202eb", "a\\x1b[31m\\u202eb"),
    ],
)
def test_a_cell_is_no_formula_and_no_escape(value: str | float | bool | None, cell: str) -> None:
    assert csv_cell(value) == cell


def test_a_number_in_csv_is_read_back_exactly() -> None:
    assert float(csv_cell(1 / 3)) == 1 / 3


def test_a_row_without_a_value_keeps_its_columns(capsys: pytest.CaptureFixture[str]) -> None:
    emit("csv", Record({}, ("a", "b"), [{"b": 1}]), lambda console: None)
    assert capsys.readouterr().out == "a,b\n,1\n"


def test_json_refuses_what_json_does_not_know() -> None:
    with pytest.raises(ValueError, match="JSON"):
        emit("json", Record(math.nan, (), []), lambda console: None)


def test_text_is_printed_literally(call: Call, stored: str) -> None:
    done = call("board", "tiny")
    assert "[bold]i" in done.out
    assert visible("\x1b]0;title\x07") == "\\x1b]0;title\\x07"


def test_hostile_text_in_the_database_cannot_reach_the_terminal(call: Call, stored: str) -> None:
    for arguments in (["failures", "tiny"], ["failures", "tiny", "--csv"], ["failures", "tiny", "--json"]):
        done = call(*arguments)
        assert "\x1b" not in done.out
        assert "signal 9" in done.out
    assert json.loads(call("failures", "tiny", "--json").out)["failures"][1]["reason"] == "nan \x1b[31m"


@pytest.mark.parametrize(("arguments", "file"), [(["report", "tiny"], "report.html"), (["draw", "lstm"], "cell.svg")])
def test_what_is_for_a_browser_does_not_fill_a_terminal(
    call: Call, stored: str, monkeypatch: pytest.MonkeyPatch, arguments: list[str], file: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdout.isatty", lambda: True)
        done = call(*arguments)
    assert (done.status, done.out) == (2, "")
    assert (
        f"--output: this is for a browser, and standard output is a terminal; allowed: -o {file}, or a pipe" in done.err
    )
