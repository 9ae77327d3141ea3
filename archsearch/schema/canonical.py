"""One spelling of a JSON value, so that equal values have equal texts and equal hashes."""

from __future__ import annotations

import hashlib
import json


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
