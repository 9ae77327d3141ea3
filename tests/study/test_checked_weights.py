"""The weights of the report phase are checked before anything of their evaluation counts."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from archsearch.store.store import Store
from archsearch.study.coordinator import run
from archsearch.study.executors import Work
from archsearch.study.executors.local import LocalExecutor
from archsearch.study.seeds import phase_seed
from tests.databases.fixtures import BOTH
from tests.study import fake_checks
from tests.study.fake_work import STUDY_SEED
from tests.study.reader import Reader
from tests.study.samples import small, starts

REPORT_SEEDS = [str(phase_seed(STUDY_SEED, "report", index)) for index in range(2)]


def complete(url: str, work: Work) -> None:
    run(small(search={"trials": 3}), url, 2, executor=lambda slots: LocalExecutor(slots, work))


def jobs(log: Path) -> Counter[tuple[str, str]]:
    """How often each kind of job has begun with each seed of the report phase."""
    lines = [line.split() for line in starts(log)]
    return Counter((kind, seed) for kind, _, seed in lines if kind == "check" or seed in REPORT_SEEDS)


@BOTH
def test_each_evaluation_of_the_report_phase_and_no_other_is_checked_and_keeps_the_modules_score(
    url: str, log: Path, reader: Reader
) -> None:
    complete(url, fake_checks.PASSING)
    entries = reader.results("report")
    assert len(entries) == 3, "the winner and two baselines"
    assert jobs(log) == {(kind, seed): 3 for kind in ("train", "check") for seed in REPORT_SEEDS}
    for entry in entries:
        for counted in entry.runs:
            assert counted.evaluation is not None
            assert counted.evaluation.score is not None
            assert counted.evaluation.score.test == fake_checks.MODULE_TEST


def test_a_mismatch_is_a_failure_of_the_evaluation_with_its_reason(url: str, reader: Reader) -> None:
    complete(url, fake_checks.FINDING)
    assert reader.study().state == "finished"
    with Store.read(url) as store:
        failures = [failure for failure in store.failures(reader.study().id) if failure.spec_id is not None]
    assert [(failure.kind, failure.reason, failure.final) for failure in failures] == [
        ("mismatch", "the module gives other outputs", True)
    ] * len(REPORT_SEEDS)
    outcomes = {
        entry.entry.line: [counted.failure is None for counted in entry.runs] for entry in reader.results("report")
    }
    assert sorted(outcomes.values()) == [[False, False], [True, True], [True, True]]


def test_a_check_that_the_machine_loses_is_made_again_without_another_training(
    url: str, log: Path, reader: Reader
) -> None:
    complete(url, fake_checks.LOSING)
    assert reader.study().state == "finished"
    with Store.read(url) as store:
        failures = [failure for failure in store.failures(reader.study().id) if failure.spec_id is not None]
    assert [(failure.kind, failure.final) for failure in failures] == [("killed", False)] * 3 * len(REPORT_SEEDS)
    counts = jobs(log)
    assert {counts["train", seed] for seed in REPORT_SEEDS} == {3}
    assert {counts["check", seed] for seed in REPORT_SEEDS} == {9}, "killed, begun again, and made"
