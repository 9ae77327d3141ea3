"""What a plain (unquoted) YAML scalar means: the core schema of YAML 1.2, as ruamel.yaml reads it.

`no`, `on`, `12:30` and dates are text, `017` is seventeen, `1e3` is a float. Underscores may group digits.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}

_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_INTEGER = re.compile(rf"[-+]?(?:{_DIGITS}|0o[0-7]+|0x[0-9a-fA-F]+|0b[01]+)")
_FLOAT = re.compile(rf"[-+]?(?:\.{_DIGITS}|{_DIGITS}(?:\.(?:{_DIGITS})?)?)(?:[eE][-+]?[0-9]+)?")

_LONGEST_INTEGER = 80  # characters; 64 binary digits and some; Python is slow on thousands of digits
_BASES = {"0o": 8, "0x": 16, "0b": 2}


def resolve(text: str) -> Scalar:
    """The value of a plain scalar. Raises `ValueError` for a number that has no faithful value.

    Integers must fit 64 bits with sign, as they do in databases and arrays; floats must be neither too large for
    double precision nor so small that they would become zero.
    """
    if text in WORDS:
        return WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _FLOAT.fullmatch(text):
        return _float(text)
    return text


def _integer(text: str) -> int:
    digits = text.lstrip("+-")
    if len(digits) <= _LONGEST_INTEGER:
        base = _BASES.get(digits[:2], 10)
        value = int(digits if base == 10 else digits[2:], base)
        value = -value if text[0] == "-" else value
        if -(2**63) <= value < 2**63:
            return value
    raise ValueError("is a whole number beyond 64 bits")


def _float(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise ValueError("is not a finite number: too large")
    if value == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise ValueError("is too small a number: it would become zero")
    return value
