"""A board's rows against the same worked out the long way from whole results."""

from __future__ import annotations

import dataclasses
import random
import statistics

import pytest

from archsearch.board import censored_quartiles, compare, t_interval, wilson_interval
from archsearch.board.intervals import mean
from archsearch.schema.score import Score
from archsearch.store import EntryResult
from tests.board.samples import board, entry
from tests.schema.scores import BUDGET

TRIVIAL = 0.1


def drawn(seed: int) -> list[EntryResult]:
    """Entries with one to five seeds, among them failed and pruned ones, equal means and entries without a run."""
    chance = random.Random(seed)
    found = []
    for number in range(30):
        seeds = chance.choice((0, 1, 1, 2, 5))
        broken = {place: chance.choice(("failed", "pruned", "", "", "")) for place in range(seeds)}
        found.append(
            entry(
                f"{number:02}",
                [chance.choice((0.25, 0.5, chance.random())) for _ in range(seeds)],
                "baseline" if number % 7 == 0 else "candidate",
                failed=[place for place, how in broken.items() if how == "failed"],
                pruned=[place for place, how in broken.items() if how == "pruned"],
                parameters=chance.choice((100, 200)),
                seconds=chance.random(),
                test=chance.choice((None, chance.random())),
                sequences_to_solve=chance.choice((None, 100, 3200)),
            )
        )
    chance.shuffle(found)
    return found


def objectives_of(result: EntryResult) -> dict[int, float]:
    found = {}
    for run in result.runs:
        if run.failure is not None:
            found[run.seed_index] = TRIVIAL
        elif run.evaluation is not None and run.evaluation.score is not None:
            found[run.seed_index] = run.evaluation.score.objective
    return found


def scores_of(result: EntryResult) -> list[Score]:
    return [run.evaluation.score for run in result.runs if run.evaluation is not None and run.evaluation.score]


def ranked(results: list[EntryResult]) -> list[EntryResult]:
    """Better means first, those with pruned seeds behind all others; of equals the smaller one."""

    def before(result: EntryResult) -> tuple[object, ...]:
        objectives, scores = objectives_of(result), scores_of(result)
        pruned = sum(run.pruned for run in result.runs)
        size = scores[0].parameters if scores else 0
        value = mean(list(objectives.values())) if objectives else 0.0
        return (not objectives, pruned > 0, -value, size, result.entry.label, result.entry.spec_id)

    return sorted(results, key=before)


@pytest.mark.parametrize("seed", range(20))
def test_rows_are_what_the_whole_results_say(seed: int) -> None:
    results = drawn(seed)
    order = ranked(results)
    found = board(*results, trivial=TRIVIAL)
    measured = [each for each in order if objectives_of(each)]
    best = next((each for each in measured if each.entry.role == "baseline"), None)
    candidates = sum(each.entry.role == "candidate" for each in measured)
    assert found.baseline == (best.entry.label if best else "")
    assert found.seeds == max(len(objectives_of(each)) for each in order)
    for place, (row, result) in enumerate(zip(found.rows, order, strict=True), start=1):
        objectives, scores = objectives_of(result), scores_of(result)
        values = list(objectives.values())
        failed = sum(run.failure is not None for run in result.runs)
        solved = sum(score.solved for score in scores)
        tests = [score.test for score in scores if score.test is not None]
        versus = best and compare(
            objectives, objectives_of(best), label=best.entry.label, comparisons=max(candidates, 1)
        )
        expected = {
            "rank": place,
            **{name: getattr(result.entry, name) for name in ("role", "label", "line", "arch_id", "spec_id")},
            "objective": mean(values) if values else None,
            "interval": t_interval(values),
            "seeds": len(values),
            "failed": failed,
            "pruned": sum(run.pruned for run in result.runs),
            "solved": solved,
            "solved_interval": wilson_interval(solved, len(values)),
            "sequences": censored_quartiles(
                [score.sequences_to_solve for score in scores] + [None] * failed, BUDGET if scores else None
            ),
            **{name: getattr(scores[0], name) if scores else None for name in ("parameters", "operations", "stages")},
            "seconds": statistics.median(score.seconds for score in scores) if scores else None,
            "test": mean(tests + [TRIVIAL] * failed) if tests and len(tests) == len(scores) else None,
            "ratio": versus.ratio if versus else None,
            "comparison": versus if versus and result.entry.role == "candidate" else None,
            "choices_text": "",
        }
        shown = {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}
        assert shown == expected


def test_the_draws_have_what_is_hard() -> None:
    entries = [each for seed in range(20) for each in drawn(seed)]
    assert any(run.pruned for each in entries for run in each.runs)
    assert any(run.failure for each in entries for run in each.runs)
    assert any(not each.runs for each in entries)
    assert any(run.pruned for each in entries for run in each.runs if objectives_of(each))
