"""Reading from the store without holding up the server: in a few threads, boards kept until something changes.

However many people look at a study, and however often it changes: its board is drawn up at most twice a second.
"""

from __future__ import annotations

import contextlib
import dataclasses
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio import to_thread
from starlette.requests import Request

from archsearch.api.problems import Declined
from archsearch.errors import InvalidInput, Refused
from archsearch.schema.score import Phase

if TYPE_CHECKING:
    from archsearch.store import Store, StudyRow
    from archsearch.study.standing import Standing

_Found = TypeVar("_Found")

THREADS = 8
_KEPT = 16  # boards
_PAGES = 64  # of boards, as they are sent


class Reader:
    """The store behind a server. Each look into it happens in a thread, of which there are few."""

    def __init__(self, store: Store, tasks_from: Path | None = None, staleness: float = 0.0) -> None:
        self.tasks_from = tasks_from
        self.pages = Pages()
        self._store = store
        self._threads = anyio.CapacityLimiter(THREADS)
        self._slow = anyio.CapacityLimiter(1)
        self._drawing = anyio.CapacityLimiter(1)  # who waits for a board keeps nobody else waiting
        self._boards = Boards(tasks_from, staleness)

    async def read(self, look: Callable[[Store], _Found]) -> _Found:
        """What `look` finds in the store."""
        return await to_thread.run_sync(look, self._store, abandon_on_cancel=True, limiter=self._threads)

    async def read_slowly(self, look: Callable[[Store], _Found]) -> _Found:
        """As `read`, for what takes seconds: one at a time."""
        return await to_thread.run_sync(look, self._store, abandon_on_cancel=True, limiter=self._slow)

    async def of_study(self, name: str, look: Callable[[Store, StudyRow], _Found]) -> _Found:
        """What `look` finds of the study called exactly `name`; `Declined` (404) when there is none."""
        return await self.read(lambda store: look(store, study_row(store, name)))

    async def standing(self, name: str, phase: Phase | None) -> Standing:
        """The board of a study's phase and the verdict, as they were at most `staleness` seconds ago."""
        fresh = self._boards.fresh(name, phase)
        if fresh is not None:
            return fresh

        def look(store: Store) -> Standing:
            return self._boards.standing(store, name, phase)

        return await to_thread.run_sync(look, self._store, abandon_on_cancel=True, limiter=self._drawing)


@dataclasses.dataclass(frozen=True)
class _Kept:
    """A board, what the study's stamp was, and when it was looked at."""

    stamp: object
    standing: Standing
    looked: float


class Boards:
    """Boards that were drawn up lately; no two threads draw one at the same time.

    A board is not looked at again for `staleness` seconds, and after that drawn up anew if the study has changed.
    """

    def __init__(self, tasks_from: Path | None = None, staleness: float = 0.0) -> None:
        self._tasks_from = tasks_from
        self._staleness = staleness
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, Phase | None], _Kept] = OrderedDict()

    def fresh(self, name: str, phase: Phase | None) -> Standing | None:
        """The board, if it was looked at just now."""
        kept = self._kept.get((name, phase))
        return kept.standing if kept is not None and time.monotonic() - kept.looked < self._staleness else None

    def standing(self, store: Store, name: str, phase: Phase | None) -> Standing:
        """As `read_standing`, drawn up again only when the study has changed."""
        from archsearch.study.standing import read_standing

        key = (name, phase)
        with self._lock:
            found = self.fresh(name, phase)
            if found is not None:
                return found
            row, looked = study_row(store, name), time.monotonic()
            stamp = (row.id, *store.stamp(row.id))
            kept = self._kept.pop(key, None)
            if kept is not None and kept.stamp == stamp:
                found = kept.standing
            else:
                with as_stored():
                    found = read_standing(store, row, phase, self._tasks_from)
            self._kept[key] = _Kept(stamp, found, looked)
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


class Pages:
    """Answers made from boards, each kept until its board is another one."""

    def __init__(self) -> None:
        self._kept: OrderedDict[object, tuple[Standing, bytes]] = OrderedDict()

    def get(self, key: object, standing: Standing, make: Callable[[], bytes]) -> bytes:
        """What `make` makes of this board, or has made of it."""
        kept = self._kept.pop(key, None)
        content = kept[1] if kept is not None and kept[0] is standing else make()
        self._kept[key] = (standing, content)
        if len(self._kept) > _PAGES:
            self._kept.popitem(last=False)
        return content


@contextlib.contextmanager
def as_stored() -> Iterator[None]:
    """What is wrong with a stored study is no fault of the request: `Refused` in place of `InvalidInput`."""
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


async def get_reader(request: Request) -> Reader:
    """The server's reader."""
    found: Reader = request.app.state.reader
    return found
