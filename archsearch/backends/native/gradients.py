"""The way back: one call of the backward kernel, which leaves every gradient behind."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

from torch import Tensor

from archsearch.backends.native.function import CHUNK, DEPTH, _Call, _pack_backward
from archsearch.backends.native.kernels import pointers


def gradients(ctx: Any, dy: Tensor | None, dlast: tuple[Tensor | None, ...]) -> tuple[Tensor | None, ...]:
    """Gradients of everything that `_Cell.forward` was given."""
    x, bare, *rest = ctx.saved_tensors
    weights = dict(zip(ctx.names, rest[: len(ctx.names)], strict=True))
    call = _Call(ctx.kernel, x, ctx.hidden)
    saved = map(call.padded, rest[len(ctx.names) :])  # hooks on saved tensors may have moved them
    call.arrays |= dict(zip(ctx.saved, saved, strict=True))
    _fill(call, x, bare, dy, dlast, with_input=ctx.needs_input_grad[4])
    _pack_backward(call, weights, with_input=ctx.needs_input_grad[4])
    parameters = _named(call, _run(call))
    plan = call.plan
    past = "d next" if call.time % 2 == 0 else "d prev"
    states = [call.arrays[f"{past} {state.name}"][:, : call.hidden] for state in plan.ir.states]
    dbare = call.arrays["d bare"][..., : call.hidden] if plan.reads_bare_input else None
    dx = call.arrays["d x"][..., : call.input] if ctx.needs_input_grad[4] and plan.reads_input else None
    return (None, None, None, None, dx, dbare, *states, *(parameters[name] for name in ctx.names))


def _fill(
    call: _Call, x: Tensor, bare: Tensor, dy: Tensor | None, dlast: tuple[Tensor | None, ...], with_input: bool
) -> None:
    plan, arrays, zeros = call.plan, call.arrays, call.like.new_zeros
    if plan.reads_bare_input:
        arrays["bare"] = call.padded(bare)
        arrays["d bare"] = zeros((call.time, call.batch, call.width))
    if plan.reads_input:
        arrays["x"] = call.padded(x)
        arrays["d x"] = call.empty(*(arrays["x"].shape if with_input else (0,)))
    arrays["d y"] = zeros((call.time, call.batch, call.width)) if dy is None else call.padded(dy)
    for state, value in zip(plan.ir.states, dlast, strict=True):
        shape = (call.batch, call.width)
        arrays[f"d next {state.name}"] = zeros(shape) if value is None else call.padded(value).clone()
        arrays[f"d prev {state.name}"] = call.empty(*shape)


def _run(call: _Call) -> dict[str, Tensor]:
    """Run the kernel; each thread adds up its own rows' share of the parameters' gradients, then shares are added."""
    plan, sums = call.plan, dict[int, dict[str, Tensor]]()
    columns = max(1, len(plan.columns))

    def one(first: int, last: int) -> None:
        own = sums[first] = _zero_gradients(call)
        arrays = call.arrays | own
        table = pointers([_address(arrays[name]) for name in plan.backward_arrays])
        some = min(CHUNK, last - first)
        scratch = call.empty(max(DEPTH, some) * columns * call.width + some * len(plan.scratch) * call.width)
        kernel = call.kernel
        kernel.backward(
            ctypes.byref(call.size), first, last, some, table, scratch.data_ptr(), kernel.product, kernel.gradient
        )

    call.run(one)
    shares = [sums[first] for first in sorted(sums)]
    return {name: sum((share[name] for share in shares[1:]), shares[0][name]) for name in shares[0]}


def _address(array: Tensor) -> int:
    """Null for an empty array, which the kernel takes as not asked for."""
    return array.data_ptr() if array.numel() else 0


def _zero_gradients(call: _Call) -> dict[str, Tensor]:
    plan, zeros = call.plan, call.like.new_zeros
    found = {"d biases": zeros((max(1, len(plan.columns)), call.width))}
    found |= {f"d vector {name}": zeros(call.width) for name in plan.program.vectors}
    for number, each in enumerate(plan.gradients):
        width = call.input_width if each.value in plan.ir.inputs else call.width
        found[f"d weights {number}"] = zeros((len(each.group.products), call.width, width))
    return found


def _named(call: _Call, arrays: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Gradients by parameter name, in the parameters' shapes."""
    plan, hidden = call.plan, call.hidden
    found = {name: arrays[f"d vector {name}"][:hidden] for name in plan.program.vectors}
    for number, each in enumerate(plan.gradients):
        size = call.input if each.value in plan.ir.inputs else hidden
        for index, product in enumerate(each.group.products):
            found[f"{product.equation}.linear.{each.which}"] = arrays[f"d weights {number}"][index, :hidden, :size]
    for group in plan.groups:
        for column, product in enumerate(group.products, start=group.first):
            if product.bias:
                found[f"{product.equation}.bias"] = arrays["d biases"][column, :hidden]
    return found
