"""The phases after the search: a few entries, all on the same fresh seeds.

Confirm takes the best distinct architectures of the search. Report takes the best of those by their confirmed mean, and
each baseline's best draw; only there the test split is read and weights are kept.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from archsearch.schema.phases import Phase
from archsearch.store import EntryRow, NewEntry, TrialEnd
from archsearch.study.agenda import Request
from archsearch.study.definition import Definition
from archsearch.study.ledger import Ledger
from archsearch.study.outcomes import Outcome, Subject, mean_value, subject_of_row
from archsearch.study.progress import Best, Watch
from archsearch.study.selection import first_of_each, rank_entries, rank_trials


class Rounds:
    """The plan of a later phase: seed after seed, each for all entries."""

    def __init__(
        self, phase: Phase, subjects: Sequence[Subject], seeds: int, trivial: float, ledger: Ledger, watch: Watch
    ) -> None:
        self._phase = phase
        self._subjects = subjects
        self._ledger = ledger
        self._watch = watch
        self._seeds = seeds
        self._trivial = trivial
        runs = ((index, subject) for index in range(seeds) for subject in subjects)
        self._waiting = deque(Request(ledger.run(phase, subject.spec_id, index), subject) for index, subject in runs)
        distinct = {subject.spec_id for subject in subjects}
        watch.counts.total[phase] = seeds * len(distinct)

    def next(self) -> Request | None:
        """The next one in turn."""
        return self._waiting.popleft() if self._waiting else None

    def reported(self, trial: int, check: int, value: float) -> bool:
        """Nothing is pruned any more."""
        return False

    def trial_end(self, request: Request, outcome: Outcome) -> TrialEnd | None:
        """No trial ends here."""
        return None

    def left_open(self) -> None:
        """Nothing follows from an outcome here."""

    def ended(self, request: Request, outcome: Outcome) -> None:
        """Say who leads after the seeds that all entries have."""
        scored = [
            (subject.line, self._ledger.of(self._phase, subject.spec_id, self._seeds)) for subject in self._subjects
        ]
        common = min(len(outcomes) for _, outcomes in scored)
        if common:
            means = [(line, mean_value(outcomes[:common], self._trivial)) for line, outcomes in scored]
            line, value = max(means, key=lambda mean: mean[1])
            self._watch.counts.best = Best(self._phase, value, line)


def confirm(definition: Definition, ledger: Ledger) -> list[Subject]:
    """Enter the best distinct architectures of the search, with their rank there; what to evaluate.

    Entries of an earlier call that are no longer among the best stay, with the ranks behind.
    """
    trials = ledger.store.trials(ledger.study_id)
    order = rank_trials(trials)
    arch_of = {row.spec_id: row.arch_id for row in trials if row.spec_id is not None and row.arch_id is not None}
    chosen = first_of_each(order, arch_of, definition.study.confirm.best)
    _enter(ledger, "confirm", chosen, order)
    return _subjects(ledger, chosen)


def report(definition: Definition, ledger: Ledger) -> list[Subject]:
    """Enter the best confirmed architectures, with their rank, and each baseline's best draw; what to evaluate.

    Entries of an earlier call that are no longer among the best are evaluated too: the verdict is about all of them.
    """
    entries = ledger.store.entries(ledger.study_id, "confirm")
    order = _by_mean(definition, ledger, entries, definition.study.confirm.seeds)
    arch_of = {entry.spec_id: entry.arch_id for entry in entries}
    chosen = first_of_each(order, arch_of, definition.study.report.best)
    _enter(ledger, "report", chosen, order)
    draws = {baseline.label: _best_draw(definition, ledger, baseline.label) for baseline in definition.baselines}
    baselines = zip(draws, _subjects(ledger, list(draws.values())), strict=True)
    ledger.store.add_entries("report", [NewEntry("baseline", subject.row, label) for label, subject in baselines])
    return _subjects(ledger, [entry.spec_id for entry in ledger.store.entries(ledger.study_id, "report")])


def _best_draw(definition: Definition, ledger: Ledger, label: str) -> str:
    """The spec of a baseline's best draw in the search; its first one when all have failed."""
    entries = [entry for entry in ledger.store.entries(ledger.study_id, "search") if entry.role == "baseline"]
    draws = [entry for entry in entries if entry.label == label]
    order = _by_mean(definition, ledger, draws, definition.study.search.seeds)
    return order[0] if order else draws[0].spec_id


def _by_mean(definition: Definition, ledger: Ledger, entries: Sequence[EntryRow], seeds: int) -> list[str]:
    outcomes = {entry.spec_id: ledger.of(entry.phase, entry.spec_id, seeds) for entry in entries}
    return rank_entries(entries, outcomes, seeds, definition.task.baseline)


def _enter(ledger: Ledger, phase: Phase, chosen: Sequence[str], order: Sequence[str]) -> None:
    """Add candidates; ranks go to the chosen first, then to those that had been chosen before."""
    entries = ledger.store.entries(ledger.study_id, phase)
    earlier = [entry.spec_id for entry in entries if entry.role == "candidate" and entry.spec_id not in chosen]
    place = {spec_id: index for index, spec_id in enumerate(order)}
    ranked = [*chosen, *sorted(earlier, key=lambda spec_id: place.get(spec_id, len(place)))]
    new = [
        NewEntry("candidate", subject.row, rank=rank) for rank, subject in enumerate(_subjects(ledger, ranked), start=1)
    ]
    ledger.store.add_entries(phase, new)


def _subjects(ledger: Ledger, spec_ids: Sequence[str]) -> list[Subject]:
    subjects = []
    for spec_id in spec_ids:
        row = ledger.store.spec(spec_id)
        assert row is not None
        subjects.append(subject_of_row(row))
    return subjects
