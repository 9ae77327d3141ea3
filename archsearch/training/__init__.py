"""Training one candidate. Torch is imported by the first training that needs it."""

from archsearch.training.loop import EVALUATION_VERSION, evaluate
from archsearch.training.trainer import NotFinite

__all__ = ["EVALUATION_VERSION", "NotFinite", "evaluate"]
