"""A fork server: a process that imports what jobs of one kind need, once, and forks a process for each of them.

Not multiprocessing's, which runs the caller's main module again in every child. Here a script needs no guard, and a
child is killed by its parent, before another process can get its id.
"""

from __future__ import annotations

import contextlib
import errno
import gc
import os
import pickle
import select
import signal
import socket

from archsearch.study.executors import Evaluate, Prepare, _child
from archsearch.study.executors._guard import adopt_orphans, fork_below_guard, kill_orphans

READY, BROKEN, ENDED = b"ready", b"broken", b"ended"
FORK, KILL = b"fork", b"kill"
UNSTARTED = b"unstarted"
"""In place of an exit status: there was no room for another process or its files."""

LARGEST = 1 << 16
"""Bytes of a message to or from the server."""

_FILES = 3  # that come with FORK: the child's socket, its output, its job


def serve(descriptor: int) -> None:
    """Serve the coordinator at the other end of a socket until it closes its end; then every child is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    guard = fork_below_guard(descriptor)
    adopt_orphans()
    control = socket.socket(fileno=descriptor)
    evaluate = _prepare(control)
    if evaluate is None:
        return
    server = _Server(control, guard, evaluate)
    server.say(READY)
    try:
        while server.serve_once():
            pass
    finally:
        server.kill_all()


def _prepare(control: socket.socket) -> Evaluate | None:
    """Call what the first message names; what goes wrong is said to the coordinator."""
    try:
        functions: tuple[Prepare, Evaluate] = pickle.loads(control.recv(LARGEST))  # noqa: S301  # our parent's
        prepare, evaluate = functions
        prepare()
    except Exception as error:  # noqa: BLE001  # whatever an import can raise
        control.send(b" ".join([BROKEN, f"{type(error).__name__}: {error}".encode()[:1000]]))
        return None
    gc.collect()
    gc.freeze()  # children share these pages as long as the collector leaves them alone
    return evaluate


class _Server:
    def __init__(self, control: socket.socket, guard: int, evaluate: Evaluate) -> None:
        self.control = control
        self.guard = guard
        self.evaluate = evaluate
        self.process = os.getpid()
        self.jobs: dict[int, tuple[bytes, int]] = {}  # number and process, by the descriptor that tells of the end
        self.poll = select.poll()
        self.poll.register(control, select.POLLIN)
        self.poll.register(guard, 0)  # it says nothing: of its end, poll tells unasked

    def serve_once(self) -> bool:
        """Wait for a message or the end of a child; False at the end of the coordinator, or of the guard."""
        for descriptor, _ in self.poll.poll():
            if descriptor == self.guard:
                return False
            if descriptor != self.control.fileno():
                self._reap(descriptor)
            elif not self._obey():
                return False
        return True

    def say(self, *words: bytes) -> None:
        """Tell the coordinator; when it is gone, that is noticed at the next message."""
        with contextlib.suppress(OSError):
            self.control.send(b" ".join(words))

    def kill_all(self) -> None:
        """Kill every job with all that it has started."""
        for _, process in self.jobs.values():
            _kill(process)
        kill_orphans(())

    def _obey(self) -> bool:
        try:
            message, files, _, _ = socket.recv_fds(self.control, LARGEST, _FILES)
        except ConnectionError:
            message = b""
        if not message:
            return False
        verb, number = message.split()
        if verb == FORK:
            self._fork(number, files)
        for job, process in self.jobs.values():
            if verb == KILL and job == number:
                _kill(process)
        return True

    def _fork(self, number: bytes, files: list[int]) -> None:
        try:
            if len(files) < _FILES:
                raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
            process = os.fork()
            if process == 0:
                _child.run(self.evaluate, files, self.process)
        except OSError:
            self.say(ENDED, number, UNSTARTED)
            return
        finally:
            for descriptor in files:
                os.close(descriptor)
        descriptor = os.pidfd_open(process)
        self.jobs[descriptor] = number, process
        self.poll.register(descriptor, select.POLLIN)

    def _reap(self, descriptor: int) -> None:
        """A job has ended: end what it has left running, let go of its process id, say so."""
        number, process = self.jobs.pop(descriptor)
        self.poll.unregister(descriptor)
        os.close(descriptor)
        _kill_group(process)
        _, status = os.waitpid(process, 0)
        kill_orphans({process for _, process in self.jobs.values()})
        self.say(ENDED, number, str(os.waitstatus_to_exitcode(status)).encode())


def _kill(process: int) -> None:
    """Kill a child that has not been waited for, and its group where it has made one already."""
    os.kill(process, signal.SIGKILL)
    _kill_group(process)


def _kill_group(process: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)
