"""pydantic's errors in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic_core import ErrorDetails

from archsearch.errors import nearest, one_of, printable, quoted
from archsearch.schema.holes import HOLE_KINDS, HolePath, HoleUse
from archsearch.schema.shapes import Expected
from archsearch.schema.strict import EMPTY, Identifier, Label, StudyName
from archsearch.schema.yaml_scalars import resolve

_PATTERNS: Mapping[str, str] = {
    get_args(HolePath)[1].pattern: "a word, or the path of a field with dots: training.learning_rate",
    get_args(HoleUse)[1].pattern: "a hole's name after a '$': $name",
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

_AMOUNT = re.compile(r"[0-9][0-9.,_:]*\s*[A-Za-z%]*")  # 10k, 30 min, 2GB, 1%, 01:30

_SPOKEN = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


def is_mismatch(error: ErrorDetails) -> bool:
    """Whether the value is of the wrong kind altogether, not one of the right kind with a flaw."""
    kind = error["type"]
    return kind.endswith("_type") or kind in ("literal_error", "union_tag_invalid", "union_tag_not_found", EMPTY)


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
        return f"{quoted(value)} is not a legal name here", _PATTERNS.get(context["pattern"], "")
    if kind in ("value_error", "assertion_error"):
        return str(context["error"]), ""
    message = error["msg"].replace("Input should be", "must be")
    return message[0].lower() + message[1:], ""


def mismatch(expected: Expected, value: object) -> tuple[str, str]:
    """The words for a value that is neither of an expected kind nor an expected choice."""
    if not expected.kinds:
        hint = _hint(("a choice",), value)
        listed = one_of(expected.choices, value if isinstance(value, str) else "")
        return f"must be one of the choices, not {shown(value)}", f"{listed}; {hint}" if hint else listed
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
        if {"a number", "a whole number"} & set(kinds):
            if _is_number(value):
                return "write it without quotes"
            if _AMOUNT.fullmatch(value):
                return "write the number alone, without a unit"
    elif isinstance(value, float) and "a whole number" in kinds and value.is_integer():
        return f"write {_plain(value)}"
    elif "text" in kinds and isinstance(value, int | float):
        return "put it in quotes"
    if kinds == ("a list",) and isinstance(value, str | int | float) and len(str(value)) < 40:
        return "" if isinstance(value, bool) else f"write [{printable(value)}]"
    if kinds == ("a mapping",) and isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return "write key: value, without '- '"
    if not {"a list", "a mapping"} & set(kinds) and (isinstance(value, list) or set(HOLE_KINDS) & set(_keys(value))):
        return "a choice among values is a hole, which stands under `holes` of a space or a study"
    return ""


def _keys(value: object) -> list[str]:
    return list(map(str, value)) if isinstance(value, Mapping) else []


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
