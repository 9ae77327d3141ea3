"""Plain data, as JSON has it."""

from __future__ import annotations

import math
from typing import Any


def finite(value: Any) -> Any:
    """Plain data with None in place of the numbers that JSON lacks."""
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
