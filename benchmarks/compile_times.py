"""What compiling a cell costs: processor time from its IR's text to functions that can be called, the compiler's too.

Each measurement is a process of its own (`python -m benchmarks.compile_times CELL...` prints JSON), so that no library
is loaded already; the cache of compiled kernels is a folder of its own, empty for the cold one.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from bisect import bisect
from collections.abc import Iterable, Sequence

SHARED = "the product kernel"
"""Compiled once per machine, for all cells."""

OPERANDS = {"tanh": "", "sin": "", "div": ", x", "max": ", x"}
"""Functions of which chains are compiled, and their further operands."""

LENGTHS = (25, 50, 100, 200, 400)
"""Lengths of the chains that show how the time grows."""


@dataclasses.dataclass(frozen=True)
class CompileTimes:
    """Median processor seconds: cold and from the cache by cell, chains of tanh by their length, and the library that
    all cells share; for JAX, wall seconds by cell."""

    cold: dict[str, float]
    cached: dict[str, float]
    chains: dict[int, float]
    jax: dict[str, float]
    shared: float


def measure(cells: Sequence[str], rounds: Iterable[object], jax: Sequence[dict[str, float]]) -> CompileTimes:
    """Compile `cells` in every round, first without and then with what is in the cache; `jax` has been measured."""
    cold: list[dict[str, float]] = []
    cached: list[dict[str, float]] = []
    for _ in rounds:
        with tempfile.TemporaryDirectory() as folder:
            cold.append(_process(cells, folder))
            cached.append(_process(cells, folder))
    first, second = _medians(cold), _medians(cached)
    shared = first.pop(SHARED)
    chains = {length: first.pop(_chain_name(length)) for length in LENGTHS}
    return CompileTimes(first, {name: second[name] for name in first}, chains, _medians(jax), shared)


def _medians(found: Sequence[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(each[name] for each in found) for name in found[0]}


def _process(cells: Sequence[str], cache: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.compile_times", *cells]
    environment = {**os.environ, "XDG_CACHE_HOME": cache}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=environment)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _time(cells: Sequence[str]) -> dict[str, float]:
    from archsearch.backends.native import kernels
    from archsearch.backends.native.plan import Plan
    from archsearch.ir import lower, parse_ir
    from archsearch.space.library import load_cell

    texts = {name: str(lower(load_cell(name))) for name in cells}
    texts |= {_chain_name(length): _chain("tanh", length) for length in LENGTHS}
    begun = _processor_time()
    kernels.shared_library("float", None)
    found = {SHARED: _processor_time() - begun}
    for name, text in texts.items():
        begun = _processor_time()
        kernels.Kernels(Plan(parse_ir(text)), "float")
        found[name] = _processor_time() - begun
    return found


def _processor_time() -> float:
    """Seconds of this process and of those that it has waited for."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(own[:2]) + sum(children[:2])


def _chain(function: str, length: int) -> str:
    """A cell of `length` functions, one of the other."""
    lines = [f"  a{k} = {function} {f'a{k - 1}' if k else 'x'}{OPERANDS[function]}" for k in range(length)]
    return "\n".join(["cell chain(x; )", *lines, f"  -> ; output=a{length - 1}"])


def _chain_name(length: int) -> str:
    return f"{length} tanh"


def _row(gates: int) -> str:
    """A cell that adds up so many gates."""
    lines = [f"  g{k}~ = affine W[x] + W[h_prev] + b(0)\n  g{k} = sigmoid g{k}~" for k in range(gates)]
    sums = [f"  s{k} = add {f's{k - 1}' if k > 1 else 'g0'}, g{k}" for k in range(1, gates)]
    return "\n".join(["cell row(x; h=0)", *lines, *sums, f"  -> h=s{gates - 1}; output=s{gates - 1}"])


def largest() -> dict[str, float]:
    """Processor seconds for as many gates, and for chains of as many functions, as the native backend takes."""
    from archsearch.backends.native import LARGEST, kernels
    from archsearch.backends.native.plan import Plan
    from archsearch.ir import parse_ir

    cells = {"gates": _row} | {name: functools.partial(_chain, name) for name in OPERANDS}
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        kernels.shared_library("float", None)
        for name, text in cells.items():
            count = bisect(range(1, LARGEST), LARGEST, key=lambda count: Plan(parse_ir(text(count))).size)
            begun = _processor_time()
            kernels.Kernels(Plan(parse_ir(text(count))), "float")
            found[f"{count} {name}"] = _processor_time() - begun
    return found


if __name__ == "__main__":
    print(json.dumps(_time(sys.argv[1:]) if sys.argv[1:] else largest()))
