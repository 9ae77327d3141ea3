"""Random data read back equal; random text is read or refused, and nothing else."""

from __future__ import annotations

import io
import json
import math
import string
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from archsearch.errors import InvalidInput
from archsearch.schema.document import Document, parse_document, read_document

TEXTS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff\ufffe\uffff\u2028\u2029"))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | TEXTS
    | st.text(string.printable[:-3])
    | st.sampled_from(
        ["no", "1e3", "017", "12:30", "~", "null", ".inf", "<<", "=", "- a", "a: b", "#", "*", "2024-01-31"]
    )
)
KEYS = TEXTS.map(lambda key: unicodedata.normalize("NFC", key))


def trees(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Data as JSON knows it, never empty at the top."""
    nested = st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=20
    )
    return nested.filter(lambda data: data is not None)


def dumped(data: Any, flow: bool) -> str:
    """`data` as ruamel.yaml writes it."""
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = flow
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def same(left: Any, right: Any) -> bool:
    """Equal in value and in type, all the way down."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


@settings(deadline=None)
@given(trees(LEAVES), st.booleans())
def test_whatever_was_dumped_as_yaml_reads_back_equal(data: Any, flow: bool) -> None:
    assert same(parse_document(dumped(data, flow)).data, sorted_keys(data))


@settings(deadline=None)
@given(trees(LEAVES.filter(lambda leaf: leaf not in (math.inf, -math.inf))))
def test_whatever_was_dumped_as_json_reads_back_equal(data: Any) -> None:
    assert same(parse_document(json.dumps(data, ensure_ascii=False)).data, data)


def sorted_keys(data: Any) -> Any:
    """`data` in the order in which ruamel.yaml's safe dumper writes keys."""
    if isinstance(data, dict):
        return {key: sorted_keys(data[key]) for key in sorted(data)}
    return [sorted_keys(item) for item in data] if isinstance(data, list) else data


def every_path(data: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The paths of all values inside `data`."""
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(inner for key, value in entries for inner in every_path(value, (*path, key)))]


@settings(deadline=None)
@given(trees(LEAVES))
def test_every_value_has_a_place_inside_the_text(data: Any) -> None:
    text = dumped(data, flow=False)
    document = parse_document(text)
    lines = text.split("\n")
    assert set(document.positions) == set(every_path(document.data))
    assert set(document.key_positions) == {path for path in document.positions if path and isinstance(path[-1], str)}
    for line, column in (*document.positions.values(), *document.key_positions.values()):
        assert 1 <= line <= len(lines)
        assert 1 <= column <= len(lines[line - 1]) + 1


def outcome(text: str) -> Document | InvalidInput:
    """The document, or the one error that may come instead."""
    try:
        return parse_document(text)
    except InvalidInput as error:
        assert len(error.problems) == 1
        return error


@settings(deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_read_or_refused_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "random.yaml"
    file.write_bytes(content)
    try:
        read_document(file)
    except InvalidInput as error:
        assert str(error).isprintable()


PIECES = [
    "a", "b", "1", "-1", ".inf", ": ", ":", " ", "  ", "\n", "\n  ", "\n    ", "- ", "-", "? ", "[", "]", "{", "}", ",",
    ", ", '"', "'", "|", ">", "|-", ">+2", "#", " # c", "\\", "\\x", "\\u12", "\\UFFFFFFFF", "''", "&", "*", "!", "!!x",
    "%", "@", "`", "\t", "---", "...", "\n---\n", "\n...\n", "\r", "é", "~", "<<", "=", "%YAML 1.1\n", "0", "\xa0",
]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_random_syntax_is_read_or_refused_with_a_place(text: str) -> None:
    result = outcome(text)
    if isinstance(result, InvalidInput):
        assert result.problems[0].line >= 1
        assert result.problems[0].column >= 1
        assert str(result).isprintable()
