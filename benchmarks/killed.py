"""A study that is run by the command line, to be killed, and what its database says before and after."""

from __future__ import annotations

import contextlib
import dataclasses
import os
import secrets
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import optuna
import psutil

from archsearch.errors import Refused
from archsearch.schema.phases import PHASES, Phase
from archsearch.store import EntryResult, TrialRow
from archsearch.store.store import Store
from tests.databases.cluster import Cluster
from tests.study.samples import snapshot

STUDY = """
study: kills
space: lstm_to_gru
task: {{name: temporal_order, length: 30, markers: 2}}
model: {{hidden_size: 8}}
training: {{learning_rate: 0.01, batch_size: 32, sequences: 6400, checks: 5}}
holes: {{training.learning_rate: {{float: [0.003, 0.03], log: true}}}}
baselines: [lstm, gru]
search: {{sampler: {sampler}, pruner: none, trials: 40, seeds: 1}}
confirm: {{best: 4, seeds: 4}}
report: {{best: 1, seeds: 8}}
backend: native
seed: 7
"""

END_LIMIT = 600.0
"""Seconds for a run to come to its next step, and for what it has started to be gone."""

_MARK = "ARCHSEARCH_BENCHMARK_RUN"  # a variable in the environment of all that a run starts
_Found = TypeVar("_Found")


class Subject:
    """A study in a folder and a database of its own, and the command that runs it.

    `left` counts processes that outlived a run, `traces` runs that said what only a bug says. `said` is the last run's.
    """

    def __init__(self, folder: Path, url: str, sampler: str, workers: int, cluster: Cluster | None = None) -> None:
        self.folder, self.url, self.cluster = folder, url, cluster
        self.process: subprocess.Popen[bytes] | None = None
        self.left = self.traces = 0
        self.said = ""
        self._errors = os.memfd_create("errors")  # not in the folder, whose disk may be full
        self._mark = secrets.token_hex(8)
        file = folder / "kills.yaml"
        file.write_text(STUDY.format(sampler=sampler), encoding="utf-8")
        self._command = [
            sys.executable,
            "-m",
            "archsearch",
            "run",
            str(file),
            "--storage",
            url,
            "--workers",
            str(workers),
        ]

    def start(self) -> int:
        """Give the command, unless it runs; its process id."""
        if self.process is not None and self.process.poll() is not None:
            self.end()
        if self.process is None:
            os.ftruncate(self._errors, 0)
            os.lseek(self._errors, 0, os.SEEK_SET)
            self.process = subprocess.Popen(
                self._command,
                env={**os.environ, _MARK: self._mark, "XDG_CACHE_HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                start_new_session=True,
            )
        return self.process.pid

    def end(self) -> int:
        """Wait for the command's end, and that of all that it has started; its status."""
        assert self.process is not None
        status = self.process.wait(END_LIMIT)
        self.process = None
        self.said = os.pread(self._errors, 1 << 20, 0).decode()
        self.traces += "Traceback" in self.said or "bug in archsearch" in self.said
        with contextlib.suppress(TimeoutError):
            wait_until(lambda: not self.processes(), seconds=10.0)
        for process in self.processes():
            self.left += 1
            process.kill()
        return status

    def processes(self) -> list[psutil.Process]:
        """All that the command has started, and is still there."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if process.environ().get(_MARK) == self._mark and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def descendant(self, generations: int) -> psutil.Process:
        """Of the command: its fork server's guard, the fork server, an evaluation. Waits until there is one."""

        def find() -> psutil.Process | None:
            process = psutil.Process(self.start())
            with contextlib.suppress(psutil.NoSuchProcess, IndexError):
                for _ in range(generations):
                    process = process.children()[0]
                return process
            return None

        return wait_until(find)

    def evaluations(self) -> int:
        """How many are recorded."""
        with contextlib.suppress(Refused), Store.read(self.url) as store:
            study = store.find_study("kills")
            return 0 if study is None else sum(store.progress(study.id).runs.values())
        return 0  # the database is not there yet, or restarts

    def result(self) -> tuple[Any, ...]:
        """All that must not depend on kills: our tables, and Optuna's copy."""
        copies = optuna.load_study(study_name="kills", storage=self.url).get_trials()
        return snapshot(self.url, "kills"), sorted(
            (each.user_attrs["archsearch_number"], each.state.name, each.value, each.params) for each in copies
        )


def wait_until(find: Callable[[], _Found | None], seconds: float = END_LIMIT) -> _Found:
    """What `find` returns as soon as that is true."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.05)
    return found


@dataclasses.dataclass(frozen=True)
class Records:
    """What is recorded: of each trial its candidate, and its end where it has one; of each evaluation when and what."""

    trials: dict[int, tuple[Any, ...]]
    evaluations: dict[tuple[Any, ...], tuple[Any, ...]]
    unnamed: int = 0
    """Trials that have another trial's candidate, without being marked as repeats."""

    def lost(self, later: Records) -> int:
        """Trials and evaluations that are recorded here and no more, or with another outcome, in a later state."""
        trials = sum(later.trials.get(number, ())[: len(row)] != row for number, row in self.trials.items())
        kept = {name: rest for name, (_, *rest) in later.evaluations.items()}
        return trials + sum(kept.get(name) != rest for name, (_, *rest) in self.evaluations.items())

    def doubled(self, later: Records) -> int:
        """Evaluations of these that have been recorded again, and trials of one candidate."""
        kept = later.evaluations
        again = [name for name, (at, *_) in self.evaluations.items() if name in kept and kept[name][0] != at]
        return later.unnamed + len(again)


def records(url: str) -> Records:
    """Look at a database."""
    with contextlib.suppress(Refused), Store.read(url) as store:
        study = store.find_study("kills")
        rows = () if study is None else store.trials(study.id)
        results = () if study is None else [(phase, store.results(study.id, phase)) for phase in PHASES]
        return _records(rows, results)
    return Records({}, {})  # killed before it was made


def _records(rows: Sequence[TrialRow], results: Iterable[tuple[Phase, Sequence[EntryResult]]]) -> Records:
    trials = {
        row.number: (row.choices, row.spec_id, row.repeat_of) + ((row.state, row.value) if row.finished_at else ())
        for row in rows
    }
    evaluations = {
        (phase, run.spec_id, run.seed_index): (
            run.evaluation and run.evaluation.finished_at,
            run.evaluation and run.evaluation.score and run.evaluation.score.weights_hash,
            run.failure,
        )
        for phase, entries in results
        for entry in entries
        for run in entry.runs
    }
    new = Counter(row.spec_id for row in rows if row.repeat_of is None and row.spec_id is not None)
    return Records(trials, evaluations, sum(count - 1 for count in new.values()))
