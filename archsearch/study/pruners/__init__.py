"""Pruners stop running trials early: one file each, offering `PRUNER`.

A pruner keeps nothing: it decides from the reports of the study's trials, one at every check, counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import optuna

PACKAGE = "archsearch.study.pruners"

Pruner = Callable[[], "optuna.pruners.BasePruner"]
"""What `PRUNER` is: makes Optuna's pruner."""
