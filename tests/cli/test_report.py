"""`archsearch report`: one file, or stdout; mistakes cost no file."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Call


def test_a_file_is_written_and_named(call: Call, folder: Path, stored: str) -> None:
    done = call("report", stored, "-o", "report.html")
    assert (done.status, done.out, done.err) == (0, "", "wrote report.html\n")
    text = (folder / "report.html").read_text(encoding="utf-8")
    assert text.startswith("<!doctype html>")
    assert call("report", stored).out == text


def test_an_unknown_study_leaves_no_file(call: Call, folder: Path, stored: str) -> None:
    done = call("report", "tinny", "-o", "report.html")
    assert (done.status, done.out) == (2, "")
    assert "did you mean 'tiny'?" in done.err
    assert not (folder / "report.html").exists()


def test_a_file_that_cannot_be_written_is_said(call: Call, folder: Path, stored: str) -> None:
    for target, reason in (("nowhere/report.html", "No such file or directory"), (".", "Is a directory")):
        done = call("report", stored, "-o", target)
        assert (done.status, done.out) == (1, "")
        assert done.err == f"cannot write {target}: {reason}\n"
    assert [path.name for path in folder.glob("*.html")] == []


def test_without_a_database_there_is_nothing_to_report(call: Call, folder: Path) -> None:
    done = call("report", "tiny", "-o", "report.html")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("no database at ")
    assert list(folder.iterdir()) == []
