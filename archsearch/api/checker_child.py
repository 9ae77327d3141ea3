"""The process in which texts are validated: JSON lines in, JSON lines out. It opens no file that a text names."""

from __future__ import annotations

import json
import resource
import signal
import sys
from typing import Any

from archsearch.errors import problem_values
from archsearch.registry import closed_files
from archsearch.study.checking import check_text


def main(memory: int, seconds: int) -> None:
    """Answer until the input ends; the kernel ends what takes too long, also where the server is gone."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    with closed_files():
        for line in sys.stdin:
            signal.alarm(seconds)
            reply = json.dumps(report(json.loads(line)))
            signal.alarm(0)
            sys.stdout.write(f"{reply}\n")
            sys.stdout.flush()


def report(text: str) -> dict[str, Any]:
    """What is known of a text, as plain values."""
    found = check_text(text)
    return {
        "kind": found.kind,
        "name": found.name,
        "valid": not found.problems,
        "proved": found.proved,
        "problems": [problem_values(each) for each in found.problems],
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
