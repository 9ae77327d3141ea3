"""Training one candidate: the only training loop, and the seeds it uses."""

from archsearch.training.loop import EVALUATION_VERSION, NotFinite, evaluate

__all__ = ["EVALUATION_VERSION", "NotFinite", "evaluate"]
