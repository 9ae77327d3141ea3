"""An evaluation under way, and the jobs that it takes: a training, and in the report phase a check of its weights."""

from __future__ import annotations

import dataclasses
from typing import Self

from archsearch.schema.canonical import plain
from archsearch.store import EvaluationKey, Run
from archsearch.study.agenda import Request
from archsearch.study.definition import Definition
from archsearch.study.executors import Finished, Job, Trained


@dataclasses.dataclass
class Flight:
    """An evaluation under way for one or several requests.

    compiled: whether it is trained without torch.
    attempt: the number of the present one in this run.
    trained: what its training has come to, once that is being checked.
    """

    key: EvaluationKey
    requests: list[Request]
    compiled: bool
    attempt: int = 1
    reports: list[tuple[int, float]] = dataclasses.field(default_factory=list)
    trained: Finished | None = None

    @property
    def run(self) -> Run:
        """The name under which its outcome is counted."""
        return self.requests[0].run

    @property
    def prunable(self) -> int | None:
        """The trial that may be given up: the only request, for its first seed."""
        return self.requests[0].trial if len(self.requests) == 1 and self.run.seed_index == 0 else None

    def again(self, attempt: int) -> Self:
        """The job that failed, once more: a training from its start, a check of the same weights."""
        return dataclasses.replace(self, attempt=attempt, reports=self.reports if self.trained else [])

    def job(self, number: int, definition: Definition) -> Job:
        """What an executor has to run next."""
        study, report = definition.study, self.run.phase == "report"
        return Job(
            number=number,
            spec=plain(self.requests[0].subject.spec),
            task=study.task.name,
            options=study.task.options,
            tasks_from=None if definition.tasks_from is None else str(definition.tasks_from),
            seed=self.key.seed,
            backends=tuple(study.backend),
            keep_weights=report,
            read_test=report,
            seconds=study.limits.seconds,
            memory_mb=study.limits.memory_mb,
            compiled=self.compiled,
            trained=self._to_check(),
        )

    def _to_check(self) -> Trained | None:
        if self.trained is None or self.trained.weights is None:
            return None
        return Trained(self.trained.score.model_dump_json(), self.trained.weights)
