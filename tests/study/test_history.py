"""What the search keeps of its trials, against a recount of all rows."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from archsearch.store import TrialEnd, TrialRow
from archsearch.study import history
from archsearch.study.history import History


def row(
    number: int, state: str, spec: int | None, value: float | None = None, repeat_of: int | None = None
) -> TrialRow:
    arch = None if spec is None else f"arch{spec % 4}"
    ended = None if state == "running" else "end"
    line = "" if spec is None else f"line{spec}"
    return TrialRow(number, {}, spec and f"spec{spec}", arch, line, state, value, repeat_of, "", "at", ended)  # type: ignore[arg-type]


def recounted(rows: list[TrialRow]) -> dict[str, Any]:
    """Everything that a history says, counted anew from all rows."""
    new = [each for each in rows if each.repeat_of is None]
    tried = Counter(each.arch_id for each in new if each.arch_id is not None)
    complete = [each for each in new if each.state == "complete"]
    best = max(complete, key=lambda each: (each.value or 0, -each.number), default=None)
    last = rows[-history.MOST_REPEATS :]
    return {
        "states": dict(Counter(each.state for each in new)),
        "repeats": len(rows) - len(new),
        "proposed": len(new),
        "most_tried": max(tried.values(), default=1),
        "best": best and (best.value, best.number, best.line),
        "exhausted": len(last) == history.MOST_REPEATS and all(each.repeat_of is not None for each in last),
        "of_spec": {each.spec_id: each.number for each in new if each.spec_id},
    }


def said(found: History, rows: list[TrialRow]) -> dict[str, Any]:
    best = found.best
    return {
        "states": {state: number for state, number in found.states.items() if number},
        "repeats": found.repeats,
        "proposed": found.proposed,
        "most_tried": found.most_tried,
        "best": best and (best.value, best.number, best.line),
        "exhausted": found.is_exhausted(),
        "of_spec": {each.spec_id: found.find(each.spec_id) for each in rows if each.spec_id},
    }


@pytest.mark.parametrize("seed", range(5))
def test_what_is_kept_is_what_a_recount_finds_also_when_it_is_read_anew(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST_REPEATS", 3)
    chance = random.Random(seed)
    kept, rows, seen = History([]), dict[int, TrialRow](), set[str]()
    for _ in range(120):
        running = [each for each in rows.values() if each.state == "running" and each.repeat_of is None]
        if running and chance.random() < 0.5:
            finish(chance, kept, rows, chance.choice(running))
        else:
            propose(chance, kept, rows)
        listed = [rows[number] for number in sorted(rows)]
        assert said(kept, listed) == said(History(listed), listed) == recounted(listed)
        seen |= {str(found) for each in listed for found in (each.state, recounted(listed)["exhausted"])}
    assert seen == {"running", "complete", "pruned", "failed", "True", "False"}
    assert any(each.repeat_of is not None for each in rows.values())


def propose(chance: random.Random, kept: History, rows: dict[int, TrialRow]) -> None:
    """A new trial, a refusal, or a repeat of one that runs or has ended."""
    number, spec = kept.next_number(), chance.randrange(1, 40)
    first = kept.find(f"spec{spec}")
    if chance.random() < 0.1:
        rows[number] = row(number, "failed", None)
        kept.add(number, None, None, "")
        assert kept.end(TrialEnd(number, "failed")) == []
    elif first is None:
        rows[number] = new = row(number, "running", spec)
        kept.add(number, new.spec_id, new.arch_id, new.line)
    else:
        rows[number] = row(number, rows[first].state, spec, rows[first].value, first)
        kept.add_repeat(number, first if rows[first].state == "running" else None)


def finish(chance: random.Random, kept: History, rows: dict[int, TrialRow], trial: TrialRow) -> None:
    """A trial and its running repeats end."""
    state = chance.choice(["complete", "complete", "pruned", "failed"])
    value = None if state == "failed" else chance.randrange(5) / 4
    repeats = [each for each in rows.values() if each.repeat_of == trial.number and each.state == "running"]
    ended = kept.end(TrialEnd(trial.number, state, value))  # type: ignore[arg-type]
    assert sorted(ended) == sorted(each.number for each in repeats)
    for each in (trial, *repeats):
        spec = int((each.spec_id or "")[4:])
        rows[each.number] = row(each.number, state, spec, value, each.repeat_of)


def test_lost_numbers_come_first_and_may_repeat_a_later_trial() -> None:
    rows = [row(0, "complete", 1, 0.5), row(3, "running", 2)]
    found = History(rows)
    assert [found.next_number(), found.next_number()] == [1, 2]
    found.add_repeat(1, 3)
    found.add(2, "spec9", "arch1", "line9")
    assert found.next_number() == 4
    again = History([rows[0], row(1, "running", 2, None, 3), row(2, "running", 9), rows[1]])
    assert again.end(TrialEnd(3, "pruned")) == found.end(TrialEnd(3, "pruned")) == [1]
