"""Which holes matter."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from archsearch.errors import Refused
from archsearch.space import RandomChooser
from archsearch.store import Run, TrialEnd
from archsearch.store.owned import own_study
from archsearch.store.patience import Patience
from archsearch.store.store import Store
from archsearch.study.definition import Definition
from archsearch.study.importance import LEAST_TRIALS, HoleShare, importance_of
from tests.databases.fixtures import BOTH
from tests.store.free_store import FreeStore
from tests.study import fake_work
from tests.study.optuna_tables import optuna_storage
from tests.study.samples import complete, small

HOLES = {"training.learning_rate": {"float": [0.001, 0.1], "log": True}, "training.batch_size": [16, 32]}
ALONE = {"confirm": {"seeds": 1, "best": 1}, "report": {"seeds": 2}, "baselines": []}


def shares(store: Store) -> tuple[HoleShare, ...]:
    (row,) = store.list_studies()
    return importance_of(store, row).importance


@BOTH
def test_the_hole_that_decides_comes_first_and_shares_sum_to_one(url: str) -> None:
    definition = small(search={"trials": 30, "seeds": 1}, holes=HOLES, space={"cell": "rnn"}, **ALONE)
    complete(definition, url, workers=2, evaluate=fake_work.learning_rate_decides)
    with Store.read(url) as store, warnings.catch_warnings():
        warnings.simplefilter("error")
        found = shares(store)
    assert [each.hole for each in found] == ["training.learning_rate", "training.batch_size"]
    assert found[0].share > 0.8
    assert sum(each.share for each in found) == pytest.approx(1)


def test_too_few_trials_are_refused_with_their_number(url: str) -> None:
    definition = small(search={"trials": 2}, **ALONE)
    complete(definition, url)
    with Store.read(url) as store, pytest.raises(Refused, match=f"needs {LEAST_TRIALS} complete trials, .* has 2$"):
        shares(store)


def test_equal_values_are_refused(url: str) -> None:
    definition = small(search={"trials": 12, "seeds": 1}, holes=HOLES, space={"cell": "rnn"}, **ALONE)
    complete(definition, url, evaluate=fake_work.succeed)
    with Store.read(url) as store, pytest.raises(Refused, match="have the same value"):
        shares(store)


TWINS = {name: [1, 2] for name in ("training.batch_size", "training.checks", "training.clip")}
"""Holes that are always answered alike: their shares are one number."""

_DOORS = """
import sys
from archsearch.cli.main import main
from archsearch.store.store import Store
from archsearch.web.rendering import render
from archsearch.web.views.study import view_importance

for command in ("importance", "board", "status", "report", "show", "explain"):
    arguments = ["--study", "small"] if command in ("show", "explain") else ["small"]
    for form in ([], ["--json"], ["--csv"])[: 1 if command == "report" else 3]:
        assert main([command, *arguments, "--storage", sys.argv[1], *form]) == 0, command
main(["show", "gru", "--emit", "native"])
with Store.read(sys.argv[1]) as store:
    found = view_importance(store, store.find_study("small"))
    print(render("study/shares.html", importance=found, static=True))
"""


def record(definition: Definition, url: str, repeats: int = 0) -> None:
    """Ten complete trials and repeats of the best one; the twins are 1 in the better half, 2 in the other."""
    import random

    from archsearch.ir import lower
    from archsearch.schema.canonical import ordered_json, plain
    from archsearch.space import RecordedChooser
    from archsearch.store import SpecRow

    generator = random.Random(1)
    with FreeStore.create(url) as store:
        study = store.create_study(definition.name, definition.text)
        for number in range(10):
            drawn = definition.candidates.fill(RandomChooser(generator)).choices
            choices = {name: str(1 + number // 5) if name in TWINS else label for name, label in drawn.items()}
            found = definition.candidates.fill(RecordedChooser(choices))
            text = ordered_json(plain(found.spec))
            row = SpecRow(found.spec_id, found.arch_id, str(lower(found.spec.cell)), text, found.line)
            store.record_proposal(study.id, number, choices, row)
            run, value = Run(study.id, "search", row.spec_id, 0), 1 - number / 20
            _complete(store, run, value, TrialEnd(number, "complete", value))
        for number in range(10, 10 + repeats):
            store.record_repeat(study.id, number, {**choices, **dict.fromkeys(TWINS, "1")}, 0)


def _complete(store: FreeStore, run: Run, value: float, end: TrialEnd) -> None:
    from archsearch.store import EvaluationKey

    key = EvaluationKey(run.spec_id, {"name": "temporal_order"}, 7, 96, "reference", 1)
    store.record_completion(run, key, fake_work.score(value), {"python": "3"}, trial=end)


def twins() -> Definition:
    """A study whose holes of training are answered alike, beside a float."""
    rate = {"training.learning_rate": {"float": [0.001, 0.1], "log": True}}
    return small(search={"trials": 20, "seeds": 1}, holes=rate | TWINS, space={"cell": "rnn"}, **ALONE)


def test_every_door_says_the_same_bytes_under_every_hash_seed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record(twins(), url)
    printed = set()
    for seed in ("1", "3"):  # under which the names of the twins lie in two orders in a set
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(
            [sys.executable, "-c", _DOORS, url], capture_output=True, env=environment, check=True, cwd=Path.cwd()
        )
        printed.add(done.stdout)
    assert len(printed) == 1


@BOTH
def test_equal_shares_stand_in_order_of_name(url: str) -> None:
    definition = twins()
    record(definition, url)
    with Store.read(url) as store:
        found = [each for each in shares(store) if each.hole in TWINS]
    assert len({each.share for each in found}) == 1
    assert [each.hole for each in found] == sorted(TWINS)


@BOTH
def test_repeats_count_as_in_the_table_of_trials_and_in_optunas_copy(url: str) -> None:
    import optuna

    from archsearch.study.mirror import Mirror

    definition = twins()
    record(definition, url, repeats=6)
    with Store.read(url) as store:
        found = {each.hole: each.share for each in shares(store)}
        rows = store.trials(1, "complete")
    assert len(rows) == 16
    with own_study(url, definition.name, definition.text) as owned:
        Mirror(url, owned, definition.name, definition.candidates, dict, Patience()).complete()
    evaluator = optuna.importance.PedAnovaImportanceEvaluator(target_quantile=5 / 16)
    with optuna_storage(url) as storage:
        copy = optuna.load_study(study_name=definition.name, storage=storage)
        theirs = optuna.importance.get_param_importances(copy, evaluator=evaluator)
    assert found == pytest.approx(theirs, rel=1e-12)
