"""Extras: what an error or a document tells people to install is there to be installed, and pinned."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]


def test_every_extra_that_is_named_exists() -> None:
    texts = [*(ROOT / "archsearch").rglob("*.py"), *(ROOT / "docs").glob("*.md"), ROOT / "README.md"]
    named = {name for path in texts for name in re.findall(r"archsearch\[([a-z]+)\]", path.read_text(encoding="utf-8"))}
    assert named >= {"serve", "postgres"}
    assert named <= set(EXTRAS)


def test_every_requirement_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {_plain(line.partition("==")[0]) for line in lines if "==" in line}
    wanted = [*PROJECT["dependencies"], *(each for extra in EXTRAS.values() for each in extra)]
    names = {_plain(re.split(r"[\[<>=~!; ]", each, maxsplit=1)[0]) for each in wanted}
    assert names - pinned == {"archsearch"}


def _plain(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name.strip()).lower()
