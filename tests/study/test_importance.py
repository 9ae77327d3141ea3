"""Which holes matter."""

from __future__ import annotations

import warnings

import pytest

from archsearch.errors import Refused
from archsearch.store import Store
from archsearch.study.importance import LEAST_TRIALS, importance
from tests.study import fake_work
from tests.study.samples import complete, small

HOLES = {"training.learning_rate": {"float": [0.001, 0.1], "log": True}, "training.batch_size": [16, 32]}
ALONE = {"confirm": {"seeds": 1, "best": 1}, "report": {"seeds": 2}, "baselines": []}


def test_the_hole_that_decides_comes_first_and_shares_sum_to_one(url: str) -> None:
    definition = small(search={"trials": 30, "seeds": 1}, holes=HOLES, space={"cell": "rnn"}, **ALONE)
    complete(definition, url, workers=2, evaluate=fake_work.learning_rate_decides)
    with Store.read(url) as store, warnings.catch_warnings():
        warnings.simplefilter("error")
        found = importance(definition, store)
    assert [each.hole for each in found] == ["training.learning_rate", "training.batch_size"]
    assert found[0].share > 0.8
    assert sum(each.share for each in found) == pytest.approx(1)


def test_too_few_trials_are_refused_with_their_number(url: str) -> None:
    definition = small(search={"trials": 2}, **ALONE)
    complete(definition, url)
    with Store.read(url) as store, pytest.raises(Refused, match=f"needs {LEAST_TRIALS} complete trials, .* has [012]$"):
        importance(definition, store)


def test_equal_values_are_refused(url: str) -> None:
    definition = small(search={"trials": 12, "seeds": 1}, holes=HOLES, space={"cell": "rnn"}, **ALONE)
    complete(definition, url, evaluate=fake_work.succeed)
    with Store.read(url) as store, pytest.raises(Refused, match="one and the same value"):
        importance(definition, store)


def test_a_study_that_is_not_there_is_refused(url: str) -> None:
    Store.create(url).close()
    with Store.read(url) as store, pytest.raises(Refused, match="no study is called 'small'"):
        importance(small(), store)
