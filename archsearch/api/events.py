"""Following studies: one task per study queries it now and then, and tells its streams of events what has changed."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import time
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from archsearch.api.reading import Reader, study_row
from archsearch.errors import Refused
from archsearch.findings.studies import Progress, progress_of
from archsearch.schema.states import AT_REST
from archsearch.server.logs import LOG
from archsearch.server.problems import Declined
from archsearch.server.settings import ServerLimits

if TYPE_CHECKING:
    from archsearch.store.store import Store

_VERSIONS = 4
"""The database's version is read this many times between two queries for progress."""
_PAUSE_FACTOR = 10
"""The pause after a query is at least this many times as long as the query took."""
_SPACING = 4
"""The pause after an event is this many times as long: its receivers ask for the board, which has to be read."""
HEARTBEAT = b": still here\n\n"


@dataclasses.dataclass
class _Watch:
    """A study that is followed: how many streams follow it, and its latest event; None ends them."""

    task: asyncio.Task[None] | None = None
    streams: int = 0
    event: bytes | None = b""
    changed: asyncio.Event = dataclasses.field(default_factory=asyncio.Event)

    def tell(self, event: bytes | None) -> None:
        """Give all streams an event, also those that have not sent the one before: these leave that one out."""
        self.event = event
        self.changed.set()
        self.changed = asyncio.Event()


class Streams:
    """All streams of events of a server, a bounded number of them."""

    def __init__(self, reader: Reader, limits: ServerLimits) -> None:
        self._reader = reader
        self._limits = limits
        self._watches: dict[str, _Watch] = {}
        self._open = 0
        self._stopped = False

    async def follow(self, name: str) -> EventStream:
        """A stream of the study's progress; `Declined` for an unknown study, or when too many streams are open."""
        await self._reader.of_study(name, lambda store, row: None)
        if self._stopped or self._open >= self._limits.streams:
            raise Declined(503, "too many streams of events are open", {"Retry-After": "10"})
        self._open += 1
        return EventStream(self, name)

    def closed(self) -> None:
        """Count a stream as closed."""
        self._open -= 1

    def stop(self) -> None:
        """End all streams."""
        self._stopped = True
        for watch in self._watches.values():
            watch.tell(None)

    async def events(self, name: str) -> AsyncIterator[bytes]:
        """The present state at once, every change, and a comment where nothing changes for long."""
        watch = self._join(name)
        sent: bytes | None = b""
        try:
            while not self._stopped and watch.event is not None:
                if watch.event is not sent:
                    sent = watch.event
                    yield sent
                    if sent.startswith(b"event: end"):
                        break
                    continue
                try:
                    async with asyncio.timeout(self._limits.heartbeat):
                        await watch.changed.wait()
                except TimeoutError:
                    yield HEARTBEAT
        finally:
            self._leave(name, watch)

    def _join(self, name: str) -> _Watch:
        watch = self._watches.get(name)
        if watch is None or watch.task is None or watch.task.done():
            watch = self._watches[name] = _Watch()
            watch.task = asyncio.create_task(self._watch(name, watch))
        watch.streams += 1
        return watch

    def _leave(self, name: str, watch: _Watch) -> None:
        watch.streams -= 1
        if not watch.streams and self._watches.get(name) is watch:
            del self._watches[name]
            if watch.task is not None:
                watch.task.cancel()

    async def _watch(self, name: str, watch: _Watch) -> None:
        try:
            with self._reader.followed(name):
                await self._tell_changes(name, watch)
        except Exception:  # noqa: BLE001 (no stream may wait for ever for a task that has ended)
            LOG.exception("a study is followed no more")
            watch.tell(None)

    async def _tell_changes(self, name: str, watch: _Watch) -> None:
        while True:
            began, told = time.monotonic(), False
            version: int | None = None
            try:
                version, progress = await self._reader.read(lambda store: (store.version(), _progress(store, name)))
            except Declined:  # it has been deleted
                watch.tell(None)
                return
            except Refused as error:  # the next query may find it again
                LOG.warning("no progress to be had", extra={"facts": {"reason": type(error).__name__}})
            else:
                event = _event(progress)
                told = event != watch.event
                if told:
                    self._reader.notice(name)
                    watch.tell(event)
                if progress.state in AT_REST:
                    return
            least = self._limits.poll * (_SPACING if told else 1)
            await self._pause(version, max(least, _PAUSE_FACTOR * (time.monotonic() - began)))

    async def _pause(self, version: int | None, least: float) -> None:
        """Wait for `least` seconds, and then until the database's version has changed, but not for long.

        Not every change of a study has a version: PostgreSQL has none.
        """
        await asyncio.sleep(least)
        for _ in range(_VERSIONS - 1):
            with contextlib.suppress(Refused):
                if version is not None and await self._reader.read(lambda store: store.version()) != version:
                    return
            await asyncio.sleep(self._limits.poll)


def _progress(store: Store, name: str) -> Progress:
    return progress_of(store, study_row(store, name))


def _event(progress: Progress) -> bytes:
    name = "end" if progress.state in AT_REST else "progress"
    return f"event: {name}\ndata: {json.dumps(dataclasses.asdict(progress))}\n\n".encode()


class EventStream(StreamingResponse):
    """One stream; it counts as open until its last byte is sent or its client is gone."""

    media_type = "text/event-stream"

    def __init__(self, streams: Streams, name: str) -> None:
        super().__init__(streams.events(name))
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._streams.closed()
