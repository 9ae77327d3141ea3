"""What the API says: the bodies of its answers, for the server and for the client alike."""

from archsearch.api.documents.candidates import Candidate, Nearest
from archsearch.api.documents.catalogue import (
    Cell,
    Cells,
    CellSummary,
)
from archsearch.api.documents.problems import Report, Sample
from archsearch.api.documents.results import (
    Board,
    BoardRow,
    Curve,
    Evaluation,
    Evaluations,
    HoleShare,
    Importance,
    Point,
    Reported,
)
from archsearch.api.documents.studies import (
    Choice,
    Health,
    Job,
    PhaseCounts,
    Progress,
    Queue,
    Studies,
    Study,
    StudySummary,
    Trial,
    Trials,
)

__all__ = [
    "Board",
    "BoardRow",
    "Candidate",
    "Cell",
    "CellSummary",
    "Cells",
    "Choice",
    "Curve",
    "Evaluation",
    "Evaluations",
    "Health",
    "HoleShare",
    "Importance",
    "Job",
    "Nearest",
    "PhaseCounts",
    "Point",
    "Progress",
    "Queue",
    "Report",
    "Reported",
    "Sample",
    "Studies",
    "Study",
    "StudySummary",
    "Trial",
    "Trials",
]
