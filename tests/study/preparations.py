"""What a fork server does before its first job: nothing much, or something that goes wrong."""

from __future__ import annotations

import contextlib
import importlib
import os
import resource
import signal
import threading

from archsearch.schema.score import Score
from archsearch.study.executors import Job, Report
from tests.study.fake_work import note_start, score

PREPARED = "ARCHSEARCH_TEST_PREPARED"


def prepare_one() -> None:
    os.environ[PREPARED] = os.environ.get(PREPARED, "") + "one"


def prepare_two() -> None:
    os.environ[PREPARED] = os.environ.get(PREPARED, "") + "two"


def say_what_is_prepared(job: Job, report: Report) -> tuple[Score, bytes | None]:
    return score(), os.environ[PREPARED].encode()


def prepare_the_impossible() -> None:
    importlib.import_module("tests.study.no_such_module")


def prepare_and_note() -> None:
    """Needs a log."""
    note_start("prepare")


def prepare_for_ever() -> None:
    threading.Event().wait()


def prepare_and_be_killed() -> None:
    """As by the kernel, for lack of memory."""
    os.kill(os.getpid(), signal.SIGKILL)


def prepare_at_the_second_try() -> None:
    """The first one ends as the above. Needs a log."""
    if note_start("prepare") == 1:
        prepare_and_be_killed()


def prepare_and_crash() -> None:
    """As a library that was built for another processor."""
    signal.signal(signal.SIGILL, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGILL)


def prepare_and_exit() -> None:
    os._exit(3)


def prepare_and_leave_three_files() -> None:
    """No more than three files can be opened after this."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
    opened = []
    with contextlib.suppress(OSError):
        while True:
            opened.append(os.dup(0))
    for descriptor in opened[-3:]:
        os.close(descriptor)
