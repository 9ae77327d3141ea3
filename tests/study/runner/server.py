"""A server with nothing but a runner: `python -m tests.study.runner.server URL CORES`.

It says "ready" once it runs the queue, and stops cleanly on a line on stdin or at its end.
"""

from __future__ import annotations

import sys

from archsearch.study.runner import Runner

if __name__ == "__main__":
    runner = Runner(sys.argv[1], int(sys.argv[2]))
    runner.start()
    print("ready", flush=True)
    sys.stdin.readline()
    runner.stop()
