"""What the doors show of a study is the same to the byte, whichever database it is in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from archsearch.schema.canonical import canonical_json
from tests.api.serving import Served, serving
from tests.cli.conftest import Call
from tests.cli.samples import DEFINITION, record_study, spec_row
from tests.databases.cluster import Cluster
from tests.findings.test_failures import Ticks
from tests.store.free_store import FreeStore

NAMES = ("B", "a", "_", "é", "Z", "A b", "a-b", "a_b", "10", "9")
"""Names that PostgreSQL's collations and SQLite's bytes sort in different ways."""

PHASES = ("search", "confirm", "report")
FILTERS = ("objective>0.5", "line~GRU", "role!=candidate", "failed=1", "coupling=none")
SPEC = spec_row("mgu").spec_id

COMMANDS = [
    *(["board", "tiny", "--json", "--phase", phase] for phase in PHASES),
    *(["board", "tiny", "--csv", "--sort", name] for name in ("line", "label", "objective", "solved")),
    *(["board", "tiny", "--phase", "search", "--filter", text] for text in FILTERS),
    ["board", "tiny"],
    ["status"],
    ["status", "--json"],
    ["status", "tiny", "--json"],
    ["failures", "tiny"],
    ["failures", "tiny", "--json"],
    ["importance", "tiny"],
]
ADDRESSES = [
    *(f"/studies?sort={key}&descending={way}" for key in ("name", "created_at", "state") for way in ("false", "true")),
    *(f"/studies?limit=4&offset={offset}" for offset in range(0, 12, 4)),
    *(f"/studies?name={part}" for part in ("A", "é", "_", "%25")),
    "/studies/tiny",
    *(f"/studies/tiny/board?phase={phase}" for phase in PHASES),
    "/studies/tiny/trials",
    "/studies/tiny/trials?limit=2&offset=1",
    "/studies/tiny/trials/0/evaluations",
    f"/studies/tiny/entries/{SPEC}",
    f"/studies/tiny/entries/{SPEC}/evaluations",
    "/studies/tiny/failures",
    "/studies/tiny/importance",
    *(f"/evaluations/{number}/curve" for number in (1, 20, 1000)),
    "/queue",
]


@pytest.fixture(scope="module")
def urls(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The same studies, recorded at the same moments, in SQLite and in PostgreSQL."""
    found = f"sqlite:///{tmp_path_factory.mktemp('both') / 'studies.db'}", cluster.create_database()
    for url in found:
        record_study(url, "tiny", clock=Ticks())
        with FreeStore.create(url, lambda: "2026-01-02T00:00:00.000000+00:00") as store:
            for name in NAMES:
                store.create_study(name, canonical_json(DEFINITION))
            store.enqueue(store.create_study("waiting", canonical_json(DEFINITION)).id, 2)
    yield found
    cluster.drop_database(found[1])


@pytest.fixture(scope="module")
def servers(urls: tuple[str, str]) -> Iterator[list[Served]]:
    """A server on each."""
    with serving(urls[0]) as first, serving(urls[1]) as second:
        yield [first, second]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_commands_print_the_same(
    urls: tuple[str, str], call: Call, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    printed = []
    for url in urls:
        done = call(*arguments, "--storage", url)
        hidden = make_url(url).render_as_string()
        printed.append((done.status, done.out.replace(hidden, "URL"), done.err.replace(hidden, "URL")))
    assert printed[0] == printed[1]
    assert printed[0][1] or printed[0][0]


@pytest.mark.parametrize("address", ADDRESSES)
def test_routes_answer_the_same(servers: list[Served], address: str) -> None:
    answers = []
    for served in servers:
        with served.http() as http:
            answer = http.get(f"/api/v1{address}")
            answers.append((answer.status_code, answer.text))
    assert answers[0] == answers[1]
    assert answers[0][0] in (200, 404, 409)
