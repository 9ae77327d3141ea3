"""The same numbers again: in another process, with more threads, after a fork."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import torch

from archsearch import build
from archsearch.backends.native.layout import shares
from archsearch.schema.study import Model, Spec, Training
from archsearch.space import load_cell
from archsearch.tasks.adding import Adding
from archsearch.training import evaluate
from archsearch.training.loop import weights_hash
from tests.backends.native.comparing import SINGLE, Subject, subject
from tests.contract.comparison import Run


def trained(seed: int) -> str:
    """The hash of the weights after some training steps."""
    generator = torch.Generator().manual_seed(seed)
    layer = build(load_cell("peephole_lstm"), 3, 17, "native", seed=seed)
    optimizer = torch.optim.Adam(layer.parameters(), lr=0.01)
    for _ in range(15):
        y, last = layer(torch.randn(12, 5, 3, generator=generator))
        loss = y.square().mean() + last["c"].mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return weights_hash({name: value.detach().numpy() for name, value in layer.named_parameters()})


FORKING = """
import multiprocessing, torch
from archsearch import build, load
torch.set_num_threads(2)
layer = build(load("lstm"), 3, 17, "native", seed=1)
x = torch.linspace(-1, 1, 20 * 100 * 3).reshape(20, 100, 3)
expected = layer(x)[0].detach()
def child(pipe):
    pipe.send(torch.equal(layer(x)[0].detach(), expected))
here, there = multiprocessing.Pipe()
process = multiprocessing.get_context("fork").Process(target=child, args=(there,))
process.start()
print(here.poll(60) and here.recv())
process.kill()
"""


def printed(code: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_fresh_process_trains_to_the_same_weights() -> None:
    here = trained(1)
    assert len(here) == 16
    assert printed(f"from {__name__} import trained; print(trained(1))") == here
    assert trained(2) != here


def test_threads_are_there_after_a_fork() -> None:
    assert printed(FORKING) == "True"


@contextmanager
def threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    yield
    torch.set_num_threads(before)


def run_with(of: Subject, count: int) -> Run:
    with threads(count):
        return of.run("native", SINGLE)


@pytest.mark.parametrize("name", ["lstm", "gru_reset_before", "mut1"])
def test_threads_change_nothing_but_the_order_of_sums_over_sequences(name: str) -> None:
    of = subject(load_cell(name), (20, 97, 3, 17))
    assert len(shares(97, 2, 20 * 17)) == 2
    one, two, three = (run_with(of, count) for count in (1, 2, 3))
    for other in (two, three):
        assert torch.equal(one.y, other.y)
        assert all(torch.equal(value, other.states[state]) for state, value in one.states.items())
        for leaf, value in one.gradients.items():
            if leaf.startswith("state") or leaf == "x":
                assert torch.equal(value, other.gradients[leaf]), leaf
            else:
                tolerance = 20 * 97 * torch.finfo(SINGLE).eps  # as many terms are added up
                torch.testing.assert_close(value, other.gradients[leaf], rtol=tolerance, atol=tolerance)
    again = run_with(of, 2)
    assert all(torch.equal(value, again.gradients[leaf]) for leaf, value in two.gradients.items())


def test_calls_from_several_threads_at_once_do_not_meet() -> None:
    of = subject(load_cell("gru"), (20, 97, 3, 17))
    with threads(2):
        expected = of.run("native", SINGLE)
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: of.run("native", SINGLE), range(16)))
    for other in found:
        assert torch.equal(other.y, expected.y)
        assert all(torch.equal(value, other.gradients[leaf]) for leaf, value in expected.gradients.items())


def test_shares_are_all_rows_in_order() -> None:
    for rows in (1, 2, 5, 97):
        for count in (1, 2, 3, 8):
            for work in (1, 1_000_000):
                found = shares(rows, count, work)
                assert [row for first, last in found for row in range(first, last)] == list(range(rows))
                assert 1 <= len(found) <= count
    assert shares(100, 4, 1) == ((0, 100),), "too little work to share"


EVALUATING = """
import sys
from archsearch import load, training
from archsearch.schema.study import Model, Spec, Training
from archsearch.tasks.adding import Adding
trained = Training(learning_rate=0.01, sequences=320, checks=2, validation=32)
spec = Spec(cell=load("peephole_lstm"), model=Model(hidden_size=17, layers=2), training=trained)
score, _ = training.evaluate(spec, Adding(length=12), 1, ["native"], lambda check, value: None)
print(score.compiled, score.weights_hash, "torch" in sys.modules)
"""


@pytest.mark.parametrize("threads", ["1", "2"])
def test_an_evaluation_gives_the_same_bits_in_any_process_with_any_threads(
    threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, threads)
    compiled, digest, torch_loaded = printed(EVALUATING).split()
    assert (compiled, torch_loaded) == ("True", "False")
    assert digest == evaluated()


def evaluated() -> str:
    """The hash of the weights after the same evaluation here, where torch is loaded."""
    plan = Training(learning_rate=0.01, sequences=320, checks=2, validation=32)
    spec = Spec(cell=load_cell("peephole_lstm"), model=Model(hidden_size=17, layers=2), training=plan)
    score, _ = evaluate(spec, Adding(length=12), 1, ["native"], lambda check, value: None)
    return score.weights_hash
