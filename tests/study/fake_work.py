"""Evaluations that need no torch: quick ones, and ones that misbehave. Run in children of the executor under test."""

from __future__ import annotations

import ctypes
import errno
import functools
import hashlib
import itertools
import math
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from archsearch.schema.canonical import digest
from archsearch.schema.score import Score
from archsearch.study.executors import Evaluate, EvaluationFailed, Event, Job, Prepare, Report, Reported, Work
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.seeds import phase_seed


def score(objective: float = 0.5, weights_hash: str = "00112233aabbccdd", backend: str = "reference") -> Score:
    return Score(
        objective=objective,
        final=objective,
        best=objective,
        test=None,
        solved=False,
        sequences_to_solve=None,
        curve=[(32, objective)],
        parameters=10,
        operations=20,
        stages=1,
        seconds=0.0,
        backend=backend,
        backend_reason="",
        compiled=False,
        weights_hash=weights_hash,
    )


def unit(*parts: object) -> float:
    """A number in [0, 1) that depends on the parts alone."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def succeed(job: Job, report: Report) -> tuple[Score, bytes | None]:
    for check in range(1, 4):
        report(check, check / 4)
    return score(), b"weights" if job.keep_weights else None


def hang(job: Job, report: Report) -> tuple[Score, bytes | None]:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    report(1, os.getpid() / 2**40)
    threading.Event().wait()
    raise AssertionError


def fork_and_hang(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Leaves a grandchild; both wait for ever."""
    if (child := os.fork()) == 0:
        signal.pause()
    report(1, child / 2**40)
    report(2, os.getpid() / 2**40)
    threading.Event().wait()
    raise AssertionError


def fork_and_succeed(job: Job, report: Report) -> tuple[Score, bytes | None]:
    if (child := os.fork()) == 0:
        signal.pause()
    report(1, child / 2**40)
    return score(), None


DAEMONS = 40  # that `scatter` leaves


def scatter(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Leaves processes in sessions of their own that ignore SIGTERM, and writes their ids to the file `job.task`.

    Ends as the seed says: 0 hangs, 1 succeeds, 2 exits, 3 dies of a signal of its own making.
    """
    ready, written = os.pipe()
    for _ in range(5):
        if (child := os.fork()) == 0:
            os.setsid()
            if os.fork() == 0:
                _become_daemons(job.task, written)
            os._exit(0)
        os.waitpid(child, 0)
    told = b""
    while len(told) < DAEMONS:
        told += os.read(ready, DAEMONS)
    report(1, os.getpid() / 2**40)
    if job.seed == 0:
        threading.Event().wait()
    return {1: succeed, 2: exit_at_once, 3: segfault}[job.seed](job, report)


def _become_daemons(file: str, written: int) -> None:
    """Each of three forks doubles the number of processes."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
    with Path(file).open("a", encoding="ascii") as stream:
        stream.write(f"{os.getpid()}\n")
    os.write(written, b".")
    while True:
        signal.pause()


def segfault(job: Job, report: Report) -> tuple[Score, bytes | None]:
    ctypes.string_at(0)
    raise AssertionError


def abort(job: Job, report: Report) -> tuple[Score, bytes | None]:
    os.abort()


def be_terminated(job: Job, report: Report) -> tuple[Score, bytes | None]:
    os.kill(os.getpid(), signal.SIGTERM)
    threading.Event().wait()
    raise AssertionError


def exit_at_once(job: Job, report: Report) -> tuple[Score, bytes | None]:
    os._exit(3)


def raise_runtime_error(job: Job, report: Report) -> tuple[Score, bytes | None]:
    raise RuntimeError(job.task)


def raise_memory_error(job: Job, report: Report) -> tuple[Score, bytes | None]:
    raise MemoryError


def abort_for_memory(job: Job, report: Report) -> tuple[Score, bytes | None]:
    os.write(2, b"terminate called after throwing an instance of 'std::bad_alloc'\n")
    os.abort()


def misbehave_then_succeed(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """By seed: segfault, memory, exit, exception; else all is well."""
    ways = {0: segfault, 1: eat_memory, 2: exit_at_once, 3: fail}
    return ways.get(job.seed, succeed)(job, report)


def find_disk_full(job: Job, report: Report) -> tuple[Score, bytes | None]:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/mine")


def open_too_much(job: Job, report: Report) -> tuple[Score, bytes | None]:
    raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))


def find_nothing(job: Job, report: Report) -> tuple[Score, bytes | None]:
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


def be_alarmed(job: Job, report: Report) -> tuple[Score, bytes | None]:
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    threading.Event().wait()
    raise AssertionError


def be_killed(job: Job, report: Report) -> tuple[Score, bytes | None]:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def eat_memory(job: Job, report: Report) -> tuple[Score, bytes | None]:
    eaten = [bytes([1]) * 10_000_000 for _ in range(100)]
    raise AssertionError(len(eaten))


def take_memory(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Stays below the limit of 200 MB."""
    eaten = [bytes([1]) * 10_000_000 for _ in range(15)]
    return score(len(eaten) / 100), None


def print_a_lot(job: Job, report: Report) -> tuple[Score, bytes | None]:
    for _ in range(100):
        os.write(1, b"x" * 1_000_000)
    print("the end of it", flush=True)
    os._exit(3)


def fail(job: Job, report: Report) -> tuple[Score, bytes | None]:
    raise ZeroDivisionError("no\nway")


def leave(job: Job, report: Report) -> tuple[Score, bytes | None]:
    sys.exit("bye")


def report_nan(job: Job, report: Report) -> tuple[Score, bytes | None]:
    report(1, float("nan"))
    raise AssertionError


def report_inf(job: Job, report: Report) -> tuple[Score, bytes | None]:
    report(1, float("inf"))
    raise AssertionError


def diverge(job: Job, report: Report) -> tuple[Score, bytes | None]:
    raise EvaluationFailed("nan", "the loss is nan at training step 7")


def score_nan(job: Job, report: Report) -> tuple[Score, bytes | None]:
    return score().model_copy(update={"objective": float("nan")}), None


def score_too_high(job: Job, report: Report) -> tuple[Score, bytes | None]:
    return score().model_copy(update={"objective": 1.5}), None


def close_connection(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Closes everything and hangs."""
    os.closerange(3, 100)
    threading.Event().wait()
    raise AssertionError


def send_garbage(job: Job, report: Report) -> tuple[Score, bytes | None]:
    for descriptor in range(3, 100):
        try:
            os.write(descriptor, b"garbage that is no frame")
        except OSError:
            continue
    threading.Event().wait()
    raise AssertionError


def report_for_ever(job: Job, report: Report) -> tuple[Score, bytes | None]:
    for check in itertools.count():
        report(check, 0.5)
    raise AssertionError


def send_large_weights(job: Job, report: Report) -> tuple[Score, bytes | None]:
    return score(), b"w" * 50_000_000


def environment_of(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Says how it runs: session leader, threads, descriptors, stdin."""
    facts = [
        os.getsid(0) == os.getpid(),
        os.getpgid(0) == os.getpid(),
        os.environ["OMP_NUM_THREADS"],
        sorted(int(path.name) for path in Path("/proc/self/fd").iterdir()),
        os.read(0, 1),
    ]
    return score(), repr(facts).encode()


def prepare_nothing() -> None:
    """Everything is there."""


def version_one() -> int:
    return 1


def only_kind(job: Job) -> str:
    return "fake"


def kind_by_task(job: Job) -> str:
    return job.task


def work(evaluate: Evaluate, prepare: Prepare = prepare_nothing, version: Callable[[], int] = version_one) -> Work:
    """Work of one kind."""
    return Work(functools.partial(pass_checks, evaluate), {"fake": prepare}, only_kind, version)


def pass_checks(evaluate: Evaluate, job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Nothing is wrong with what was trained."""
    return evaluate(job, report) if job.trained is None else (Score.model_validate_json(job.trained.score), None)


def works(evaluate: Evaluate, prepare: Mapping[str, Prepare]) -> Work:
    """Work of several kinds; that of a job is its task."""
    return Work(evaluate, prepare, kind_by_task, version_one)


def train(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """A stand-in for training: everything follows from spec and seed. Some specs fail, some need a second attempt
    where there is a log.

    Each start is written to the file that the environment names.
    """
    mark = mark_of(job.spec)
    starts = note_start(f"{mark} {job.seed}")
    if unit(mark, "flaky") < FLAKY and starts == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    if unit(mark, job.seed, "fails") < FAILING:
        raise EvaluationFailed("nan", "the loss is nan")
    value = unit(mark, job.seed)
    for check in range(1, 4):
        report(check, value * check / 3)
    result = score(value, weights_hash=digest([mark, str(job.seed)], 16), backend=job.backends[0])
    result = result.model_copy(update={"test": value / 2 if job.read_test else None})
    return result, mark.encode() if job.keep_weights else None


def train_soundly(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """As `train`, without its failures."""
    value = unit(mark_of(job.spec), job.seed)
    report(1, value)
    return score(value), b"weights" if job.keep_weights else None


def fail_unless_baseline(job: Job, report: Report) -> tuple[Score, bytes | None]:
    return succeed(job, report) if job.spec["cell"]["cell"] in ("rnn", "gru") else fail(job, report)


def fail_with_second_seed(job: Job, report: Report) -> tuple[Score, bytes | None]:
    return fail(job, report) if job.seed == phase_seed(STUDY_SEED, "search", 1) else (score(0.75), None)


def note_and_be_killed(job: Job, report: Report) -> tuple[Score, bytes | None]:
    note_start(f"{mark_of(job.spec)} {job.seed}")
    return be_killed(job, report)


def hang_when_poor(job: Job, report: Report) -> tuple[Score, bytes | None]:
    """Candidates of the search that report less than a half never come to an end."""
    value = unit(mark_of(job.spec), job.seed)
    report(1, value)
    if value < 0.5 and job.spec["cell"]["cell"] == "space" and job.seed == phase_seed(STUDY_SEED, "search", 0):
        threading.Event().wait()
    return score(value), None


def learning_rate_decides(job: Job, report: Report) -> tuple[Score, bytes | None]:
    distance = abs(math.log10(job.spec["training"]["learning_rate"]) + 2)
    return score(1 - distance / 2 + unit(mark_of(job.spec)) / 1000 * (distance > 0.01), backend=job.backends[0]), None


def mark_of(spec: Mapping[str, Any]) -> str:
    """What the stand-in calls a spec, whose cell may have any name."""
    cell = {key: value for key, value in spec["cell"].items() if key != "cell"}
    return digest({**spec, "cell": cell}, 16)


FLAKY, FAILING = 0.2, 0.15
STUDY_SEED = 20  # of the small study
LOG = "ARCHSEARCH_TEST_LOG"


def note_start(line: str) -> int:
    """Write a line to the log; how often it stands there now. 0 without a log: then nothing is flaky."""
    if LOG not in os.environ:
        return 0
    log = Path(os.environ[LOG])
    with log.open("a", encoding="ascii") as stream:
        stream.write(f"{line}\n")
    return log.read_text(encoding="ascii").splitlines().count(line)


def scatter_in_executor(file: str) -> None:
    """Run a job that scatters processes and hangs, and say its process and the fork server's."""
    executor = LocalExecutor(1, work(scatter))
    executor.submit(Job(0, {}, file, {}, None, 0, ("reference",), False, False, 60.0, 200))
    events: list[Event] = []
    while not events:
        events += executor.wait(60.0)
    print("ready", flush=True)
    threading.Event().wait()


def hang_in_executor() -> None:
    """Run a job that hangs with a child of its own, and say which processes there are."""
    executor = LocalExecutor(1, work(fork_and_hang))
    executor.submit(Job(0, {}, "t", {}, None, 1, ("reference",), False, False, 60.0, 200))
    events: list[Event] = []
    while len(events) < 2:
        events += executor.wait(60.0)
    ids = [round(event.value * 2**40) for event in events if isinstance(event, Reported)]
    parent = Path(f"/proc/{ids[1]}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1]
    print(*ids, parent, flush=True)
    threading.Event().wait()
