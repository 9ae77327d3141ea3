"""Importance over HTTP, of a study that was really run."""

from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.errors import Refused
from tests.api.serving import serving
from tests.study import fake_work
from tests.study.samples import complete, small
from tests.study.test_importance import ALONE, HOLES


def test_the_hole_that_decides_comes_first(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    space = {"cell": "rnn"}
    definition = small(search={"trials": 30, "seeds": 1}, holes=HOLES, space=space, **ALONE)
    complete(definition, url, workers=2, evaluate=fake_work.learning_rate_decides)
    with serving(url) as found:
        client = found.client()
        holes = client.importance(definition.name).importance
        assert [each.hole for each in holes] == ["training.learning_rate", "training.batch_size"]
        assert client.study(definition.name).definition["study"]["search"]["trials"] == 30


def test_too_few_trials_are_refused_with_their_number(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    definition = small(search={"trials": 2}, **ALONE)
    complete(definition, url)
    with serving(url) as found, pytest.raises(Refused, match="needs 10 complete trials"):
        found.client().importance(definition.name)
