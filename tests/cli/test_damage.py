"""A database whose bytes are damaged: each command is right, or says in one line what is damaged and what to do."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pytest

from archsearch.study.executors import local
from tests.cli.conftest import Call, Done
from tests.study.samples import changed, complete, executor, small

FILE = Path("archsearch.db")
READ = {
    "status": ("status", "--json"),
    "status of one": ("status", "small", "--json"),
    "board": ("board", "small", "--json"),
    "board of the search": ("board", "small", "--phase", "search", "--csv"),
    "failures": ("failures", "small", "--json"),
    "importance": ("importance", "small", "--json"),
    "show": ("show", "--study", "small", "--json"),
    "upgrade": ("storage", "upgrade"),
}
TEXTS = {
    "archsearch_studies": ("name", "definition", "created_at"),
    "archsearch_architectures": ("ir",),
    "archsearch_specs": ("document", "line"),
    "archsearch_trials": ("choices", "reason"),
    "archsearch_evaluations": ("task", "reports", "curve", "seed", "backend"),
    "archsearch_environments": ("document",),
    "archsearch_attempts": ("reason",),
}
DOCUMENTS = ("definition", "document", "choices", "task", "reports", "curve")
SAID = (
    ". Put back a copy, or save what can be read: sqlite3 ",
    f"{FILE} is not an SQLite database",
    "the stored definition is damaged, or another archsearch wrote it",
)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished study `small`, and its file with one trial more."""
    folder = tmp_path_factory.mktemp("sound")
    complete(small(), f"sqlite:///{folder / 'sound.db'}")
    (folder / "small.yaml").write_text(changed(search={"trials": 6}), encoding="utf-8")
    return folder / "sound.db"


@pytest.fixture(scope="module")
def known() -> dict[str, Done]:
    """What commands say of the sound database, each asked once."""
    return {}


@pytest.fixture
def right(sound: Path, known: dict[str, Done], call: Call, monkeypatch: pytest.MonkeyPatch) -> dict[str, Done]:
    """What each command says of the sound database, of which there is a copy in the working folder."""
    monkeypatch.setattr(local, "EXECUTOR", executor())
    monkeypatch.setattr("archsearch.store.engine.TIMEOUT", 1)
    monkeypatch.chdir(sound.parent)
    shutil.copy(sound, FILE)
    if not known:
        known.update({name: call(*command) for name, command in READ.items()})
        assert sum(done.status == 0 for done in known.values()) == len(READ) - 1  # too few trials for importance
    return known


def overwrite(offset: int, content: bytes) -> None:
    with FILE.open("r+b") as stream:
        stream.seek(offset)
        stream.write(content)


def replace(table: str, column: str, value: object) -> None:
    """Put a value into every row, past all checks."""
    with closing(sqlite3.connect(FILE)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(f"UPDATE {table} SET {column} = CAST(? AS TEXT)", (value,))
        connection.commit()


def check(done: Done, expected: Done) -> bool:
    """The output is the right one, or one line says that the database is damaged, and what to do; whether it does."""
    if done == expected:
        return False
    assert done.status == 1
    assert done.out == ""
    (line,) = done.err.splitlines()
    assert any(said in line for said in SAID), line
    return True


CASES = [(table, name, b"\xff\xfe") for table, names in TEXTS.items() for name in names]
CASES += [
    (table, name, text)
    for table, name, _ in CASES
    if name in DOCUMENTS
    for text in (b'{"', b'{"study": {}}', b"7")
    if (name, text) != ("choices", b'{"study": {}}')  # which is shown as it stands there
]


@pytest.mark.parametrize(("table", "column", "text"), CASES)
def test_a_text_that_is_damaged(call: Call, right: dict[str, Done], table: str, column: str, text: bytes) -> None:
    replace(table, column, text)
    for name, command in READ.items():
        check(call(*command), right[name])
    found = call("doctor", "--json")
    assert found.status == 1
    place = next(each["found"] for each in found.json["checks"] if each["check"] == "database")
    assert f"table {table}, " in place
    assert column in place or "not what archsearch has written" in place
    if text == b"7":
        check_run(call("run", "small.yaml"))


def check_run(done: Done) -> None:
    """It goes on, or one line says why not."""
    assert done.status in (0, 1)
    assert "bug" not in done.err
    if done.status:
        assert any(said in done.err.splitlines()[-1] for said in SAID), done.err


@pytest.mark.parametrize("part", range(4))
def test_a_page_that_is_damaged(call: Call, right: dict[str, Done], sound: Path, part: int) -> None:
    whole = sound.read_bytes()
    draw, names = random.Random(part), cycle(READ)
    said = 0
    for page in range(part, len(whole) // 4096, 4):
        shutil.copy(sound, FILE)
        overwrite(4096 * page + draw.choice((0, 0, 8, 24, 2000)), draw.choice((draw.randbytes(100), bytes(100))))
        for name in (next(names), next(names)):
            said += check(call(*READ[name]), right[name])
    assert said


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_file_that_was_cut(call: Call, right: dict[str, Done], sound: Path, share: float) -> None:
    whole = sound.read_bytes()
    FILE.write_bytes(whole[: int(len(whole) * share)])
    assert sum(check(call(*command), right[name]) for name, command in READ.items())
    assert call("doctor").status == 1
    check_run(call("run", "small.yaml"))
