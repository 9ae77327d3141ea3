"""The process that runs one study for a server: it reads its task on standard input, then needs the server no more.

It records why a study cannot be run as the job's reason; a transient failure goes to the server's log instead.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import Any

from archsearch.errors import ArchsearchError, Interrupted, hide_passwords, printable, quoted
from archsearch.store import Damaged, HeldElsewhere, StudyRow, Unavailable
from archsearch.store.lock import may_pass
from archsearch.store.store import Store
from archsearch.study.runner.processes import HELD, UNAVAILABLE


def main(task: dict[str, Any]) -> int:
    """Run a study and return the exit status."""
    try:
        with Store.create(task["url"]) as store:
            return _in(store, task)
    except (Unavailable, OSError) as error:
        if not may_pass(error):
            raise
        sys.stderr.write(f"study {quoted(task['study'])} cannot be run for now: {printable(error, 600)}\n")
        return UNAVAILABLE  # the supervisor tries again


def _in(store: Store, task: dict[str, Any]) -> int:
    row = store.find_study(task["study"])
    if row is None:  # deleted a moment ago
        return 0
    try:
        _run(row, task)
    except Interrupted:
        return Interrupted.exit_status
    except HeldElsewhere:
        return HELD
    except Unavailable:
        raise
    except ArchsearchError as error:
        store.fail_job(row.id, hide_passwords(str(error)))
        return 1
    except Exception as error:  # of any kind: the study has to show why it stopped
        if may_pass(error):
            raise
        store.fail_job(row.id, _reason(store, error))
        sys.stderr.write(hide_passwords(traceback.format_exc()))  # last: the server that reads this pipe may be gone
        return 1
    return 0


def _reason(store: Store, error: Exception) -> str:
    try:
        store.examine()
    except Damaged as damage:
        return str(damage)
    return hide_passwords(f"a bug in archsearch: {type(error).__name__}: {error}")


def _run(row: StudyRow, task: dict[str, Any]) -> None:
    from archsearch.study.coordinator import run
    from archsearch.study.definition import read_definition

    tasks_from = None if task["tasks_from"] is None else Path(task["tasks_from"])
    run(read_definition(row.definition, tasks_from), task["url"], task["workers"])


if __name__ == "__main__":
    given = sys.stdin.read()
    sys.exit(main(json.loads(given)) if given else 0)  # no task: the server has died at this very moment
