"""Following studies: one task looks at a study now and then, and tells everybody who follows it what has changed."""

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
from archsearch.server.settings import Limits

if TYPE_CHECKING:
    from archsearch.store import Store

_LOOKS = 4
"""Looks at whether anything has changed between two at what has."""
_PAUSE = 10
"""A look that takes long is taken less often: for so many times as long there is none."""
_SPACING = 4
"""Looks that are left out after an event: whoever is told of a change asks for the board, which has to be drawn up."""
HEARTBEAT = b": still here\n\n"

_Queue = asyncio.Queue[bytes | None]


@dataclasses.dataclass
class _Watch:
    """A study that somebody follows. Each follower's queue holds the latest event only; None ends the stream."""

    queues: set[_Queue] = dataclasses.field(default_factory=set)
    last: bytes = b""
    task: asyncio.Task[None] | None = None

    def tell(self, event: bytes | None) -> None:
        """Give everybody an event in place of one that has not been sent yet."""
        for queue in self.queues:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(event)


class Streams:
    """All streams of events of a server, a bounded number of them."""

    def __init__(self, reader: Reader, limits: Limits) -> None:
        self._reader = reader
        self._limits = limits
        self._watches: dict[str, _Watch] = {}
        self._open = 0
        self._stopped = False

    async def follow(self, name: str) -> EventStream:
        """A stream of the study's progress; `Declined` when there is no such study, or when too many streams are."""
        await self._reader.of_study(name, lambda store, row: None)
        if self._stopped or self._open >= self._limits.streams:
            raise Declined(503, "too many streams of events are open", {"Retry-After": "10"})
        self._open += 1
        return EventStream(self, name)

    def closed(self) -> None:
        """One stream less."""
        self._open -= 1

    def stop(self) -> None:
        """End every stream."""
        self._stopped = True
        for watch in self._watches.values():
            watch.tell(None)

    async def events(self, name: str) -> AsyncIterator[bytes]:
        """The present state at once, every change, and a comment where nothing changes for long."""
        watch, queue = self._join(name)
        try:
            while not self._stopped:
                try:
                    async with asyncio.timeout(self._limits.heartbeat):
                        event = await queue.get()
                except TimeoutError:
                    yield HEARTBEAT
                    continue
                if event is None:
                    break
                yield event
                if event.startswith(b"event: end"):
                    break
        finally:
            self._leave(name, watch, queue)

    def _join(self, name: str) -> tuple[_Watch, _Queue]:
        watch = self._watches.setdefault(name, _Watch())
        queue: _Queue = asyncio.Queue()
        watch.queues.add(queue)
        if watch.task is None or watch.task.done():
            watch.last = b""  # the study may have been started again since it was over
            watch.task = asyncio.create_task(self._watch(name, watch))
        elif watch.last:
            queue.put_nowait(watch.last)
        return watch, queue

    def _leave(self, name: str, watch: _Watch, queue: _Queue) -> None:
        watch.queues.discard(queue)
        if not watch.queues and self._watches.get(name) is watch:
            del self._watches[name]
            if watch.task is not None:
                watch.task.cancel()

    async def _watch(self, name: str, watch: _Watch) -> None:
        try:
            with self._reader.followed(name):
                await self._look(name, watch)
        except Exception:  # noqa: BLE001 (nobody may wait for ever for a task that is gone)
            LOG.exception("a study is followed no more")
            watch.tell(None)

    async def _look(self, name: str, watch: _Watch) -> None:
        while watch.queues:
            began, told = time.monotonic(), False
            version: int | None = None
            try:
                version, found = await self._reader.read(lambda store: (store.version(), _progress(store, name)))
            except Declined:  # it has been deleted
                watch.tell(None)
                return
            except Refused as error:  # the next look may find it again
                LOG.warning("no progress to be had", extra={"facts": {"reason": type(error).__name__}})
            else:
                event = _event(found)
                told = event != watch.last
                if told:
                    self._reader.notice(name)
                    watch.last = event
                    watch.tell(event)
                if found.state in AT_REST:
                    return
            least = self._limits.poll * (_SPACING if told else 1)
            await self._pause(version, max(least, _PAUSE * (time.monotonic() - began)))

    async def _pause(self, version: int | None, least: float) -> None:
        """Wait until the database has been changed, and some time in any case.

        Where it cannot be told whether it has been, and after a while in any case, it is looked at again.
        """
        await asyncio.sleep(least)
        for _ in range(_LOOKS - 1):
            with contextlib.suppress(Refused):
                if version is not None and await self._reader.read(lambda store: store.version()) != version:
                    return
            await asyncio.sleep(self._limits.poll)


def _progress(store: Store, name: str) -> Progress:
    return progress_of(store, study_row(store, name))


def _event(found: Progress) -> bytes:
    name = "end" if found.state in AT_REST else "progress"
    return f"event: {name}\ndata: {json.dumps(dataclasses.asdict(found))}\n\n".encode()


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
