"""The compiled cell as a differentiable function of torch tensors."""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

import torch
from torch import Tensor

from archsearch.backends._layer import States, Unroll
from archsearch.backends.native.backward_layout import BackwardLayout
from archsearch.backends.native.kernels import OTHERWISE, REALS, Kernels, kernels, refused, unsupported
from archsearch.backends.native.layout import CHUNK, KEPT, OUTPUT, WORK, ForwardLayout, Layout, Shape, Shares, shares
from archsearch.backends.native.memory import BLOCKS, address
from archsearch.backends.native.tables import Share, pointers
from archsearch.errors import InvalidInput, Problem
from archsearch.ir import CellIR

_REALS = {getattr(torch, name): real for name, real in REALS.items()}

_jit: Any = torch.jit
_compiler: Any = torch.compiler  # both without types in torch

_ALIGNMENT = 64
"""Bytes: of the widest vectors."""


def unroll(
    ir: CellIR, parameters: Mapping[str, Tensor], x: Tensor, state: States, hidden_size: int
) -> tuple[Tensor, States]:
    """Outputs [time, batch, hidden] and last states of the cell over x [time, batch, input].

    Raises `Refused` for tensors that are not on the CPU or neither float32 nor float64, and where torch records or
    transforms the call.
    """
    if torch.compiler.is_dynamo_compiling():  # an error says this where the whole graph is wanted
        torch._dynamo.graph_break(msg=f"the native backend has compiled the cell itself; {OTHERWISE}")
        run: Unroll = _compiler.disable(_unroll)
        return run(ir, parameters, x, state, hidden_size)
    return _unroll(ir, parameters, x, state, hidden_size)


def _unroll(
    ir: CellIR, parameters: Mapping[str, Tensor], x: Tensor, state: States, hidden_size: int
) -> tuple[Tensor, States]:
    refuse_kind(x.dtype, x.device)
    _refuse_transforms(x.dtype)
    kernel = kernels(str(ir), _REALS[x.dtype])
    _check_parameters(kernel, parameters, x, hidden_size)
    keep = torch.is_grad_enabled()
    names = [state.name for state in ir.states]
    y, *last = _Cell.apply(  # type: ignore[no-untyped-call]
        kernel, hidden_size, keep, x, *(state[name] for name in names), *parameters.values()
    )
    return y, dict(zip(names, last, strict=True))


def refuse_kind(dtype: torch.dtype, device: torch.device) -> None:
    """Raise `Refused` for numbers or devices that kernels are not compiled for."""
    if device.type != "cpu" or dtype not in _REALS:
        raise refused(unsupported(str(device), str(dtype).removeprefix("torch.")))


def _refuse_transforms(dtype: torch.dtype) -> None:
    """Raise `Refused` where torch records or transforms the call: it does not see what kernels do."""
    functions = torch._C._are_functorch_transforms_active()  # nothing public tells this
    if functions or _jit.is_tracing() or torch.compiler.is_exporting():
        raise refused("runs under no tracing and no transform of torch.func")
    if dtype == torch.float32 and torch.is_autocast_enabled("cpu"):
        raise refused("does not take part in autocast")


def _check_parameters(kernel: Kernels, parameters: Mapping[str, Tensor], x: Tensor, hidden: int) -> None:
    """Kernels read parameters by address: none may be of another type or shape than the cell's."""
    for name, shape in kernel.parameter_shapes(x.shape[2], hidden).items():
        value = parameters[name]
        if value.dtype != x.dtype or value.device != x.device or value.shape != shape:
            what = f"the parameter {name} is {value.dtype} {list(value.shape)} on {value.device}"
            raise InvalidInput(Problem((), what, f"allowed: {x.dtype} {list(shape)} on {x.device}"))


class _Cell(torch.autograd.Function):
    """Inputs: x, the states before the first step, the parameters; outputs: y, the states after the last step."""

    @staticmethod
    def forward(ctx: Any, kernel: Kernels, hidden: int, keep: bool, x: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        ctx.set_materialize_grads(False)
        keep = keep and any(ctx.needs_input_grad)
        x = _whole(x)
        shape = kernel.shape(x.shape, hidden)
        layout = kernel.forward_layout(shape, _shares(shape), keep)
        given = [tensor.contiguous() for tensor in rest]
        last = [x.new_empty(shape.batch, hidden) for _ in kernel.plan.ir.states]
        own = {block: BLOCKS.empty(count, x.dtype) for block, count in layout.filled.items() if count}
        states = len(last)
        bases = _bases(x, own, [*given[:states], *last, *given[states:]])
        _run_forward(kernel, layout, bases)
        whole = kernel.plan.output_state is not None
        output = own[OUTPUT].view(-1, shape.batch, shape.width)
        if keep:
            ctx.kernel, ctx.hidden = kernel, hidden
            ctx.blocks = [block for block in own if block == KEPT or (block == OUTPUT and whole)]
            ctx.save_for_backward(x, *(own[block] for block in ctx.blocks), *given[states:])
        return (output[int(whole) :, :, :hidden], *last)

    @staticmethod
    def jvp(ctx: Any, *tangents: Tensor | None) -> NoReturn:
        """Torch calls this for forward-mode derivatives."""
        raise refused("has no forward-mode derivatives")

    @staticmethod
    def backward(ctx: Any, dy: Tensor | None, *dlast: Tensor | None) -> tuple[Tensor | None, ...]:
        if torch.is_grad_enabled():  # create_graph: what follows would count the gradients as constants
            raise refused("has first derivatives only")
        return gradients(ctx, dy, dlast)


def gradients(ctx: Any, dy: Tensor | None, dlast: Sequence[Tensor | None]) -> tuple[Tensor | None, ...]:
    """Gradients of everything that `_Cell.forward` was given."""
    kernel: Kernels = ctx.kernel
    x, *saved = map(_whole, ctx.saved_tensors)  # hooks on saved tensors may have moved them
    kept, parameters = saved[: len(ctx.blocks)], saved[len(ctx.blocks) :]
    shape = kernel.shape(x.shape, ctx.hidden)
    incoming = [None if tensor is None else _whole(tensor) for tensor in (dy, *dlast)]
    with_input = ctx.needs_input_grad[3] and (kernel.plan.reads_input or kernel.plan.reads_bare_input)
    given = tuple(tensor is not None for tensor in incoming)
    layout = kernel.backward_layout(shape, _shares(shape), with_input, given)
    own = dict(zip(ctx.blocks, kept, strict=True)) | {WORK: BLOCKS.empty(layout.filled[WORK], x.dtype)}
    dx = BLOCKS.empty(x.numel(), x.dtype).view(x.shape) if with_input else None
    dstates = [x.new_empty(shape.batch, shape.hidden) for _ in dlast]
    dparameters = [torch.empty_like(tensor) for tensor in parameters]
    _run_backward(kernel, layout, _bases(x, own, [*incoming, *parameters, dx, *dstates, *dparameters]))
    return (None, None, None, dx, *dstates, *dparameters)


def _whole(value: Tensor) -> Tensor:
    """`value`, contiguous, where vectors may start."""
    contiguous = value.contiguous()
    return contiguous.clone() if address(contiguous) % _ALIGNMENT else contiguous


def _shares(shape: Shape) -> Shares:
    return shares(shape.batch, torch.get_num_threads(), shape.time * shape.hidden)


def _bases(x: Tensor, own: Mapping[int, Tensor], others: Sequence[Tensor | None]) -> list[int]:
    """The addresses of a call's blocks by number, 0 where there is none."""
    first = [own[block].data_ptr() if block in own else 0 for block in (WORK, KEPT, OUTPUT)]
    return [0, x.data_ptr(), *first, *(0 if each is None else each.data_ptr() or address(each) for each in others)]


def _run_forward(kernel: Kernels, layout: ForwardLayout, bases: list[int]) -> None:
    blocks = _enter(kernel, layout, bases)
    _run_shares(kernel, kernel.forward, layout, bases, [layout.places] * len(layout.shares), layout.keep)
    kernel.move(layout.after, len(layout.after), blocks)


def _run_backward(kernel: Kernels, layout: BackwardLayout, bases: list[int]) -> None:
    blocks = _enter(kernel, layout, bases)
    _run_shares(kernel, kernel.backward, layout, bases, layout.places, keep=True)
    kernel.move(layout.after, len(layout.after), blocks)


def _run_shares(
    kernel: Kernels,
    function: ctypes.c_void_p,
    layout: ForwardLayout | BackwardLayout,
    bases: list[int],
    places: Sequence[Sequence[tuple[int, int]]],
    keep: bool,
) -> None:
    """Run a kernel on the rows of the batch; `places` are those of the arrays for each share."""
    size = ctypes.addressof(layout.size)
    tables = [pointers(_addresses(bases, some)) for some in places]
    scratch = _addresses(bases, layout.scratch)
    parts = [
        Share(
            size,
            first,
            last,
            min(CHUNK, last - first),
            keep,
            ctypes.addressof(table),
            own,
            kernel.product,
            kernel.gradient,
        )
        for (first, last), table, own in zip(layout.shares, tables, scratch, strict=True)
    ]
    kernel.run_shares(function, (Share * len(parts))(*parts), len(parts))


def _enter(kernel: Kernels, layout: Layout, bases: list[int]) -> ctypes.Array[ctypes.c_void_p]:
    """Bring in what the kernel reads. -> the blocks' addresses as the shared kernels take them."""
    blocks = pointers(bases)
    kernel.move(layout.before, len(layout.before), blocks)
    kernel.pack(layout.packs, len(layout.packs), blocks)
    return blocks


def _addresses(bases: list[int], places: Sequence[tuple[int, int]]) -> list[int]:
    return [bases[block] + offset for block, offset in places]
