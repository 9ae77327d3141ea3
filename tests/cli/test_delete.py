"""`archsearch delete`: asks where somebody can answer, and takes one study and no other."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from archsearch.schema.canonical import canonical_json
from archsearch.store.lock import runner_lock, study_lock
from archsearch.store.store import Store
from tests.cli.conftest import Call
from tests.cli.samples import DEFINITION, record_study
from tests.cli.test_terminal import terminal
from tests.store.free_store import FreeStore

URL = "sqlite:///archsearch.db"


def names(url: str = URL) -> list[str]:
    with Store.read(url) as store:
        return [row.name for row in store.list_studies()]


def test_a_study_is_deleted_and_no_other(call: Call, folder: Path, stored: str) -> None:
    record_study(f"sqlite:///{folder / 'archsearch.db'}", "other")
    board = call("board", "other", "--json").out
    done = call("delete", stored, "--yes")
    assert (done.status, done.out, done.err) == (0, "deleted tiny\n", "")
    assert names() == ["other"]
    assert call("board", "other", "--json").out == board
    assert call("status", stored).status == 2
    record_study(f"sqlite:///{folder / 'archsearch.db'}", stored)
    assert names() == ["other", "tiny"]


def test_without_a_terminal_it_wants_to_be_told(call: Call, stored: str) -> None:
    done = call("delete", stored)
    assert (done.status, done.out) == (2, "")
    assert done.err == (
        "delete tiny (finished, 22 evaluations)\n"
        "--yes: there is no terminal to ask in; add it to delete without a question\n"
    )
    assert names() == ["tiny"]


@pytest.mark.parametrize(("answer", "left"), [("y", []), ("yes", []), ("n", ["tiny"]), ("", ["tiny"])])
def test_a_terminal_is_asked(stored: str, answer: str, left: list[str]) -> None:
    with terminal("delete", stored) as opened:
        seen = opened.read_until("for good? [y/N]")
        assert "delete tiny (finished, 22 evaluations)" in seen
        assert "archsearch.db" in seen
        os.write(opened.descriptor, f"{answer}\n".encode())
        seen = opened.read_until(None)
        status = opened.process.wait()
    assert names() == left
    assert status == (1 if left else 0)
    assert ("nothing was deleted" if left else "deleted tiny") in seen


@pytest.mark.parametrize("way", ["interrupt", "end of input"])
def test_no_answer_deletes_nothing(stored: str, way: str) -> None:
    with terminal("delete", stored) as opened:
        opened.read_until("[y/N]")
        if way == "interrupt":
            opened.press(lambda: opened.process.send_signal(signal.SIGINT))
        else:
            opened.press(lambda: os.write(opened.descriptor, b"\x04"))
        seen = opened.read_until(None)
        assert opened.process.wait() != 0
    assert "Traceback" not in seen
    assert names() == ["tiny"]


def test_an_unknown_study_is_wrong_input(call: Call, stored: str) -> None:
    done = call("delete", "tin", "--yes")
    assert (done.status, done.out) == (2, "")
    assert "no study 'tin' in sqlite:///" in done.err
    assert "did you mean 'tiny'?" in done.err
    assert names() == ["tiny"]


def test_a_database_that_is_not_there_is_not_made(call: Call, folder: Path) -> None:
    done = call("delete", "tiny", "--yes")
    assert (done.status, done.out) == (1, "")
    assert "no database at" in done.err
    assert list(folder.iterdir()) == []


def give_to_server(name: str, state: str) -> None:
    with FreeStore.create(URL) as store:
        row = store.find_study(name)
        assert row is not None
        store.enqueue(row.id, 1)
        if state != "queued":
            store.begin_job(row.id)
        if state == "stopping":
            store.cancel(row.id)


@pytest.mark.parametrize(
    ("state", "remedy"),
    [
        ("queued", "cancel it first"),
        ("running", "cancel it first"),
        ("stopping", "it can be deleted once it has stopped"),
    ],
)
def test_a_study_that_a_server_has_is_not_deleted(call: Call, stored: str, state: str, remedy: str) -> None:
    give_to_server(stored, state)
    with runner_lock(URL):
        done = call("delete", stored, "--yes")
    assert (done.status, done.out, done.err) == (1, "", f"study 'tiny' is {state}: {remedy}\n")
    assert names() == ["tiny"]


@pytest.mark.parametrize("state", ["queued", "running", "stopping"])
def test_a_study_whose_server_is_gone_can_be_deleted(call: Call, stored: str, state: str) -> None:
    """No server has to be started for that."""
    give_to_server(stored, state)
    if state != "stopping":
        assert call("delete", stored, "--yes").err == f"study 'tiny' is {state}: cancel it first\n"
        assert call("cancel", stored).out == "tiny is cancelled\n"
    done = call("delete", stored, "--yes")
    assert (done.status, done.out, done.err) == (0, "deleted tiny\n", "")
    assert names() == []


def test_a_study_that_runs_is_not_deleted(call: Call, stored: str) -> None:
    with study_lock(URL, stored):
        done = call("delete", stored, "--yes")
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"study 'tiny' is being run by process {os.getpid()} on ")
    assert names() == ["tiny"]


def test_a_file_with_several_tasks_stands_for_all_of_its_studies(call: Call) -> None:
    for name in ("many.adding", "many.parity", "many_more", "manyfold"):
        record_study(URL, name, phases=1)
    done = call("delete", "many")
    assert done.err.startswith("delete many.adding (running, 4 evaluations)\ndelete many.parity (running, 4 ")
    assert len(names()) == 4
    done = call("delete", "many", "--yes")
    assert (done.status, done.out) == (0, "deleted many.adding\ndeleted many.parity\n")
    assert names() == ["many_more", "manyfold"]


def test_another_database_can_be_named(call: Call, folder: Path, stored: str) -> None:
    other = f"sqlite:///{folder / 'other.db'}"
    record_study(other, stored)
    assert call("delete", stored, "--yes", "--storage", other).status == 0
    assert names(other) == []
    assert names() == ["tiny"]


def test_a_hostile_name_is_printed_as_text(call: Call) -> None:
    name = "a\x1b[2Jb"
    with FreeStore.create(URL) as store:
        store.create_study(name, canonical_json(DEFINITION))
    asked, done = call("delete", name), call("delete", name, "--yes")
    assert "\x1b" not in asked.err
    assert done.status == 0
    assert "\x1b" not in done.out
    assert names() == []
