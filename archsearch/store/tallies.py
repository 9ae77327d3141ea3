"""The results of a phase as the figures that a board takes. What never changes is read once.

The board of a running study is read every second: with 10,000 trials that takes 0.22 s of processor time after a new
evaluation, and 0.38 s without this memory. What an evaluation or a spec says stays as it is while its study exists.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, select

from archsearch.schema.phases import Phase
from archsearch.store import EntryRow
from archsearch.store.board_figures import EntryFigures, RunFigures
from archsearch.store.entries import in_order
from archsearch.store.tables import entries, evaluations, runs, specs, studies, trials

_KEPT = 8  # phases of studies


@dataclasses.dataclass
class Known:
    """What was read of a phase of one study and never changes.

    specs: architecture and line by spec; choices: of its first trial by spec, as JSON; evaluations: by id, their
    figures with seed index 0; latest: the one with the highest id, to be recognized by; entries: as they were the last
    time, by number.
    """

    specs: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    choices: dict[str, str] = dataclasses.field(default_factory=dict)
    evaluations: dict[int, RunFigures] = dataclasses.field(default_factory=dict)
    latest: tuple[int, str, str] | None = None
    entries: dict[int, EntryFigures] = dataclasses.field(default_factory=dict)
    lock: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def is_of(self, connection: Connection) -> bool:
        """Whether this database is the one it was read from, and not an earlier copy that was put in its place."""
        return self.latest is None or _mark(connection, self.latest[0]) == self.latest


class FigureCache:
    """What is known of the phases that were looked at last. May be used from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, str, Phase], Known] = OrderedDict()

    def of(self, connection: Connection, study_id: int, phase: Phase) -> Known:
        """What is known of a phase; of a study that has the number of a deleted one, nothing of the other's."""
        created = connection.scalar(select(studies.c.created_at).where(studies.c.id == study_id))
        key = (study_id, str(created), phase)
        with self._lock:
            known = self._kept.pop(key, None)
            if known is None or not known.is_of(connection):
                known = Known()
            self._kept[key] = known
            if len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return known


def list_figures(connection: Connection, study_id: int, phase: Phase, cache: FigureCache) -> tuple[EntryFigures, ...]:
    """The entries of a phase in their order, each with the figures of its finished runs by seed index.

    No text is read that a board does not show: at ten thousand trials curves and reports take seconds.
    """
    mine = _entries(connection, study_id, phase)
    if not mine:
        return ()
    known = cache.of(connection, study_id, phase)
    with known.lock:
        _learn_specs(connection, study_id, phase, mine, known)
        runs_by_spec = _runs(connection, study_id, phase, known)
        return tuple(_entry(row, phase, runs_by_spec.get(row[3], ()), known) for row in mine)


def _entry(row: Sequence[Any], phase: Phase, runs: tuple[RunFigures, ...], known: Known) -> EntryFigures:
    """An entry with its runs: the same object as the last time, if it says the same."""
    number, role, label, spec_id, rank = row
    choices = known.choices.get(spec_id, "") if role == "candidate" else ""
    last = known.entries.get(number)
    if last is None or last.runs != runs or last.entry.rank != rank or last.choices != choices:
        entry = EntryRow(phase, role, label, spec_id, rank, *known.specs[spec_id])
        last = known.entries[number] = EntryFigures(entry, runs, choices)
    return last


def _entries(connection: Connection, study_id: int, phase: Phase) -> Sequence[Any]:
    """Number, role, label, spec and rank of each."""
    columns = (entries.c.id, entries.c.role, entries.c.label, entries.c.spec_id, entries.c.rank)
    return connection.execute(select(*columns).where(*_of(entries, study_id, phase)).order_by(*in_order())).all()


def _learn_specs(connection: Connection, study_id: int, phase: Phase, mine: Sequence[Any], known: Known) -> None:
    """Read architecture, line and choices of the specs that are new."""
    new = [number for number, _, _, spec_id, _ in mine if spec_id not in known.specs]
    if new:
        query = select(specs.c.spec_id, specs.c.arch_id, specs.c.line).join(entries)
        rows = connection.execute(query.where(*_of(entries, study_id, phase), entries.c.id >= min(new)))
        known.specs.update((spec_id, (arch_id, line)) for spec_id, arch_id, line in rows)
    new = [number for number, role, _, spec_id, _ in mine if role == "candidate" and spec_id not in known.choices]
    if new:
        since = select(entries.c.spec_id).where(*_of(entries, study_id, phase), entries.c.id >= min(new))
        first = select(trials.c.spec_id, trials.c.choices).where(
            trials.c.study_id == study_id, trials.c.repeat_of.is_(None), trials.c.spec_id.in_(since)
        )
        known.choices.update(connection.execute(first).all())


def _runs(connection: Connection, study_id: int, phase: Phase, known: Known) -> dict[str, tuple[RunFigures, ...]]:
    """The finished runs by spec, each in the order of seeds."""
    columns = (runs.c.spec_id, runs.c.seed_index, runs.c.evaluation_id)
    query = select(*columns).where(*_of(runs, study_id, phase)).order_by(runs.c.spec_id, runs.c.seed_index)
    rows: Sequence[Any] = connection.execute(query).all()  # quicker than one by one
    _learn_evaluations(connection, study_id, phase, (row[2] for row in rows), known)
    figures = known.evaluations
    return {
        spec_id: tuple(
            RunFigures(seed, "failed")
            if number is None
            else figures[number]._replace(seed_index=seed)
            if seed
            else figures[number]
            for _, seed, number in some
        )
        for spec_id, some in groupby(rows, itemgetter(0))
    }


def _learn_evaluations(
    connection: Connection, study_id: int, phase: Phase, numbers: Iterable[int | None], known: Known
) -> None:
    """Read the evaluations that are new."""
    new = [number for number in numbers if number is not None and number not in known.evaluations]
    if not new:
        return
    columns = (evaluations.c.id, evaluations.c.state, *(evaluations.c[name] for name in RunFigures._fields[2:]))
    query = select(*columns).join(runs, runs.c.evaluation_id == evaluations.c.id)
    rows: Sequence[Any] = connection.execute(
        query.where(*_of(runs, study_id, phase), runs.c.evaluation_id >= min(new))
    ).all()
    known.evaluations.update((row[0], _figures(row)) for row in rows)
    known.latest = _mark(connection, max(known.evaluations))


def _mark(connection: Connection, number: int) -> tuple[int, str, str] | None:
    """What tells an evaluation from another one with its id."""
    query = select(evaluations.c.id, evaluations.c.key, evaluations.c.finished_at).where(evaluations.c.id == number)
    row = connection.execute(query).first()
    return None if row is None else (row.id, row.key, row.finished_at)


def _figures(row: Sequence[Any]) -> RunFigures:
    """Of a number, a state, and what a complete evaluation has besides."""
    return RunFigures(0, *row[1:]) if row[1] == "complete" else RunFigures(0, row[1])


def _of(table: Any, study_id: int, phase: Phase) -> tuple[Any, Any]:
    return table.c.study_id == study_id, table.c.phase == phase
