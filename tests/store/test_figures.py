"""Numbers for pages: the same as the whole rows say."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.schema.score import Failure, FailureKind
from archsearch.store import Run, StudyRow
from tests.cli.samples import CANDIDATES, record_study, spec_row
from tests.store.free_store import FreeStore


@pytest.fixture
def store(tmp_path: Path) -> FreeStore:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny")
    record_study(url, "other", phases=1)
    return FreeStore.create(url)


@pytest.fixture
def row(store: FreeStore) -> StudyRow:
    found = store.find_study("tiny")
    assert found is not None
    return found


def test_values_of_trials_stand_in_the_order_in_which_they_ended(store: FreeStore, row: StudyRow) -> None:
    store.record_repeat(row.id, 9, {"coupling": "none"}, 0)
    spec = spec_row("lstm")
    store.record_proposal(row.id, 10, {"coupling": "one"}, spec)
    found = store.trial_values(row.id)
    ended = [each for each in store.trials(row.id) if each.finished_at is not None and each.repeat_of is None]
    ended.sort(key=lambda each: (each.finished_at, each.number))
    assert found == tuple((each.number, each.state, each.value) for each in ended)
    assert len(found) == 5
    assert ("failed", None) in {(state, value) for _, state, value in found}


def test_the_latest_evaluations_are_those_of_the_study(store: FreeStore, row: StudyRow) -> None:
    phases = [store.results(row.id, phase) for phase in ("search", "confirm", "report")]
    runs = [run.evaluation for results in phases for result in results for run in result.runs if run.evaluation]
    expected = sorted(((each.finished_at, each.seconds) for each in runs), reverse=True)
    assert list(store.last_evaluations(row.id, 1000)) == expected
    assert list(store.last_evaluations(row.id, 3)) == expected[:3]


def test_runs_are_counted_by_phase_failed_ones_and_late_ones_among_them(store: FreeStore, row: StudyRow) -> None:
    before, spec = store.progress(row.id), store.entries(row.id, "confirm")[0].spec_id
    kinds: tuple[FailureKind, ...] = ("nan", "time limit", "time limit")
    for seed, kind in enumerate(kinds, 10):
        store.record_failure(Run(row.id, "confirm", spec, seed), Failure(kind=kind, reason=kind))
    counts = store.progress(row.id)
    assert counts.runs == {**before.runs, "confirm": before.runs["confirm"] + 3}
    assert counts.failed == {**before.failed, "confirm": 3}
    assert "report" in counts.runs
    assert "report" not in counts.failed
    assert (before.late, counts.late) == (0, 2)


def test_baselines_have_their_mean_unless_a_seed_has_failed(store: FreeStore, row: StudyRow) -> None:
    specs = {name: spec_row(name).spec_id for name in ("lstm", "rnn")}
    found = store.baselines(row.id, "report")
    assert [each[:2] for each in found] == [*specs.items()]
    assert [mean for _, _, mean in found] == pytest.approx([0.615, 0.515])
    assert store.baselines(row.id, "search") == ()
    failed = Run(row.id, "report", specs["rnn"], 4)
    store.record_failure(failed, Failure(kind="nan", reason="nan"))
    assert store.baselines(row.id, "report")[1] == ("rnn", specs["rnn"], None)


def test_failures_are_counted_by_kind(store: FreeStore, row: StudyRow) -> None:
    assert store.failure_kinds(row.id) == {"killed": 1, "nan": 1, "no cell": 1}
    run = Run(row.id, "report", spec_row("rnn").spec_id, 4)
    store.record_attempt(run, Failure(kind="nan", reason="nan"))
    assert next(iter(store.failure_kinds(row.id).items())) == ("nan", 2)


def test_the_latest_failures_come_first(store: FreeStore, row: StudyRow) -> None:
    everything = store.failures(row.id)
    assert [each.at for each in everything] == sorted((each.at for each in everything), reverse=True)
    assert sorted(each.kind for each in everything) == ["killed", "nan", "no cell"]
    assert store.failures(row.id, 1) == everything[:1]
    assert store.failures(row.id, 0) == ()
    assert [each.reason for each in everything if each.spec_id is None] == ["no sound cell"]


def test_specs_are_called_as_on_the_board(store: FreeStore, row: StudyRow) -> None:
    names = (*CANDIDATES, "rnn")
    ids = {name: spec_row(name).spec_id for name in names}
    found = store.lines(row.id, ids.values())
    assert found[ids["rnn"]] == "rnn"
    assert found[ids["mgu"]] == "gru, coupled [bold]i = 1 - f[/bold]"
    assert len(found) == len(names)
    assert store.lines(row.id, [*map(str, range(2000))]) == {}


def test_environments_are_counted(store: FreeStore, row: StudyRow) -> None:
    ((environment, number),) = store.environments(row.id)
    assert environment == {"python": "3"}
    assert number == len(store.last_evaluations(row.id, 1000))
