"""Work in processes of its own, which can be ended: a short text may ask for hours of proving or drawing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from pathlib import Path
from typing import Any

from archsearch.api.logs import LOG
from archsearch.api.operations import Operation
from archsearch.api.problems import Declined
from archsearch.api.settings import Limits

_LONGEST_REPLY = 8 * 2**20


class Processes:
    """A few limited processes, started when they are first needed; each does one thing at a time."""

    def __init__(self, limits: Limits, slots: int, tasks_from: Path | None = None) -> None:
        self._limits = limits
        self._tasks_from = tasks_from
        self._slots = asyncio.Semaphore(slots)
        self._idle: list[asyncio.subprocess.Process] = []
        self._ending: set[asyncio.Task[int]] = set()

    async def ask(self, operation: Operation) -> Any:
        """What a process answers; `Declined` when it takes too much time or memory."""
        async with self._slots:
            process = self._idle.pop() if self._idle else await self._start()
            kept = False
            try:
                reply = await self._ask(process, operation)
                kept = True
            finally:
                if kept:
                    self._idle.append(process)
                else:
                    self._end(process)
        return reply

    async def close(self) -> None:
        """End the processes, and wait until they have ended."""
        while self._idle:
            self._end(self._idle.pop())
        await asyncio.gather(*self._ending)

    def _end(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        task = asyncio.create_task(process.wait())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _start(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-P",  # nothing is imported from the working directory
            "-m",
            "archsearch.api.checker_child",
            str(self._limits.check_memory),
            str(int(self._limits.check_seconds) + 1),
            *([] if self._tasks_from is None else [str(self._tasks_from.absolute())]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_REPLY,
            start_new_session=True,  # Ctrl-C in a terminal is the server's
        )

    async def _ask(self, process: asyncio.subprocess.Process, operation: Operation) -> Any:
        assert process.stdin is not None
        assert process.stdout is not None
        sent = json.dumps(operation).encode() + b"\n"
        try:
            async with asyncio.timeout(self._limits.check_seconds):
                process.stdin.write(sent)
                await process.stdin.drain()
                line = await process.stdout.readline()
        except (TimeoutError, ConnectionError, ValueError):  # the last one for a reply beyond all bounds
            line = b""
        if not line.endswith(b"\n"):
            facts = {"operation": operation["operation"], "bytes": len(sent)}
            LOG.warning("a child process was given too much", extra={"facts": facts})
            raise Declined(503, "this takes more time or memory than the server gives it")
        return json.loads(line)
