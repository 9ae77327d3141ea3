"""Ownership of a study: the writes of its coordinator, each checked and counted by a fence.

An owner writes a new fencing number into the study's row. Each of its write transactions first counts itself there,
under the number and the count that the owner remembers; reads compare both. So writes of a former owner are refused, a
database that was set back to an older copy is noticed, and a commit whose answer was lost is told from one that never
arrived. The lock only tells whether the former owner lives: losing it costs no result.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.pool import QueuePool

from archsearch.errors import Refused, quoted
from archsearch.schema.phases import Phase
from archsearch.store import (
    CoordinatorState,
    HeldElsewhere,
    NewEntry,
    NoAnswer,
    Run,
    SetBack,
    TakenOver,
    entries,
    jobs,
    optuna_copy,
    recording,
    studies,
    trials,
)
from archsearch.store.address import Address, parse_address
from archsearch.store.creation import make_ready
from archsearch.store.engine import explained, forget_pages, open_engine, postgresql_engine, reading, writing
from archsearch.store.lock import find_holder, lock_number, study_lock, try_lock, utc_now
from archsearch.store.patience import Patience
from archsearch.store.store import Clock, Database
from archsearch.store.tables import studies as table

_HAS_LOCK = "archsearch_has_lock"
_PLACE = select(table.c.fence, table.c.writes).where(table.c.id == bindparam("study"))
_COUNT = (
    table.update()
    .where(table.c.id == bindparam("study"), table.c.fence == bindparam("my_fence"))
    .where(table.c.writes == bindparam("my_writes"))
    .values(writes=table.c.writes + 1)
)
_Result = TypeVar("_Result")
_P = ParamSpec("_P")


@contextlib.contextmanager
def own_study(
    url: str,
    name: str,
    definition: str,
    *,
    check: Callable[[str], None] = lambda _: None,
    patience: Patience | None = None,
    clock: Clock = utc_now,
) -> Iterator[Owned]:
    """Own a study until the block ends; study, database and tables are made or migrated as needed.

    `check` gets the definition of an earlier call and raises where it forbids this one. `HeldElsewhere` while another
    process runs the study. `patience` repeats what fails once the database has answered.
    """
    address, patience = parse_address(url), patience or Patience()
    with contextlib.ExitStack() as stack:
        if address.file is not None:
            stack.enter_context(study_lock(url, name))
            engine = open_engine(address, lasting=True)  # a process that is started by exec leaves it alone
            forget_pages(engine)
        else:  # its only connection holds the lock
            engine = postgresql_engine(address, poolclass=QueuePool, pool_size=1, max_overflow=0)
        owned = stack.enter_context(Owned(engine, address, name, patience, clock))
        owned.hold()
        patience(lambda: make_ready(address, upgrade=True))
        owned.begin(definition, check)
        yield owned


def _own(
    function: Callable[Concatenate[Connection, str, int, _P], _Result],
) -> Callable[Concatenate[Owned, _P], _Result]:
    """Make a method of `function`: a write of the owner, at the present time and to its study."""

    @functools.wraps(function)
    def method(owned: Owned, /, *given: _P.args, **named: _P.kwargs) -> _Result:
        return owned._write(lambda c: function(c, owned._clock(), owned.study_id, *given, **named))

    return method


def _record(
    function: Callable[Concatenate[Connection, str, Run, _P], _Result],
) -> Callable[Concatenate[Owned, Run, _P], _Result]:
    """Make a method of `function`: a write of the owner, at the present time, about a run of its study."""

    @functools.wraps(function)
    def method(owned: Owned, run: Run, /, *given: _P.args, **named: _P.kwargs) -> _Result:
        if run.study_id != owned.study_id:
            raise ValueError(f"a run of study {run.study_id} is not for the owner of study {owned.study_id}")
        return owned._write(lambda c: function(c, owned._clock(), run, *given, **named))

    return method


class Owned(Database):
    """What the coordinator of one study reads and writes. Each method is one transaction, repeated with `Patience`."""

    study_id: int

    def __init__(self, engine: Engine, address: Address, name: str, patience: Patience, clock: Clock) -> None:
        """Use `own_study`."""
        super().__init__(engine, address, read_only=False, clock=clock)
        self._name = name
        self._patience = patience
        self._fence: int | None = None
        self._writes = 0

    # --- ownership

    def hold(self) -> None:
        """Take the study's lock on a new connection to PostgreSQL, which keeps it until the connection ends."""
        if self._address.file is not None:
            return
        with explained(self._address), self._engine.connect() as connection:
            if _HAS_LOCK not in connection.info:
                if not try_lock(connection, lock_number(self._name)):
                    self._say_who_holds_it(connection)
                connection.info[_HAS_LOCK] = True

    def _say_who_holds_it(self, connection: Connection) -> None:
        holder = f"study {quoted(self._name)} is being run by {find_holder(connection, lock_number(self._name))}"
        if self._fence is None:
            raise HeldElsewhere(holder)
        if self._place(connection) not in ((self._fence, self._writes), (self._fence, self._writes + 1)):
            raise self._lost(connection)
        raise NoAnswer(holder)  # a reader, or our former connection, whose end PostgreSQL has not noticed yet

    def begin(self, definition: str, check: Callable[[str], None]) -> None:
        """Become the owner."""

        def take(connection: Connection) -> tuple[int, int]:
            row = studies.find_study(connection, self._name)
            if row is None:
                row = studies.create_study(connection, self._name, definition, self._clock())
            elif row.definition != definition:
                check(row.definition)
                studies.set_definition(connection, row.id, definition)
            jobs.begin_study(connection, row.id)
            return row.id, studies.set_fence(connection, row.id)

        self.study_id, self._fence = self._patiently(writing, take)  # repeating it only takes a higher number

    def _read(self, query: Callable[[Connection], _Result]) -> _Result:
        def attempt(connection: Connection) -> _Result:
            if self._place(connection) != (self._fence, self._writes):
                raise self._lost(connection)
            return query(connection)

        return self._patiently(reading, attempt)

    def _write(self, change: Callable[[Connection], _Result]) -> _Result:
        done: list[_Result] = []

        def attempt(connection: Connection) -> None:
            if done and self._place(connection) == (self._fence, self._writes + 1):
                return  # the earlier commit succeeded, only its answer was lost
            self._count(connection)
            done[:] = [change(connection)]

        self._patiently(writing, attempt)
        self._writes += 1
        return done[0]

    def _patiently(
        self,
        transaction: Callable[[Engine, Address], contextlib.AbstractContextManager[Connection]],
        action: Callable[[Connection], _Result],
    ) -> _Result:
        def attempt() -> _Result:
            self.hold()
            with transaction(self._engine, self._address) as connection:
                return action(connection)

        return self._patience(attempt)

    def _place(self, connection: Connection) -> tuple[int, int] | None:
        """The fence of the study, and the number of its owner's writes."""
        row = connection.execute(_PLACE, {"study": self.study_id}).first()
        return None if row is None else (row.fence, row.writes)

    def _count(self, connection: Connection) -> None:
        """Count this transaction; raise where an earlier one is missing, or a later owner has written."""
        mine = {"study": self.study_id, "my_fence": self._fence, "my_writes": self._writes}
        if connection.execute(_COUNT, mine).rowcount != 1:
            raise self._lost(connection)

    def _lost(self, connection: Connection) -> Refused:
        place = self._place(connection)
        if place is not None and self._fence is not None and place[0] > self._fence:
            return TakenOver(f"another process has taken over study {quoted(self._name)}: this one ends")
        what = f"the database {self._address} lacks what study {quoted(self._name)} has recorded"
        why = "it was set back to an older copy, or the study was deleted"
        return SetBack(f"{what}: {why}. Nothing more is written; run the study again to go on from what is there")

    # --- the study

    def set_state(self, state: CoordinatorState) -> None:
        """Set the study's state."""
        self._write(lambda c: studies.set_state(c, self.study_id, state))

    def end(self, state: CoordinatorState) -> None:
        """Record the state in which the study ends, and delete its job, unless it has been queued anew."""
        self._write(lambda c: jobs.end_study(c, self.study_id, state))

    # --- entries

    def add_entries(self, phase: Phase, new: Iterable[NewEntry]) -> None:
        """Let specs take part in a phase, all or none; a second time only replaces the rank, if one is given."""
        listed = tuple(new)
        self._write(lambda c: entries.add_entries(c, self.study_id, phase, listed))

    # --- trials

    record_proposal = _own(trials.record_proposal)
    record_repeat = _own(trials.record_repeat)
    record_refusal = _own(trials.record_refusal)
    finish_trial = _own(trials.finish_trial)

    # --- evaluations

    record_completion = _record(recording.record_completion)
    record_pruned = _record(recording.record_pruned)
    link_existing = _record(recording.link_existing)
    record_attempt = _record(recording.record_attempt)
    record_failure = _record(recording.record_failure)

    def reopen_machine_failures(self) -> None:
        """Take back what `machine_failures` counts: the evaluations are open again, and their trials run.

        Optuna's copy of the study is deleted: it cannot open a trial again.
        """

        def reopen(connection: Connection) -> None:
            recording.reopen_machine_failures(connection, self.study_id)
            optuna_copy.delete_copy(connection, self._name)

        self._write(reopen)

    # --- Optuna's tables

    def add_copies(self, trials: Sequence[optuna_copy.TrialCopy]) -> None:
        """Add trials to Optuna's tables, unless they are there."""
        self._write(lambda c: optuna_copy.add_copies(c, self._name, trials))
