"""The figures for boards: what the whole rows say, and nothing else."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from archsearch.schema.score import PHASES, Phase
from archsearch.store import EvaluationKey, Run, Store
from tests.cli.samples import BUDGET, TASK, record_study, score, spec_row


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """A study with failures; on top one trial that was pruned, one that runs, a repeat, a baseline that is both."""
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny")
    record_study(url, "other", phases=1)
    found = Store.create(url)
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


def study_id(store: Store) -> int:
    row = store.find_study("tiny")
    assert row is not None
    return row.id


@pytest.mark.parametrize("phase", PHASES)
def test_figures_are_those_of_the_whole_rows(store: Store, phase: Phase) -> None:
    figures, results = store.figures(study_id(store), phase), store.results(study_id(store), phase)
    assert [dataclasses.replace(each, choices="") for each in figures] == [each.figures for each in results]
    assert all(type(run.solved) is bool for each in figures for run in each.runs)
    if phase == "search":
        assert {run.state for each in figures for run in each.runs} == {"complete", "pruned", "failed"}
        assert max(len(each.runs) for each in figures) == 2
        assert any(not each.runs for each in figures)


@pytest.mark.parametrize("phase", PHASES)
def test_choices_are_those_of_the_trial_that_came_first(store: Store, phase: Phase) -> None:
    trials = {each.spec_id: each.choices for each in store.trials(study_id(store)) if each.repeat_of is None}
    for each in store.figures(study_id(store), phase):
        if each.entry.role == "candidate":
            assert list(json.loads(each.choices).items()) == list(trials[each.entry.spec_id].items())
        else:
            assert each.choices == ""


def test_a_phase_without_entries_has_no_figures(store: Store) -> None:
    row = store.find_study("other")
    assert row is not None
    assert store.figures(row.id, "report") == ()
