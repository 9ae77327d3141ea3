"""Kills of every kind, spread over studies that are run again after each: what is lost, doubled or left running.

    python -m benchmarks.kills [--quick] [--write] [--seed N]

One study runs on SQLite with two workers, one on PostgreSQL (where its programs are installed) with one worker and a
sampler that learns. Each is first run undisturbed, then killed at moments that the seed draws: a number of evaluations,
then a pause. At the end trials, scores and Optuna's copy must be those of the undisturbed run, weights' hashes
included. Ends with status 1 where they are not, or anything was lost, doubled or left.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import os
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import psutil
import typer

from benchmarks.killed import END_LIMIT, Records, Subject, records, wait_until
from benchmarks.machine import describe
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables
from tests.databases.cluster import Cluster, find_binaries

LONGEST_PAUSE = 0.6
"""Seconds from the evaluation that a kill waits for to the kill: about as long as an evaluation takes."""

# --- the kinds


def signal_to(generations: int, number: signal.Signals) -> Callable[[Subject], None]:
    """Sends a signal to the command (0), its fork server's guard (1), the fork server (2) or an evaluation (3)."""
    return lambda subject: subject.descendant(generations).send_signal(number)


def kill_group(subject: Subject) -> None:
    """Kill the command's process group."""
    assert subject.process is not None
    os.killpg(subject.process.pid, signal.SIGKILL)


def kill_all(subject: Subject) -> None:
    """Kill everything, as the end of a container does."""
    while processes := subject.processes():
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def fill_disk(subject: Subject) -> None:
    """Leave no byte on the disk of database and kernels until the command has ended."""
    assert subject.process is not None
    ballast = subject.folder / "ballast"
    try:
        with ballast.open("wb", buffering=0) as stream, contextlib.suppress(OSError):
            while True:
                stream.write(bytes(1 << 16))
        subject.process.wait(END_LIMIT)
    finally:
        ballast.unlink()


def end_sessions(subject: Subject) -> None:
    """End all sessions of the database."""
    assert subject.cluster is not None
    subject.cluster.end_sessions(subject.url)


def restart(mode: Literal["fast", "immediate"]) -> Callable[[Subject], None]:
    """Restarts the database's server."""

    def do(subject: Subject) -> None:
        assert subject.cluster is not None
        subject.cluster.restart(mode)

    return do


Kinds = dict[str, tuple[Callable[[Subject], None], bool]]
"""What is done, by its name, and whether the command ends by it."""

EVERYWHERE: Kinds = {
    "coordinator, SIGKILL": (signal_to(0, signal.SIGKILL), True),
    "evaluation, SIGKILL": (signal_to(3, signal.SIGKILL), False),
    "fork server, SIGKILL": (signal_to(2, signal.SIGKILL), False),
    "guard of the fork server, SIGKILL": (signal_to(1, signal.SIGKILL), False),
    "process group, SIGKILL": (kill_group, True),
    "all processes, SIGKILL": (kill_all, True),
    "coordinator, SIGTERM": (signal_to(0, signal.SIGTERM), True),
    "coordinator, SIGINT": (signal_to(0, signal.SIGINT), True),
}
ON_SMALL_DISK: Kinds = {"disk full": (fill_disk, True)}
ON_POSTGRESQL: Kinds = {
    "database sessions ended": (end_sessions, False),
    "database restarted, fast": (restart("fast"), False),
    "database restarted, immediate": (restart("immediate"), False),
}


# --- what is found


@dataclasses.dataclass
class Found:
    """What has come of the kills of one kind on one database."""

    kills: int = 0
    ends: Counter[str] = dataclasses.field(default_factory=Counter)
    lost: int = 0
    doubled: int = 0
    left: int = 0
    traces: int = 0

    def compare(self, before: Records, after: Records) -> None:
        """Count what a look at the database had found, and a later one does not find or finds again."""
        self.lost += before.lost(after)
        self.doubled += before.doubled(after)

    def take(self, subject: Subject) -> None:
        """Count what has gone wrong in the subject's runs since this was asked last."""
        self.left, subject.left = self.left + subject.left, 0
        self.traces, subject.traces = self.traces + subject.traces, 0


def disturb(subject: Subject, kinds: Kinds, kills: int, evaluations: int, seed: int) -> dict[str, Found]:
    """Kill a run `kills` times and give the command again after each, then until it comes to its end."""
    generator = random.Random(seed)
    rounds = (generator.sample(list(kinds), len(kinds)) for _ in range(-(-kills // len(kinds))))
    names = [name for names in rounds for name in names][:kills]
    moments = sorted(generator.uniform(0, evaluations - 8) for _ in names)  # what is killed last is still at work
    found, looks = {name: Found() for name in names}, list[Records]()
    for name, moment in zip(names, moments, strict=True):
        wait_until(functools.partial(_is_due, subject, moment))
        time.sleep(generator.uniform(0, LONGEST_PAUSE))
        kill, ends = kinds[name]
        looks.append(records(subject.url))
        kill(subject)
        found[name].kills += 1
        found[name].ends[str(subject.end()) if ends else "went on"] += 1
        subject.start()
        found[name].take(subject)
    for _ in range(kills):
        subject.start()
        if subject.end() == 0:
            break
    found[names[-1]].take(subject)
    looks.append(records(subject.url))
    for name, (before, after) in zip(names, itertools.pairwise(looks), strict=True):
        found[name].compare(before, after)
    return found


def _is_due(subject: Subject, moment: float) -> bool:
    subject.start()  # where it has ended by itself
    return subject.evaluations() >= moment


# --- the command


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Ten kills.")] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the tables into docs/{DOCUMENT.name}.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Draws order and moments of the kills.")] = 1,
) -> None:
    """Run, and print the tables."""
    if write and quick:
        raise SystemExit("only a full run goes into the document")
    machine = describe(("sqlalchemy", "optuna"))
    rows: list[tuple[str, ...]] = []
    with contextlib.ExitStack() as stack:
        kills = 10 if quick else 40
        folders = [Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kills-"))) for _ in range(4)]
        kinds = EVERYWHERE | (ON_SMALL_DISK if stack.enter_context(small_disk(folders[1])) else {})
        pair = [Subject(folder, f"sqlite:///{folder}/kills.db", "random", 2) for folder in folders[:2]]
        binaries = find_binaries()
        share = kills // 2 if binaries else kills
        rows += compare("SQLite", pair, kinds, share, seed)
        if binaries:
            cluster = stack.enter_context(Cluster(binaries))
            pair = [Subject(folder, cluster.create_database(), "tpe", 1, cluster) for folder in folders[2:]]
            rows += compare("PostgreSQL", pair, EVERYWHERE | ON_POSTGRESQL, kills - share, seed)
    made = tables(machine, rows, seed)
    show(made)
    if write:
        write_tables("benchmarks.kills", made)
    if any(set(row[4:8]) != {"0"} or row[8] != "yes" for row in rows):
        raise SystemExit(1)


def compare(database: str, pair: Sequence[Subject], kinds: Kinds, kills: int, seed: int) -> list[tuple[str, ...]]:
    """Run a study undisturbed, then another time with kills; the rows of the table."""
    undisturbed, killed = pair
    with contextlib.ExitStack() as stack:
        for subject in pair:
            stack.callback(kill_all, subject)
        undisturbed.start()
        if undisturbed.end() or undisturbed.left:
            raise SystemExit(f"the undisturbed run failed: {undisturbed.said}")
        found = disturb(killed, kinds, kills, undisturbed.evaluations(), seed)
    equal = killed.result() == undisturbed.result()
    return [
        (
            database,
            name,
            str(each.kills),
            ", ".join(f"{end}: {count}" for end, count in sorted(each.ends.items())),
            *map(str, (each.lost, each.doubled, each.left, each.traces)),
            "yes" if equal else "no",
        )
        for name, each in sorted(found.items())
    ]


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """Mount 64 MB of memory at a folder; False where that is not allowed."""
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "archsearch", folder], check=False)
    try:
        yield done.returncode == 0
    finally:
        if done.returncode == 0:
            subprocess.run(["umount", "--lazy", folder], check=True)


def tables(machine: dict[str, str], rows: Sequence[tuple[str, ...]], seed: int) -> list[Table]:
    """All tables in order."""
    kills, *wrong = (str(sum(int(row[column]) for row in rows)) for column in (2, 4, 5, 6, 7))
    everything = ("all", "", kills, "", *wrong, "yes" if all(row[8] == "yes" for row in rows) else "no")
    heads = ("database", "what was killed", "kills", "how the command ended", "lost", "doubled", "left", "traces")
    note = f"Seed {seed}. Trials, scores, weights' hashes and Optuna's copy are compared with the undisturbed run's."
    return [
        Table("Machine", "", ("what", "value"), list(machine.items()), words=2),
        Table("Kills", note, (*heads, "result equal"), [*rows, everything], words=2),
    ]


if __name__ == "__main__":
    typer.run(main)
