"""The phases of a study. Apart from the rest of the schema: commands name them before anything is validated."""

from __future__ import annotations

from typing import Literal, get_args

Phase = Literal["search", "confirm", "report"]
PHASES: tuple[Phase, ...] = get_args(Phase)
"""In the order in which they follow each other."""
DECISIVE: Phase = "report"
"""The phase that the verdict is on: its seeds were used for no choice before."""
WITH_BASELINES: tuple[Phase, ...] = ("search", "report")
"""The phases in which baselines take part; confirm is there to choose among candidates."""
