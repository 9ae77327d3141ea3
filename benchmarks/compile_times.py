"""How long it takes until a cell is compiled: from its IR's text to functions that can be called.

Each measurement is a process of its own (`python -m benchmarks.compile_times CELL...` prints JSON), so that no library
is loaded already; the cache of compiled kernels is a folder of its own, empty for the cold one.
"""

from __future__ import annotations

import dataclasses
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterable, Sequence

SHARED = "the product kernel"
"""Compiled once per machine, for all cells."""

OPERANDS = {"tanh": "", "sin": "", "div": ", x", "max": ", x"}
"""Functions of which chains are compiled, and their further operands."""


@dataclasses.dataclass(frozen=True)
class CompileTimes:
    """Median seconds: cold and from the cache by cell, JAX by cell, and the product kernel that all cells share."""

    cold: dict[str, float]
    cached: dict[str, float]
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
    del second[SHARED]
    return CompileTimes(first, second, _medians(jax), shared)


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
    begun = time.perf_counter()
    kernels.shared_library("float", None)
    found = {SHARED: time.perf_counter() - begun}
    for name, text in texts.items():
        begun = time.perf_counter()
        kernels.Kernels(Plan(parse_ir(text)), "float")
        found[name] = time.perf_counter() - begun
    return found


def largest() -> dict[str, float]:
    """Processor seconds of the compiler for as many gates, and for chains of as many functions, as the native backend
    takes; of kernels that are not in the cache yet."""
    from archsearch.backends.native import LARGEST, kernels
    from archsearch.backends.native.plan import Plan
    from archsearch.ir import CellIR, parse_ir

    def row(gates: int) -> CellIR:
        lines = [f"  g{k}~ = affine W[x] + W[h_prev] + b(0)\n  g{k} = sigmoid g{k}~" for k in range(gates)]
        sums = [f"  s{k} = add {f's{k - 1}' if k > 1 else 'g0'}, g{k}" for k in range(1, gates)]
        return parse_ir("\n".join(["cell row(x; h=0)", *lines, *sums, f"  -> h=s{gates - 1}; output=s{gates - 1}"]))

    def chain(function: str) -> Callable[[int], CellIR]:
        def of(length: int) -> CellIR:
            lines = [f"  a{k} = {function} {f'a{k - 1}' if k else 'x'}{OPERANDS[function]}" for k in range(length)]
            return parse_ir("\n".join(["cell chain(x; )", *lines, f"  -> ; output=a{length - 1}"]))

        return of

    found: dict[str, float] = {}
    kernels.shared_library("float", None)
    for name, of in {"gates": row, **{name: chain(name) for name in OPERANDS}}.items():
        count = bisect(range(1, LARGEST), LARGEST, key=lambda length: Plan(of(length)).size)
        begun = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        kernels.Kernels(Plan(of(count)), "float")
        found[f"{count} {name}"] = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - begun
    return found


if __name__ == "__main__":
    print(json.dumps(_time(sys.argv[1:]) if sys.argv[1:] else largest()))
