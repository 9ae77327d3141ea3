"""Random words in C: the published ones, and those of numpy, in every form of vector."""

from __future__ import annotations

import numpy as np
import pytest

from archsearch import registry
from archsearch.backends import PACKAGE, Backend
from archsearch.backends.native.compiler import Form
from archsearch.backends.native.words import words
from archsearch.draws import Draws, philox
from tests.backends.native.forms import each_form
from tests.draws.test_draws import PUBLISHED, one


@each_form
def test_words_are_those_published(form: Form) -> None:
    for counter, key, expected in PUBLISHED:
        block, call, low, high = counter
        found = words(key[0] | key[1] << 32, one(block), call, one(low | high << 32), form)
        assert found[:, 0].tolist() == list(expected)


@each_form
@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 100])
def test_words_are_those_of_numpy(form: Form, count: int) -> None:
    for blocks, first in ((range(1), 0), (range(5), 2**32 - 10), (range(3, 9), 2**40 + 5), (range(0), 7)):
        arguments = (0xFEDCBA9876543210, blocks, 7, range(first, first + count))
        found = words(*arguments, form)
        assert found.dtype == np.uint32
        assert np.array_equal(found, philox(*arguments))


@pytest.mark.parametrize("name", registry.names(PACKAGE))
def test_every_backend_draws_the_same_words(name: str) -> None:
    backend: Backend = registry.load(PACKAGE, name)
    drawn = Draws(5, 40, first=2**33, words=backend.words)
    plain = Draws(5, 40, first=2**33)
    for size in (1, 9):
        assert np.array_equal(drawn.words(size), plain.words(size))
