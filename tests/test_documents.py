"""What the documents say of the tree is so, and their lines are short enough to read in an editor."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from archsearch.formula.activations import ACTIVATIONS

ROOT = Path(__file__).parents[1]
DOCUMENTS = [path for folder in (".", "docs", "studies") for path in sorted((ROOT / folder).glob("*.md"))]
WIDTH = 120
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines_beyond(text: str, width: int) -> list[str]:
    """The lines that are longer, rows of tables aside, which Markdown cannot break."""
    return [line for line in text.splitlines() if len(line) > width and not line.startswith("|")]


def layers(picture: str) -> list[set[str]]:
    """The packages of the picture from top to bottom; those on one line together."""
    drawn = picture.partition("```\n")[2].partition("\n```")[0].splitlines()
    return [set(line[13:36].split()) - {"|"} for line in drawn]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_lines_have_at_most_120_columns(path: Path) -> None:
    assert not lines_beyond(path.read_text(encoding="utf-8"), WIDTH)


def test_a_long_line_is_noticed() -> None:
    assert lines_beyond("short\n" + "long " * 25, WIDTH) == ["long " * 25]


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_every_file_that_is_linked_to_is_there(path: Path) -> None:
    links = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_picture_of_the_layers_has_every_package_and_no_other() -> None:
    package = ROOT / "archsearch"
    packages = {path.parent.name for path in package.glob("*/__init__.py")}
    modules = {path.stem for path in package.glob("*.py")} - {"__init__", "__main__"}
    assert set().union(*layers(ARCHITECTURE)) == packages | modules


def test_the_picture_of_the_layers_has_the_order_that_is_enforced() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (found for found in settings["tool"]["importlinter"]["contracts"] if found["type"] == "layers")
    enforced = [set(re.findall(r"(?<!\()\b\w+\b(?!\))", layer)) for layer in contract["layers"]]
    assert layers(ARCHITECTURE) == [layer for layer in enforced if layer != {"__main__"}]


@pytest.mark.parametrize("document", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_path_that_is_named_is_there(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    named = [path for path in re.findall(r"`([\w./-]+)`", text) if "/" in path]
    assert len(named) > 10
    assert [
        path for path in named if not any((ROOT / start / path).exists() for start in ("", "archsearch", "tests"))
    ] == []


def test_the_language_names_every_activation() -> None:
    text = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
    assert [name for name in ACTIVATIONS if not re.search(rf"\b{name}\b", text)] == []
