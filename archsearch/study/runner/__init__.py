"""Run the queue: one coordinator process per study, within a limit of cores.

A coordinator is a process of its own, holds the lock of its study and needs no server. After any crash, the database
and the living processes tell what is left, and `Supervisor.look` does the rest: it starts queued studies, restarts dead
coordinators and stops cancelled ones. It works without what it keeps in memory.
"""

from archsearch.study.runner.runner import Runner

__all__ = ["Runner"]
