"""Where proposals come from: one file per sampler, offering `SAMPLER`.

A sampler is made afresh for each proposal, from the seed of that proposal and from nothing else. What it knows it must
read from the study's trials: then a study that was killed goes on as if it had not been.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import optuna

PACKAGE = "archsearch.study.samplers"

Sampler = Callable[[int], "optuna.samplers.BaseSampler"]
"""What `SAMPLER` is: makes Optuna's sampler from a seed below 2**32."""
