"""One seed, split by purpose, so that no two uses share a stream of random numbers."""

from __future__ import annotations

import hashlib
from typing import Literal

import numpy as np

Purpose = Literal["initialisation", "training", "validation", "test"]


def derive(seed: int, purpose: Purpose) -> int:
    """A 63-bit seed for one purpose."""
    digest = hashlib.sha256(f"{seed}/{purpose}".encode()).digest()
    return int.from_bytes(digest[:8], "big") >> 1


def stream(seed: int, purpose: Purpose) -> np.random.Generator:
    """The generator of one purpose."""
    return np.random.default_rng(derive(seed, purpose))
