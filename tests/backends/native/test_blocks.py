"""Memory that is used again: never while anything reads it, and not without bound."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from archsearch import build
from archsearch.backends.native import function
from archsearch.backends.native.memory import SMALLEST, Blocks
from archsearch.space import load_cell

LARGE = SMALLEST  # numbers of four bytes


def test_a_block_is_used_again_once_the_last_tensor_in_it_is_gone() -> None:
    blocks = Blocks()
    first = blocks.empty(LARGE, torch.float32)
    place, part = first.data_ptr(), first.view(2, -1)[1]
    del first
    assert blocks.empty(LARGE, torch.float32).data_ptr() != place
    assert blocks.bytes() > 0, "the second one is back"
    del part
    found = {(blocks.empty(LARGE, torch.float32)).data_ptr() for _ in range(2)}
    assert place in found


def test_blocks_of_about_the_same_size_serve_each_other() -> None:
    blocks = Blocks()
    place = blocks.empty(100_000, torch.float32).data_ptr()
    again = blocks.empty(99_000, torch.float32)
    assert again.data_ptr() == place
    assert again.shape == (99_000,)
    assert again.untyped_storage().nbytes() == 4 * 99_000
    assert blocks.empty(1_000_000, torch.float32).data_ptr() != place


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("count", [1, 1000, 1_000_003])
def test_vectors_may_start_at_every_block(count: int, dtype: torch.dtype) -> None:
    found = Blocks().empty(count, dtype)
    assert found.data_ptr() % 64 == 0
    assert (found.shape, found.dtype) == ((count,), dtype)


def test_what_waits_is_bounded() -> None:
    blocks = Blocks(limit=5 * 4 * LARGE)
    held = [blocks.empty(LARGE, torch.float32) for _ in range(20)]
    while held:
        held.pop()
        assert blocks.bytes() <= blocks.limit


def test_threads_never_share_a_block() -> None:
    blocks = Blocks()

    def use(value: int) -> bool:
        for _ in range(200):
            mine = blocks.empty(LARGE, torch.float32)
            mine.fill_(value)
            if not bool((mine == value).all()):
                return False
            del mine
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(use, range(4)))


def test_outputs_of_earlier_calls_stay_as_they_are() -> None:
    layer = build(load_cell("lstm"), 8, 64, "native", seed=1)
    inputs = [torch.full((50, 8, 8), float(value)) for value in range(4)]
    outputs = [layer(x)[0] for x in inputs]
    copies = [y.detach().clone() for y in outputs]
    for y in reversed(outputs):
        y.sum().backward()
    gc.collect()
    for x in inputs:
        layer(x)
    assert all(torch.equal(y.detach(), copy) for y, copy in zip(outputs, copies, strict=True))


def test_a_second_way_back_finds_what_the_first_one_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(function, "BLOCKS", Blocks())
    layer = build(load_cell("peephole_lstm"), 8, 64, "native", seed=1)
    y, _ = layer(torch.linspace(-1, 1, 50 * 8 * 8).view(50, 8, 8))
    first = torch.autograd.grad(y.sum(), list(layer.parameters()), retain_graph=True)
    layer(torch.zeros(50, 8, 8))[0].sum().backward()
    second = torch.autograd.grad(y.sum(), list(layer.parameters()))
    assert all(torch.equal(one, two) for one, two in zip(first, second, strict=True))
