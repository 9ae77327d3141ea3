"""Work in child processes, which can be killed: a short text may ask for hours of proving or drawing.

A request is a JSON line `{"number": N, "operation": NAME, "given": {...}}`. The reply has the same number, so that no
client gets what another has asked for, and one of: `result`; `problems` or `refused`, of an error that is raised on
purpose; `error` and its `trace`.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.server.logs import LOG
from archsearch.server.problems import Declined
from archsearch.server.settings import ServerLimits

_LONGEST_REPLY = 8 * 2**20
_PROBLEMS = TypeAdapter(tuple[Problem, ...])


class Broken(Exception):
    """An unexpected error in a child process; its trace is a note, and so gets into the log."""


class Processes:
    """A few limited processes, started when they are first needed; each does one operation at a time."""

    def __init__(self, module: str, limits: ServerLimits, slots: int, tasks_from: Path | None = None) -> None:
        self._module = module
        self._limits = limits
        self._tasks_from = tasks_from
        self._slots = asyncio.Semaphore(slots)
        self._numbers = itertools.count(1)
        self._idle: list[asyncio.subprocess.Process] = []
        self._ending: set[asyncio.Task[int]] = set()

    async def ask(self, operation: str, **given: object) -> Any:
        """Run an operation: its result or the error that it raises on purpose; `Declined` if it takes too much."""
        async with self._slots:
            process = self._idle.pop() if self._idle else await self._start()
            usable = False
            try:
                reply = await self._ask(process, operation, given)
                usable = "error" not in reply
            finally:
                if usable:
                    self._idle.append(process)
                else:
                    self._kill(process)
        return _result(reply)

    async def close(self) -> None:
        """Kill the processes, and wait until they have ended."""
        while self._idle:
            self._kill(self._idle.pop())
        await asyncio.gather(*self._ending)

    def _kill(self, process: asyncio.subprocess.Process) -> None:
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
            self._module,
            str(self._limits.check_memory),
            str(int(self._limits.check_seconds) + 1),
            *([] if self._tasks_from is None else [str(self._tasks_from.absolute())]),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # what tasks of the user's own print; what goes wrong is in the reply
            limit=_LONGEST_REPLY,
            start_new_session=True,  # Ctrl-C in a terminal is the server's
        )

    async def _ask(
        self, process: asyncio.subprocess.Process, operation: str, given: Mapping[str, object]
    ) -> dict[str, Any]:
        assert process.stdin is not None
        assert process.stdout is not None
        number = next(self._numbers)
        request = json.dumps({"number": number, "operation": operation, "given": given}).encode() + b"\n"
        try:
            async with asyncio.timeout(self._limits.check_seconds):
                process.stdin.write(request)
                await process.stdin.drain()
                line = await process.stdout.readline()
        except (TimeoutError, ConnectionError, ValueError):  # ValueError: the reply is longer than _LONGEST_REPLY
            line = b""
        if not line.endswith(b"\n"):
            facts = {"operation": operation, "bytes": len(request)}
            LOG.warning("a child process was given too much", extra={"facts": facts})
            raise Declined(503, "this takes more time or memory than the server gives it")
        reply: dict[str, Any] = json.loads(line)
        if reply["number"] != number:
            raise Broken(f"a child process answered {reply['number']} when asked {number}")
        return reply


def _result(reply: Mapping[str, Any]) -> Any:
    """The result in a reply; what its process has raised is raised here."""
    if "problems" in reply:
        raise InvalidInput(_PROBLEMS.validate_python(reply["problems"]))
    if "refused" in reply:
        raise Refused(reply["refused"])
    if "error" in reply:
        error = Broken(reply["error"])
        error.add_note(reply["trace"])
        raise error
    return reply["result"]
