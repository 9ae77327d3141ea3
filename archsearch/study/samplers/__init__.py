"""Samplers make proposals: one file each, offering `SAMPLER`.

A sampler is made afresh for each proposal, from the study's seed and the trial's number. All else it reads from the
study's trials, so that a study that was killed goes on as if it had not been.

One that draws at random seeds itself with `proposal_seed(seed, number)`. One whose points are a sequence (`sobol`)
scrambles it with the study's seed alone and takes the point of the trial's number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import optuna

PACKAGE = "archsearch.study.samplers"

Sampler = Callable[[int, int], "optuna.samplers.BaseSampler"]
"""What `SAMPLER` is: makes Optuna's sampler from the study's seed, below 2**63, and the number of the trial."""
