"""A server as it is in life, for what is measured, pictured and tested."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from collections.abc import Iterator

import psutil


@contextlib.contextmanager
def serving(storage: str, *options: str) -> Iterator[tuple[str, psutil.Process]]:
    """`archsearch serve` in a process of its own, ended as by Ctrl-C: the link that it printed, and the process."""
    command = [sys.executable, "-m", "archsearch", "serve", "--port", "0", "--storage", storage, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            link = process.stdout.readline().strip()
            if not link.startswith("http://"):
                raise RuntimeError("the server did not start")
            yield link, psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
