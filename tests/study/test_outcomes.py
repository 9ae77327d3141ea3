"""What an evaluation comes to."""

from __future__ import annotations

import json
import math

import pytest

from archsearch.schema.canonical import ordered_json, plain
from archsearch.schema.score import Failure
from archsearch.space import RandomChooser
from archsearch.study.outcomes import complete, failed, pruned, subject_of, subject_of_row
from tests.study.fake_work import score
from tests.study.samples import small


def test_reports_of_a_solved_task_stay_at_the_objective() -> None:
    """A median over later checks must not forget those that solved the task early."""
    solved = score(0.8).model_copy(update={"solved": True, "sequences_to_solve": 64})
    assert complete(solved, [(1, 0.3), (2, 0.8)], 5).reports == ((1, 0.3), (2, 0.8), (3, 0.8), (4, 0.8), (5, 0.8))
    assert complete(score(0.8), [(1, 0.3), (2, 0.4)], 5).reports == ((1, 0.3), (2, 0.4))
    assert complete(solved, [], 5).reports == ()


def test_a_pruned_evaluation_is_worth_its_last_report() -> None:
    assert pruned([(1, 0.3), (2, 0.2)]).value == 0.2
    assert pruned([]).value is None


def test_a_failure_is_worth_nothing() -> None:
    failure = Failure(kind="nan", reason="the loss is nan")
    assert (failed(failure).value, failed(failure).failure) == (None, failure)


def test_a_subject_is_the_same_after_a_stay_in_the_store() -> None:
    definition = small()
    for baseline in definition.baselines:
        subject = subject_of(definition.candidates.of_cell(baseline.cell, RandomChooser(None)))  # type: ignore[arg-type]
        again = subject_of_row(subject.row)
        assert again == subject
        assert again.row == subject.row
        assert again.ir == subject.ir


@pytest.mark.parametrize("value", [{"a": -math.inf, "b": [-math.inf, "-Infinity", "x"]}, {}, [1.5, None, True]])
def test_json_carries_minus_infinity(value: object) -> None:
    text = ordered_json(value)
    assert json.loads(text) == value
    assert json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON")) == value


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_json_carries_no_other_such_number(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        ordered_json({"a": value})


def test_plain_data_uses_the_names_of_files() -> None:
    study = small(holes={"training.learning_rate": {"float": [0.1, 0.2]}}).study
    assert plain(study, "space")["holes"] == {"training.learning_rate": {"float": [0.1, 0.2], "log": False}}
    assert "space" not in plain(study, "space")
