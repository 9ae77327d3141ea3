"""Finding a study in the database, and what its stored definition says."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.schema.score import Phase

if TYPE_CHECKING:
    from archsearch.store import Store, StudyRow

PHASES: tuple[Phase, ...] = ("search", "confirm", "report")


@dataclasses.dataclass(frozen=True)
class Plan:
    """What a stored study is to do, read without looking up any of the files that it was made of."""

    document: Mapping[str, Any]

    @property
    def trials(self) -> int:
        """Trials of the search."""
        return int(self.document["study"]["search"]["trials"])

    @property
    def task(self) -> dict[str, Any]:
        """The task: its name and all its options."""
        return dict(self.document["task"])

    def seeds(self, phase: Phase) -> int:
        """Seeds that each entry of a phase is to get."""
        return int(self.document["study"][phase]["seeds"])

    def runs(self, phase: Phase) -> int:
        """Evaluations that a phase takes when nothing repeats; the baselines take no part in confirm."""
        entries = self.trials if phase == "search" else int(self.document["study"][phase]["best"])
        baselines = 0 if phase == "confirm" else len(self.document["baselines"])
        return (entries + baselines) * self.seeds(phase)


def plan_of(row: StudyRow) -> Plan:
    """The plan in a stored study's definition."""
    return Plan(json.loads(row.definition))


def find_study(store: Store, reference: str) -> StudyRow:
    """The stored study that a name or a study file means; `InvalidInput` when there is none."""
    name = study_name(reference)
    row = store.find_study(name)
    if row is None:
        known = one_of((study.name for study in store.list_studies()), name)
        raise InvalidInput(Problem(("study",), f"no study {quoted(name)} in {store.url}", known))
    return row


def study_name(reference: str) -> str:
    """The name in a study file, or the reference itself where it is no path."""
    if "/" not in reference and not reference.endswith((".yaml", ".yml")):
        return reference
    from archsearch.schema.document import read_document
    from archsearch.schema.series import studies_of

    document = read_document(Path(reference))
    try:
        names = [data["study"] for data in studies_of(document.data).values() if isinstance(data, dict)]
    except InvalidInput as error:
        raise document.located(error) from None
    except KeyError:
        names = []
    if not all(isinstance(name, str) for name in names) or not names:
        problem = Problem((), "this is no study file", "allowed: one that starts with study")
        raise document.located(InvalidInput(problem))
    if len(names) > 1:
        what = f"this file stands for {len(names)} studies"
        raise document.located(InvalidInput(Problem(("tasks",), what, f"name one of them: {', '.join(names)}")))
    return str(names[0])


def trivial_score(plan: Plan, tasks_from: Path | None = None) -> float:
    """The blind guess's score on the study's task; `InvalidInput` for one of the user's own that is not at hand."""
    from archsearch.study.task_choice import make_task

    options = plan.task
    name = str(options.pop("name"))
    options.pop("data", None)
    if options.pop("file", None) is not None and tasks_from is None:
        what = f"seeds have failed, and the task {quoted(name)}, whose baseline they count as, is a file of your own"
        raise InvalidInput(Problem(("--tasks-from",), what, "name its folder"))
    return make_task(name, options, tasks_from).baseline
