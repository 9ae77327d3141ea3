"""A copy of the package with one more of each thing: the files of `additions`, and some lines in files of its own."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.cli.conftest import Done

ROOT = Path(__file__).parents[2]
ADDITIONS = Path(__file__).with_name("additions")
CODE = {
    "archsearch/formula/activations.py": (
        "ACTIVATIONS: dict[str, str] = {\n",
        '    "added_activation": "a / (1 + a * a)",\n',
    ),
    "archsearch/findings/columns.py": (
        "_LIST = (\n",
        (
            '    Column("added_column", "number", lambda row: row.rank / 8,'
            ' (Key("added_column", float, lambda row: row.rank / 8),), meaning="added by a test", place=2),\n'
        ),
    ),
    "archsearch/web/views/study.py": (
        "        return definition_texts(self.row, self._tasks_from)\n",
        "\n    @functools.cached_property\n    def added_panel(self) -> str:\n        return 'a panel by a test'\n",
    ),
}
"""What is added to a file of the package: the line before, and the new lines."""


class Extended:
    """The extended package in a process of its own."""

    def __init__(self, root: Path, requests: IO[str], answers: IO[str]) -> None:
        self.root = root
        self._requests = requests
        self._answers = answers

    def call(self, *arguments: str) -> Done:
        """Run a command of `archsearch`."""
        return Done(*self._ask("call", *arguments))

    def get(self, path: str) -> str:
        """The text that the server answers, which must be a success."""
        status, text = self._ask("get", path)
        assert status == 200, text
        return str(text)

    def names(self, package: str) -> list[str]:
        """The names that the registry lists."""
        return list(self._ask("names", package))

    def _ask(self, door: str, *arguments: str) -> Any:
        self._requests.write(json.dumps([door, arguments]) + "\n")
        self._requests.flush()
        return json.loads(self._answers.readline())


@pytest.fixture(scope="session")
def extended(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Extended]:
    """The extended package; its commands run in an empty folder, and share one database."""
    root = tmp_path_factory.mktemp("extended")
    extend(root)
    folder = tmp_path_factory.mktemp("folder")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (root, ROOT))), "COLUMNS": "100"}
    command = [sys.executable, "-m", "tests.extension.child"]
    with (
        contextlib.ExitStack() as stack,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        stack.callback(child.stdin.close)
        yield Extended(root, child.stdin, child.stdout)


def extend(root: Path) -> None:
    """Copy the package and its YAML files to `root`, with the additions."""
    for folder in ("archsearch", "spaces", "studies"):
        shutil.copytree(ROOT / folder, root / folder)
    shutil.copytree(ADDITIONS, root, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (before, lines) in CODE.items():
        path = root / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, before + lines), encoding="utf-8")
