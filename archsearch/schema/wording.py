"""pydantic's errors in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic_core import ErrorDetails

from archsearch.errors import nearest, one_of, printable, quoted
from archsearch.schema.shapes import Expected
from archsearch.schema.strict import Identifier, Label, StudyName
from archsearch.schema.yaml_scalars import resolve

_PATTERNS: Mapping[str, str] = {
    get_args(Identifier)[1].pattern: "a letter, then letters, digits and underscores, at most 40 characters in all",
    get_args(Label)[1].pattern: "a letter, then letters, digits, underscores and dashes, at most 64 characters in all",
    get_args(StudyName)[1].pattern: "a letter, then letters, digits, underscores and dashes, at most 64 in all",
}

_BOUNDS = {
    "greater_than": "greater than {gt}",
    "greater_than_equal": "at least {ge}",
    "less_than": "less than {lt}",
    "less_than_equal": "at most {le}",
    "multiple_of": "a multiple of {multiple_of}",
    "finite_number": "a finite number",
}

_SPOKEN = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def is_mismatch(error: ErrorDetails) -> bool:
    """Whether the value is of the wrong kind altogether, not one of the right kind with a flaw."""
    kind = error["type"]
    return kind.endswith("_type") or kind in ("literal_error", "union_tag_invalid", "union_tag_not_found")


def words(error: ErrorDetails, expected: Expected) -> tuple[str, str]:
    """What is wrong, and what is allowed."""
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if is_mismatch(error) and (expected.kinds or expected.choices) and shown(value) not in expected.kinds:
        return mismatch(expected, value)
    if kind in _BOUNDS:
        bounds = {name: _plain(bound) for name, bound in context.items()}
        return f"must be {_BOUNDS[kind].format(**bounds)}, got {_plain(value)}", ""
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return _size(kind, context, value), ""
    if kind == "string_pattern_mismatch":
        pattern = context["pattern"]
        return f"{quoted(value)} is not a legal name here", _PATTERNS.get(pattern, f"it must match {pattern}")
    if kind in ("value_error", "assertion_error"):
        return str(context["error"]), ""
    message = error["msg"].replace("Input should be", "must be")
    return message[0].lower() + message[1:], ""


def mismatch(expected: Expected, value: object) -> tuple[str, str]:
    """The words for a value that is neither of an expected kind nor an expected choice."""
    if not expected.kinds:
        wrong = value if isinstance(value, str) else ""
        return f"must be one of the choices, not {shown(value)}", one_of(expected.choices, wrong)
    alternatives = [*expected.kinds, *map(quoted, expected.choices)]
    listed = " or ".join(filter(None, (", ".join(alternatives[:-1]), alternatives[-1])))
    near = nearest(value, expected.choices) if isinstance(value, str) else ""
    hint = f"did you mean {quoted(near)}?" if near else _hint(expected.kinds, value)
    return f"must be {listed}, not {shown(value)}", hint


def shown(value: object) -> str:
    """A value of a document in a few words, never longer than a line."""
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"text {quoted(value)}"
    if isinstance(value, int | float):
        return f"number {value if isinstance(value, float) else _plain(value)}"
    return "a mapping" if isinstance(value, Mapping) else "a list"


def _plain(value: object) -> str:
    """A number as a person writes it."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    huge = isinstance(value, int) and value.bit_length() > 200  # Python refuses to print thousands of digits
    return "a huge number" if huge else printable(value)


def _hint(kinds: tuple[str, ...], value: object) -> str:
    """How a frequent slip is put right; empty when there is nothing to say."""
    if isinstance(value, str):
        if "true or false" in kinds and value.lower() in _SPOKEN:
            return f"write {_SPOKEN[value.lower()]}"
        if {"a number", "a whole number"} & set(kinds) and _is_number(value):
            return "write it without quotes"
    elif isinstance(value, float) and "a whole number" in kinds and value.is_integer():
        return f"write {_plain(value)}"
    elif "text" in kinds and isinstance(value, int | float):
        return "put it in quotes"
    if kinds == ("a list",) and isinstance(value, str | int | float) and len(str(value)) < 40:
        return f"write [{printable(value)}]"
    return ""


def _is_number(text: str) -> bool:
    try:
        return isinstance(resolve(text), int | float)
    except ValueError:
        return False


def _size(kind: str, context: Mapping[str, Any], value: Any) -> str:
    least = kind.endswith("short")
    bound = context["min_length" if least else "max_length"]
    noun = "character" if kind.startswith("string") else "entry" if bound == 1 else "entries"
    plural = "s" if noun == "character" and bound != 1 else ""
    return f"must have at {'least' if least else 'most'} {bound} {noun}{plural}, got {len(value)}"
