"""The compiled cell as a differentiable function of torch tensors."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from archsearch.backends._layer import States
from archsearch.backends.native.kernels import Kernels, Size, kernels, pointers
from archsearch.backends.native.plan import Plan
from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.ir import CellIR
from archsearch.ir.cost import parameter_shapes

CHUNK = 96
"""Rows that run through all steps together: enough to use packed weights often, few enough to stay in cache."""

DEPTH = 128
"""Rows of adjoints that the backward kernel collects; as in its text."""

_REALS = {torch.float32: "float", torch.float64: "double"}


def unroll(
    ir: CellIR, parameters: Mapping[str, Tensor], x: Tensor, bare: Tensor, state: States, hidden_size: int
) -> tuple[Tensor, States]:
    """Outputs [time, batch, hidden] and last states of the cell over x [time, batch, input].

    Raises `Refused` for tensors that are not on the CPU or neither float32 nor float64.
    """
    refuse_kind(x.dtype, x.device)
    _check_parameters(ir, parameters, x, hidden_size)
    kernel = kernels(str(ir), _REALS[x.dtype])
    names = [state_.name for state_ in ir.states]
    needs_grad = torch.is_grad_enabled()
    weights = {name: value for name, value in parameters.items() if name != "x.linear.0"}
    y, *last = _Cell.apply(  # type: ignore[no-untyped-call]
        kernel, tuple(weights), hidden_size, needs_grad, x, bare, *(state[name] for name in names), *weights.values()
    )
    return y, dict(zip(names, last, strict=True))


def refuse_kind(dtype: torch.dtype, device: torch.device) -> None:
    """Raise `Refused` for numbers or devices that kernels are not compiled for."""
    if device.type != "cpu" or dtype not in _REALS:
        raise Refused(f"the native backend runs float32 and float64 on the CPU, not {dtype} on {device}")


def _check_parameters(ir: CellIR, parameters: Mapping[str, Tensor], x: Tensor, hidden: int) -> None:
    """Kernels read parameters by address: none may be of another type or shape than the cell's."""
    for name, shape in parameter_shapes(ir, x.shape[2], hidden).items():
        value = parameters[name]
        if value.dtype != x.dtype or value.device != x.device or tuple(value.shape) != shape:
            what = f"the parameter {name} is {value.dtype} {list(value.shape)} on {value.device}"
            raise InvalidInput(Problem((), what, f"allowed: {x.dtype} {list(shape)} on {x.device}"))


class _Call:
    """One call's arrays, by name, and how rows are shared among threads."""

    def __init__(self, kernel: Kernels, x: Tensor, hidden: int) -> None:
        self.kernel, self.plan = kernel, kernel.plan
        self.time, self.batch, self.input = x.shape
        self.hidden = hidden
        self.width, self.input_width = self.whole(hidden), self.whole(self.input)
        self.like = x
        self.size = Size(self.time, self.batch, self.input, self.input_width, hidden, self.width)
        self.arrays: dict[str, Tensor] = {}

    def empty(self, *shape: int) -> Tensor:
        return self.like.new_empty(shape)

    def whole(self, size: int) -> int:
        """`size`, rounded up to whole vectors."""
        return -(-size // self.kernel.lanes) * self.kernel.lanes

    def padded(self, value: Tensor) -> Tensor:
        """`value`, contiguous, aligned to whole vectors, its last axis filled up with zeros to whole vectors."""
        missing = self.whole(value.shape[-1]) - value.shape[-1]
        found = (torch.nn.functional.pad(value, (0, missing)) if missing else value).contiguous()
        return found.clone() if found.data_ptr() % (self.kernel.lanes * found.element_size()) else found

    def run(self, call: Callable[[int, int], None]) -> None:
        """Call for shares of the rows, one share per thread; no share waits for another."""
        shares = _shares(self.batch, torch.get_num_threads(), self.time * self.hidden)
        if len(shares) == 1:
            call(*shares[0])
        else:
            list(_threads(len(shares)).map(lambda share: call(*share), shares))


def _shares(rows: int, threads: int, work: int) -> list[tuple[int, int]]:
    if threads == 1 or rows < 2 or rows * work < 20_000:
        return [(0, rows)]
    cuts = [round(rows * index / threads) for index in range(threads + 1)]
    return [(first, last) for first, last in pairwise(cuts) if last > first]


@cache
def _threads(count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="archsearch-native")


os.register_at_fork(after_in_child=_threads.cache_clear)  # threads do not survive a fork


def _pack_forward(call: _Call, weights: Mapping[str, Tensor]) -> None:
    """Pack the weights of every forward product."""
    for number, group in enumerate(call.plan.groups):
        depths = [call.input if value in call.plan.ir.inputs else call.hidden for value in group.matrices]
        count = len(group.products)
        packed = call.empty(count * call.width * sum(depths))
        for which, depth in enumerate(depths):
            matrices = [weights[f"{product.equation}.linear.{which}"].contiguous() for product in group.products]
            table = pointers([matrix.data_ptr() for matrix in matrices])
            before = sum(depths[:which])
            call.kernel.pack(
                packed.data_ptr(), count, call.width, call.hidden, depth, before, sum(depths), table, 1, depth
            )
        call.arrays[f"weights {number}"] = packed


def _pack_backward(call: _Call, weights: Mapping[str, Tensor], with_input: bool) -> None:
    """Pack the weights of every backward product; those to the input only where its gradient is asked for."""
    for number, back in enumerate(call.plan.returns):
        to_input = back.value in call.plan.ir.inputs
        columns, width = (call.input, call.input_width) if to_input else (call.hidden, call.width)
        if to_input and not with_input:
            call.arrays[f"weights {number}"] = call.empty(0)
            continue
        depth = len(back.readers) * call.hidden
        packed = call.empty(width * depth)
        for index, (_, product, which) in enumerate(back.readers):
            matrix = weights[f"{product.equation}.linear.{which}"].contiguous()
            table = pointers([matrix.data_ptr()])
            before = index * call.hidden
            call.kernel.pack(packed.data_ptr(), 1, width, columns, call.hidden, before, depth, table, columns, 1)
        call.arrays[f"weights {number}"] = packed


class _Cell(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        kernel: Kernels,
        names: tuple[str, ...],
        hidden: int,
        keep: bool,
        x: Tensor,
        bare: Tensor,
        *rest: Tensor,
    ) -> tuple[Tensor, ...]:
        plan = kernel.plan
        states, weights = rest[: len(plan.ir.states)], dict(zip(names, rest[len(plan.ir.states) :], strict=True))
        keep = keep and any(ctx.needs_input_grad)
        ctx.set_materialize_grads(False)
        call = _Call(kernel, x, hidden)
        _fill_forward(call, x, bare, states, weights, keep)
        _pack_forward(call, weights)
        _run_forward(call, keep)
        last = [_last(call, state.name, keep) for state in plan.ir.states]
        y = call.arrays["y"] if plan.output_state is None else call.arrays[f"state {plan.output_state}"][1:]
        if keep:
            saved = [name for name in call.arrays if name.startswith(("state ", "value ", "vector "))]
            ctx.kernel, ctx.names, ctx.hidden, ctx.saved = kernel, names, hidden, saved
            ctx.save_for_backward(x, bare, *weights.values(), *(call.arrays[name] for name in saved))
        return (y[..., :hidden], *last)

    @staticmethod
    def backward(ctx: Any, dy: Tensor | None, *dlast: Tensor | None) -> tuple[Tensor | None, ...]:
        from archsearch.backends.native.gradients import gradients

        if torch.is_grad_enabled():  # create_graph: what follows would count the gradients as constants
            raise Refused("the native backend has first derivatives only; for more use the backend 'reference'")
        return gradients(ctx, dy, dlast)


def _fill_forward(
    call: _Call, x: Tensor, bare: Tensor, states: tuple[Tensor, ...], weights: Mapping[str, Tensor], keep: bool
) -> None:
    plan, arrays = call.plan, call.arrays
    arrays["x"] = x.contiguous()
    if plan.reads_bare_input:
        arrays["bare"] = call.padded(bare)
    for state, value in zip(plan.ir.states, states, strict=True):
        steps = call.time + 1 if keep or state.name == plan.output_state else 2
        sequence = call.empty(steps, call.batch, call.width)
        sequence[0, :, : call.hidden] = value
        sequence[0, :, call.hidden :] = 0
        arrays[f"state {state.name}"] = sequence
    for name in plan.memory.stored:
        arrays[f"value {name}"] = call.empty(call.time if keep else 1, call.batch, call.width)
    if plan.output_state is None:
        arrays["y"] = call.empty(call.time, call.batch, call.width)
    biases = x.new_zeros(len(plan.columns), call.width)
    for group in plan.groups:
        for column, product in enumerate(group.products, start=group.first):
            if product.bias:
                biases[column, : call.hidden] = weights[f"{product.equation}.bias"]
    arrays["biases"] = biases
    for name in plan.program.vectors:
        arrays[f"vector {name}"] = call.padded(weights[name])


def _run_forward(call: _Call, keep: bool) -> None:
    columns = len(call.plan.columns)
    table = pointers([call.arrays[name].data_ptr() for name in call.plan.forward_arrays])

    def one(first: int, last: int) -> None:
        some = min(CHUNK, last - first)
        scratch = call.empty(max(1, some * columns * call.width))
        call.kernel.forward(
            ctypes.byref(call.size), first, last, some, int(keep), table, scratch.data_ptr(), call.kernel.product
        )

    call.run(one)


def _last(call: _Call, state: str, keep: bool) -> Tensor:
    sequence = call.arrays[f"state {state}"]
    index = call.time if keep or state == call.plan.output_state else call.time & 1
    return sequence[index, :, : call.hidden].clone()


__all__ = ["Plan", "unroll"]
