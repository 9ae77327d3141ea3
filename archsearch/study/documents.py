"""JSON texts of specs and definitions, as the store keeps them."""

from __future__ import annotations

import json
import math
from typing import Any

from pydantic import BaseModel

_MARK = "\0-inf"  # stands for minus infinity, which a state may start from; no text of ours holds a NUL


def plain(model: BaseModel, *without: str) -> dict[str, Any]:
    """A model as plain data, under the names that files use, some fields left out."""
    return model.model_dump(mode="json", by_alias=True, exclude=set(without))


def to_text(value: Any) -> str:
    """Plain data as JSON that keeps the order of keys, since that of equations and options has a meaning.

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
