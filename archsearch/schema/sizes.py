"""The sizes of a layer where none are asked for, and the most of them.

Apart from the rest of the schema: commands name them before anything is validated.
"""

from __future__ import annotations

import dataclasses

INPUT_SIZE = 8
"""Features per step of a layer whose cost is shown."""
HIDDEN_SIZE = 64
"""Values per state of a layer whose cost is shown."""
MOST_UNITS = 1_000_000
"""The largest input or hidden size of a layer whose cost is shown."""


@dataclasses.dataclass(frozen=True)
class Sizes:
    """The sizes of a layer."""

    input_size: int = INPUT_SIZE
    hidden_size: int = HIDDEN_SIZE
