"""A server on a damaged database says so in one line, over HTTP and in pages."""

from __future__ import annotations

import contextlib
import logging
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.api.serving import PLENTY, TOKEN
from tests.cli.samples import record_study, spec_row
from tests.web.conftest import serving_pages
from tests.web.pages import parse
from tests.web.test_answers import HTML

LINE = "the database is damaged: `archsearch doctor` on the server says where, and what to do"
SPEC = spec_row("mgu").spec_id
ADDRESSES = [
    "/api/v1/studies",
    "/api/v1/studies/tiny",
    "/api/v1/studies/tiny/board",
    "/api/v1/studies/tiny/trials",
    f"/api/v1/studies/tiny/entries/{SPEC}",
    "/api/v1/studies/tiny/failures",
    "/study?name=tiny",
]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with the study `tiny`."""
    file = tmp_path_factory.mktemp("sound") / "studies.db"
    record_study(f"sqlite:///{file}", "tiny")
    return file


def damage(file: Path, table: str, column: str) -> None:
    """Put bytes that are no UTF-8 into a column; without one, into the first page of the table."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        if column:
            connection.execute(f"UPDATE {table} SET {column} = CAST(X'22FFFE22' AS TEXT)")
            connection.commit()
            return
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(query, (table,)).fetchone()
    with file.open("r+b") as stream:
        stream.seek(4096 * (page - 1))
        stream.write(b"\xff" * 100)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("archsearch_studies", "definition"),
        ("archsearch_studies", ""),
        ("archsearch_specs", "document"),
        ("archsearch_trials", "choices"),
        ("archsearch_trials", ""),
        ("archsearch_evaluations", "curve"),
        ("archsearch_runs", ""),
    ],
)
def test_damage_is_told_in_one_line(
    sound: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, table: str, column: str
) -> None:
    file = Path(shutil.copy(sound, tmp_path))
    damage(file, table, column)
    told = 0
    with (
        caplog.at_level(logging.INFO),
        serving_pages(f"sqlite:///{file}", limits=PLENTY) as served,
        served.http(headers={**HTML, "Authorization": f"Bearer {TOKEN}"}) as http,
    ):
        for address in ADDRESSES:
            answer = http.get(address)
            assert answer.status_code in (200, 409, 500), address
            if answer.status_code == 500:
                page = not address.startswith("/api")
                assert LINE in (parse(answer.text).one("main").text if page else answer.json()["detail"]), address
                told += 1
    assert told
    assert "unexpected error" not in caplog.text
