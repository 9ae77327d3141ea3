"""A YAML document as plain Python data that knows where each value and each key stands."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from archsearch.errors import InvalidInput, Path, Problem
from archsearch.schema.yaml_nodes import Nodes
from archsearch.schema.yaml_text import Position, check_text, file_label, read_text


@dataclasses.dataclass(frozen=True)
class Document:
    """One parsed document. `data` is made of dict, list, str, int, float, bool and None, and must not be changed.

    `positions` leads from the path of each value to its first character, `key_positions` from the path of a mapping's
    entry to its key.
    """

    file: str
    data: Any
    positions: Mapping[Path, Position]
    key_positions: Mapping[Path, Position]

    def at(self, path: Path, *, key: bool = False) -> Position:
        """Where the value at `path` starts, or with `key` its key; else the nearest value around it that is known."""
        if key and path in self.key_positions:
            return self.key_positions[path]
        for length in range(len(path), 0, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]]
        return self.positions.get((), Position(1, 1))

    def locate(self, problem: Problem) -> Problem:
        """`problem` with file, line and column; one that has a file already belongs elsewhere and stays as it is."""
        if problem.file:
            return problem
        line, column = self.at(problem.path, key=problem.at_key)
        return dataclasses.replace(problem, file=self.file, line=line, column=column)

    def located(self, error: InvalidInput) -> InvalidInput:
        """The same error with every problem located, in the order of the text; those of other files come after."""
        problems = dict.fromkeys(map(self.locate, error.problems))
        return InvalidInput(sorted(problems, key=self._order))

    @contextlib.contextmanager
    def locating(self) -> Iterator[None]:
        """Locate the problems of an `InvalidInput` that is raised inside."""
        try:
            yield
        except InvalidInput as error:
            raise self.located(error) from None

    def _order(self, problem: Problem) -> tuple[bool, str, int, int]:
        return problem.file != self.file, problem.file, problem.line, problem.column


def read_document(path: FilePath) -> Document:
    """The document in a file. Raises `InvalidInput` unless it is a small, plain YAML file."""
    return _document(read_text(path), file_label(path))


def parse_document(text: str, file: str = "<text>") -> Document:
    """The document in `text`; `file` is what messages call it. Raises `InvalidInput`."""
    label = file_label(file)
    check_text(text, label)
    return _document(text, label)


def _document(text: str, file: str) -> Document:
    nodes = Nodes(text, file)
    return Document(file, nodes.data, nodes.positions, nodes.key_positions)
