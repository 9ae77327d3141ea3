"""Reading from the store without holding up the server: in a few threads, boards kept until something changes.

However many people look at a study, and however often it changes: each of its boards is drawn up about twice a second
at most. While somebody follows the study, it is drawn up once for each event: whoever was told of a change sees it.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import threading
import time
import weakref
from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.requests import Request

from archsearch.errors import InvalidInput, Refused
from archsearch.schema.phases import Phase
from archsearch.server.problems import Declined
from archsearch.server.threads import Threads

if TYPE_CHECKING:
    from archsearch.findings.standing import Standing
    from archsearch.store import Store, StudyRow

_Found = TypeVar("_Found")
_Make = Callable[["Standing"], Any]
_Page = tuple[str, Phase | None, Hashable, _Make]

THREADS = 8
EXPLAINING = 2
"""Threads for what is said of cells. Of a large one that takes seconds of Python, in which others have less of it."""
_KEPT = 16  # boards
_PAGES = 64  # of boards, as they are sent
_NOTICES = 1000  # studies
_FOLLOWED = 4
"""Where the study is followed, its changes are noticed: its boards are kept for so many times as long."""
_PAUSE = 2
"""A board that takes long is drawn up less often: for so many times as long nothing is."""


class Reader:
    """The store behind a server. Each look into it happens in a thread, of which there are few."""

    def __init__(self, store: Store, tasks_from: Path | None = None, staleness: float = 0.0) -> None:
        self.tasks_from = tasks_from
        self._store = store
        self._reading = Threads(THREADS)
        self._slow = Threads(1)
        self._drawing = Threads(1)  # who waits for a board keeps nobody else waiting
        self._explaining = Threads(EXPLAINING)
        self._boards = Boards(tasks_from, staleness)
        self._pages = Pages()
        self._targets: OrderedDict[Hashable, _Page] = OrderedDict()

    async def read(self, look: Callable[[Store], _Found]) -> _Found:
        """What `look` finds in the store."""
        return await self._reading.run(_ask, look, self._store)

    async def read_slowly(self, look: Callable[[Store], _Found]) -> _Found:
        """As `read`, for what takes seconds: one at a time."""
        return await self._slow.run(_ask, look, self._store)

    async def explain(self, look: Callable[[Store], _Found]) -> _Found:
        """As `read`, for what is said of cells: a few at a time, and whoever reads anything else does not wait."""
        return await self._explaining.run(_ask, look, self._store)

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

        return await self._drawing.run(_ask, look, self._store)

    async def page(
        self, target: Hashable, name: str, phase: Phase | None, asked: Hashable, make: Callable[[Standing], _Found]
    ) -> _Found:
        """What `make` makes of a board for whoever has `asked` this at the address `target`, made once for all.

        In the thread that draws boards: to sort ten thousand rows takes as long as to draw one.
        """
        self._targets[target] = (name, phase, asked, make)
        if len(self._targets) > _PAGES:
            self._targets.popitem(last=False)
        key = (name, phase, asked)
        fresh = self._boards.fresh(name, phase)
        if fresh is not None and (kept := self._pages.find(key, fresh)) is not None:
            found: _Found = kept
            return found

        def look(store: Store) -> _Found:
            standing = self._boards.standing(store, name, phase)
            return self._pages.get(key, standing, make)

        return await self._drawing.run(_ask, look, self._store)

    async def again(self, target: Hashable) -> Any:
        """What `page` finds now for an address that it was asked for before; None where the route has to say more."""
        page = self._targets.get(target)
        if page is None:
            return None
        try:
            return await self.page(target, *page)
        except (Declined, InvalidInput, Refused):
            return None

    @contextlib.contextmanager
    def followed(self, name: str) -> Iterator[None]:
        """Somebody looks at the study all the time, and gives `notice` when it has changed."""
        with self._boards.followed(name):
            yield

    def notice(self, name: str) -> None:
        """A study has changed: whoever asks from now on sees it, even if its board was looked at just now."""
        self._boards.notice(name)


@dataclasses.dataclass(frozen=True)
class _Kept:
    """A board, what the study's stamp was, when that was looked at, and until when nobody looks again."""

    stamp: object
    standing: Standing
    looked: float
    until: float


class Boards:
    """Boards that were drawn up lately; no two threads draw one at the same time.

    For `staleness` seconds, four times as long for a study that is followed, or for twice as long as it took to draw a
    board where that is longer, it is not looked at again unless a change is noticed; after that it is drawn up anew if
    the study has changed.
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
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, Phase | None], _Kept] = OrderedDict()
        self._noticed: OrderedDict[str, float] = OrderedDict()
        self._followed: Counter[str] = Counter()

    @contextlib.contextmanager
    def followed(self, name: str) -> Iterator[None]:
        """While this lasts, changes of the study are noticed."""
        self._followed[name] += 1
        try:
            yield
        finally:
            self._followed[name] -= 1
            if not self._followed[name]:
                del self._followed[name]

    def notice(self, name: str) -> None:
        """A study has changed."""
        self._noticed.pop(name, None)
        self._noticed[name] = self._clock()
        if len(self._noticed) > _NOTICES:
            self._noticed.popitem(last=False)

    def fresh(self, name: str, phase: Phase | None) -> Standing | None:
        """The board, if it was looked at just now, and after what has been noticed."""
        kept = self._kept.get((name, phase))
        if kept is None or self._clock() >= kept.until or kept.looked <= self._noticed.get(name, -math.inf):
            return None
        return kept.standing

    def standing(self, store: Store, name: str, phase: Phase | None) -> Standing:
        """As `read_standing`, drawn up again only when the study has changed."""
        from archsearch.findings.standing import read_standing

        key = (name, phase)
        with self._lock:
            found = self.fresh(name, phase)
            if found is not None:
                return found
            looked = self._clock()
            row = study_row(store, name)
            stamp = (row.id, *store.stamp(row.id))
            kept = self._kept.pop(key, None)
            if kept is not None and kept.stamp == stamp:
                found = kept.standing
            else:
                with as_stored():
                    found = read_standing(store, row, phase, self._tasks_from)
            self._kept[key] = _Kept(stamp, found, looked, self._until(name, looked))
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found

    def _until(self, name: str, looked: float) -> float:
        now = self._clock()
        least = self._staleness * (_FOLLOWED if self._followed[name] else 1)
        return now + max(least, _PAUSE * (now - looked)) if least else -math.inf


class Pages:
    """What was made of boards, each kept until its board is another one; nothing is made twice at the same time.

    A board of ten thousand rows is large: that a page was made of it does not keep it.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[weakref.ref[Standing], Any]] = OrderedDict()

    def find(self, key: Hashable, standing: Standing) -> Any:
        """What was made of exactly this board, or None."""
        kept = self._kept.get(key)
        return kept[1] if kept is not None and kept[0]() is standing else None

    def get(self, key: Hashable, standing: Standing, make: Callable[[Standing], _Found]) -> _Found:
        """What `make` makes of this board, or has made of it."""
        with self._lock:
            found: _Found | None = self.find(key, standing)
            if found is None:
                found = make(standing)
            self._kept.pop(key, None)
            self._kept[key] = (weakref.ref(standing), found)
            if len(self._kept) > _PAGES:
                self._kept.popitem(last=False)
        return found


def _ask(look: Callable[[Store], _Found], store: Store) -> _Found:
    """What `look` finds; `Damaged` where it fails, and not all of the database can be read."""
    try:
        return look(store)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        store.examine()
        raise


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
