"""A database, a machine with made-up processes and a clock, and a server that looks after them."""

from __future__ import annotations

from archsearch.store import JobRow, TrialEnd
from archsearch.study.runner.processes import Coordinator
from archsearch.study.runner.supervisor import Supervisor
from tests.store.free_store import FreeStore
from tests.store.samples import KILLED, propose, run
from tests.study.runner.machine import Machine


class Hall:
    """A database, a machine, and a server that looks after both."""

    def __init__(self, store: FreeStore, cores: int) -> None:
        self.store = store
        self.cores = cores
        self.machine = Machine()
        self.now = 1000.0
        self.supervisor = self._supervisor()

    def _supervisor(self) -> Supervisor:
        return Supervisor(self.store, self.cores, self.machine, lambda: self.now)

    def restart(self, **left: Coordinator) -> None:
        """A new server, which knows nothing but what the database and the machine say; `left` are still there."""
        self.machine.left = left
        self.supervisor = self._supervisor()

    def queue(self, name: str, workers: int = 1) -> int:
        """Ask for a study, new or not."""
        row = self.store.find_study(name) or self.store.add_studies([(name, "{}")])[0]
        self.store.enqueue(row.id, workers)
        return row.id

    def look(self, after: float = 0.0) -> list[str]:
        """Let time pass, then look; the studies that were started."""
        self.now += after
        before = len(self.machine.started)
        self.supervisor.look()
        return [name for name, _ in self.machine.started[before:]]

    def die(self, name: str, status: int) -> None:
        self.machine.processes[name].status = status

    def finish(self, name: str) -> None:
        """What a coordinator does at the end of its study."""
        self.store.end_study(self.id(name), "finished")
        self.die(name, 0)

    def id(self, name: str) -> int:
        row = self.store.find_study(name)
        assert row is not None
        return row.id

    def job(self, name: str) -> JobRow:
        job = self.store.job(self.id(name))
        assert job is not None
        return job

    def state(self, name: str) -> str:
        row = self.store.find_study(name)
        assert row is not None
        return row.state

    def coordinator_state(self, name: str) -> str:
        """What the coordinator wrote, whatever the job says."""
        query = f"SELECT state FROM archsearch_studies WHERE id = {self.id(name)}"
        with self.store._engine.connect() as connection:
            return str(connection.exec_driver_sql(query).scalar_one())

    def wait(self, seconds: float) -> None:
        """Let time pass while a server stops."""
        self.now += seconds

    def progress(self, name: str, number: int) -> None:
        """One more evaluation of a study that is counted."""
        propose(self.store, self.id(name), number)
        self.store.record_failure(run(self.id(name), number), KILLED, trial=TrialEnd(number, "failed"))
