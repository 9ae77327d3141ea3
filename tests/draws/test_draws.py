"""Random numbers against their published vectors, a plain loop, and the distributions that they promise."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from archsearch import draws as draws_module
from archsearch.draws import Draws, draw_key, permutations, philox
from tests.draws.plain_philox import Block, philox_block, words
from tests.tasks.uniformity import assert_uniform

# The known answers of Random123 for philox4x32 with 10 rounds: counter, key, words.
PUBLISHED: list[tuple[Block, tuple[int, int], Block]] = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


def one(start: int) -> range:
    return range(start, start + 1)


@pytest.mark.parametrize(("counter", "key", "expected"), PUBLISHED)
def test_words_are_those_published(counter: Block, key: tuple[int, int], expected: Block) -> None:
    block, call, low, high = counter
    found = philox(key[0] | key[1] << 32, one(block), call, one(low | high << 32))
    assert found[:, 0].tolist() == list(expected) == list(philox_block(counter, key))


@pytest.mark.parametrize(
    ("constant", "wrong"),
    [
        ("_ROUNDS", 9),
        ("_MULTIPLIERS", draws_module._MULTIPLIERS[::-1]),
        ("_WEYL", draws_module._WEYL[::-1]),
        ("_HALF", np.uint64(31)),
    ],
)
def test_a_wrong_constant_is_noticed(constant: str, wrong: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draws_module, constant, wrong)
    with pytest.raises(AssertionError):
        test_words_are_those_published(*PUBLISHED[-1])


def test_words_are_those_of_the_plain_loop_in_any_number_at_once() -> None:
    """More blocks and items than are drawn in one piece, and item numbers beyond 32 bits."""
    first = 2**32 - 3
    draws = Draws(draw_key(5, "training"), 4500, first=first)
    draws.words(1)
    found = draws.words(11)
    assert found.shape == (11, 4500)
    for item in (0, 2, 3, 4, 4499):
        expected = itertools.islice(words(5, "training", first + item, call=1), 11)
        assert found[:, item].tolist() == list(expected)
    long = Draws(draw_key(5, "training"), 1, first=7).words(40_003)[:, 0]
    assert long.tolist() == list(itertools.islice(words(5, "training", 7), 40_003))


METHODS: dict[str, Callable[[Draws], NDArray[np.generic]]] = {
    "words": lambda draws: draws.words(3, 2),
    "uniform": lambda draws: draws.uniform(5),
    "integers": lambda draws: draws.integers(-3, 9, 2, 2),
    "normal": lambda draws: draws.normal(4),
    "passes": lambda draws: draws.passes(17),
}


@pytest.mark.parametrize("name", METHODS)
def test_what_an_item_gets_does_not_depend_on_the_others(name: str) -> None:
    def drawn(first: int, count: int) -> NDArray[np.generic]:
        draws = Draws(3, count, first)
        return np.concatenate([METHODS[name](draws)[np.newaxis] for _ in range(2)])

    together = drawn(10, 60)
    assert np.array_equal(together[0], together[1]) is False
    assert drawn(0, 0).shape == (*together.shape[:-1], 0)
    parts = [drawn(10, 1), drawn(11, 39), drawn(50, 0), drawn(50, 20)]
    assert np.array_equal(np.concatenate(parts, axis=-1), together)


@pytest.mark.parametrize("name", METHODS)
def test_keys_seeds_and_purposes_give_other_numbers(name: str) -> None:
    keys = [draw_key(seed, purpose) for seed in (1, 2) for purpose in ("training", "validation")]
    drawn = [METHODS[name](Draws(key, 50)) for key in keys]
    assert not any(np.array_equal(left, right) for left, right in itertools.combinations(drawn, 2))
    assert np.array_equal(drawn[0], METHODS[name](Draws(draw_key(1, "training"), 50)))


def test_a_longer_array_begins_with_the_numbers_of_a_shorter_one() -> None:
    for shorter, longer in ((3, 5), (4, 40)):
        assert np.array_equal(Draws(1, 6).words(shorter), Draws(1, 6).words(longer)[:shorter])


def test_uniform_numbers_are_the_upper_24_bits() -> None:
    bits = Draws(1, 100).words(7)
    numbers = Draws(1, 100).uniform(7)
    assert numbers.dtype == np.float32
    assert np.array_equal(numbers.astype(np.float64), (bits >> 8).astype(np.float64) / 2**24)
    assert numbers.min() >= 0
    assert numbers.max() < 1


def test_uniform_numbers_reach_both_ends_and_never_1() -> None:
    for word, expected in ((0, 0.0), (2**32 - 1, 1 - 2**-24)):
        draws = Draws(1, 2, words=lambda *_, word=word: np.full((4, 2), word, dtype=np.uint32))
        assert (draws.uniform(3) == expected).all()
        assert draws.integers(-5, 2, 3).tolist() == [[-5, -5] if word == 0 else [1, 1]] * 3


@pytest.mark.parametrize(("low", "high"), [(0, 2), (-3, 4), (1, 27), (5, 6), (100, 111), (0, 676)])
def test_integers_are_uniform(low: int, high: int) -> None:
    numbers = Draws(2, 4000).integers(low, high, 5)
    assert numbers.dtype == np.int64
    if high - low > 1:
        assert_uniform(numbers.ravel(), low, high - 1)
    else:
        assert (numbers == low).all()


def test_integers_spread_over_32_bits_and_no_further() -> None:
    numbers = Draws(2, 2000).integers(-(2**31), 2**31)
    assert abs(numbers.mean()) < 5 * 2**32 / math.sqrt(12 * 2000)
    assert np.array_equal(numbers, Draws(2, 2000).words().astype(np.int64) - 2**31)
    for low, high in ((0, 2**32 + 1), (3, 3), (4, 3)):
        with pytest.raises(ValueError, match="cannot choose among the integers"):
            Draws(2, 1).integers(low, high)


def test_normal_numbers_have_the_moments_of_a_normal_distribution() -> None:
    numbers = Draws(4, 20_000).normal(5).astype(np.float64).ravel()
    size = len(numbers)
    assert np.isfinite(numbers).all()
    for power, moment, spread in ((1, 0, 1), (2, 1, math.sqrt(2)), (3, 0, math.sqrt(15)), (4, 3, math.sqrt(96))):
        assert abs((numbers**power).mean() - moment) < 5 * spread / math.sqrt(size)
    assert abs((numbers[1:] * numbers[:-1]).mean()) < 5 / math.sqrt(size)


def test_passes_go_through_all_rows_before_any_comes_again() -> None:
    rows = Draws(6, 7 * 13).passes(13).reshape(7, 13)
    assert (np.sort(rows, axis=1) == np.arange(13)).all()
    assert len({tuple(order) for order in rows.tolist()}) == 7
    again = Draws(6, 30, first=20).passes(13)
    assert again.tolist() == rows.ravel()[20:50].tolist()


def test_orders_are_equally_frequent() -> None:
    orders = Draws(8, 4 * 5_000).passes(4).reshape(-1, 4)
    assert_uniform(ranks(orders), 0, 23)


def ranks(orders: NDArray[np.int64]) -> NDArray[np.int64]:
    """The number of each order of four among all of them."""
    numbers = {order: number for number, order in enumerate(itertools.permutations(range(4)))}
    return np.array([numbers[tuple(order)] for order in orders.tolist()])


def test_a_permutation_belongs_to_its_key_item_and_call() -> None:
    whole = permutations(1, 50, range(3, 6))
    assert whole.shape == (3, 50)
    assert np.array_equal(whole[1:2], permutations(1, 50, range(4, 5)))
    others = permutations(2, 50, range(3, 6)), permutations(1, 50, range(3, 6), 1)
    made = [tuple(order) for orders in (whole, *others) for order in orders.tolist()]
    assert all(sorted(order) == list(range(50)) for order in made)
    assert len(set(made)) == 9
    with pytest.raises(ValueError, match="read-only"):
        whole[0, 0] = 3
