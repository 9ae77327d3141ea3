from __future__ import annotations

from pathlib import Path

import pytest

from archsearch.cli.main import main
from tests.files.bad_files import BAD_FILES


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_gives_one_clear_line_at_the_right_place(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text, line, column, words = BAD_FILES[name]
    monkeypatch.chdir(tmp_path)
    Path("f.yaml").write_text(text, encoding="utf-8")
    status = main(["validate", "f.yaml"])
    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert said.err.startswith(f"f.yaml:{line}:{column}: ")
    assert words in said.err


def test_several_mistakes_are_all_reported_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("cell: c\nstates: {h: 0, k: 1}\noutput: y\nequations:\n  h: {linear: [x, hprev]}\n  g: tahn(h)\n")
    assert main(["validate", str(file)]) == 2
    places = [line.removeprefix(str(file)).split(": ")[0] for line in capsys.readouterr().err.splitlines()]
    assert places == [":2:19", ":3:9", ":5:19", ":6:6"]
