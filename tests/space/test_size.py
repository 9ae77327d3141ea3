"""How large a space is: against counts by hand, and the estimate against the truth."""

from __future__ import annotations

import math
from statistics import mean, stdev

import pytest

from archsearch.space import load_space
from archsearch.space.chooser import every_chooser
from archsearch.space.size import count_configurations, draw, effects, every_configuration, measure
from tests.space.spaces import cell_space, wiring_space

# op: 2; a has 2 activations; where op is "+", b is read as well: a subset of {x, h_prev} with at least one (3) and a
# bias that is there or not (2). Configurations: 2 * (3 * 2) + 2 = 14. Two gates of equal shape may swap places under
# "+": a is tanh or sigmoid of W x + U h (+ bias), b the identity, so none coincide.
SMALL = cell_space(
    "    a: {linear: [x, h_prev], activation: $phi}\n    b: {linear: $reads, bias: $start}\n    h: $what",
    "  phi: [tanh, sigmoid]\n  reads: {subset_of: [x, h_prev], at_least: 1}\n  start: [none, 0]\n  what: [a + b, a]",
)


def test_a_small_space_has_the_size_counted_by_hand() -> None:
    size = measure(SMALL, input_size=3, hidden_size=5)
    assert (size.configurations, size.architectures, size.exact, size.sample, size.ranges) == (14, 14, True, 14, ())


def test_the_answers_of_a_small_space_have_the_shares_counted_by_hand() -> None:
    found = {(each.hole, each.option): each for each in measure(SMALL, input_size=3, hidden_size=5).effects}
    shares = {
        ("what", "a + b"): 12 / 14,
        ("what", "a"): 2 / 14,
        ("phi", "tanh"): 7 / 14,
        ("phi", "sigmoid"): 7 / 14,
        ("reads.x", "no"): 4 / 14,
        ("reads.x", "yes"): 8 / 14,
        ("reads.h_prev", "no"): 4 / 14,
        ("reads.h_prev", "yes"): 4 / 14,
        ("start", "none"): 6 / 14,
        ("start", "0"): 6 / 14,
    }
    assert {key: each.share for key, each in found.items()} == pytest.approx(shares)
    alone = found["what", "a"]
    assert (alone.parameters, alone.stages) == (5 * (3 + 5 + 1), 1)
    # b adds 15 (x), 25 (h) or 40, and 5 with its bias
    assert found["what", "a + b"].parameters == pytest.approx(45 + mean([15, 25, 40]) + 2.5)


def test_configurations_may_be_more_than_architectures() -> None:
    twins = cell_space(
        "    a: {linear: [x], activation: $phi}\n    b: {linear: [x], activation: $psi}\n    h: a + b + h_prev",
        "  phi: [tanh, sigmoid, relu]\n  psi: [tanh, sigmoid, relu]",
    )
    size = measure(twins)
    assert (size.configurations, size.architectures) == (9, 6)


def test_ranges_are_named_and_not_counted() -> None:
    space = wiring_space("  gates.forget.bias: {float: [0.0, 2.0]}\n  cell_input: [tanh, relu]")
    size = measure(space)
    assert (size.configurations, size.architectures, size.ranges) == (2, 2, ("gates.forget.bias",))


def test_the_shipped_spaces_have_their_sizes() -> None:
    free = measure(load_space("two_timescales"))
    # phi 2, op 3, peep 2; keep with i: reads has 7 subsets of at least one; without i: none
    assert (free.configurations, free.architectures, free.exact) == (2 * 3 * 2 * (7 + 1), 96, True)
    assert count_configurations(load_space("lstm_to_gru"), 5_000) == lstm_to_gru_by_hand()


def lstm_to_gru_by_hand() -> int:
    """A peephole doubles every gate that exists, the bias a forget gate that exists; other fields are free."""
    forget, input_ = 2 * 2, 2 + 1
    coupling = forget * input_ + forget + input_  # none; i = 1 - f; f = 1 - i
    merging, squash, reset, cell_input = 2, 2, 3, 3
    gated = 2 * squash * merging
    opened = (squash - 1) * merging + 1  # the identity of the memory is the memory: merged is all it can be
    return (gated + opened) * coupling * reset * cell_input


@pytest.mark.parametrize(("limit", "expected"), [(13, None), (14, 14), (1, None), (1000, 14)])
def test_counting_stops_at_its_limit(limit: int, expected: int | None) -> None:
    assert count_configurations(SMALL, limit) == expected


@pytest.mark.parametrize("name", ["two_timescales", "lstm_to_gru"])
def test_configurations_are_enumerated_once_each_in_a_fixed_order(name: str) -> None:
    space = load_space(name)
    first, second = ([space.body.fill(chooser)[1].choices for chooser in every_chooser()] for _ in range(2))
    assert first == second
    assert len({tuple(sorted(choices.items())) for choices in first}) == len(first)


def test_the_estimate_of_a_large_space_is_unbiased() -> None:
    """Knuth's estimate over independent seeds: its mean lies within five standard errors of the truth."""
    space = load_space("two_timescales")
    estimates = [measure(space, limit=1, sample=12, seed=seed).configurations for seed in range(50)]
    assert abs(mean(estimates) - 96) < 5 * stdev(estimates) / math.sqrt(50) + 0.5  # each is rounded
    assert stdev(estimates) > 0


def test_an_estimate_says_so_and_repeats_with_its_seed() -> None:
    space = load_space("lstm_to_gru")
    first, again, other = (measure(space, limit=10, sample=100, seed=seed) for seed in (1, 1, 2))
    assert first == again != other
    assert (first.exact, first.sample) == (False, 100)
    assert 0 < first.architectures <= first.configurations


def test_draws_repeat_with_their_seed() -> None:
    space = load_space("lstm_to_gru")
    choices = [[configuration.choices for configuration in draw(space, 20, seed)] for seed in (1, 1, 2)]
    assert choices[0] == choices[1] != choices[2]


def test_effects_of_nothing_chosen_are_empty() -> None:
    (configuration,) = every_configuration(load_space("space: test\ncell: lstm\n"))
    assert effects([configuration], 3, 5) == ()
