"""Version 4 renames a wiring's `candidate` to `cell_input`: a study that was begun before goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from archsearch.errors import InvalidInput
from archsearch.schema.wiring import WiringBody
from archsearch.space.library import load_cell
from archsearch.store.creation import upgrade_tables
from archsearch.store.store import Store
from archsearch.study.coordinator import run
from archsearch.study.definition import load_study, read_definition
from archsearch.study.executors import Executor
from archsearch.study.executors.local import LocalExecutor
from tests.databases.fixtures import SQLITE_ONLY
from tests.databases.raw import query
from tests.store.samples import make_version_3
from tests.study import fake_work

WIRED = """
study: wired
space:
  wiring: {gates: {forget: {bias: 1}}, cell_input: relu}
  holes: {cell_input: [tanh, relu, identity], squash: [tanh, identity], peepholes: {subset_of: [output]}}
task: {name: parity, train_length: 3, test_length: 6}
model: {hidden_size: 4}
training: {learning_rate: 0.02, batch_size: 8, sequences: 16, checks: 2, validation: 8, test: 8}
holes: {training.learning_rate: [0.01, 0.02]}
baselines: [rnn]
search: {sampler: random, pruner: none, trials: 8, seeds: 1}
confirm: {best: 1, seeds: 1}
report: {best: 1, seeds: 2}
"""
"""The study of the wiring in version 3, with three trials more."""


def second_version() -> int:
    return 2


def stand_in(slots: int) -> Executor:
    """Quick evaluations that pass for those of the training code which wrote version 3."""
    return LocalExecutor(slots, fake_work.work(fake_work.train_soundly, version=second_version))


def choices(url: str, study: str) -> list[dict[str, Any]]:
    with Store.read(url) as store:
        row = store.find_study(study)
        assert row is not None
        return [dict(trial.choices) for trial in store.trials(row.id)]


def lines(url: str) -> set[str]:
    return {line for (line,) in query(url, "SELECT line FROM archsearch_specs")}


def optuna_names(url: str, study: str) -> set[str]:
    statement = """SELECT param_name FROM trial_params JOIN trials USING (trial_id) JOIN studies USING (study_id)
        WHERE study_name = :study"""
    return {name for (name,) in query(url, statement, study=study)}


def optuna_lines(url: str) -> set[str]:
    return {json.loads(line) for (line,) in query(url, "SELECT value_json FROM trial_user_attributes WHERE key='line'")}


def definitions(url: str) -> dict[str, str]:
    return dict(query(url, "SELECT name, definition FROM archsearch_studies"))


def test_the_field_is_renamed_and_a_name_that_a_cell_chose_is_not(url: str) -> None:
    make_version_3(url)
    before = definitions(url)
    upgrade_tables(url)
    after = definitions(url)
    assert after["celled"] == before["celled"]
    assert read_definition(after["celled"]).text == after["celled"]
    wired = read_definition(after["wired"])
    assert wired.text == after["wired"], "key by key in the order in which a definition is written"
    assert list(wired.space.definition.holes) == ["cell_input", "squash", "peepholes"]
    assert {name for trial in choices(url, "celled") for name in trial} == {"candidate", "training.learning_rate"}
    assert "cell_input" in choices(url, "wired")[0]
    assert optuna_names(url, "celled") == {"candidate", "training.learning_rate"}
    assert optuna_names(url, "wired") == {"cell_input", "peepholes.output", "squash", "training.learning_rate"}
    for found in (lines(url), optuna_lines(url)):
        assert {
            "lstm_b, cell input identity, peephole(output); learning_rate=0.02",
            "lstm_b, squash identity, cell input relu; learning_rate=0.01",
            "candidate=relu; learning_rate=0.02",
        } <= found
        assert not any(", candidate " in line for line in found)


def test_a_study_that_was_begun_before_goes_on_as_if_it_had_begun_now(url: str, new_url: Callable[[], str]) -> None:
    make_version_3(url)
    definition = load_study(WIRED)
    run(definition, url, executor=stand_in)
    fresh = new_url()
    run(definition, fresh, executor=stand_in)
    assert choices(url, "wired") == choices(fresh, "wired")
    assert lines(url) >= lines(fresh)
    assert optuna_names(url, "wired") == optuna_names(fresh, "wired")


@SQLITE_ONLY
def test_the_former_name_is_one_error_that_names_the_new_one(url: str) -> None:
    with pytest.raises(InvalidInput, match=r"2:1: candidate: unknown key 'candidate'; did you mean 'cell_input'\?") as (
        error
    ):
        load_cell("wiring: mine\ncandidate: relu\n")
    assert len(error.value.problems) == 1
    with pytest.raises(InvalidInput) as hole:
        load_study(WIRED.replace("cell_input", "candidate"))
    assert [(problem.path[-1], problem.allowed.split("?")[0]) for problem in hole.value.problems] == [
        ("candidate", "did you mean 'cell_input'"),
        ("candidate", "did you mean 'cell_input'"),
    ]
    assert "cell_input" in WiringBody.model_fields
