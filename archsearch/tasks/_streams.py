"""One random stream per split."""

from __future__ import annotations

import numpy as np

from archsearch.tasks import SPLITS, Split


def stream(generator: np.random.Generator, split: Split) -> np.random.Generator:
    """A new generator that depends on the state of `generator` and on the split.

    Takes four words from `generator`. Training, validation and test thus never see the same sequences, even where a
    caller uses one seed for all of them.
    """
    words = generator.integers(2**32, size=4)
    return np.random.default_rng([SPLITS.index(split), *words.tolist()])
