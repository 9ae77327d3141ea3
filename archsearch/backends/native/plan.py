"""Which arrays the kernels of a cell read and write, and how products are grouped: shared by text and caller."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from itertools import groupby

from archsearch.ir.instructions import CellIR
from archsearch.ir.passes.keeping import Memory, plan_memory
from archsearch.ir.passes.reverse import ReverseSegment, reverse
from archsearch.ir.passes.segments import Product, Program, segments


@dataclasses.dataclass(frozen=True)
class Group:
    """Products of one segment that read the same values: one call of the product kernel forwards."""

    segment: int
    first: int
    """Column of the first product, in hidden sizes."""
    products: tuple[Product, ...]

    @property
    def matrices(self) -> tuple[str, ...]:
        """The values read."""
        return self.products[0].matrices


@dataclasses.dataclass(frozen=True)
class Return:
    """The way back through the products of one segment to one value: one call of the product kernel."""

    segment: int
    value: str
    readers: tuple[tuple[int, Product, int], ...]
    """(column, product, which of its matrices)."""


@dataclasses.dataclass(frozen=True)
class WeightGradient:
    """The gradient of the weights with which a group reads one value: one call of the gradient kernel."""

    group: Group
    which: int
    value: str


class Plan:
    """Everything about a cell that its kernels and their caller must agree on."""

    def __init__(self, ir: CellIR) -> None:
        self.ir = ir
        self.program: Program = segments(ir)
        self.backwards: tuple[ReverseSegment, ...] = reverse(self.program)
        self.memory: Memory = plan_memory(self.program, self.backwards)

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Forward calls of the product kernel, in order."""
        groups: list[Group] = []
        column = 0
        for index, segment in enumerate(self.program.segments):
            ordered = sorted(segment.products, key=lambda product: product.matrices)
            for _, products in groupby(ordered, key=lambda product: product.matrices):
                group = Group(index, column, tuple(products))
                groups.append(group)
                column += len(group.products)
        return tuple(groups)

    @cached_property
    def columns(self) -> dict[str, int]:
        """Product name -> its column, in hidden sizes."""
        return {
            product.name: group.first + index for group in self.groups for index, product in enumerate(group.products)
        }

    @cached_property
    def returns(self) -> tuple[Return, ...]:
        """Backward calls of the product kernel; those to the input are made only when its gradient is asked for."""
        returns: list[Return] = []
        for index in reversed(range(len(self.program.segments))):
            readers: dict[str, list[tuple[int, Product, int]]] = {}
            for group in (group for group in self.groups if group.segment == index):
                for product in group.products:
                    for which, value in enumerate(product.matrices):
                        readers.setdefault(value, []).append((self.columns[product.name], product, which))
            returns += [Return(index, value, tuple(uses)) for value, uses in readers.items()]
        return tuple(returns)

    @cached_property
    def gradients(self) -> tuple[WeightGradient, ...]:
        """Calls of the gradient kernel for each block of steps."""
        return tuple(
            WeightGradient(group, which, value) for group in self.groups for which, value in enumerate(group.matrices)
        )

    @property
    def size(self) -> int:
        """About how long the kernels take to compile, in pointwise instructions (a tenth of a millisecond each)."""
        program = self.program
        pointwise = [*program.pointwise, *(instruction for segment in self.backwards for instruction in segment.body)]
        selections = sum(instruction.op in ("gt", "where_le") for instruction in pointwise)
        arrays = 15 * len(self.columns) + 8 * len(program.vectors) + 15 * len(self.ir.states)
        return len(pointwise) + 2 * selections + arrays + 30 * len(program.segments)

    @property
    def reads_input(self) -> bool:
        """Whether a matrix reads the input."""
        return any(gradient.value in self.ir.inputs for gradient in self.gradients)

    @property
    def output_state(self) -> str | None:
        """The state whose sequence is the output, where there is one."""
        return next((state.name for state in self.ir.states if state.next == self.ir.output), None)

    @cached_property
    def reads_bare_input(self) -> bool:
        """Whether pointwise work or an end reads the input."""
        return self.ir.reads_bare_input

    @cached_property
    def forward_arrays(self) -> tuple[str, ...]:
        """Arrays of the forward kernel, by name."""
        own_output = [] if self.output_state else ["y"]
        return (
            "x",
            *(["bare"] if self.reads_bare_input else []),
            *(f"state {state.name}" for state in self.ir.states),
            *(f"value {name}" for name in self.memory.stored),
            *own_output,
            "biases",
            *(f"vector {name}" for name in self.program.vectors),
            *(f"weights {index}" for index in range(len(self.groups))),
        )

    @cached_property
    def backward_arrays(self) -> tuple[str, ...]:
        """Arrays of the backward kernel, by name."""
        return (
            *(["bare", "d bare"] if self.reads_bare_input else []),
            *(f"state {state.name}" for state in self.ir.states),
            *(f"value {name}" for name in self.memory.stored),
            "d y",
            *(["x", "d x"] if self.reads_input else []),
            *(f"{kind} {state.name}" for state in self.ir.states for kind in ("d next", "d prev")),
            *(f"vector {name}" for name in self.program.vectors),
            "d biases",
            *(f"d vector {name}" for name in self.program.vectors),
            *(f"weights {index}" for index in range(len(self.returns))),
            *(f"d weights {index}" for index in range(len(self.gradients))),
        )

    @cached_property
    def scratch(self) -> tuple[str, ...]:
        """Values whose adjoint crosses segments inside a step."""
        names = {return_.value for return_ in self.returns}
        for segment in self.backwards:
            names |= set(segment.adds)
        previous = {state.previous for state in self.ir.states}
        inside = names - previous - set(self.ir.inputs) - set(self.program.vectors)
        return tuple(sorted(inside))
