"""Threads that are few, whoever stops waiting."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import pytest

from archsearch.server.threads import Threads


class Work:
    """Something that goes on until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Event()
        self.most = self.running = 0
        self._lock = threading.Lock()

    def __call__(self) -> str:
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.begun.release()
        assert self.go_on.wait(30)
        with self._lock:
            self.running -= 1
        return "done"


async def begin(threads: Threads, work: Work, count: int) -> list[asyncio.Task[str]]:
    """So many tasks whose work has begun."""
    tasks = [asyncio.create_task(threads.run(work)) for _ in range(count)]
    beside = Threads(1)
    for _ in tasks:
        assert await beside.run(work.begun.acquire, True, 30)
    return tasks


async def stop(*tasks: asyncio.Task[str]) -> None:
    for task in tasks:
        task.cancel()
    for task in tasks:
        with pytest.raises(asyncio.CancelledError):
            await task


async def pass_time() -> None:
    """Long enough for a thread to begin if there is one."""
    beside = Threads(1)
    for _ in range(200):
        await beside.run(threading.get_ident)


def test_what_nobody_waits_for_any_more_keeps_its_thread_until_it_ends() -> None:
    work = Work()

    async def run() -> None:
        threads = Threads(2)
        await stop(*await begin(threads, work, 2))
        later = [asyncio.create_task(threads.run(work)) for _ in range(3)]
        await pass_time()
        assert work.running == 2
        work.go_on.set()
        assert await asyncio.gather(*later) == ["done"] * 3

    asyncio.run(run())
    assert work.most == 2


def test_what_has_not_begun_when_nobody_waits_any_more_never_begins() -> None:
    first, second = Work(), Work()
    second.go_on.set()

    async def run() -> None:
        threads = Threads(1)
        (task,) = await begin(threads, first, 1)
        waiting = asyncio.create_task(threads.run(second))
        await pass_time()
        await stop(waiting)
        first.go_on.set()
        assert await task == "done"
        await threads.run(threading.get_ident)

    asyncio.run(run())
    assert second.most == 0


def test_what_goes_wrong_is_raised_where_it_is_waited_for_and_what_is_around_is_known() -> None:
    around = contextvars.ContextVar[str]("around")

    def fail(number: int) -> None:
        raise ValueError(f"{around.get()} {number}")

    async def run() -> None:
        around.set("here")
        with pytest.raises(ValueError, match="here 3"):
            await Threads(1).run(fail, 3)

    asyncio.run(run())
