"""A study by real training in compiled steps that notes which of its processes have torch in them."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

from archsearch.schema.score import Score
from archsearch.study.coordinator import run
from archsearch.study.executors import Job, Report
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.work import TRAINING, kind
from tests.study.fake_work import LOG
from tests.study.samples import small

VISIBLE = "torch"
"""Part of the path of each of torch's libraries."""


def has_torch(process: int | str) -> bool:
    return VISIBLE in Path(f"/proc/{process}/maps").read_text(encoding="utf-8")


def evaluate(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """As in every study; notes the kind of the job, and whether its process and the fork server have torch."""
    answer = TRAINING.evaluate(job, report)
    command = Path("/proc/self/cmdline").read_text(encoding="utf-8").split("\0")
    assert kind(job) in command
    with Path(os.environ[LOG]).open("a", encoding="ascii") as log:
        log.write(f"{kind(job)} {has_torch('self')} {has_torch(os.getppid())}\n")
    return answer


def run_study(url: str, *backends: str) -> None:
    work = dataclasses.replace(TRAINING, evaluate=evaluate)
    definition = small(backend=list(backends), search={"trials": 2, "seeds": 1}, confirm={"seeds": 1})
    run(definition, url, 2, executor=lambda slots: LocalExecutor(slots, work))
    with Path(os.environ[LOG]).open("a", encoding="ascii") as log:
        log.write(f"coordinator {has_torch('self')}\n")
