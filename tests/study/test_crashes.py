"""kill -9 of the coordinator at named moments: the study goes on as if nothing had happened."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from archsearch.schema.phases import PHASES
from archsearch.store.store import Store
from archsearch.study.seeds import phase_seed
from tests.databases.fixtures import BOTH
from tests.study.child import die
from tests.study.fake_work import LOG, STUDY_SEED, mark_of
from tests.study.optuna_tables import optuna_names, optuna_trials
from tests.study.samples import complete, small, snapshot, starts

MOMENTS = [
    ("baselines drawn", 1),
    ("attempt recorded", 1),
    ("evaluation recorded", 1),
    ("proposal recorded", 1),
    ("evaluation recorded", 6),
    ("mirrored", 1),
    ("refusal recorded", 1),
    ("repeat recorded", 1),
    ("search ended", 1),
    ("confirm entered", 1),
    ("report entered", 1),
    ("submitted", 19),
    ("report ended", 1),
]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    """What the study comes to with one worker and without any crash."""
    url = f"sqlite:///{tmp_path_factory.mktemp('undisturbed') / 'study.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LOG, str(tmp_path_factory.mktemp("log") / "starts.log"))
        complete(small(), url)
    return snapshot(url)


def recorded(url: str) -> set[str]:
    """The evaluations that are counted, under the names of the log."""
    with Store.read(url) as store:
        study = store.find_study("small")
        if study is None:
            return set()
        runs = [run for phase in PHASES for entry in store.results(study.id, phase) for run in entry.runs]
        specs = {run.spec_id: store.spec(run.spec_id) for run in runs}
    marks = {spec_id: mark_of(json.loads(row.document)) for spec_id, row in specs.items() if row is not None}
    return {f"{marks[run.spec_id]} {phase_seed(STUDY_SEED, run.phase, run.seed_index)}" for run in runs}


def attempts(url: str) -> int:
    """Failed attempts that were tried again."""
    with Store.read(url) as store:
        study = store.find_study("small")
        assert study is not None
        return store.progress(study.id).attempts


def mirrored_trials(url: str) -> list[tuple[Any, ...]]:
    """What Optuna's own loader finds, by our numbers."""
    return sorted((t.user_attrs["archsearch_number"], t.state.name, t.value, t.params) for t in optuna_trials(url))


def finished_trials(found: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    names = {"complete": "COMPLETE", "pruned": "PRUNED", "failed": "FAIL"}
    return [(row[0], names[row[5]], row[6], row[1]) for row in found["trials"]]


@BOTH
@pytest.mark.parametrize(("moment", "count"), MOMENTS, ids=lambda value: str(value).replace(" ", "-"))
def test_a_killed_study_goes_on_as_if_nothing_had_happened(
    url: str, log: Path, undisturbed: Mapping[str, Any], moment: str, count: int
) -> None:
    die(url, log, moment, count)
    kept, before = recorded(url), starts(log)
    complete(small(), url, workers=2)
    assert snapshot(url) == undisturbed
    assert mirrored_trials(url) == finished_trials(undisturbed)
    assert kept <= recorded(url)
    assert not kept & set(starts(log)[len(before) :]), "what was recorded is not evaluated again"
    in_flight = 2
    assert len(starts(log)) <= len(recorded(url)) + attempts(url) + in_flight


@BOTH
def test_a_study_survives_being_killed_again_and_again(url: str, log: Path, undisturbed: Mapping[str, Any]) -> None:
    for _ in range(4):
        die(url, log, "submitted", 5)
    complete(small(), url)
    assert snapshot(url) == undisturbed
    assert mirrored_trials(url) == finished_trials(undisturbed)


@BOTH
def test_a_trial_that_ends_with_what_is_known_already_ends_once(
    url: str, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A candidate that is a baseline, too, has both seeds when it is proposed."""
    file = tmp_path / "mine.yaml"
    file.write_text("wiring: mine\n", encoding="utf-8")
    space = {"wiring": {}, "holes": {"cell_input": ["tanh", "relu"]}}
    changes: dict[str, Any] = {"space": space, "baselines": [str(file)], "search": {"trials": 2, "seeds": 2}}
    die(url, log, "trial finished", 1, **changes)
    kept, before = recorded(url), starts(log)
    assert optuna_names(url) == [], "the copy is written when the search ends"
    complete(small(**changes), url)
    assert not kept & set(starts(log)[len(before) :]), "what was recorded is not evaluated again"
    other = f"sqlite:///{tmp_path / 'other.db'}"
    monkeypatch.setenv(LOG, str(tmp_path / "other.log"))
    complete(small(**changes), other)
    assert snapshot(url) == snapshot(other)
    assert mirrored_trials(url) == mirrored_trials(other) == finished_trials(snapshot(other))


def test_the_small_study_has_everything_that_a_crash_may_meet(undisturbed: Mapping[str, Any]) -> None:
    trials, runs = undisturbed["trials"], [run for phase in PHASES for entry in undisturbed[phase] for run in entry[5]]
    assert any(row[7] is not None for row in trials), "a repeat"
    assert any(row[8] for row in trials), "a refusal"
    assert any(run[1] is not None for run in runs), "a failure"
    assert len(undisturbed["report"]) == 3
    assert undisturbed["state"] == "finished"
