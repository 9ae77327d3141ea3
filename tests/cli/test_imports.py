"""The quick commands load neither torch nor Optuna."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import sys
from archsearch.cli.main import main
status = main(sys.argv[2:])
loaded = [name for name in sys.argv[1].split(",") if name in sys.modules]
sys.stderr.write(f"status {status}, loaded {loaded}")
"""


def loaded_by(modules: str, *arguments: str) -> str:
    """Which of `modules` are loaded after a command in a fresh interpreter, and its exit status."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", PROGRAM, modules, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["run", "--help"],
        ["cells"],
        ["tasks"],
        ["tasks", "adding"],
        ["schema", "study"],
        ["show", "mut1"],
        ["draw", "rnn"],
        ["explain", "mut1"],
        ["explain", "lstm", "--latex"],
        ["explain", "--study", "tiny"],
        ["diff", "lstm", "gru"],
        ["space", "two_timescales", "--sample", "2"],
        ["validate", str(ROOT / "spaces" / "two_timescales.yaml"), str(ROOT / "studies" / "quickstart.yaml")],
        ["init", "fresh"],
        ["doctor"],
        ["board", "tiny"],
        ["status"],
        ["status", "tiny"],
        ["failures", "tiny"],
        ["show", "--study", "tiny"],
    ],
    ids=" ".join,
)
def test_quick_commands_load_neither_torch_nor_optuna(stored: str, arguments: list[str]) -> None:
    assert loaded_by("torch,optuna,ray", *arguments) == "status 0, loaded []"


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["show", "lstm"], ["explain", "lstm"], ["diff", "lstm", "gru"], ["init", "fresh"]],
    ids=" ".join,
)
def test_commands_without_a_database_do_not_load_one(arguments: list[str]) -> None:
    assert loaded_by("sqlalchemy,numpy,scipy", *arguments) == "status 0, loaded []"


def test_the_test_can_fail() -> None:
    assert loaded_by("sqlalchemy", "doctor") == "status 0, loaded ['sqlalchemy']"
