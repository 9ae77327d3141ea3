"""The command itself: help, version, exit statuses, and errors without tracebacks."""

from __future__ import annotations

import io
import os
import subprocess
import sys

import pytest

from archsearch import __version__, registry
from archsearch.cli import main as entry
from archsearch.cli.commands import PACKAGE
from archsearch.errors import Interrupted, Refused
from tests.cli.conftest import Call

COMMANDS = registry.names(PACKAGE)


def test_help_lists_every_command_with_a_whole_sentence(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    done = call("--help")
    assert done.status == 0
    listed = {line.split()[0]: line for line in done.out.splitlines() if line.startswith("  ") and line.split()}
    assert {"cells", "run", "board", "storage"} <= set(COMMANDS) <= set(listed)
    assert not [line for name, line in listed.items() if name in COMMANDS and line.endswith("...")]


def test_without_arguments_the_help_is_printed(call: Call) -> None:
    assert call().out == call("--help").out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(call: Call, command: str) -> None:
    done = call(command, "--help")
    assert done.status == 0
    assert done.out.startswith(f"Usage: archsearch {command}")
    assert max(map(len, done.out.splitlines())) <= 100


def test_the_version_is_printed(call: Call) -> None:
    assert call("--version").out == f"archsearch {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["vaildate"], "validate"),
        (["board", "x", "--fliter", "y"], "--filter"),
        (["schema", "cel"], "'cell'"),
        (["space", "x", "--sample", "many"], "--sample"),
        (["show", "lstm", "--hidden-size", "0"], "1"),
        (["train", "lstm"], "--task"),
    ],
)
def test_a_wrong_command_line_is_named_on_stderr(call: Call, arguments: list[str], hint: str) -> None:
    done = call(*arguments)
    assert done.status == 2
    assert hint in done.err
    assert "Traceback" not in done.err
    assert done.out == ""


def test_json_and_csv_exclude_each_other(call: Call) -> None:
    done = call("cells", "--json", "--csv")
    assert (done.status, done.out) == (2, "")
    assert "--json" in done.err


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let `archsearch cells` raise."""

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("archsearch.findings.cells.shipped_cells", fail)  # no import under it keeps it


def test_a_bug_is_one_line_and_says_how_to_see_more(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError("by \x1b[31mzero\nand more"))
    done = call("cells")
    assert done.status == 70
    assert done.err == (
        "this is a bug in archsearch: ZeroDivisionError: by \\x1b[31mzero\n"
        "see where it happened with: archsearch --debug cells\n"
    )


def test_debug_shows_where_a_bug_is(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError("by zero"))
    done = call("--debug", "cells")
    assert done.status == 70
    assert "raise error\nZeroDivisionError: by zero\n" in done.err


@pytest.mark.parametrize(("error", "status"), [(Refused("held"), 1), (Interrupted("stopped"), 130)])
def test_our_errors_are_their_message_and_status(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int
) -> None:
    failing(monkeypatch, error)
    done = call("cells")
    assert (done.status, done.out, done.err) == (status, "", f"{error}\n")


@pytest.mark.parametrize(
    "arguments", [["show", "NAME"], ["validate", "NAME"], ["init", "NAME"], ["tasks", "x", "--tasks-from", "NAME"]]
)
def test_what_the_system_refuses_is_no_bug(call: Call, arguments: list[str]) -> None:
    done = call(*(f"{'a' * 5000}.yaml" if argument == "NAME" else argument for argument in arguments))
    assert done.status in (1, 2)
    assert "ile name too long" in done.err
    assert "bug" not in done.err


def test_control_c_ends_quietly_with_130(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KeyboardInterrupt())
    done = call("cells")
    assert done.status == 130
    assert "Traceback" not in done.err


def test_a_terminal_without_unicode_gets_escapes_instead_of_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    assert entry.main(["show", "lstm"]) == 0
    assert b"W\\xb7x" in raw.getvalue()


def test_a_reader_that_goes_away_is_no_error() -> None:
    command = f"{sys.executable} -m archsearch schema study | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=dict(os.environ), check=False)
    assert done.stderr == ""


@pytest.mark.parametrize("arguments", [("board", "tiny", "--phase", "studdy"), ("schema", "studdy")])
def test_a_wrong_choice_is_told_in_plain_words(call: Call, arguments: tuple[str, ...]) -> None:
    done = call(*arguments)
    assert done.status == 2
    assert ": 'studdy' is not one of " in done.err
    assert "Value error" not in done.err
