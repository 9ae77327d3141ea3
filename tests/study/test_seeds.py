"""Seeds are part of a study's definition: these numbers must never change."""

from __future__ import annotations

from archsearch.schema.phases import PHASES
from archsearch.study.seeds import draw_seed, phase_seed, proposal_seed


def test_seeds_are_what_they_have_always_been() -> None:
    assert phase_seed(1, "search", 0) == 3100606092271825020
    assert proposal_seed(1, 0) == 3573049953
    assert draw_seed(1, "lstm", 0) == 2459620120960270848


def test_no_two_purposes_share_a_seed() -> None:
    seeds = [phase_seed(study, phase, index) for study in range(20) for phase in PHASES for index in range(50)]
    seeds += [draw_seed(study, label, index) for study in range(20) for label in ("a", "b") for index in range(50)]
    assert len(set(seeds)) == len(seeds)
    assert all(0 <= seed < 2**63 for seed in seeds)
    assert max(seeds) > 2**62


def test_proposal_seeds_fit_numpys_older_generator() -> None:
    seeds = [proposal_seed(study, number) for study in range(5) for number in range(200)]
    assert all(0 <= seed < 2**32 for seed in seeds)
    assert len(set(seeds)) == len(seeds)


def test_any_study_seed_is_taken() -> None:
    assert phase_seed(2**63 - 1, "report", 999) != phase_seed(0, "report", 999)
