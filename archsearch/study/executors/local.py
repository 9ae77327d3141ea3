"""Evaluations on this machine: one process each, from a fork server that has loaded what it needs.

There is a fork server for each kind of job, started at the first one, so that a kind that needs no torch has none. A
child is limited in memory and time, sees no terminal and no database, and can be ended at any moment with all that it
has started, in whatever session. It ends when the coordinator does, however that ends.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import pickle
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from archsearch.errors import Refused, printable
from archsearch.study.environment import environment
from archsearch.study.executors import Event, Failed, Finished, Job, Work
from archsearch.study.executors._running import OWN_FAULT, Running
from archsearch.study.executors._server import ENDED, FORK, KILL, LARGEST, READY, UNSTARTED
from archsearch.study.work import TRAINING

_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[3]);"
    " from archsearch.study.executors._server import serve; serve(int(sys.argv[2]))"
)
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
_END_LIMIT = 10.0  # seconds for the fork server to end by itself
_LONGEST_LOOK = 5.0  # seconds from one look at the jobs to the next, beyond what was to be waited for


class LocalExecutor:
    """See the module. `work` is the code to run."""

    def __init__(self, slots: int, work: Work = TRAINING) -> None:
        self.slots = slots
        self._work = work
        self._selector = selectors.DefaultSelector()
        self._jobs: dict[int, Running] = {}
        self._events: list[Event] = []
        self._servers: dict[str, _ForkServer] = {}  # by the kind of their jobs
        self._looked = time.monotonic()
        if work.first is not None:
            self._start_server(work.first)

    @property
    def environment(self) -> Mapping[str, object]:
        """This machine's."""
        return environment()

    @property
    def version(self) -> int:
        """The version of the code that it runs."""
        return self._work.version()

    def submit(self, job: Job) -> None:
        """Have a child forked for the job."""
        kind = self._work.kind(job)
        server = self._servers.get(kind) or self._start_server(kind)
        running = Running(job)
        if not self._jobs:
            self._looked = time.monotonic()
        self._jobs[job.number] = running
        for stream in (running.stream, running.output):
            self._selector.register(stream, selectors.EVENT_READ, running)
        server.say(FORK, job.number, running.files_for_child())
        running.close_files_for_child()

    def wait(self, timeout: float) -> Sequence[Event]:
        """What has happened within `timeout` seconds."""
        due = min((running.deadline for running in self._jobs.values()), default=math.inf)
        patience = 0 if self._events else max(0.0, min(timeout, due - time.monotonic()))
        ready = self._selector.select(patience)
        self._put_off_deadlines(patience)
        for key, _ in ready:
            if isinstance(key.data, _ForkServer):
                self._hear(key.data)
            else:
                self._look_at(key.data)
        self._end_overdue()
        events, self._events = self._events, []
        return events

    def stop(self, number: int) -> float:
        """Kill a job."""
        running = self._jobs[number]
        self._kill(running)
        self._forget(running)
        self._events = [event for event in self._events if event.job != number]
        return running.seconds

    def close(self) -> None:
        """Kill all jobs and end the fork servers."""
        for running in list(self._jobs.values()):
            self._forget(running)
        self._events = []
        servers = list(self._servers.values())
        for server in servers:
            self._leave(server)
            if server.unused:
                server.kill()
        for server in servers:
            server.end()
        self._selector.close()

    # --- the fork servers

    def _start_server(self, kind: str) -> _ForkServer:
        server = _ForkServer(kind, self._work)
        self._servers[kind] = server
        self._selector.register(server.control, selectors.EVENT_READ, server)
        return server

    def _hear(self, server: _ForkServer) -> None:
        """Read one message of a fork server."""
        verb, _, rest = server.hear().partition(b" ")
        if verb == ENDED:
            number, _, status = rest.partition(b" ")
            running = self._jobs.get(int(number))
            if running is not None:
                self._look_at(running)
                room = status != UNSTARTED
                self._finish(running, running.ended(int(status)) if room else running.lost("no room for a process"))
        elif verb != READY:
            self._lose_server(server, rest.decode(errors="replace"))

    def _lose_server(self, server: _ForkServer, reason: str) -> None:
        """A fork server has ended, and its children with it; results that they have written count."""
        self._leave(server)
        end = server.end()
        if not server.ready and (reason or not server.killed):
            raise Refused(f"evaluations cannot start: {printable(reason or end, 500)}")
        for running in list(self._jobs.values()):
            if self._work.kind(running.job) == server.kind:
                self._look_at(running)
                self._finish(running, running.lost(f"the fork server ended: {end}"))

    def _leave(self, server: _ForkServer) -> None:
        """Expect nothing more of a fork server, which ends when it notices."""
        del self._servers[server.kind]
        self._selector.unregister(server.control)
        server.control.close()

    # --- jobs

    def _look_at(self, running: Running) -> None:
        """Take in what a job has sent and printed."""
        if running.job.number not in self._jobs:
            return
        self._events += running.take_in()
        for stream in running.dry:
            if stream in self._selector.get_map():
                self._selector.unregister(stream)
        if running.result is not None:
            self._kill(running)
            self._finish(running, running.result)

    def _put_off_deadlines(self, patience: float) -> None:
        """Time in which this process stood still counts for no job: they may have stood still with it."""
        before, self._looked = self._looked, time.monotonic()
        gap = self._looked - before - patience
        if gap > _LONGEST_LOOK:
            for running in self._jobs.values():
                running.deadline += gap

    def _end_overdue(self) -> None:
        now = time.monotonic()
        for running in [running for running in self._jobs.values() if running.deadline <= now]:
            self._look_at(running)  # it may have finished since the last look
            self._kill(running)
            self._finish(running, running.overdue())

    def _kill(self, running: Running) -> None:
        server = self._servers.get(self._work.kind(running.job))
        if server is not None:
            server.say(KILL, running.job.number)

    def _finish(self, running: Running, event: Finished | Failed) -> None:
        if running.job.number in self._jobs:
            self._forget(running)
            self._events.append(event)

    def _forget(self, running: Running) -> None:
        del self._jobs[running.job.number]
        for stream in (running.stream, running.output):
            if stream in self._selector.get_map():
                self._selector.unregister(stream)
        running.close()


class _ForkServer:
    """A fork server's process and the socket to it; its command line names its kind."""

    def __init__(self, kind: str, work: Work) -> None:
        self.kind = kind
        self.ready = False
        self.unused = True
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        path = json.dumps([entry or str(Path.cwd()) for entry in sys.path])
        self._said = os.fdopen(os.memfd_create("said"), "w+b")  # not in a folder that may be full; closed by `end`
        with contextlib.closing(theirs):
            self._process = subprocess.Popen(
                [sys.executable, "-c", _BOOT, kind, str(theirs.fileno()), path],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._said,
                env={**os.environ, **dict.fromkeys(_ONE_THREAD, "1")},
                start_new_session=True,
            )
        self.control.send(pickle.dumps((work.prepare[kind], work.evaluate)))

    @property
    def killed(self) -> bool:
        """Whether it was ended by a signal that came from outside; known once it has ended."""
        status = self._process.returncode
        return status is not None and status < 0 and -status not in OWN_FAULT

    def say(self, verb: bytes, number: int, files: Sequence[int] = ()) -> None:
        """Send a message; that the server is dead is noticed where it is heard."""
        self.unused = False
        with contextlib.suppress(OSError):
            socket.send_fds(self.control, [verb + b" " + str(number).encode()], files)

    def hear(self) -> bytes:
        """A message, empty when the server has ended."""
        try:
            message = self.control.recv(LARGEST)
        except ConnectionError:  # it has ended without reading everything; what it has said comes after this error
            message = self.control.recv(LARGEST)
        self.ready = self.ready or message == READY
        return message

    def kill(self) -> None:
        """Kill the server and its guard at once: it has no children, or does not answer."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def end(self) -> str:
        """Wait for the end of the server, which kills its children; its last words or its exit status.

        The control must have been closed.
        """
        try:
            status = self._process.wait(timeout=_END_LIMIT)
        except subprocess.TimeoutExpired:
            self.kill()
            status = self._process.wait()
        with self._said:
            self._said.seek(0)
            lines = self._said.read()[-2000:].decode(errors="replace").split("\n")
        return next((line for line in reversed(lines) if line.strip()), f"exit status {status}")


EXECUTOR = LocalExecutor
