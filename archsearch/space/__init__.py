"""Search spaces: holes, fillings, size, and the shipped library of cells and spaces."""

from archsearch.space.candidate import Candidate, Candidates, DoesNotFit
from archsearch.space.chooser import Choice, Chooser, RandomChooser, RecordedChooser
from archsearch.space.library import load_cell
from archsearch.space.space import Filling, Space, load_space

__all__ = [
    "Candidate",
    "Candidates",
    "Choice",
    "Chooser",
    "DoesNotFit",
    "Filling",
    "RandomChooser",
    "RecordedChooser",
    "Space",
    "load_cell",
    "load_space",
]
