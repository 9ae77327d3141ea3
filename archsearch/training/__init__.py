"""Training one candidate. Torch is imported by the first training that needs it."""

from archsearch.training.loop import EVALUATION_VERSION, evaluate
from archsearch.training.module_check import Mismatch, check_module
from archsearch.training.trainer import Chosen, NotFinite, choose_step

__all__ = ["EVALUATION_VERSION", "Chosen", "Mismatch", "NotFinite", "check_module", "choose_step", "evaluate"]
