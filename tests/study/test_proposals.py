"""Proposals come from the recorded trials and the seeds alone: a study rebuilt at any moment goes on the same way."""

from __future__ import annotations

import math
from collections.abc import Sequence

import optuna
import pytest

from archsearch import registry
from archsearch.schema.states import TrialState
from archsearch.store import TrialEnd, TrialRow
from archsearch.study import samplers
from archsearch.study.definition import Definition
from archsearch.study.optuna_trials import Distributions
from archsearch.study.proposals import Proposal, Proposals
from tests.study.fake_work import unit
from tests.study.samples import small

RANGES = {"training.learning_rate": {"float": [0.001, 0.1], "log": True}, "model.hidden_size": {"int": [2, 64]}}


def definition(sampler: str) -> Definition:
    return small(search={"sampler": sampler}, holes=RANGES)


def row(proposal: Proposal, state: TrialState = "complete", repeat_of: int | None = None) -> TrialRow:
    """How a proposal has ended, as the store has it; its value follows from its choices."""
    value = unit(sorted(proposal.choices.items())) if state in ("complete", "pruned") else None
    spec_id = None if proposal.candidate is None else proposal.candidate.spec_id
    at = "2026-01-01T00:00:00.000000+00:00"
    ended = None if state == "running" else at
    return TrialRow(
        proposal.number,
        dict(sorted(proposal.choices.items())),
        spec_id,
        spec_id,
        "",
        state,
        value,
        repeat_of,
        proposal.reason,
        at,
        ended,
    )


def end_of(row: TrialRow) -> TrialEnd:
    assert row.state != "running"
    return TrialEnd(row.number, row.state, row.value)


STATES: Sequence[TrialState] = ("complete", "complete", "pruned", "complete", "running")


def state_of(proposal: Proposal) -> TrialState:
    return "failed" if proposal.candidate is None else STATES[proposal.number % len(STATES)]


@pytest.mark.parametrize("sampler", registry.names(samplers.PACKAGE))
def test_a_study_rebuilt_before_every_proposal_proposes_the_same(sampler: str) -> None:
    straight, rebuilt = proposed(definition(sampler), 25)
    assert straight == rebuilt
    assert len({str(choices) for choices in straight}) >= 12


def proposed(study: Definition, count: int) -> tuple[list[object], list[object]]:
    """The choices of a study that goes through, and those of one rebuilt before each proposal."""
    kept, straight = Proposals(study, [], {"": [(1, 0.1)]}), list[Proposal]()
    rebuilt: list[Proposal] = []
    rows: list[TrialRow] = []
    for number in range(count):
        straight.append(kept.ask(number))
        rebuilt.append(Proposals(study, rows, {}).ask(number))
        rows.append(row(straight[-1], state_of(straight[-1])))
        if rows[-1].state != "running":
            kept.end(end_of(rows[-1]), ())
    return [proposal.choices for proposal in straight], [proposal.choices for proposal in rebuilt]


def test_a_sequence_goes_through_a_study_also_where_it_is_rebuilt() -> None:
    """Learning rates on a logarithmic scale: one in each 16th of it."""
    study = small(space="lstm_to_gru", search={"sampler": "sobol"}, holes=RANGES)
    straight, rebuilt = proposed(study, 32)
    assert straight == rebuilt
    rates = [choices["training.learning_rate"] for choices in straight[16:]]  # type: ignore[index]
    assert sorted(int(math.log(rate / 0.001, 100) * 16) for rate in rates) == list(range(16))


def test_a_random_proposal_depends_on_seed_and_number_alone() -> None:
    study = definition("random")
    alone = Proposals(study, [], {}).ask(0)
    other = [row(Proposal(0, dict(alone.choices), alone.candidate), "running")]
    second = Proposals(study, other, {}).ask(1)
    failed = [row(Proposal(0, dict(alone.choices), None), "failed")]
    assert Proposals(study, failed, {}).ask(1).choices == second.choices
    assert second.choices != alone.choices
    assert Proposals(small(search={"sampler": "random"}, holes=RANGES, seed=4), [], {}).ask(0).choices != alone.choices


def test_choices_that_make_no_sound_cell_are_a_proposal_without_a_candidate() -> None:
    proposals = Proposals(definition("random"), [], {})
    found = [proposals.ask(number) for number in range(12)]
    refused = [each for each in found if each.candidate is None]
    assert refused
    assert all(each.choices["keep"] == "f * lost" and "nothing is called 'lost'" in each.reason for each in refused)
    assert all(each.reason == "" and each.choices == each.candidate.choices for each in found if each.candidate)


@pytest.mark.parametrize("sampler", registry.names(samplers.PACKAGE))
def test_a_trial_that_was_lost_is_proposed_again_under_its_number(sampler: str) -> None:
    study = definition(sampler)
    first = Proposals(study, [], {})
    rows = [row(proposal, state_of(proposal)) for proposal in map(first.ask, range(14))]
    lost = rows.pop(12)
    proposals = Proposals(study, rows, {})
    again = proposals.ask(12)
    assert again.number == 12
    proposals.report(12, 1, 0.5)
    proposals.end(end_of(row(again, "complete")), ())
    assert proposals.ask(14).choices
    assert sampler != "random" or again.choices == lost.choices


def test_distributions_are_learnt_from_records_also_of_refused_choices() -> None:
    study = definition("random")
    proposals = Proposals(study, [], {})
    found = [proposals.ask(number) for number in range(12)]
    distributions = Distributions(study.candidates)
    for each in reversed(found):
        known = distributions.of(each.choices)
        assert list(known) == list(each.choices)
        for name, choice in each.choices.items():
            assert known[name]._contains(known[name].to_internal_repr(choice))
    every = Distributions(study.candidates)
    everything = {name: value for each in found for name, value in each.choices.items()}
    sound = next(each for each in found if each.candidate)
    assert isinstance(every.of(sound.choices)["training.learning_rate"], optuna.distributions.FloatDistribution)
    assert isinstance(every.of(sound.choices)["model.hidden_size"], optuna.distributions.IntDistribution)
    assert {"keep", "phi"} <= everything.keys()


def test_reports_reach_the_pruner_and_nothing_else_decides() -> None:
    study = small(search={"pruner": "successive_halving", "sampler": "random"})
    proposals = Proposals(study, [], {})
    numbers = [proposals.ask(number).number for number in range(4)]
    assert proposals.report(numbers[0], 1, 0.5) is False, "the first one has nobody to be compared with"
    assert proposals.report(numbers[1], 1, 0.4) is True
    assert proposals.report(numbers[2], 1, 0.6) is False
    assert proposals.report(numbers[0], 2, 0.1) is False, "check 2 is no rung"


def test_optuna_says_no_more_than_warnings(caplog: pytest.LogCaptureFixture) -> None:
    optuna.logging.set_verbosity(optuna.logging.INFO)
    Proposals(definition("tpe"), [], {}).ask(0)
    assert optuna.logging.get_verbosity() == optuna.logging.WARNING
