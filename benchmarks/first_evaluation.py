"""A study until its first evaluation has ended, by the clock; run in a process of its own by `benchmarks.starting`."""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from archsearch.schema.score import Score
from archsearch.study.executors import Event, Job, Report, Reported
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.work import TRAINING

NOTES = "ARCHSEARCH_BENCHMARK_NOTES"
"""The environment variable that names the file for the notes of the evaluation."""

_TICKS = os.sysconf("SC_CLK_TCK")


def evaluate(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """What every evaluation does; notes when it began, the server's processor time, and the memory of both."""
    begun, server = time.monotonic(), _processor_seconds(os.getppid())
    answer = TRAINING.evaluate(job, report)
    notes = {
        "begun": begun,
        "server": server,
        "own_mb": _private_mb("self"),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "server_mb": _resident_mb(os.getppid()),
    }
    Path(os.environ[NOTES]).write_text(json.dumps(notes))
    return answer


def main(started: float, study: str, url: str) -> None:
    """Print what it took, as JSON; `started`: when this process was asked for, by the clock of all processes."""
    from archsearch.study.coordinator import run  # not in the fork server, which imports this module
    from archsearch.study.definition import load_study

    moments: dict[str, float] = {"imported": time.monotonic() - started, "imported_processor": time.process_time()}

    def note(moment: str) -> None:
        if moment == "submitted" and moment not in moments:
            moments.update(submitted=time.monotonic() - started, submitted_processor=time.process_time())

    work = dataclasses.replace(TRAINING, evaluate=evaluate)
    try:
        run(load_study(study), url, 1, executor=lambda slots: _FirstOnly(slots, work), fault=note)
    except _Enough:
        notes = json.loads(Path(os.environ[NOTES]).read_text())
        notes["begun"] -= started
        print(json.dumps(moments | notes))


class _Enough(BaseException):
    """The first evaluation has ended."""


class _FirstOnly(LocalExecutor):
    def wait(self, timeout: float) -> Sequence[Event]:
        """As usual, to the end of the first job."""
        events = super().wait(timeout)
        if any(not isinstance(event, Reported) for event in events):
            raise _Enough
        return events


def _processor_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _private_mb(process: int | str) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024


def _resident_mb(process: int) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:")) / 1024
