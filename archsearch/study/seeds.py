"""Every seed of a study, derived from the study's own by what it is for.

Seed k of a phase is the same for all candidates, so that their scores can be compared in pairs; no two purposes share
a seed.
"""

from __future__ import annotations

from archsearch.schema.canonical import digest
from archsearch.schema.phases import Phase


def phase_seed(study_seed: int, phase: Phase, index: int) -> int:
    """Seed number `index` of a phase: 63 bits."""
    return _derive(study_seed, "phase", phase, index) >> 1


def proposal_seed(study_seed: int, number: int) -> int:
    """What a sampler that draws at random takes for trial `number`: 32 bits, as numpy's older generator wants them."""
    return _derive(study_seed, "proposal", number) >> 32


def draw_seed(study_seed: int, label: str, index: int) -> int:
    """The seed of draw `index` of a baseline's model and training: 63 bits."""
    return _derive(study_seed, "draw", label, index) >> 1


def _derive(study_seed: int, *purpose: str | int) -> int:
    """64 bits of a hash of a seed and its purpose."""
    return int(digest([str(study_seed), *purpose], 16), 16)
