"""The instructions of every shipped cell, as text files beside this one.

After a change that is meant to show in them: `python -m tests.golden.refresh`, then read the difference.
"""

from __future__ import annotations

from pathlib import Path

from archsearch import registry
from archsearch.ir import lower
from archsearch.space import load_cell

FOLDER = Path(__file__).parent


def golden_texts() -> dict[str, str]:
    """What each file should hold, by file name."""
    return {f"{name}.txt": str(lower(load_cell(name))) for name in registry.shipped_names("spaces/cells")}


def refresh() -> None:
    """Write every file, remove those of cells that are no longer shipped."""
    texts = golden_texts()
    for path in FOLDER.glob("*.txt"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    refresh()
