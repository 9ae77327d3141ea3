"""What the search knows of its trials: read once, then kept in step with each event, at the same cost for each."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from itertools import takewhile

from archsearch.schema.states import TrialState
from archsearch.store import TrialEnd, TrialRow
from archsearch.study.progress import Best

MOST_REPEATS = 100
"""Proposals in a row that have been made before, after which the search counts as exhausted."""


class History:
    """The trials of one study. `rows` are those recorded so far, by number.

    gaps: numbers that the database has lost. states: trials by state, without repeats. most_tried: trials of the most
    tried architecture. best: the leader, of equals the earlier one.
    """

    def __init__(self, rows: Sequence[TrialRow]) -> None:
        numbers = {row.number for row in rows}
        self.gaps = deque(number for number in range(max(numbers, default=0)) if number not in numbers)
        self.states: Counter[TrialState] = Counter()
        self.repeats = self._repeats_in_row = 0
        self.most_tried = 1
        self.best: Best | None = None
        self._tried: Counter[str] = Counter()
        self._of_spec: dict[str, int] = {}
        self._about: dict[int, tuple[str, list[int]]] = {}  # of running trials: their line, their repeats so far
        for row in sorted(rows, key=lambda row: row.repeat_of is not None):  # a lost trial's number may be lower
            if row.repeat_of is None:
                self.add(row.number, row.spec_id, row.arch_id, row.line)
                if row.state != "running":
                    self.end(TrialEnd(row.number, row.state, row.value))
            else:
                self.add_repeat(row.number, row.repeat_of if row.state == "running" else None)
        self._repeats_in_row = len(list(takewhile(lambda row: row.repeat_of is not None, reversed(rows))))

    @property
    def proposed(self) -> int:
        """Proposals that made a trial of their own."""
        return self.states.total()

    def next_number(self) -> int:
        """The number of the next proposal: first those that the database has lost."""
        return self.gaps.popleft() if self.gaps else self.proposed + self.repeats

    def is_exhausted(self) -> bool:
        """Whether the sampler has nothing new to propose."""
        return self._repeats_in_row >= MOST_REPEATS

    def find(self, spec_id: str) -> int | None:
        """The trial that proposed a spec first."""
        return self._of_spec.get(spec_id)

    def add(self, number: int, spec_id: str | None, arch_id: str | None, line: str) -> None:
        """Take in a new trial, which is running."""
        self.states["running"] += 1
        self._repeats_in_row = 0
        self._about[number] = line, []
        if spec_id is not None and arch_id is not None:
            self._of_spec[spec_id] = number
            self._tried[arch_id] += 1
            self.most_tried = max(self.most_tried, self._tried[arch_id])

    def add_repeat(self, number: int, of_running: int | None) -> None:
        """Take in a repeat, of a trial that is running still, if one is given."""
        self.repeats += 1
        self._repeats_in_row += 1
        if of_running is not None:
            self._about[of_running][1].append(number)

    def end(self, end: TrialEnd) -> list[int]:
        """Take in the end of a trial; -> its repeats, which end with it."""
        line, repeats = self._about.pop(end.number)
        self.states["running"] -= 1
        self.states[end.state] += 1
        if end.state == "complete" and end.value is not None:
            best = self.best
            if best is None or (end.value, -end.number) > (best.value, -(best.number or 0)):
                self.best = Best("search", end.value, line, end.number)
        return repeats
