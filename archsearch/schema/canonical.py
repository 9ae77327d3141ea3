"""JSON texts: canonical ones for hashes (equal values have equal texts), and ordered ones as the store keeps them."""

from __future__ import annotations

import hashlib
import json
import math
from typing import Any

from pydantic import BaseModel

_MARK = "\0-inf"  # stands for minus infinity, from which a state may start; no text of a document holds a NUL


def canonical_json(value: object) -> str:
    """`value` as JSON with sorted keys, no spaces and ASCII characters only.

    Raises `ValueError` for NaN and infinity, `TypeError` for what JSON does not know and for keys that are not text
    (`json` would turn the keys 1 and "1" into the same one).
    """
    _check_keys(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def digest(value: object, length: int = 64) -> str:
    """The first `length` hex digits of the SHA-256 of `canonical_json(value)`."""
    return hashlib.sha256(canonical_json(value).encode("ascii")).hexdigest()[:length]


def _check_keys(value: object) -> None:
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of canonical JSON is text, not {type(key).__name__}")
            _check_keys(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_keys(item)


def plain(model: BaseModel, *without: str) -> dict[str, Any]:
    """A model as plain data under the names that files use, without the fields in `without`."""
    return model.model_dump(mode="json", by_alias=True, exclude=set(without))


def ordered_json(value: Any) -> str:
    """Plain data as JSON that keeps the order of keys: that of equations and options has a meaning.

    Minus infinity is written -1e999, which is JSON and is read as minus infinity again.
    """
    text = json.dumps(_marked(value), separators=(",", ":"), allow_nan=False)
    return text.replace(json.dumps(_MARK), "-1e999")


def _marked(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _marked(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_marked(item) for item in value]
    return _MARK if isinstance(value, float) and value == -math.inf else value
