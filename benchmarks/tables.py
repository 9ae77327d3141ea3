"""Tables of text, for a terminal and for Markdown."""

from __future__ import annotations

import dataclasses
import textwrap
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

README = Path(__file__).resolve().parent.parent / "README.md"
DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


@dataclasses.dataclass(frozen=True)
class Table:
    """A title, a note (either may be empty), the columns' heads and the rows.

    The first `words` columns are words, others numbers.
    """

    title: str
    note: str
    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    words: int = 1

    def markdown(self) -> str:
        """The table as Markdown."""
        marks = ["---" if index < self.words else "---:" for index in range(len(self.head))]
        lines = [f"| {' | '.join(cells)} |" for cells in (self.head, marks, *self.rows)]
        above = [text for text in (f"### {self.title}" if self.title else "", paragraph(self.note)) if text]
        return "\n\n".join([*above, "\n".join(lines)])

    def show(self, console: Console) -> None:
        """Print it."""
        table = RichTable(title=self.title, title_justify="left", caption=self.note or None, caption_justify="left")
        for index, name in enumerate(self.head):
            table.add_column(name, justify="left" if index < self.words else "right")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)
        console.print()


def paragraph(text: str) -> str:
    """A text as a paragraph of a document, whose lines have at most 120 columns."""
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def show(tables: Sequence[Table]) -> None:
    """Print the tables; wide enough for all columns where the output is not a terminal."""
    console = Console(width=None if Console().is_terminal else 160)
    for table in tables:
        table.show(console)


def write(command: str, tables: Sequence[Table], path: Path = DOCUMENT) -> None:
    """Put the tables into the document, between the marks of the command that makes them."""
    put(command, "\n\n".join(table.markdown() for table in tables), path)


def put(name: str, made: str, path: Path) -> None:
    """Put a text between the marks called `name` in a Markdown file."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    text = path.read_text(encoding="utf-8")
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise SystemExit(f"{path} has no {begin} ... {end}")
    path.write_text(f"{before}{begin}\n\n{made}\n\n{end}{after}", encoding="utf-8")
