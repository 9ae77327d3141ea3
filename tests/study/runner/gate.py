"""Evaluations that wait at a gate, so that a study is in the middle for as long as a test needs, on any machine."""

from __future__ import annotations

import os
from pathlib import Path

from archsearch.schema.score import Score
from archsearch.study.executors import Job, Report
from tests.study import fake_work
from tests.study.runner.waiting import wait_until

VARIABLE = "ARCHSEARCH_TEST_GATE"
"""The environment variable with the gate's file."""


class Gate:
    """Lets a coordinator's first jobs pass: as many as its file says."""

    def __init__(self, path: Path, jobs: int) -> None:
        self.path = path
        self.let(jobs)

    def let(self, jobs: int) -> None:
        """Let this number of jobs of each coordinator pass from now on."""
        new = self.path.with_suffix(".new")
        new.write_text(str(jobs), encoding="ascii")
        new.replace(self.path)

    def open(self) -> None:
        """Let all jobs pass."""
        self.let(10**9)


def train_behind_the_gate(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """As `train_soundly`, once the gate lets the job pass."""
    wait_until(lambda: job.number < int(Path(os.environ[VARIABLE]).read_text(encoding="ascii")))
    return fake_work.train_soundly(job, report)
