"""Running what is queued: one coordinator process per study, within a limit of cores.

A coordinator needs no server: it is a process of its own, and holds the lock of its study. So whatever dies, what is
left can be told from the database and the processes that live, and `Supervisor.look` does what is missing: it starts
what waits, starts again what died, stops what shall stop. It keeps nothing in memory that it could not do without.
"""

from archsearch.study.runner.runner import Runner

__all__ = ["Runner"]
