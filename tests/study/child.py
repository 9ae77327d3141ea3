"""A coordinator in a process of its own, which kills itself with SIGKILL at a named moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

from archsearch.study.coordinator import run
from tests.study.fake_work import LOG
from tests.study.samples import executor, small

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.study.child", "optuna.storages._rdb.storage"])


def die(url: str, log: Path, moment: str, count: int, workers: int = 2) -> None:
    """Run the small study in a process that comes to this moment for the `count`th time, and dies there."""
    process = CONTEXT.Process(target=_run, args=(url, str(log), moment, count, workers))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, f"it ended with status {process.exitcode}"


def _run(url: str, log: str, moment: str, left: int, workers: int) -> None:
    os.environ[LOG] = log

    def fault(name: str) -> None:
        nonlocal left
        left -= name == moment
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    run(small(), url, workers, executor=executor(), fault=fault)
