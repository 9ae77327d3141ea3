"""Torch is in the processes that need it alone; the libraries of a process are its memory maps."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import archsearch
from tests.study.reader import Reader

ROOT = Path(archsearch.__file__).parents[1]


def notes(url: str, log: Path, *backends: str) -> set[str]:
    """What the processes of a study with these backends have noted."""
    code = "import sys; from tests.study.noted_maps import run_study; run_study(*sys.argv[1:])"
    subprocess.run([sys.executable, "-c", code, url, *backends], check=True, cwd=ROOT)
    return set(log.read_text(encoding="ascii").splitlines())


def test_compiled_evaluations_their_fork_server_and_the_coordinator_have_no_torch_and_the_check_of_modules_has(
    url: str, log: Path, reader: Reader
) -> None:
    assert notes(url, log, "native", "reference") == {
        "compiled False False",
        "module-check True True",
        "coordinator False",
    }
    assert reader.study().state == "finished"
    assert all(run.failure is None for entry in reader.results("report") for run in entry.runs)


def test_what_compiled_steps_do_not_run_has_torch_and_the_coordinator_still_has_none(
    url: str, log: Path, reader: Reader
) -> None:
    assert notes(url, log, "reference") == {"torch True True", "module-check True True", "coordinator False"}
    assert reader.study().state == "finished"
