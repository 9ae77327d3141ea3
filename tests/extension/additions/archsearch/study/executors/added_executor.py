"""Added by a test: the local executor under another name."""

from __future__ import annotations

from archsearch.study.executors.local import LocalExecutor


class AddedExecutor(LocalExecutor):
    """Runs jobs on this machine."""


EXECUTOR = AddedExecutor
