from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from archsearch.cli.main import main

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def _blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", README, flags=re.DOTALL | re.MULTILINE)


def _commands() -> list[str]:
    return [line[2:] for block in _blocks("console") for line in block.splitlines() if line.startswith("$ ")]


@pytest.mark.parametrize("number", range(len(_blocks("yaml"))))
def test_the_yaml_of_the_readme_is_valid(number: int, tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(_blocks("yaml")[number], encoding="utf-8")
    assert main(["validate", str(file)]) == 0


def test_the_mistake_of_the_readme_is_reported_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my_space.yaml").write_text(_blocks("yaml")[0].replace("\nholes:", "\nhoels:"), encoding="utf-8")
    assert main(["validate", "my_space.yaml"]) == 2
    assert capsys.readouterr().err.strip() in README


def test_the_commands_and_the_python_of_the_readme_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in _commands():
        program, *arguments = shlex.split(command)
        assert program == "archsearch"
        if arguments != ["validate", "my_space.yaml"]:
            assert main(arguments) == 0, command
    (block,) = _blocks("python")
    done = subprocess.run([sys.executable, "-c", block], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(("no winner: ", "winner: "))


def test_the_explanation_of_the_readme_is_the_real_one(capsys: pytest.CaptureFixture[str]) -> None:
    sample = README.partition("<!-- explain -->\n\n```\n")[2].partition("```")[0]
    assert main(["explain", "peephole_lstm"]) == 0
    assert sample
    assert sample in capsys.readouterr().out


def test_every_file_the_readme_links_to_is_there() -> None:
    root = Path(__file__).parent.parent
    assert all((root / link).exists() for link in re.findall(r"\]\(([^):]+)\)", README))
