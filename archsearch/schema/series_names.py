"""Names of studies that come from one file with several tasks; loads no schema."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SEPARATOR = "."
"""Stands between a series' name and a task's label in the name of a study; no label holds one."""


def is_series(data: Any) -> bool:
    """Whether a study file stands for one study per task."""
    return isinstance(data, Mapping) and "tasks" in data


def series_of(study: str) -> str:
    """The name of the file that a study is from: its own, without the label of its task."""
    return study.partition(SEPARATOR)[0]
