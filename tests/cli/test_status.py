"""`archsearch status` and `archsearch failures`: how far a study is, and what went wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.schema.canonical import canonical_json
from tests.cli.conftest import Call
from tests.cli.samples import DEFINITION, record_study
from tests.store.free_store import FreeStore


def test_every_study_is_listed(call: Call, folder: Path, stored: str) -> None:
    record_study(f"sqlite:///{folder / 'archsearch.db'}", "other", phases=1)
    studies = call("status", "--json").json["studies"]
    assert [(each["study"], each["state"], each["trials"]) for each in studies] == [
        ("other", "running", 5),
        ("tiny", "finished", 5),
    ]
    assert studies[0]["best"] == 0.9
    text = call("status").out
    assert "other" in text
    assert "5/5" in text


def test_one_study_says_how_far_each_phase_is(call: Call, stored: str) -> None:
    found = call("status", stored, "--json").json
    assert [(each["phase"], each["done"], each["planned"], each["failed"]) for each in found["phases"]] == [
        ("search", 4, 4, 1),
        ("confirm", 6, 6, 0),
        ("report", 12, 12, 0),
    ]
    assert found["trial_states"] == {"running": 0, "complete": 3, "pruned": 0, "failed": 2}
    assert found["tried_again"] == 1
    assert call("status", stored).out.startswith("tiny: finished\n")


def test_a_running_study_says_how_to_go_on(call: Call, folder: Path) -> None:
    record_study(f"sqlite:///{folder / 'archsearch.db'}", "tiny", phases=1)
    assert "archsearch run" in call("status", "tiny").out


def bring(state: str, name: str) -> None:
    """Add a study that a server has to do with, in this state."""
    with FreeStore.create("sqlite:///archsearch.db") as store:
        (row,) = store.add_studies([(name, canonical_json(DEFINITION))])
        if state != "created":
            store.enqueue(row.id, 1)
        if state in ("running", "stopping"):
            store.begin_job(row.id)
        if state in ("stopping", "cancelled"):
            store.cancel(row.id)
        if state == "failed":
            store.fail_job(row.id, "its process died 3 times in a row: SIGSEGV \x1b[31m")


@pytest.mark.parametrize(
    ("state", "meaning"),
    [
        ("created", "not started yet"),
        ("queued", "when its turn comes"),
        ("running", "a server runs it"),
        ("stopping", "waits for its process to end"),
        ("cancelled", "continues it"),
        ("failed", "tries again"),
    ],
)
def test_a_study_of_a_server_says_what_becomes_of_it(call: Call, state: str, meaning: str) -> None:
    bring(state, "mine")
    lines = call("status", "mine").out.splitlines()
    assert lines[0] == ("mine: queued (position 1)" if state == "queued" else f"mine: {state}")
    assert meaning in lines[2 if state == "failed" else 1]
    assert call("status", "mine", "--json").json["state"] == state


def test_what_waits_says_its_position_and_what_failed_says_why(call: Call, stored: str) -> None:
    for name, state in {"a": "queued", "b": "failed", "c": "queued", "d": "created"}.items():
        bring(state, name)
    text = call("status").out
    assert "a      queued (position 1)" in text
    assert "c      queued (position 2)" in text
    assert "b failed: its process died 3 times in a row: SIGSEGV" in text
    assert "\x1b" not in text
    studies = call("status", "--json").json["studies"]
    assert [(each["study"], each["position"]) for each in studies if each["position"]] == [("a", 1), ("c", 2)]
    assert [each["study"] for each in studies if each["reason"]] == ["b"]
    assert [each["state"] for each in studies] == ["queued", "failed", "queued", "created", "finished"]
    found = call("status", "b", "--json").json
    assert (found["position"], found["reason"].split(":")[0]) == (None, "its process died 3 times in a row")
    assert "its process died 3 times in a row: SIGSEGV" in call("status", "b").out
    assert call("status", "--csv").out.splitlines()[0].endswith(",created_at,position,reason,note")


def test_an_empty_database_says_so(call: Call) -> None:
    FreeStore.create("sqlite:///archsearch.db").close()
    assert call("status").out.startswith("no studies in sqlite:///")
    assert call("status", "--json").json["studies"] == []
    done = call("status", "tiny")
    assert (done.status, done.out) == (2, "")
    assert "allowed: (none)" in done.err


def test_names_in_the_database_are_printed_as_text(call: Call) -> None:
    names = ["=HYPERLINK(1)", "[bold red]x", "a\x1b[2Jb", "\u202eabc", "x" * 500]
    with FreeStore.create("sqlite:///archsearch.db") as store:
        for name in names:
            store.create_study(name, canonical_json(DEFINITION))
    text = call("status").out
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold red]x" in text
    table = call("status", "--csv").out
    assert "\n'=HYPERLINK(1)," in table
    assert "\x1b" not in table
    assert sorted(each["study"] for each in call("status", "--json").json["studies"]) == sorted(names)
    for name in names:
        done = call("status", name)
        assert done.status == 0
        assert "\x1b" not in done.out


def test_failures_are_listed_with_their_reasons(call: Call, stored: str) -> None:
    found = call("failures", stored, "--json").json
    assert found["total"] == 3
    assert {(each["kind"], each["final"], each["line"]) for each in found["failures"]} == {
        ("killed", False, "gru, coupled [bold]i = 1 - f[/bold]"),
        ("nan", True, "ugrnn"),
        ("no cell", True, "coupling=none"),
    }
    text = call("failures", stored).out
    assert "killed (tried again)" in text
    assert "3 failures: " in text


def test_the_latest_failures_are_kept_by_a_limit(call: Call, stored: str) -> None:
    found = call("failures", stored, "--limit", 1, "--json").json
    assert [each["kind"] for each in found["failures"]] == ["no cell"]
    assert found["total"] == 3


def test_a_study_without_failures_says_so(call: Call) -> None:
    with FreeStore.create("sqlite:///archsearch.db") as store:
        store.create_study("calm", canonical_json(DEFINITION))
    assert call("failures", "calm").out == "calm: nothing failed\n"
    assert call("failures", "calm", "--json").json["failures"] == []
