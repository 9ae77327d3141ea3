"""Changing the store: one change after another, in a thread, each told to the runner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio import to_thread

from archsearch.api.reading import study_row
from archsearch.findings.studies import Studies, StudySummary, studies_of, summary_of
from archsearch.server.settings import Settings

if TYPE_CHECKING:
    from archsearch.store.store import Store

_Result = TypeVar("_Result")


class Writer:
    """The store behind a server, open for writing. A change that has begun is finished, also when its client is gone.

    wake: tells the runner to look at the queue.
    """

    def __init__(self, store: Store, settings: Settings, wake: Callable[[], None]) -> None:
        self._store = store
        self._settings = settings
        self._wake = wake
        self._one = anyio.CapacityLimiter(1)

    async def create(self, definitions: Sequence[tuple[str, str]], *, start: bool, workers: int | None) -> Studies:
        """Store studies by name and definition, all or none, and with `start` queue them."""
        from archsearch.study.jobs import start_study

        def change(store: Store) -> Studies:
            rows = store.add_studies(definitions)
            if start:
                rows = tuple(start_study(store, row.name, workers, self._settings.cores) for row in rows)
            return studies_of(store, rows)

        return await self._write(change)

    async def start(self, name: str, workers: int | None) -> StudySummary:
        """Queue a study, to be run or continued on `workers` cores (None: all)."""
        from archsearch.study.jobs import start_study

        def change(store: Store) -> StudySummary:
            row = study_row(store, name)
            return summary_of(store, start_study(store, row.name, workers, self._settings.cores))

        return await self._write(change)

    async def cancel(self, name: str) -> StudySummary:
        """Stop a study that runs, or take it out of the queue."""
        from archsearch.study.jobs import cancel_study

        return await self._write(lambda store: summary_of(store, cancel_study(store, study_row(store, name).name)))

    async def delete(self, name: str) -> None:
        """Delete a study with all its results; `Refused` while it runs or waits."""
        from archsearch.study.jobs import delete_study

        await self._write(lambda store: delete_study(self._settings.storage, study_row(store, name).name))

    async def _write(self, change: Callable[[Store], _Result]) -> _Result:
        result = await to_thread.run_sync(change, self._store, limiter=self._one)
        self._wake()
        return result
