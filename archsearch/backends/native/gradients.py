"""The way back: the backward kernel over all steps, then each weight's gradient as one product."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from archsearch.backends.native.function import _Call, _pack_backward
from archsearch.backends.native.kernels import pointers
from archsearch.backends.native.plan import Group


def gradients(ctx: Any, dy: Tensor | None, dlast: tuple[Tensor | None, ...]) -> tuple[Tensor | None, ...]:
    """Gradients of everything that `_Cell.forward` was given."""
    x, bare, *rest = ctx.saved_tensors
    weights = dict(zip(ctx.names, rest[: len(ctx.names)], strict=True))
    call = _Call(ctx.kernel, x, ctx.hidden)
    call.arrays |= dict(zip(ctx.saved, rest[len(ctx.names) :], strict=True))
    totals = _run(call, bare, dy, dlast, weights)
    parameters = _weight_gradients(call, x, weights) | totals
    plan = call.plan
    past = "d next" if call.time % 2 == 0 else "d prev"
    states = [call.arrays[f"{past} {state.name}"][:, : call.hidden] for state in plan.ir.states]
    dbare = call.arrays["d bare"][..., : call.hidden] if plan.reads_bare_input else None
    dx = _input_gradient(call, weights) if ctx.needs_input_grad[4] else None
    return (None, None, None, None, dx, dbare, *states, *(parameters[name] for name in ctx.names))


def _run(
    call: _Call, bare: Tensor, dy: Tensor | None, dlast: tuple[Tensor | None, ...], weights: Mapping[str, Tensor]
) -> dict[str, Tensor]:
    """Run the kernel; returns the gradients of biases and vectors, summed over threads."""
    plan, arrays = call.plan, call.arrays
    full = (call.time, call.batch, call.width)
    if plan.reads_bare_input:
        arrays["bare"], arrays["d bare"] = call.padded(bare), call.like.new_zeros(full)
    arrays["d y"] = call.like.new_zeros(full) if dy is None else call.padded(dy)
    arrays["d products"] = call.empty(call.time, call.batch, max(1, len(plan.columns)), call.width)
    for state, value in zip(plan.ir.states, dlast, strict=True):
        shape = (call.batch, call.width)
        start = call.like.new_zeros(shape) if value is None else call.padded(value).clone()
        arrays[f"d next {state.name}"], arrays[f"d prev {state.name}"] = start, call.empty(*shape)
    chunk = call.chunk(_pack_backward(call, weights))
    sums: dict[int, dict[str, Tensor]] = {}

    def one(first: int, last: int) -> None:
        own = {"d biases": call.like.new_zeros(max(1, len(plan.columns)), call.width)}
        own |= {f"d vector {name}": call.like.new_zeros(call.width) for name in plan.program.vectors}
        sums[first] = own
        table = pointers([(arrays | own)[name].data_ptr() for name in plan.backward_arrays])
        some = min(chunk, last - first)
        scratch = call.empty(max(1, some * len(plan.scratch) * call.width))
        call.kernel.backward(ctypes.byref(call.size), first, last, some, table, scratch.data_ptr(), call.kernel.product)

    call.run(one)
    ordered = [sums[first] for first in sorted(sums)]
    total = {name: sum((each[name] for each in ordered[1:]), ordered[0][name]) for name in ordered[0]}
    found = {name: total[f"d vector {name}"][: call.hidden] for name in plan.program.vectors}
    for group in plan.groups:
        for column, product in enumerate(group.products, start=group.first):
            if product.bias:
                found[f"{product.equation}.bias"] = total["d biases"][column, : call.hidden]
    return found


def _weight_gradients(call: _Call, x: Tensor, weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """W's gradient for all products of a group that read one value: one matrix product over all steps."""
    found: dict[str, Tensor] = {}
    adjoints, width = call.arrays["d products"], call.width
    wide = adjoints.shape[2] * width
    for group in call.plan.groups:
        for which, value in enumerate(group.matrices):
            read, size = _sequence(call, value, x)
            out = call.empty(len(group.products) * width, read.shape[2])
            vectors = read.shape[2] // call.kernel.lanes
            first = adjoints.data_ptr() + group.first * width * adjoints.element_size()
            call.kernel.gradient(
                out.shape[0],
                vectors,
                out.data_ptr(),
                call.time * call.batch,
                first,
                wide,
                read.data_ptr(),
                read.shape[2],
            )
            for index, each in enumerate(group.products):
                found[f"{each.equation}.linear.{which}"] = out[index * width : index * width + call.hidden, :size]
    return found


def _adjoint(call: _Call, group: Group) -> Tensor:
    """The adjoints of a group's products: [time * batch, products * hidden]."""
    rows, last = call.time * call.batch, group.first + len(group.products)
    whole = call.arrays["d products"]
    if call.width == call.hidden:
        return whole.view(rows, -1)[:, group.first * call.width : last * call.width]
    return whole[:, :, group.first : last, : call.hidden].reshape(rows, -1)


def _sequence(call: _Call, value: str, x: Tensor) -> tuple[Tensor, int]:
    """A value that matrices read, at every step: [time, batch, whole vectors], and how many of its numbers count."""
    if value in call.plan.ir.inputs:
        missing = -x.shape[2] % call.kernel.lanes
        return torch.nn.functional.pad(x, (0, missing)).contiguous(), x.shape[2]
    for state in call.plan.ir.states:
        if value == state.previous:
            return call.arrays[f"state {state.name}"][:-1], call.hidden
    if value in call.plan.memory.next_states:
        return call.arrays[f"state {call.plan.memory.next_states[value][0]}"][1:], call.hidden
    return call.arrays[f"value {value}"], call.hidden


def _input_gradient(call: _Call, weights: Mapping[str, Tensor]) -> Tensor:
    rows = call.time * call.batch
    total = call.like.new_zeros(rows, call.input)
    for group in call.plan.groups:
        for which, value in enumerate(group.matrices):
            if value in call.plan.ir.inputs:
                matrix = torch.cat([weights[f"{each.equation}.linear.{which}"] for each in group.products])
                total.addmm_(_adjoint(call, group), matrix)
    return total.view(call.time, call.batch, call.input)
