"""`archsearch board`: the ranking as text that fits, and as values."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from archsearch.findings.columns import KEYS, SORTABLE
from tests.cli.conftest import Call
from tests.cli.samples import definition_with, record_study
from tests.cli.test_catalogue import TASK

NAMES = [key.name for key in KEYS]
HOLES = ["coupling", "peepholes.input"]
"""Those that the recorded study has answers for."""


def rows(call: Call, *arguments: object) -> list[dict[str, Any]]:
    """The board's rows as JSON."""
    found: list[dict[str, Any]] = call("board", "tiny", *arguments, "--json").json["rows"]
    return found


def test_the_latest_phase_is_shown_with_the_verdict(call: Call, stored: str) -> None:
    done = call("board", stored)
    assert (done.status, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "tiny: report phase, 4 seeds each"
    assert lines[3].startswith("1  gru, coupled [bold]i = 1 - f[/bold]")
    assert "lstm (baseline)" in lines[4]
    assert "0.71 ± 0.02" in lines[3]
    assert "4/4  7.4k [6.9k, 7.8k]" in lines[3]
    assert "0/4             >12.8k" in lines[4]
    assert "\nno winner: too few seeds to tell gru" in done.out


def test_each_phase_can_be_asked_for_and_search_scores_are_no_result(call: Call, stored: str) -> None:
    done = call("board", stored, "--phase", "search")
    assert done.out.startswith("tiny: search phase, 1 seed each")
    assert "search scores, no result: 4 candidates with 1 seed each" in done.out
    assert "no winner: too few seeds" in done.out
    assert call("board", stored, "--phase", "confirm").out.startswith("tiny: confirm phase, 3 seeds each")


def test_without_a_column_the_ranking_itself_is_turned_round(call: Call, stored: str) -> None:
    ranks = [row["rank"] for row in rows(call)]
    assert [row["rank"] for row in rows(call, "--descending")] == ranks[::-1]
    assert [row["rank"] for row in rows(call, "--sort", "rank", "--descending")] == ranks[::-1]


def test_the_verdict_beside_other_scores_says_that_it_is_not_about_them(call: Call, stored: str) -> None:
    assert "\nreport phase: no winner: too few seeds" in call("board", stored, "--phase", "search").out
    assert "\nno winner: too few seeds" in call("board", stored).out


def test_only_failed_seeds_need_the_users_own_task(call: Call, folder: Path) -> None:
    own = definition_with(name="coin", length=3, file="0" * 64)
    record_study(f"sqlite:///{folder / 'archsearch.db'}", "tiny", definition=own)
    done = call("board", "tiny", "--phase", "search")
    assert done.status == 2
    assert "--tasks-from: seeds have failed" in done.err
    assert call("board", "tiny", "--phase", "report").status == 0, "none failed there"
    Path("mine").mkdir()
    Path("mine", "coin.py").write_text(TASK)
    assert call("board", "tiny", "--tasks-from", "mine").status == 0
    assert [row["objective"] for row in rows(call, "--phase", "search", "--tasks-from", "mine") if row["failed"]] == [
        0.5
    ]


def test_a_failed_seed_counts_as_the_blind_guess(call: Call, stored: str) -> None:
    failed = [row for row in rows(call, "--phase", "search") if row["failed"]]
    assert [(row["line"], row["objective"], row["solved"]) for row in failed] == [("ugrnn", 0.25, 0)]


def test_an_unfinished_study_has_no_winner_yet(call: Call, folder: Path) -> None:
    record_study(f"sqlite:///{folder / 'archsearch.db'}", "tiny", phases=1)
    done = call("board", "tiny")
    assert done.out.startswith("tiny: search phase")
    assert "no winner yet: the report phase, which decides, has no results" in done.out


def test_keys_are_the_same_whatever_was_found(call: Call, stored: str) -> None:
    for phase in ("search", "confirm", "report"):
        assert all(tuple(row) == (*NAMES, "choices") for row in rows(call, "--phase", phase))
    assert rows(call, "--filter", "objective>2") == []
    assert call("board", stored, "--filter", "objective>2", "--csv").out == ",".join([*NAMES, *HOLES]) + "\n"


def test_values_are_exact_in_csv_and_json(call: Call, stored: str) -> None:
    (first, *_) = rows(call)
    (line, *_) = csv.DictReader(io.StringIO(call("board", stored, "--csv").out))
    assert float(line["objective"]) == first["objective"] == pytest.approx(0.715)
    assert (first["sequences_q1"], first["sequences_median"], first["budget"]) == (6880, 7360, 12_800)
    assert first["difference"] == pytest.approx(0.1)
    assert line["outcome"] == first["outcome"]


@pytest.mark.parametrize("column", sorted(SORTABLE))
def test_every_column_sorts(call: Call, stored: str, column: str) -> None:
    up = rows(call, "--sort", column, "--ascending")
    down = rows(call, "--sort", column, "--descending")
    assert {row["rank"] for row in up} == {1, 2, 3}
    values = [{row[key.name] for row in up} - {None} for key in SORTABLE[column].keys]
    assert [row["rank"] for row in up] != [row["rank"] for row in down] or min(map(len, values)) < 2


def test_filters_combine(call: Call, stored: str) -> None:
    assert [row["label"] for row in rows(call, "--filter", "role=baseline", "--filter", "objective>=0.6")] == ["lstm"]


def test_the_verdict_stays_when_rows_are_hidden(call: Call, stored: str) -> None:
    whole = call("board", stored, "--json").json
    part = call("board", stored, "--filter", "role=baseline", "--limit", 1, "--json").json
    assert part["verdict"] == whole["verdict"]
    assert (part["left_out"], whole["left_out"]) == (2, 0)
    assert "2 rows not shown" in call("board", stored, "--limit", 1).out


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["--sort", "objektive"], "did you mean 'objective'?"),
        (["--sort", ""], "no column"),
        (["--filter", "solved"], "is not a valid filter"),
        (["--filter", "solved~3"], "does not go with"),
        (["--filter", "solved>=many"], "is not a number"),
        (["--filter", "sloved>=3"], "did you mean 'solved'?"),
        (["--phase", "final"], "'search'"),
        (["--limit", "0"], "1"),
    ],
)
def test_wrong_options_are_named(call: Call, stored: str, arguments: list[str], hint: str) -> None:
    done = call("board", stored, *arguments)
    assert (done.status, done.out) == (2, "")
    assert hint in done.err


def test_holes_are_columns(call: Call, stored: str) -> None:
    search = ("--phase", "search")
    assert {row["line"] for row in rows(call, *search, "--filter", "coupling=none")} == {
        row["line"] for row in rows(call, *search)
    }
    assert rows(call, *search, "--filter", "hole:peepholes.input=no") == []
    assert len(rows(call, *search, "--sort", "peepholes.input")) == 4
    assert rows(call, "--filter", "coupling=none", "--filter", "role=baseline") == [], "baselines have no choices"


def test_a_wrong_column_is_answered_with_the_holes_too(call: Call, stored: str) -> None:
    assert "did you mean 'coupling'?" in call("board", stored, "--phase", "search", "--sort", "copling").err


def test_a_study_is_known_by_its_file_too(call: Call, stored: str) -> None:
    Path("any.yaml").write_text("study: tiny\n# nothing else is read\n")
    assert call("board", "any.yaml").out == call("board", "tiny").out


@pytest.mark.parametrize(
    ("reference", "status", "hint"),
    [
        ("tinny", 2, "did you mean 'tiny'?"),
        ("[red]tiny", 2, "'[red]tiny'"),
        ("ti\x1b[31mny", 2, "'ti\\x1b[31mny'"),
        ("=tiny", 2, "'=tiny'"),
        ("'; drop table studies", 2, "allowed: tiny"),
        ("", 2, "allowed: tiny"),
        ("none.yaml", 2, "no such file"),
        ("./", 2, "is a folder, not a file"),
        ("cell.yaml", 2, "this is a cell, not a study"),
        ("list.yaml", 2, "this is not an archsearch file"),
        ("number.yaml", 2, "this study has no name; write study: NAME"),
    ],
)
def test_a_study_that_is_not_there_is_refused(call: Call, stored: str, reference: str, status: int, hint: str) -> None:
    Path("cell.yaml").write_text("cell: a")
    Path("list.yaml").write_text("- study")
    Path("number.yaml").write_text("study: 3")
    done = call("board", reference)
    assert (done.status, done.out) == (status, "")
    assert hint in done.err


@pytest.mark.parametrize(
    ("storage", "status", "hint"),
    [
        ("sqlite:///none.db", 1, "no database at"),
        ("sqlite:///text.db", 1, "is not an SQLite database"),
        ("sqlite:///folder", 1, "is not a file"),
        ("none.db", 2, "is not a valid database URL"),
        ("mysql://me:secret@host/db", 2, "is not a valid database URL"),
    ],
)
def test_a_database_that_is_not_there_is_refused(call: Call, storage: str, status: int, hint: str) -> None:
    Path("text.db").write_text("words")
    Path("folder").mkdir()
    done = call("board", "tiny", "--storage", storage)
    assert (done.status, done.out) == (status, "")
    assert hint in done.err
    assert "secret" not in done.err
    assert not Path("none.db").exists()


def test_the_environment_names_the_database(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record_study(f"sqlite:///{folder / 'other.db'}", "tiny")
    monkeypatch.setenv("ARCHSEARCH_STORAGE", "sqlite:///other.db")
    assert call("board", "tiny").status == 0
    assert call("board", "tiny", "--storage", "sqlite:///none.db").status == 1
    monkeypatch.setenv("ARCHSEARCH_STORAGE", "")
    assert "archsearch.db" in call("board", "tiny").err


@pytest.mark.parametrize("width", [40, 60, 80, 100, 120, 200])
def test_the_table_fits_the_terminal(call: Call, stored: str, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for phase in ("search", "report"):
        lines = call("board", stored, "--phase", phase).out.splitlines()
        assert max(map(len, lines)) <= width
        assert "architecture" in lines[1]


def test_a_wider_terminal_shows_more_columns(call: Call, stored: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def headings(width: int) -> set[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        return set(call("board", stored).out.splitlines()[1].split())

    assert headings(80) < headings(120) < headings(200)
    assert {"architecture", "objective", "solved", "params"} <= headings(80)
    assert {"ratio", "test", "difference", "stages"} <= headings(200)
