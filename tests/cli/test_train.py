"""`archsearch train`: one cell, really trained, and everything that can be wrong before."""

from __future__ import annotations

import re
from typing import Any

import pytest

from archsearch.cli.commands.train import parse_setting
from archsearch.errors import InvalidInput
from archsearch.training import profile
from tests.cli.conftest import Call

SMALL = (
    "rnn", "--task", "parity", "--hidden-size", 4, "--sequences", 640, "--set", "train_length=3", "--set",
    "test_length=6", "--set", "training.checks=4", "--set", "training.validation=64",
)  # fmt: skip


def test_a_cell_is_trained_and_its_score_printed(call: Call) -> None:
    done = call("train", *SMALL)
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("rnn on parity: ")
    assert "objective 0." in done.out
    assert re.search(r"with backend native, compiled steps, seed 1\n", done.out)
    assert "\x1b" not in done.out


def test_programs_get_the_score_and_every_setting(call: Call) -> None:
    found: dict[str, Any] = call("train", *SMALL, "--seed", 7, "--test", "--json").json
    assert (found["cell"], found["task"], found["seed"]) == ("rnn", "parity", 7)
    assert found["test"] is not None
    assert found["options"] == {"train_length": 3, "test_length": 6}
    assert found["training"]["checks"] == 4
    assert [sequences for sequences, _ in found["curve"]] == [160, 320, 480, 640][: len(found["curve"])]


def test_a_profile_shows_the_parts_of_a_step(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(profile, "LEAST", 0.01)
    done = call("train", *SMALL, "--profile")
    assert (done.status, done.err) == (0, "")
    assert done.out.startswith("rnn on parity, trained in compiled steps: ")
    found: dict[str, Any] = call("train", *SMALL, "--profile", "--json").json
    assert (found["backend"], found["compiled"]) == ("native", True)
    parts = {"drawing", "inputs", "forward", "head and loss", "backward", "clipping", "optimizer", "between steps"}
    assert found["milliseconds"].keys() == parts
    module: dict[str, Any] = call("train", *SMALL, "--profile", "--backend", "reference", "--json").json
    assert (module["backend"], module["compiled"]) == ("reference", False)
    assert module["milliseconds"]["backward"] > 0


def test_a_training_that_fails_says_why(call: Call) -> None:
    wild = ("--learning-rate", 90, "--set", "training.optimizer=sgd", "--set", "training.clip=null")
    done = call("train", "lstm", "--task", "adding", "--set", "length=12", *wild)
    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("the training failed: ")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["lsmt", "--task", "adding"], "did you mean 'lstm'?"),
        (["lstm", "--task", "ading"], "did you mean 'adding'?"),
        (["lstm", "--task", "adding", "--set", "lenght=20"], "did you mean 'length'?"),
        (["lstm", "--task", "adding", "--set", "length=1e9"], "write 1000000000"),
        (["lstm", "--task", "adding", "--set", "length"], "sets nothing"),
        (["lstm", "--task", "adding", "--set", "length=99999999999999999999"], "beyond 64 bits"),
        (["lstm", "--task", "adding", "--set", "modle.layers=2"], "did you mean 'model'?"),
        (["lstm", "--task", "adding", "--set", "model.layers=0"], "model.layers"),
        (["lstm", "--task", "adding", "--learning-rate", "nan"], "training.learning_rate"),
        (["lstm", "--task", "adding", "--backend", "referense"], "did you mean 'reference'?"),
        (["lstm", "--task", "sequences"], "missing key 'path'"),
        (["lstm", "--task", "adding", "--set", "training.device=cuda:99"], "no device 'cuda:99'; allowed here: cpu"),
    ],
)
def test_wrong_settings_are_named_before_anything_runs(call: Call, arguments: list[str], hint: str) -> None:
    done = call("train", *arguments)
    assert (done.status, done.out) == (2, "")
    assert hint in done.err


@pytest.mark.parametrize(
    ("settings", "hint"),
    [
        (("--hidden-size", 8000), "limits.parameters"),
        (("--set", "limits.operations=100"), "limits.operations"),
        (("--set", "length=10000", "--set", "training.batch_size=4096"), "limits.memory_mb"),
    ],
)
def test_what_is_too_large_is_refused_before_anything_runs(call: Call, settings: tuple[object, ...], hint: str) -> None:
    done = call("train", "lstm", "--task", "adding", *settings)
    assert (done.status, done.out) == (1, "")
    assert hint in done.err


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        ("length=30", ("task", "length", 30)),
        ("task.length=30", ("task", "length", 30)),
        (" training.clip = 0.5 ", ("training", "clip", 0.5)),
        ("training.clip=null", ("training", "clip", None)),
        ("path=a=b.npz", ("task", "path", "a=b.npz")),
        ("limits.seconds=1e2", ("limits", "seconds", 100.0)),
    ],
)
def test_settings_are_read_as_in_yaml(text: str, setting: tuple[str, str, object]) -> None:
    assert parse_setting(text) == setting


@pytest.mark.parametrize("text", ["", "=", "a.=3", "=3", "length=1e999"])
def test_settings_that_set_nothing_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_setting(text)
