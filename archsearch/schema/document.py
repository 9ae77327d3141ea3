"""A YAML document as plain Python data that knows where each value and each key stands."""

from __future__ import annotations

import contextlib
import dataclasses
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml.events import (
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from archsearch.errors import InvalidInput, Path, Problem, quoted
from archsearch.schema.yaml_events import DEEPEST, MOST_NODES, TOO_DEEP, TOO_MANY, events
from archsearch.schema.yaml_scalars import Scalar, resolve
from archsearch.schema.yaml_text import UNWANTED, Position, check_text, describe_character, file_label, read_text

_BEGIN = "`archsearch init` writes files to start from"


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
    nodes = _Nodes(text, file)
    return Document(file, nodes.data, nodes.positions, nodes.key_positions)


class _Nodes:
    """The nodes of the one document in a checked text; raises `InvalidInput` at the first fault."""

    data: Any
    positions: dict[Path, Position]
    key_positions: dict[Path, Position]

    def __init__(self, text: str, file: str) -> None:
        self.positions = {}
        self.key_positions = {}
        self._file = file
        self._count = 0
        self._events = events(text, file)
        self.data = self._document()

    def _document(self) -> Any:
        next(self._events)  # the start of the stream
        if not isinstance(next(self._events), DocumentStartEvent):
            raise self._refused((), Position(1, 1), "the document is empty", _BEGIN)
        data = self._node(next(self._events), ())
        if data is None:
            raise self._refused((), Position(1, 1), "the document is empty", _BEGIN)
        next(self._events)  # the end of the document
        after = next(self._events)
        if isinstance(after, DocumentStartEvent):
            raise self._refused((), _start(after), "a second document starts here", "one document in a file")
        return data

    def _node(self, event: Event, path: Path, key: Position | None = None) -> Any:
        # The parser places a value that was left out at the next token: its key is nearer.
        place = key if key and _left_out(event) else _start(event)
        self._admit(path, place)
        self.positions[path] = place
        if isinstance(event, ScalarEvent):
            return self._scalar(event, path, place)
        if len(path) >= DEEPEST:
            raise self._refused(path, place, TOO_DEEP)
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        assert isinstance(event, MappingStartEvent)
        return self._mapping(path)

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        lines: dict[str, int] = {}  # by normalised key: two spellings of one visible name are twins
        while not isinstance(event := next(self._events), MappingEndEvent):
            key, place = self._key(event, path), _start(event)
            inner = (*path, key)
            twin = unicodedata.normalize("NFC", key)
            if twin in lines:
                raise self._refused(inner, place, f"duplicate key {quoted(key)}", f"first on line {lines[twin]}")
            lines[twin] = place.line
            self.key_positions[inner] = place
            entries[key] = self._node(next(self._events), inner, place)
        return entries

    def _key(self, event: Event, path: Path) -> str:
        place = _start(event)
        self._admit(path, place)
        if not isinstance(event, ScalarEvent):
            raise self._refused(path, place, "a key must be text, not a list or a mapping")
        if event.value == "<<" and event.implicit[0]:
            raise self._refused(path, place, "merge keys ('<<') are not allowed")
        key = self._scalar(event, path, place)
        if not isinstance(key, str):
            what = f"a key must be text; {quoted(event.value)} is not" if event.value else "a key is missing"
            comma = "; a decimal number has a point, no comma" if isinstance(key, int | float) else ""
            raise self._refused(path, place, what, f"put the key in quotes{comma}")
        return key

    def _scalar(self, event: ScalarEvent, path: Path, place: Position) -> Scalar:
        text: str = event.value
        unwanted = UNWANTED.search(text)
        if unwanted:
            raise self._refused(path, place, f"contains the character {describe_character(unwanted.group())}")
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        try:
            return resolve(text)
        except ValueError as error:
            raise self._refused(path, place, f"{quoted(text)} {error}") from None

    def _admit(self, path: Path, place: Position) -> None:
        self._count += 1
        if self._count > MOST_NODES:
            raise self._refused(path, place, TOO_MANY)

    def _refused(self, path: Path, place: Position, what: str, allowed: str = "") -> InvalidInput:
        return InvalidInput(Problem(path, what, allowed, file=self._file, line=place.line, column=place.column))


def _start(event: Event) -> Position:
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1)


def _left_out(event: Event) -> bool:
    return isinstance(event, ScalarEvent) and bool(event.implicit[0]) and event.value == ""
