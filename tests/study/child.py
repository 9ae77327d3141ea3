"""A coordinator in a process of its own, which kills itself with SIGKILL at a named moment."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from archsearch.study.coordinator import run
from tests.study.fake_work import LOG
from tests.study.samples import executor, small

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.study.child", "optuna.storages._rdb.storage"])


def die(url: str, log: Path, moment: str, count: int, workers: int = 2, **changes: Any) -> None:
    """Run the small study with these changes in a process that dies when it comes to a moment the `count`th time."""
    process = CONTEXT.Process(target=_run, args=(url, str(log), moment, count, workers, changes))
    process.start()
    process.join(120)
    assert process.exitcode == -signal.SIGKILL, f"it ended with status {process.exitcode}"


def _run(url: str, log: str, moment: str, left: int, workers: int, changes: Mapping[str, Any]) -> None:
    os.environ[LOG] = log

    def fault(name: str) -> None:
        nonlocal left
        left -= name == moment
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    run(small(**changes), url, workers, executor=executor(), fault=fault)
