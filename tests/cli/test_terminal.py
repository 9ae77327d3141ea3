"""What a real terminal sees: colours, a live display, and a clean end on Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ENDLESS = """study: endless
space: {wiring: rnn, holes: {cell_input: [tanh, relu]}}
task: {name: parity, train_length: 3, test_length: 6}
model: {hidden_size: 4}
training: {learning_rate: 0.02, sequences: 100_000_000, checks: 2}
search: {sampler: random, trials: 2}
confirm: {best: 1}
"""


PATIENCE = 120.0
"""Seconds without any output after which a command is taken to hang."""


class Terminal:
    """A command in a pseudo-terminal of 80 columns and 24 lines; `seen` is all that it has printed."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int) -> None:
        self.process = process
        self.descriptor = descriptor
        self.seen = ""

    def read_until(self, text: str | None) -> str:
        """Read until `text` has been printed, or to the end."""
        while text is None or text not in self.seen:
            ready, _, _ = select.select([self.descriptor], [], [], PATIENCE)
            assert ready, f"nothing more comes after {self.seen!r}"
            try:
                piece = os.read(self.descriptor, 65536)
            except OSError:  # the other end is closed
                piece = b""
            if not piece:
                assert text is None, f"{text!r} is missing in {self.seen!r}"
                break
            self.seen += piece.decode(errors="replace")
        return self.seen

    def press(self, press: Callable[[], object]) -> None:
        """Press a key until the command ends: once is not enough where it is not waiting for keys yet."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, "it does not end, however often the key is pressed"
            press()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(0.5)


@contextlib.contextmanager
def terminal(*arguments: str, **variables: str) -> Iterator[Terminal]:
    """Run `archsearch` in a terminal; the process is killed when the block ends."""
    controller, worker = pty.openpty()
    ioctl(worker, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environment = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    environment |= {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color"} | variables
    command = [sys.executable, "-m", "archsearch", *arguments]
    with subprocess.Popen(command, stdin=worker, stdout=worker, stderr=worker, env=environment) as process:
        os.close(worker)
        try:
            yield Terminal(process, controller)
        finally:
            process.kill()
            os.close(controller)


def test_a_terminal_gets_colours_and_its_own_width(stored: str) -> None:
    with terminal("board", stored) as opened:
        seen = opened.read_until(None)
        assert opened.process.wait() == 0
    assert "\x1b[36m" in seen
    assert "─" * 80 in seen


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_refused(stored: str, variables: dict[str, str]) -> None:
    with terminal("board", stored, **variables) as opened:
        seen = opened.read_until(None)
    assert "\x1b[36m" not in seen
    assert "(baseline)" in seen


def test_control_c_stops_a_live_run_and_leaves_the_terminal_as_it_was(folder: Path) -> None:
    Path("endless.yaml").write_text(ENDLESS)
    with terminal("run", "endless.yaml", "--workers", "1") as opened:
        opened.read_until("1 running")
        os.kill(opened.process.pid, signal.SIGINT)
        seen = opened.read_until(None)
        assert opened.process.wait() == 130
    assert "continue with: archsearch run endless.yaml" in seen
    assert "Traceback" not in seen
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")  # the cursor is visible again
