"""No command shows the password of a database: not in output, errors, traces, hints, nor where it was not expected."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

import pytest
import typer

from archsearch.cli.main import app
from archsearch.errors import hide_passwords
from archsearch.findings.session import Session
from archsearch.store.address import parse_address
from tests.cli.conftest import Call, Done
from tests.cli.samples import record_study

PASSWORD = "Gehe im%@:/?#[&'\"+"
QUOTED, PLUS = urllib.parse.quote(PASSWORD, safe=""), urllib.parse.quote_plus(PASSWORD)
URLS = [
    f"postgresql+psycopg://me:{QUOTED}@127.0.0.1:1/none",
    f"postgresql+psycopg://me@127.0.0.1:1/none?password={PLUS}",
    f"postgresql+psycopg://me@127.0.0.1:1/none?sslpassword={PLUS}&connect_timeout=1",
    f"postgresql+psycopg://me:{QUOTED}@127.0.0.1:no/none",
    f"postgresql://me:{QUOTED}@127.0.0.1:1/none",
    f"sqlite:///study.db?password={PLUS}",
    f"me:{QUOTED}@127.0.0.1",
    "postgresql+psycopg://me:Geh@eim@127.0.0.1:1/none",
]
STUDY = """
study: mine
space: lstm_to_gru
task: {name: temporal_order, length: 10}
training: {sequences: 64}
search: {trials: 1}
"""
ARGUMENTS = {
    "run": ("mine.yaml",),
    "show": ("--study", "mine"),
    "explain": ("--study", "mine"),
    "draw": ("--study", "mine"),
    "status": (),
    "doctor": (),
    "serve": ("--port", "0"),
    "delete": ("mine", "--yes"),
    "storage upgrade": (),
}
COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
WITH_STORAGE = [
    f"{name} {below.name}".rstrip()
    for name, command in COMMANDS.items()
    for below in (command, *getattr(command, "commands", {}).values())
    if any(parameter.name == "storage" for parameter in below.params)
]


def assert_hidden(done: Done | str) -> None:
    text = done if isinstance(done, str) else done.out + done.err
    for part in ("Gehe", "geheim", "Geh@eim", "@eim", "im%", "im%25", "%22"):
        assert part not in text, text


def names(command: str) -> list[str]:
    """The words of a command; a group's are two."""
    first, _, second = command.partition(" ")
    return [first] if first == second or not second else [first, second]


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("command", WITH_STORAGE)
def test_no_command_shows_the_password(call: Call, command: str, url: str, debug: bool) -> None:
    Path("mine.yaml").write_text(STUDY, encoding="utf-8")
    words = names(command)
    given = (*words, *ARGUMENTS.get(" ".join(words), ("mine",)), "--storage", url)
    done = call(*(["--debug"] if debug else []), *given)
    assert done.status in (1, 2)
    assert_hidden(done)


@pytest.mark.parametrize("url", [*URLS[:3], f"http://me:{QUOTED}@host/"])
def test_a_url_in_the_wrong_place_is_not_shown_whole(call: Call, url: str) -> None:
    for arguments in (("run", url), ("board", url), (url,), ("status", "a", url), ("show", url), ("validate", url)):
        assert_hidden(call(*arguments))


def test_a_bug_shows_no_password(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(url: str) -> None:
        raise RuntimeError(f"no {url}")

    monkeypatch.setattr("archsearch.store.store.Store.read", fail)
    for debug in ((), ("--debug",)):
        done = call(*debug, "status", "--storage", URLS[0])
        assert done.status == 70
        assert "me:***@127.0.0.1" in done.err
        assert_hidden(done)


@pytest.mark.parametrize("url", URLS[:3])
def test_hints_and_representations_hide_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from archsearch.cli.commands.run import _storage_option

    address = parse_address(url)
    for text in (_storage_option(url), str(address), repr(address), address.hint, repr(Session("mine", url))):
        assert_hidden(text)
    assert "--storage" in _storage_option(url)
    assert_hidden(address.hide(f"fatal: {PASSWORD}, {QUOTED}, {PLUS}"))
    monkeypatch.setenv("ARCHSEARCH_STORAGE", url)
    assert _storage_option(url) == "", "the environment names it for the next command, too"


def test_what_holds_no_password_is_left_alone(call: Call, folder: Path) -> None:
    for text in ("http://127.0.0.1:8765/?token=abc", "a: b@c", "sqlite:///a.db", "x = a @ b", "study:1:2: a:b: no"):
        assert hide_passwords(text) == text
    assert parse_address("postgresql+psycopg://me@h/d?password=a").url.password == "a"
    record_study(f"sqlite:///{folder / 'other.db'}", "tiny")
    assert "tiny" in call("status", "--storage", "sqlite:///other.db").out
