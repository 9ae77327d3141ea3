"""`archsearch failures`: the same list as the server's, the other way round."""

from __future__ import annotations

import pytest

from archsearch.findings.evaluations import latest_failures
from archsearch.store.store import Store
from tests.cli.conftest import Call
from tests.store.counting import failures_read


def test_the_latest_stands_last(call: Call, stored: str) -> None:
    with Store.read("sqlite:///archsearch.db") as store:
        row = store.find_study(stored)
        assert row is not None
        found = latest_failures(store, row)
    printed = call("failures", stored, "--json").json
    assert printed["failures"] == list(map(vars, found.failures))[::-1]
    assert (printed["total"], printed["kinds"]) == (found.total, dict(found.kinds))
    assert [each["kind"] for each in printed["failures"]] == ["killed", "nan", "no cell"]
    assert list(printed["failures"][0]) == [
        *("at", "phase", "kind", "final", "attempt", "seed_index", "spec_id", "line", "reason")
    ]


def test_a_limit_keeps_the_latest_and_reads_no_more(call: Call, stored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read = failures_read(monkeypatch)
    found = call("failures", stored, "--limit", 2, "--json").json
    assert [each["kind"] for each in found["failures"]] == ["nan", "no cell"]
    assert (found["total"], len(read)) == (3, 2)
