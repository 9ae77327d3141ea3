"""`archsearch init`: files to start from, and nothing of the user's is lost."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Call

FILES = {"starter_space.yaml", "starter_study.yaml"}


def test_the_starter_files_are_valid(call: Call) -> None:
    done = call("init")
    assert (done.status, done.err) == (0, "")
    assert {path.name for path in Path().iterdir()} == FILES
    checked = call("validate", *sorted(FILES))
    assert (checked.status, checked.err) == (0, "")
    assert "contains lstm, cifg" in checked.out


def test_what_is_printed_can_be_run(call: Call) -> None:
    done = call("init", "my folder")
    command = next(line for line in done.out.splitlines() if line.startswith("check them: "))
    import shlex

    assert call(*shlex.split(command)[3:]).status == 0


def test_a_missing_folder_is_made(call: Call) -> None:
    assert call("init", "a/b").status == 0
    assert {path.name for path in Path("a/b").iterdir()} == FILES


@pytest.mark.parametrize("name", sorted(FILES))
def test_nothing_is_written_where_one_of_them_is(call: Call, name: str) -> None:
    Path(name).write_text("mine")
    done = call("init")
    assert done.status == 1
    assert name in done.err
    assert {path.name: path.read_text() for path in Path().iterdir()} == {name: "mine"}


def test_a_dangling_link_is_not_written_through(call: Call) -> None:
    Path("starter_study.yaml").symlink_to("elsewhere")
    assert call("init").status == 1
    assert not Path("elsewhere").exists()


def test_a_file_in_place_of_the_folder_is_refused(call: Call) -> None:
    Path("file").write_text("")
    done = call("init", "file")
    assert done.status == 1
    assert done.err.startswith("cannot write")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_refused(call: Call) -> None:
    Path("locked").mkdir(mode=0o500)
    assert call("init", "locked").status == 1
