"""Cells in JAX: input products before the loop, recurrent products of one stage as one, `lax.scan`, `jit`."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.nn import sigmoid

from benchmarks.contenders import Answer, Problem, named, stacked
from benchmarks.layouts import Layout

Parameters = dict[str, Array]


def _lstm(p: Parameters, x: Array, h: Array) -> Array:
    def step(state: tuple[Array, Array], z: Array) -> tuple[tuple[Array, Array], Array]:
        h, c = state
        i, f, g, o = jnp.split(z + h @ p["hidden"], 4, axis=-1)
        c = sigmoid(f) * c + sigmoid(i) * jnp.tanh(g)
        h = sigmoid(o) * jnp.tanh(c)
        return (h, c), h

    return jax.lax.scan(step, (h, h), x @ p["input"] + p["bias"])[1]


def _peephole_lstm(p: Parameters, x: Array, h: Array) -> Array:
    look_i, look_f, look_o = jnp.split(p["peepholes"], 3)

    def step(state: tuple[Array, Array], z: Array) -> tuple[tuple[Array, Array], Array]:
        h, c = state
        i, f, g, o = jnp.split(z + h @ p["hidden"], 4, axis=-1)
        c = sigmoid(f + look_f * c) * c + sigmoid(i + look_i * c) * jnp.tanh(g)
        h = sigmoid(o + look_o * c) * jnp.tanh(c)
        return (h, c), h

    return jax.lax.scan(step, (h, h), x @ p["input"] + p["bias"])[1]


def _gru(p: Parameters, x: Array, h: Array) -> Array:
    def step(h: Array, a: Array) -> tuple[Array, Array]:
        r, z, nx = jnp.split(a, 3, axis=-1)
        rh, zh, nh = jnp.split(h @ p["hidden"], 3, axis=-1)
        z = sigmoid(z + zh)
        n = jnp.tanh(nx + sigmoid(r + rh) * (nh + p["hidden bias"]))
        h = z * h + (1 - z) * n
        return h, h

    return jax.lax.scan(step, h, x @ p["input"] + p["bias"])[1]


def _mut1(p: Parameters, x: Array, h: Array) -> Array:
    to_reset, to_candidate = jnp.split(p["hidden"], 2, axis=-1)
    bias_z, bias_r, bias_n = jnp.split(p["bias"], 3)
    z, r, n = jnp.split(x @ p["input"], 3, axis=-1)

    def step(h: Array, a: tuple[Array, Array, Array]) -> tuple[Array, Array]:
        z, r, n = a
        n = jnp.tanh((sigmoid(r + h @ to_reset) * h) @ to_candidate + n)
        h = n * z + h * (1 - z)
        return h, h

    return jax.lax.scan(step, h, (sigmoid(z + bias_z), r + bias_r, jnp.tanh(n) + bias_n))[1]


def _gates(gates: str, **more: tuple[str, ...]) -> Layout:
    words = gates.split()
    kinds = {"input": "linear.0", "hidden": "linear.1", "bias": "bias"}
    return {name: tuple(f"{gate}.{what}" for gate in words) for name, what in kinds.items()} | more


CELLS: dict[str, tuple[Callable[[Parameters, Array, Array], Array], Layout]] = {
    "lstm": (_lstm, _gates("i f g o")),
    "peephole_lstm": (_peephole_lstm, _gates("i f g o", peepholes=("i.diagonal.0", "f.diagonal.0", "o.diagonal.0"))),
    "gru": (
        _gru,
        {
            "input": ("r.linear.0", "z.linear.0", "nx.linear.0"),
            "hidden": ("r.linear.1", "z.linear.1", "nh.linear.0"),
            "bias": ("r.bias", "z.bias", "nx.bias"),
            "hidden bias": ("nh.bias",),
        },
    ),
    "mut1": (
        _mut1,
        {
            "input": ("z.linear.0", "r.linear.0", "x.linear.0"),
            "hidden": ("r.linear.1", "nh.linear.0"),
            "bias": ("z.bias", "r.bias", "nh.bias"),
        },
    ),
}
"""Outputs [time, batch, hidden] of parameters, x and the initial state; matrices are [in, out]."""


def use_one_core() -> None:
    """Start JAX with all its threads on one core; to be called before anything else has started it.

    XLA's flags for one thread leave several at work. Threads stay on the cores on which they are started.
    """
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(all_cores)})
    jax.block_until_ready(jnp.zeros((2, 2)) @ jnp.zeros((2, 2)))
    os.sched_setaffinity(0, all_cores)


@dataclasses.dataclass
class Scanned:
    """A cell's step in JAX; `compile_seconds` went into tracing and compiling it."""

    problem: Problem
    cell: str

    def __post_init__(self) -> None:
        unroll, self.layout = CELLS[self.cell]
        given = stacked(self.problem, self.layout)
        self.parameters = {name: jnp.asarray(value.numpy().T) for name, value in given.items()}
        self.x, dy = jnp.asarray(self.problem.x.numpy()), jnp.asarray(self.problem.dy.numpy())
        start = jnp.zeros(dy.shape[1:])

        def loss(parameters: Parameters, x: Array) -> tuple[Array, Array]:
            outputs = unroll(parameters, x, start)
            return jnp.vdot(outputs, dy), outputs

        begun = time.perf_counter()
        jitted: Any = jax.jit(jax.value_and_grad(loss, has_aux=True))
        self.compiled = jitted.lower(self.parameters, self.x).compile()
        self.compile_seconds = time.perf_counter() - begun

    def step(self) -> None:
        """Forward, backward, gradients of all parameters."""
        jax.block_until_ready(self.compiled(self.parameters, self.x))

    def answer(self) -> Answer:
        """Outputs and gradients, by archsearch's names."""
        (_, outputs), gradients = self.compiled(self.parameters, self.x)
        turned = {name: np.asarray(value).T for name, value in gradients.items()}
        return Answer(np.asarray(outputs), named(self.problem, self.layout, turned))
