"""Settings of a server that stand in the environment or in `.env`, and what comes first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archsearch.api.client import Client
from archsearch.errors import InvalidInput
from archsearch.server.settings import ServerDefaults, server_defaults
from archsearch.study.defaults import default_storage, read_defaults
from tests.api.test_serve import started
from tests.cli.conftest import Call
from tests.cli.samples import record_study

OWN_TOKEN = "a-token-of-my-own.1234"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def values() -> dict[str, Any]:
    """The settings of a server that is started here now."""
    return read_defaults(ServerDefaults).model_dump()


USUAL = {"storage": "sqlite:///archsearch.db", "host": "127.0.0.1", "port": 8765, "cores": None, "token": None}
SAID = {"storage": "sqlite:///mine.db", "host": "::1", "port": "80", "cores": "3", "token": OWN_TOKEN}


def write(file: Path, said: Mapping[str, str]) -> None:
    file.write_text("".join(f"ARCHSEARCH_{name.upper()}={value}\n" for name, value in said.items()), encoding="utf-8")


def test_what_nothing_is_said_of_is_as_documented(folder: Path) -> None:
    assert values() == USUAL


@pytest.mark.parametrize("name", SAID)
def test_each_may_stand_in_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"ARCHSEARCH_{name.upper()}", SAID[name])
    assert {key: str(value) for key, value in values().items() if value != USUAL[key]} == {name: SAID[name]}


def test_each_may_stand_in_a_file_and_the_environment_comes_first(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / ".env", SAID | {"other": "x"})
    assert {key: str(value) for key, value in values().items()} == SAID
    monkeypatch.setenv("ARCHSEARCH_PORT", "81")
    monkeypatch.setenv("ARCHSEARCH_HOST", "")
    assert (values()["port"], values()["host"]) == (81, "::1"), "an empty variable says nothing"


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", "65536"), ("port", "-1"), ("port", "http"), ("cores", "0"), ("cores", "all"), ("token", "short"),
     ("token", "a token with spaces in it"), ("token", f"{OWN_TOKEN}&"), ("token", "x" * 201)],
)  # fmt: skip
def test_a_wrong_value_is_named_and_not_repeated(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"ARCHSEARCH_{name.upper()}", value)
    with pytest.raises(InvalidInput) as caught:
        values()
    assert [problem.path for problem in caught.value.problems] == [(f"ARCHSEARCH_{name.upper()}",)]
    assert value not in str(caught.value)
    assert "match pattern" not in str(caught.value)
    assert "unable to parse" not in str(caught.value)


@pytest.mark.parametrize(("name", "meant"), [("TOKNE", "TOKEN"), ("PROT", "PORT"), ("storge", "STORAGE")])
@pytest.mark.parametrize("in_file", [False, True])
def test_a_misspelt_name_is_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str, in_file: bool
) -> None:
    monkeypatch.setenv("ARCHSEARCH_CHROMIUM", "chromium")  # of another program, and like none of ours
    assert server_defaults().model_dump() == USUAL
    if in_file:
        write(folder / ".env", {name: "x"})
    else:
        monkeypatch.setenv(f"ARCHSEARCH_{name}", "x")
    with pytest.raises(InvalidInput, match=f"ARCHSEARCH_{name.upper()}: .*did you mean ARCHSEARCH_{meant}"):
        server_defaults()


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / ".env").write_bytes(b"ARCHSEARCH_PORT=\xff\n")
    with pytest.raises(InvalidInput, match=r"\.env: is not UTF-8"):
        values()


def test_a_server_takes_them_and_options_come_first(folder: Path) -> None:
    record_study("sqlite:///mine.db", "tiny")
    write(folder / ".env", {"storage": "sqlite:///mine.db", "token": OWN_TOKEN, "cores": "3", "port": "1"})
    with started(folder) as (_, link):  # with --port 0
        assert link.endswith(f"?token={OWN_TOKEN}")
        with Client(link) as client:
            assert (client.queue().cores, client.studies().total) == (3, 1)


def test_commands_find_the_database_of_the_file(folder: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    record_study("sqlite:///mine.db", "tiny")
    write(folder / ".env", {"storage": "sqlite:///mine.db"})
    assert default_storage() == "sqlite:///mine.db"
    assert call("board", "tiny").status == 0
    assert call("board", "tiny", "--storage", "sqlite:///other.db").status == 1
    monkeypatch.setenv("ARCHSEARCH_STORAGE", "sqlite:///other.db")
    assert call("board", "tiny").status == 1
