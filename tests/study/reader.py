"""A look at the small study in a database."""

from __future__ import annotations

from archsearch.schema.phases import Phase
from archsearch.store import EntryResult, StudyRow
from archsearch.store.store import Store


class Reader:
    """Looks at the finished study."""

    def __init__(self, url: str) -> None:
        self.url = url

    def study(self) -> StudyRow:
        with Store.read(self.url) as store:
            found = store.find_study("small")
        assert found is not None
        return found

    def results(self, phase: Phase) -> tuple[EntryResult, ...]:
        with Store.read(self.url) as store:
            return store.results(self.study().id, phase)

    def runs(self, phase: Phase) -> int:
        return len({(result.entry.spec_id, run.seed_index) for result in self.results(phase) for run in result.runs})
