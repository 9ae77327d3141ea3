"""Reading from the store without holding up the server: in a few threads, with one cache of boards.

However many clients look at a study, and however often it changes, each of its boards is read about twice a second at
most. While a stream of events follows the study, each is read once for each event: a client that was told of a change
sees it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import time
from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from archsearch.errors import InvalidInput, Refused
from archsearch.schema.phases import Phase
from archsearch.server.problems import Declined
from archsearch.server.threads import Threads
from archsearch.store import POSSIBLE_DAMAGE, StudyRow

if TYPE_CHECKING:
    from archsearch.findings.boards import Standing
    from archsearch.store.store import Store

_Result = TypeVar("_Result")
_Query = Callable[["Store"], _Result]

READING_THREADS = 8
EXPLAINING_THREADS = 2
"""To explain a large cell takes seconds of Python; two threads leave enough of the interpreter to other requests."""
MOST_BOARDS = 16
MOST_ANSWERS = 8  # of each board
MOST_NOTICES = 1000  # studies
FOLLOWED_FACTOR = 4
"""A board of a followed study is shown this many times as long: an event invalidates it."""
PAUSE_FACTOR = 2
"""After a board has been read it is shown for at least this many times as long as reading it took."""


class Reader:
    """The store behind a server. Each query runs in one of a few threads."""

    def __init__(self, store: Store, tasks_from: Path | None = None, staleness: float = 0.0) -> None:
        self.tasks_from = tasks_from
        self._store = store
        self._reading = Threads(READING_THREADS)
        self._slow = Threads(1)
        self._drawing = Threads(1)  # of its own: a request that waits for a board delays no other
        self._explaining = Threads(EXPLAINING_THREADS)
        self._boards = Boards(tasks_from, staleness)
        self.followed = self._boards.followed
        self.notice = self._boards.notice
        self.known_answer = self._boards.known_answer

    async def read(self, query: _Query[_Result]) -> _Result:
        """Run `query` against the store."""
        return await self._reading.run(_run, query, self._store)

    async def read_slowly(self, query: _Query[_Result]) -> _Result:
        """As `read`, for a query that takes seconds: one at a time."""
        return await self._slow.run(_run, query, self._store)

    async def explain(self, query: _Query[_Result]) -> _Result:
        """As `read`, for a query that explains cells: a few at a time, and other queries do not wait for them."""
        return await self._explaining.run(_run, query, self._store)

    async def of_study(self, name: str, query: Callable[[Store, StudyRow], _Result]) -> _Result:
        """Run `query` for the study called exactly `name`; `Declined` (404) when there is none."""
        return await self.read(lambda store: query(store, study_row(store, name)))

    async def standing(self, name: str, phase: Phase | None) -> Standing:
        """The board of a study's phase and the verdict, as they were at most `staleness` seconds ago."""
        if (fresh := self._boards.fresh(name, phase)) is not None:
            return fresh.standing
        board: _Board = await self._drawing.run(_run, lambda store: self._boards.read(store, name, phase), self._store)
        return board.standing

    async def answer(
        self, target: Hashable, name: str, phase: Phase | None, make: Callable[[Standing], _Result]
    ) -> _Result:
        """Make an answer of a board by `make`, once for all requests of the address `target`.

        It runs in the thread that reads boards: to sort ten thousand rows takes as long as to read them.
        """
        return await self._drawing.run(
            _run, lambda store: self._boards.answer(store, name, phase, target, make), self._store
        )


@dataclasses.dataclass(frozen=True)
class _Board:
    """A board, the study's stamp when it was read, when that was, and until when it is shown without a query.

    answers: what was made of it, by the address that asks for it.
    """

    stamp: object
    standing: Standing
    read_at: float
    until: float
    answers: dict[Hashable, Any]


class Boards:
    """The cache of boards and of the answers made of them. One thread reads, while the event loop asks what is known.

    A board is shown without a query for `staleness` seconds, four times as long for a study that is followed, or for
    twice as long as it took to read where that is longer, unless a change is noticed. After that the study's stamp is
    queried, and the board read anew if it has changed. A board that is replaced takes its answers with it.
    """

    def __init__(
        self,
        tasks_from: Path | None = None,
        staleness: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._tasks_from = tasks_from
        self._staleness = staleness
        self._clock = clock
        self._boards: dict[tuple[str, Phase | None], _Board] = {}
        self._noticed: dict[str, float] = {}
        self._followed: Counter[str] = Counter()

    @contextlib.contextmanager
    def followed(self, name: str) -> Iterator[None]:
        """Inside, changes of the study are noticed."""
        self._followed[name] += 1
        try:
            yield
        finally:
            self._followed[name] -= 1
            if not self._followed[name]:
                del self._followed[name]

    def notice(self, name: str) -> None:
        """Invalidate the boards of a study that has changed, also one that is being read."""
        self._noticed.pop(name, None)
        _put(self._noticed, name, self._clock(), MOST_NOTICES)

    def fresh(self, name: str, phase: Phase | None) -> _Board | None:
        """The board, if it need not be queried again."""
        board = self._boards.get((name, phase))
        if board is None or self._clock() >= board.until or board.read_at <= self._noticed.get(name, -math.inf):
            return None
        return board

    def known_answer(self, target: Hashable) -> Any:
        """The answer for an address, if it has been made of a board that is fresh; else None."""
        for (name, phase), board in tuple(self._boards.items()):
            if target in board.answers and self.fresh(name, phase) is board:
                return board.answers.get(target)
        return None

    def answer(
        self, store: Store, name: str, phase: Phase | None, target: Hashable, make: Callable[[Standing], _Result]
    ) -> _Result:
        """The answer that `make` makes of the board, made once for this address."""
        board = self.read(store, name, phase)
        if target not in board.answers:
            _put(board.answers, target, make(board.standing), MOST_ANSWERS)
        answer: _Result = board.answers[target]
        return answer

    def read(self, store: Store, name: str, phase: Phase | None) -> _Board:
        """The board; `read_standing` only where the study has changed."""
        from archsearch.findings.boards import read_standing

        board = self.fresh(name, phase)
        if board is not None:
            return board
        read_at = self._clock()
        row = study_row(store, name)
        stamp = (row.id, *store.stamp(row.id))
        last = self._boards.pop((name, phase), None)
        if last is not None and last.stamp == stamp:
            standing, answers = last.standing, last.answers
        else:
            with as_stored():
                standing, answers = read_standing(store, row, phase, self._tasks_from), {}
        board = _Board(stamp, standing, read_at, self._until(name, read_at), answers)
        _put(self._boards, (name, phase), board, MOST_BOARDS)
        return board

    def _until(self, name: str, read_at: float) -> float:
        now = self._clock()
        least = self._staleness * (FOLLOWED_FACTOR if self._followed[name] else 1)
        return now + max(least, PAUSE_FACTOR * (now - read_at)) if least else -math.inf


def _put(cache: dict[Any, Any], key: Hashable, value: object, most: int) -> None:
    """Add an entry that is not there; of more than `most` the oldest goes."""
    cache[key] = value
    if len(cache) > most:
        del cache[next(iter(cache))]


def _run(query: _Query[_Result], store: Store) -> _Result:
    """Run a query; raise `Damaged` in place of an error that has come of damage."""
    try:
        return query(store)
    except POSSIBLE_DAMAGE:
        store.examine()
        raise


@contextlib.contextmanager
def as_stored() -> Iterator[None]:
    """A mistake in a stored study is not the request's: raise `Refused` in place of `InvalidInput`."""
    try:
        yield
    except InvalidInput as error:
        reason = error.problems[0].what
        raise Refused(f"this server cannot read the stored study: {reason}") from error


def study_row(store: Store, name: str) -> StudyRow:
    """The study called exactly `name`. `Declined` (404) when there is none: a name is never taken for a file."""
    try:
        row = store.find_study(name)
    except InvalidInput:  # a text that no database can hold
        row = None
    if row is None:
        raise Declined(404, "no study has this name")
    return row
