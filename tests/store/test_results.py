"""The figures for boards: what the whole rows say, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.score import Failure
from archsearch.store import EvaluationKey, NewEntry, Run
from archsearch.store.board_figures import EntryFigures, figures_of
from archsearch.store.store import Store
from tests.cli.samples import BUDGET, TASK, record_study, score, spec_row
from tests.store.free_store import FreeStore


@pytest.fixture
def store(tmp_path: Path) -> FreeStore:
    """A study with failures; on top one trial that was pruned, one that runs, a repeat, a baseline that is both."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny")
    record_study(url, "other", phases=1)
    found = FreeStore.create(url)
    study = study_id(found)
    pruned, running, both = (spec_row(name) for name in ("gru", "peephole_lstm", "mgu"))
    found.record_proposal(study, 10, {"coupling": "none", "rate": 0.1}, pruned)
    found.record_pruned(
        Run(study, "search", pruned.spec_id, 0),
        EvaluationKey(pruned.spec_id, TASK, 7, BUDGET, "reference", 1),
        {"python": "3"},
        seconds=0.5,
    )
    found.record_proposal(study, 11, {"rate": 3}, running)
    found.record_repeat(study, 12, {"coupling": "another way to the same"}, 0)
    found.add_entry(study, "search", "baseline", both, "mine")
    key = EvaluationKey(both.spec_id, TASK, 9, BUDGET, "reference", 1)
    best = score(1 / 3, sequences_to_solve=6400, test=0.1 + 0.2)
    found.record_completion(Run(study, "search", both.spec_id, 3), key, best, {"python": "3"})
    return found


def study_id(store: FreeStore) -> int:
    row = store.find_study("tiny")
    assert row is not None
    return row.id


@pytest.mark.parametrize("phase", PHASES)
def test_figures_are_those_of_the_whole_rows(store: FreeStore, phase: Phase) -> None:
    figures, results = store.figures(study_id(store), phase), store.results(study_id(store), phase)
    assert [dataclasses.replace(each, choices="") for each in figures] == [figures_of(each) for each in results]
    assert all(type(run.solved) is bool for each in figures for run in each.runs)
    if phase == "search":
        assert {run.state for each in figures for run in each.runs} == {"complete", "pruned", "failed"}
        assert max(len(each.runs) for each in figures) == 2
        assert any(not each.runs for each in figures)


@pytest.mark.parametrize("phase", PHASES)
def test_choices_are_those_of_the_trial_that_came_first(store: FreeStore, phase: Phase) -> None:
    trials = {each.spec_id: each.choices for each in store.trials(study_id(store)) if each.repeat_of is None}
    for each in store.figures(study_id(store), phase):
        if each.entry.role == "candidate":
            assert list(json.loads(each.choices).items()) == list(trials[each.entry.spec_id].items())
        else:
            assert each.choices == ""


def test_a_phase_without_entries_has_no_figures(store: FreeStore) -> None:
    row = store.find_study("other")
    assert row is not None
    assert store.figures(row.id, "report") == ()


def complete(store: FreeStore, name: str, seed_index: int = 0, objective: float = 0.5) -> None:
    spec = spec_row(name)
    key = EvaluationKey(spec.spec_id, TASK, 100 + seed_index, BUDGET, "reference", 1)
    run = Run(study_id(store), "search", spec.spec_id, seed_index)
    store.record_completion(run, key, score(objective), {"python": "3"})


def test_what_is_new_is_seen_beside_what_is_known(store: FreeStore) -> None:
    """By the reader that has looked before as by one that never has."""
    with Store.read(store.url) as reader:
        study = study_id(store)
        changes: tuple[Callable[[], object], ...] = (
            lambda: complete(store, "peephole_lstm"),
            lambda: complete(store, "mgu", 4, 0.25),
            lambda: store.record_failure(
                Run(study, "search", spec_row("mgu").spec_id, 5), Failure(kind="time limit", reason="too slow")
            ),
            lambda: store.record_proposal(study, 13, {"rate": 4}, spec_row("lstm_1997")),
            lambda: store.add_entry(study, "search", "baseline", spec_row("lstm_1997"), "again"),
            lambda: complete(store, "lstm_1997"),
            lambda: store.add_entries(study, "confirm", [NewEntry("candidate", spec_row("lstm_1997"), rank=1)]),
            lambda: store.add_entries(study, "confirm", [NewEntry("candidate", spec_row("lstm_1997"), rank=2)]),
        )
        for change in changes:
            before = all_figures(reader, study)
            change()
            after = all_figures(reader, study)
            assert after != before
            with Store.read(store.url) as fresh:
                assert after == all_figures(fresh, study)


def all_figures(store: Store, study: int) -> list[tuple[EntryFigures, ...]]:
    return [store.figures(study, phase) for phase in get_args(Phase)]


def test_what_is_known_is_not_read_again(store: FreeStore) -> None:
    first = store.figures(study_id(store), "search")
    complete(store, "peephole_lstm")
    new = spec_row("peephole_lstm").spec_id
    second = store.figures(study_id(store), "search")
    assert len(first) == len(second)
    for before, after in zip(first, second, strict=True):
        assert (before is after) == (before.entry.spec_id != new)


def test_a_study_with_the_number_of_a_deleted_one_has_its_own_figures(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with FreeStore.create(url) as store, Store.read(url) as reader:
        found = []
        for objective in (0.25, 0.75):
            record_study(url, "tiny", phases=1)
            complete(store, "mgu", 4, objective)
            study = study_id(store)
            found.append((study, {run.objective for each in reader.figures(study, "search") for run in each.runs}))
            store.delete_study(study)
    assert found[0][0] == found[1][0], "the number is used again"
    assert 0.25 in found[0][1] - found[1][1]
    assert 0.75 in found[1][1] - found[0][1]


def test_a_copy_that_was_put_back_has_its_own_figures(tmp_path: Path) -> None:
    file = tmp_path / "a.db"
    url = f"sqlite:///{file}"
    record_study(url, "tiny", phases=1)
    kept = file.read_bytes()
    with Store.read(url) as reader:
        found = []
        for objective in (0.25, 0.75):
            file.write_bytes(kept)
            with FreeStore.create(url) as store:
                complete(store, "mgu", 4, objective)
                found.append({run.objective for each in reader.figures(study_id(store), "search") for run in each.runs})
    assert found[0] ^ found[1] == {0.25, 0.75}
