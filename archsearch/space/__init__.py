"""Search spaces: holes, configurations, size, and the shipped library of cells and spaces."""

from archsearch.space.candidate import Candidate, Candidates, DoesNotFit
from archsearch.space.chooser import Choice, Chooser, RandomChooser, RecordedChooser
from archsearch.space.library import load_cell
from archsearch.space.space import Configuration, SearchSpace, load_space

__all__ = [
    "Candidate",
    "Candidates",
    "Choice",
    "Chooser",
    "Configuration",
    "DoesNotFit",
    "RandomChooser",
    "RecordedChooser",
    "SearchSpace",
    "load_cell",
    "load_space",
]
