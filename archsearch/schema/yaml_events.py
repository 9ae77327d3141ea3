"""ruamel.yaml's event stream with guards: hostile text ends in one clear error before it costs time or memory.

The guards sit in the scanner, the earliest place: anchors, aliases, tags and directives are refused where they
start, and neither deep nesting nor an endless scalar is read to its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import Event
from ruamel.yaml.reader import Reader
from ruamel.yaml.scanner import Scanner

from archsearch.errors import InvalidInput, Problem, printable
from archsearch.schema.yaml_text import position_of

DEEPEST = 32
"""Mappings and lists inside one another."""
MOST_NODES = 4_000
"""Values, keys included."""
LONGEST_SCALAR = 16 * 1024
"""Characters of one scalar as it is written: quotes, escapes and indentation included."""

TOO_DEEP = f"is nested more than {DEEPEST} levels deep"
TOO_MANY = f"has more than {MOST_NODES} values"

_BLANK_BLOCK = re.compile(r"(?: *(?:#[^\r\n\0]*)?(?:\r\n|\r|\n))* *(?:#[^\r\n\0]*)?")
_BLANK_FLOW = re.compile(r"(?:[ \t]*(?:#[^\r\n\0]*)?(?:\r\n|\r|\n))*[ \t]*(?:#[^\r\n\0]*)?")

_PLAIN_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"character '\\t' that cannot start", "a tab stands where only spaces may", "indent with spaces"),
    (r"character '(.)' that cannot start", "text that starts with '{0}' needs quotes", ""),
    (r"mapping values are not allowed here", "a second ':' in one line", "put text that contains ': ' in quotes"),
    (r"mapping keys are not allowed here", "a '?' stands where no key may start", ""),
    (r"sequence entries are not allowed here", "a '- ' stands where no list may start", ""),
    (r"could not find expected ':'", "a key without ':'", "write key: value, with a space after the ':'"),
    (r"expected <block end>, but found", "the indentation does not fit the lines above", ""),
    (r"expected ',' or '([\]}])'", "a ',' or the closing '{0}' is missing", ""),
    (r"expected '<document start>'", "there is more text after the end of the document", ""),
    (r"expected the node content", "a value is missing here", ""),
    (r"unexpected end of stream", "the closing quote is missing", ""),
    (r"unexpected document separator", "the closing quote is missing", ""),
    (r"unknown escape character", "an unknown escape in double quotes", "single quotes know no escapes"),
    (r"indicators?\b.* but found|a comment or a line break", "text after '|' or '>' starts on the next line", ""),
    (r"expected escape sequence of", "an incomplete escape in double quotes", ""),
)


_FROM_START = ("while scanning a simple key", "while scanning a quoted scalar")
"""Pieces of text that are wrong from where they begin, not from where that is noticed."""


class _Refusal(MarkedYAMLError):
    """Our own guard speaks; `what` and `allowed` go to the user as they are."""

    def __init__(self, what: str, allowed: str, mark: Any) -> None:
        super().__init__(problem=what, problem_mark=mark)
        self.what = what
        self.allowed = allowed


class _BoundedReader(Reader):
    """A reader that cannot pass `limit` inside one token."""

    limit = LONGEST_SCALAR
    token_mark: Any = None

    def forward(self, length: int = 1) -> None:
        if self.index + length > self.limit:
            raise _Refusal(f"one piece of text has more than {LONGEST_SCALAR} characters", "", self.token_mark)
        super().forward(length)

    def jump(self, end: int) -> None:
        """Go to the character `end` at once, where a token starts, and allow that token its full length."""
        passed = self.buffer[self.pointer : end]
        breaks = passed.count("\n") + passed.count("\r") - passed.count("\r\n")
        last = max(passed.rfind("\n"), passed.rfind("\r"))
        self.column = len(passed) - last - 1 if breaks else self.column + len(passed)
        self.line += breaks
        self.pointer = self.index = end
        self.limit = end + LONGEST_SCALAR
        self.token_mark = self.get_mark()


class _GuardedScanner(Scanner):
    """A scanner that knows no anchors, aliases, tags or directives, and no deep nesting."""

    def scan_to_next_token(self) -> None:
        # The same rule as ruamel's, in one match: it takes a function call or two per blank character.
        reader = self.reader
        blank = (_BLANK_FLOW if self.flow_level else _BLANK_BLOCK).match(reader.buffer, reader.pointer)
        assert blank, "both patterns match even nothing"
        line = reader.line
        reader.jump(blank.end())
        if reader.line != line and not self.flow_level:
            self.allow_simple_key = True

    def fetch_flow_sequence_start(self) -> None:
        self._check_depth()
        super().fetch_flow_sequence_start()

    def fetch_flow_mapping_start(self) -> None:
        self._check_depth()
        super().fetch_flow_mapping_start()

    def _check_depth(self) -> None:
        # Each open bracket makes every further token slower, so this cannot wait for the event.
        if self.flow_level >= DEEPEST:
            raise _Refusal(TOO_DEEP, "", self.reader.get_mark())

    def fetch_anchor(self) -> None:
        raise self._unwanted("an anchor ('&name')", "put text that starts with '&' in quotes")

    def fetch_alias(self) -> None:
        raise self._unwanted("an alias ('*name')", "put text that starts with '*' in quotes")

    def fetch_tag(self) -> None:
        raise self._unwanted("a tag ('!name')", "put text that starts with '!' in quotes")

    def fetch_directive(self) -> None:
        raise self._unwanted("a directive ('%NAME')", "put text that starts with '%' in quotes")

    def _unwanted(self, thing: str, allowed: str) -> _Refusal:
        return _Refusal(f"{thing} is not allowed", allowed, self.reader.get_mark())


def events(text: str, file: str) -> Iterator[Event]:
    """The YAML 1.2 events of `text`, which has passed `check_text`; `InvalidInput` at the first fault."""
    _check_amount(text, file)
    yaml = YAML(typ="safe", pure=True)
    yaml.Reader, yaml.Scanner = _BoundedReader, _GuardedScanner
    stream = yaml.parse(text)
    while True:
        try:
            event = next(stream, None)
        except (YAMLError, ValueError, OverflowError) as error:  # the latter two: escapes such as "\UFFFFFFFF"
            raise InvalidInput(_problem(error, text, file, yaml.reader.index)) from None
        if event is None:
            return
        yield event


def _check_amount(text: str, file: str) -> None:
    """Refuse far too many entries before any is read; the exact count is kept while building.

    Every `key: value` is two values, every comma separates two; a comment or quoted text may be counted as well,
    but not thousands of times in a document written by hand.
    """
    pairs = text.count(": ") + text.count(":\n")
    if max(2 * pairs + text.count("- "), text.count(",")) > MOST_NODES:
        raise InvalidInput(Problem((), TOO_MANY, file=file, line=1, column=1))


def _problem(error: Exception, text: str, file: str, index: int) -> Problem:
    marks = [getattr(error, name, None) for name in ("problem_mark", "context_mark")]
    begun = any(start in str(getattr(error, "context", "")) for start in _FROM_START)
    mark = next(filter(None, reversed(marks) if begun else marks), None)
    line, column = (mark.line + 1, mark.column + 1) if mark else position_of(text, index)
    what, allowed = _words(error)
    return Problem((), what, allowed, file=file, line=line, column=column)


def _words(error: Exception) -> tuple[str, str]:
    if isinstance(error, _Refusal):
        return error.what, error.allowed
    if not isinstance(error, MarkedYAMLError):
        return "an escape in double quotes that names no character", ""
    problem = str(error.problem or error.context)
    for pattern, what, allowed in _PLAIN_WORDS:
        match = re.search(pattern, problem)
        if match:
            return what.format(*match.groups()), allowed
    return f"is not YAML: {printable(problem)}", ""
