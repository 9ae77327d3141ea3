"""Rank specs, and choose those that go on to the next phase."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from archsearch.store import EntryRow, TrialRow
from archsearch.study.outcomes import Outcome, mean_value


def rank_trials(trials: Iterable[TrialRow]) -> list[str]:
    """The specs of a search, best first: complete trials by value, then pruned ones by their last report.

    Of equals the earlier one stands first. Failed trials and repeats are left out.
    """
    new = [row for row in trials if row.repeat_of is None]
    order: list[str] = []
    for state in ("complete", "pruned"):
        rows = [row for row in new if row.state == state]
        rows.sort(key=lambda row: (-math.inf if row.value is None else row.value, -row.number), reverse=True)
        order += [row.spec_id for row in rows if row.spec_id is not None]
    return order


def rank_entries(
    entries: Iterable[EntryRow], outcomes: Mapping[str, Sequence[Outcome]], seeds: int, trivial: float
) -> list[str]:
    """The specs of a phase's entries, best mean first; of equals the one that stood first before.

    Left out are those of which a seed is missing, or of which none is complete.
    """

    def counts(spec_id: str) -> bool:
        seeds_done = outcomes[spec_id]
        return len(seeds_done) == seeds and any(outcome.state == "complete" for outcome in seeds_done)

    order = [entry.spec_id for entry in entries if counts(entry.spec_id)]
    order.sort(key=lambda spec_id: mean_value(outcomes[spec_id], trivial), reverse=True)  # stable, reversed or not
    return order


def first_of_each(order: Iterable[str], arch_of: Mapping[str, str], count: int) -> list[str]:
    """The first `count` specs of distinct architectures."""
    chosen: dict[str, str] = {}
    for spec_id in order:
        if len(chosen) < count:
            chosen.setdefault(arch_of[spec_id], spec_id)
    return list(chosen.values())
