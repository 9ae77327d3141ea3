"""The wheel in an environment of its own, away from the checkout: what somebody has who only installed it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.packaging.test_wheel import ROOT, build

SMALL = {"sequences": 640, "trials": 3}


@pytest.fixture(scope="module")
def archsearch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed from the wheel; dependencies are lent by this environment, archsearch is not."""
    folder = tmp_path_factory.mktemp("environment")
    wheel = build("wheel", ROOT, tmp_path_factory.mktemp("built"))
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)}))
    # A folder named in a .pth file is searched, but .pth files inside it are not read: not even an editable archsearch.
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(packages)]
    subprocess.run([*pip, str(wheel)], check=True)
    command = folder / "bin" / "archsearch"
    command.write_text(f"#!{folder}/bin/python\nfrom archsearch.cli.main import main\nraise SystemExit(main())\n")
    command.chmod(0o700)
    return command


def _run(command: Path, folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [str(command), *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_installed_wheel_runs_the_starter_study(archsearch: Path, tmp_path: Path) -> None:
    place = [str(archsearch.parent / "python"), "-c", "import archsearch; print(archsearch.__file__)"]
    found = subprocess.run(place, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert not Path(found.strip()).is_relative_to(ROOT)
    _run(archsearch, tmp_path, "init")
    study = tmp_path / "starter_study.yaml"
    text = study.read_text(encoding="utf-8")
    smaller, changes = re.subn(r"(sequences|trials): \d+", lambda found: f"{found[1]}: {SMALL[found[1]]}", text)
    assert changes == len(SMALL)
    study.write_text(smaller, encoding="utf-8")
    _run(archsearch, tmp_path, "run", "starter_study.yaml")
    board = json.loads(_run(archsearch, tmp_path, "board", "starter_study", "--json"))
    assert board["phase"] == "report"
    assert len(board["rows"]) == 4


def test_an_installed_wheel_knows_its_shipped_cells(archsearch: Path, tmp_path: Path) -> None:
    cells = json.loads(_run(archsearch, tmp_path, "cells", "--json"))
    shipped = {path.stem for path in (ROOT / "spaces" / "cells").glob("*.yaml")}
    assert shipped <= {cell["name"] for cell in cells["cells"]}
