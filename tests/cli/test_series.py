"""Commands that read results, for a file with several tasks: each of them in order, in every form."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from archsearch.findings.columns import KEYS
from tests.cli.conftest import Call
from tests.cli.samples import record_study

FILE = "study: pair\ntasks: {one: {name: parity}, two: {name: adding, length: 20}}\n"


@pytest.fixture
def pair(folder: Path) -> str:
    """A file whose two studies are stored, the second before the first; the database holds others, too."""
    url = f"sqlite:///{folder / 'archsearch.db'}"
    for name, phases in (("pair.two", 1), ("pair.one", 3), ("pairs", 3), ("other.one", 3)):
        record_study(url, name, phases)
    Path("pair.yaml").write_text(FILE)
    return "pair.yaml"


def test_boards_stand_one_below_the_other(call: Call, pair: str) -> None:
    done = call("board", pair)
    assert (done.status, done.err) == (0, "")
    boards = [line for line in done.out.splitlines() if line.startswith("pair.")]
    assert boards == ["pair.one: report phase, 4 seeds each", "pair.two: search phase, 1 seed each"]
    first, second = (call("board", name).out for name in ("pair.one", "pair.two"))
    assert done.out == f"{first}\n{second}"


def test_json_is_a_list_of_what_each_study_is(call: Call, pair: str) -> None:
    for command in ("board", "status", "failures"):
        alone = [call(command, name, "--json").json for name in ("pair.one", "pair.two")]
        assert call(command, pair, "--json").json == alone


def test_csv_is_one_table_that_says_whose_each_row_is(call: Call, pair: str) -> None:
    done = call("board", pair, "--csv", "--phase", "search", "--limit", 2)
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert list(rows[0])[: len(KEYS) + 1] == ["study", *(key.name for key in KEYS)]
    assert [row["study"] for row in rows] == ["pair.one", "pair.one", "pair.two", "pair.two"]
    for command in ("status", "failures"):
        found = list(csv.DictReader(io.StringIO(call(command, pair, "--csv").out)))
        assert list(dict.fromkeys(row["study"] for row in found)) == ["pair.one", "pair.two"]


def test_filters_and_order_hold_for_each(call: Call, pair: str) -> None:
    options = ("--phase", "search", "--filter", "objective>0.75", "--sort", "objective", "--ascending", "--json")
    for board in call("board", pair, *options).json:
        assert [row["rank"] for row in board["rows"]] == [2, 1]


def test_text_says_whose_it_is(call: Call, pair: str) -> None:
    for command in ("status", "failures"):
        lines = call(command, pair).out.splitlines()
        assert [line.partition(":")[0] for line in lines if line.startswith("pair.")] == ["pair.one", "pair.two"]


def test_a_series_may_be_called_by_its_name(call: Call, pair: str) -> None:
    assert [each["study"] for each in call("board", "pair", "--json").json] == ["pair.two", "pair.one"]


def test_a_task_that_has_not_begun_is_named(call: Call, pair: str) -> None:
    Path(pair).write_text(FILE.replace("two:", "three:"))
    done = call("board", pair, "--json")
    assert (done.status, done.err) == (0, "pair.three has not begun\n")
    assert [each["study"] for each in done.json] == ["pair.one"]
    Path(pair).write_text(FILE.replace("one:", "three:").replace("two:", "four:"))
    done = call("board", pair)
    assert (done.status, done.out) == (2, "")
    assert "no study 'pair.three'" in done.err


def test_a_file_with_one_task_among_tasks_is_a_list_too(call: Call, pair: str) -> None:
    Path(pair).write_text(FILE.partition(", two")[0] + "}\n")
    assert [each["study"] for each in call("status", pair, "--json").json] == ["pair.one"]


def test_what_shows_one_cell_wants_the_name_of_one_study(call: Call, pair: str) -> None:
    done = call("show", "--study", pair)
    assert (done.status, done.out) == (2, "")
    assert "'pair.yaml' stands for 2 studies; name one of them: pair.one, pair.two" in done.err
    assert call("show", "--study", "pair.one").status == 0


def test_importance_is_refused_only_where_no_task_has_any(
    call: Call, pair: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from archsearch.errors import Refused
    from archsearch.store import StudyRow
    from archsearch.study.importance import HoleShare, Importance

    known = {"pair.one": (HoleShare("squash", 1.0),)}

    def measure(_store: object, row: StudyRow, _tasks_from: object) -> Importance:
        if row.name not in known:
            raise Refused(f"nothing on {row.name}")
        return Importance(row.name, known[row.name])

    monkeypatch.setattr("archsearch.study.importance.importance_of", measure)
    done = call("importance", pair)
    assert (done.status, done.err) == (0, "nothing on pair.two\n")
    assert done.out.startswith("pair.one\nhole")
    known.clear()
    done = call("importance", pair)
    assert (done.status, done.out, done.err) == (1, "", "nothing on pair.one\nnothing on pair.two\n")
