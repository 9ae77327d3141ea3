"""A file of one kind where another one is wanted: one line says what it is and what takes it."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from archsearch.cli.main import main
from archsearch.errors import InvalidInput
from archsearch.space import load_cell, load_space
from archsearch.store.store import Store
from archsearch.study.checking import check_file, check_study, check_text
from archsearch.study.definition import load_studies
from tests.files.bad_files import CELL, SPACE, STUDY, WIRING

KINDS = {"study": STUDY, "space": SPACE, "wiring": WIRING, "cell": CELL}
CELLS = frozenset({"cell", "wiring"})
TAKES = {"run": {"study"}, "space": {"space"}} | dict.fromkeys(("show", "explain", "draw"), CELLS)
MORE = {"train": ["--task", "parity"], "diff": ["lstm"]}
TAKES |= dict.fromkeys(MORE, CELLS) | {"board": {"study"}, "status": {"study"}, "cancel": {"study"}}
USED_BY = {"study": "run", "space": "space", "wiring": "show", "cell": "show"}


def archive() -> bytes:
    """An .npz file."""
    stream = io.BytesIO()
    np.savez(stream, inputs=np.zeros((2, 2, 1)))
    return stream.getvalue()


def database(path: Path) -> bytes:
    """An SQLite file."""
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (x)")
    return path.read_bytes()


OTHERS: dict[str, tuple[str | bytes, str]] = {
    "an archive": (archive(), "is an archive (.npz or .zip), not a YAML file"),
    "an empty file": ("", "the document is empty"),
    "only a comment": ("# study: s\n", "the document is empty"),
    "a board as JSON": (
        '{"study": "s", "phase": "report", "rows": [{"rank": 1}], "verdict": "none", "total": 3}',
        "this is not a study: most of its keys are unknown (phase, rows, verdict, ...)",
    ),
    "a JSON list": ('[{"study": "s"}]', "this is not an archsearch file"),
    "a board as CSV": ("rank,label,mean\n1,gru,0.5\n2,lstm,0.4\n", "this is not an archsearch file"),
    "plain text": ("Dear reader,\nno YAML here.\n", "this is not an archsearch file"),
    "a number": ("3\n", "this is not an archsearch file"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not UTF-8"),
}


def outcome(command: str, file: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines on stderr of a refused command."""
    assert main([command, file, *MORE.get(command, [])]) == InvalidInput.exit_status
    said = capsys.readouterr()
    assert said.out == ""
    return said.err.splitlines()


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database, as commands that read results need one."""
    monkeypatch.chdir(tmp_path)
    Store.create("sqlite:///archsearch.db").close()
    return tmp_path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", TAKES)
def test_a_file_of_another_kind_is_called_what_it_is(
    command: str, kind: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if kind in TAKES[command]:
        return
    Path("f.yaml").write_text(KINDS[kind], encoding="utf-8")
    (line,) = outcome(command, "f.yaml", capsys)
    assert line.startswith(f"f.yaml:1:1: this is a {kind}, not a ")
    assert f"; `archsearch {USED_BY[kind]}` takes a {kind}" in line


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("command", [*TAKES, "validate"])
def test_what_is_no_file_of_ours_is_one_line(
    command: str, name: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, words = OTHERS[name]
    Path("f.yaml").write_bytes(content if isinstance(content, bytes) else content.encode())
    (line,) = outcome(command, "f.yaml", capsys)
    assert line.startswith("f.yaml")
    assert words in line


@pytest.mark.parametrize("command", [*TAKES, "validate"])
def test_databases_folders_and_missing_files_are_one_line(
    command: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("data.yaml").write_bytes(database(here / "other.db"))
    Path("folder.yaml").mkdir()
    (line,) = outcome(command, "data.yaml", capsys)
    assert line.startswith("data.yaml: is a database, not a YAML file; commands take it as --storage")
    assert outcome(command, "folder.yaml", capsys) == ["folder.yaml: is a folder, not a file"]
    (line,) = outcome(command, "./lost.yaml", capsys)
    assert "lost.yaml" in line


@pytest.mark.parametrize("kind", KINDS)
def test_validate_takes_every_kind(kind: str, tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(KINDS[kind], encoding="utf-8")
    assert not check_file(tmp_path / "f.yaml", None).problems


@pytest.mark.parametrize("kind", KINDS)
def test_a_name_in_a_file_that_means_another_kind_is_placed_in_that_file(kind: str, tmp_path: Path) -> None:
    for name, text in KINDS.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    places = {
        "2:8: space: ": (STUDY.replace("lstm_to_gru", f"./{kind}.yaml"), {"space"}),
        "6:13: baselines[0]: ": (STUDY.replace("[gru]", f"[./{kind}.yaml]"), {"cell", "wiring"}),
        "2:9: wiring: ": (SPACE.replace("lstm", f"./{kind}.yaml"), {"wiring"}),
    }
    for place, (text, allowed) in places.items():
        (tmp_path / "f.yaml").write_text(text, encoding="utf-8")
        found = [str(problem) for problem in check_file(tmp_path / "f.yaml", None).problems]
        if kind in allowed:
            assert not found
        else:
            (line,) = found
            assert line.startswith(f"{tmp_path}/f.yaml:{place}'./{kind}.yaml' is a {kind}, not a ")


@pytest.mark.parametrize(
    ("command", "name", "words"),
    [
        ("run", "lstm_to_gru", "'lstm_to_gru' is a space, not a study; `archsearch space` takes a space"),
        ("run", "gru", "'gru' is a cell, not a study"),
        ("space", "quickstart", "'quickstart' is a study, not a space; `archsearch run` takes a study"),
        ("show", "quickstart", "'quickstart' is a study, not a cell or a wiring"),
        ("show", "lstm_to_gru", "'lstm_to_gru' is a space, not a cell or a wiring"),
        ("run", "./mine", "there is no file 'mine'; did you mean 'mine.yaml'?"),
    ],
)
def test_a_shipped_name_of_another_kind_is_called_what_it_is(
    command: str, name: str, words: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("mine.yaml").write_text(STUDY, encoding="utf-8")
    (line,) = outcome(command, name, capsys)
    assert line.startswith(words)


def test_texts_are_judged_like_files() -> None:
    for load, text in ((load_studies, SPACE), (load_space, CELL), (load_cell, STUDY), (load_space, STUDY)):
        with pytest.raises(InvalidInput, match=r"^<text>:1:1: this is a [a-z]+, not a [a-z ]+; `archsearch "):
            load(text)
    for study, space in ((SPACE, None), (STUDY.replace("lstm_to_gru", "s"), CELL), (WIRING, None)):
        (problem,) = check_study(study, space).problems
        assert "this is a " in problem.what


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_without_its_naming_key_is_known_by_the_others(kind: str) -> None:
    named, _, rest = KINDS[kind].partition("\n")
    (problem,) = check_text(rest if kind != "wiring" else "squash: tanh\ncell_input: relu\n").problems
    assert problem.what == f"missing key '{kind}'"
    (problem,) = check_text(
        KINDS[kind].replace(named, f"{kind}x: n", 1) + "squash: tanh\n" * (kind == "wiring")
    ).problems
    assert problem.what == f"unknown key '{kind}x'"
