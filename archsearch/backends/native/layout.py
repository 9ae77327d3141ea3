"""Where the arrays of one call lie in a few blocks of memory, and what is moved before and after its kernel.

A layout depends on the sizes alone, so that it is made once and a call brings nothing but addresses.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from itertools import pairwise

from archsearch.backends.native.plan import Plan
from archsearch.backends.native.tables import (
    BlockOffset,
    Move,
    Pack,
    Size,
    copy,
    table_of_moves,
    table_of_packs,
)
from archsearch.ir.cost import parameter_shapes

CHUNK = 96
"""Rows that run through all steps together: enough to use packed weights often, few enough to stay in cache."""

LEAST_WORK = 20_000
"""Values below which the threads cost more than they save."""

Shares = tuple[tuple[int, int], ...]
"""First and last row (not included) of each share."""

NOTHING, X, WORK, KEPT, OUTPUT = range(5)
"""Blocks of every call: none (a null pointer), the input, memory of this call alone, what is kept for the way back,
and the sequence that is handed out as the output."""
FIRST = 5
"""The number of the first block that depends on the cell."""


@dataclasses.dataclass(frozen=True)
class Shape:
    """Sizes of a call; `lanes` numbers of `itemsize` bytes make a vector."""

    time: int
    batch: int
    input: int
    hidden: int
    lanes: int
    itemsize: int

    @property
    def width(self) -> int:
        """The hidden size, rounded up to whole vectors."""
        return self.whole(self.hidden)

    @property
    def input_width(self) -> int:
        """The input size, rounded up to whole vectors."""
        return self.whole(self.input)

    @property
    def rows(self) -> int:
        """Rows of a whole sequence."""
        return self.time * self.batch

    def whole(self, count: int) -> int:
        """`count`, rounded up to whole vectors."""
        return -(-count // self.lanes) * self.lanes

    def size(self) -> Size:
        """As the kernels read it."""
        return Size(self.time, self.batch, self.input, self.input_width, self.hidden, self.width)


def shares(rows: int, threads: int, work: int) -> Shares:
    """The share of each thread. None waits for another, so no barrier is needed. `work`: values per row."""
    if threads == 1 or rows < 2 or rows * work < LEAST_WORK:
        return ((0, rows),)
    cuts = [round(rows * index / threads) for index in range(threads + 1)]
    return tuple((first, last) for first, last in pairwise(cuts) if last > first)


class Layout:
    """Arrays by name, sizes of blocks, moves and packs. A kernel runs on all `shares` of the batch at once."""

    def __init__(self, plan: Plan, shape: Shape, shares: Shares, blocks: Iterable[str]) -> None:
        self.plan, self.shape, self.shares = plan, shape, shares
        self.chunk = min(CHUNK, max(last - first for first, last in shares))
        self.size = shape.size()
        self.block = {name: number for number, name in enumerate(blocks, start=FIRST)}
        self.arrays: dict[str, BlockOffset] = {}
        self.filled = dict.fromkeys((WORK, KEPT, OUTPUT), 0)
        self._before: list[Move] = []
        self._after: list[Move] = []
        self._packs: list[Pack] = []

    def finish(self) -> None:
        """Make the tables; nothing is added after it."""
        self.before, self.after = table_of_moves(self._before), table_of_moves(self._after)
        self.packs = table_of_packs(self._packs)

    def room(self, block: int, count: int) -> BlockOffset:
        """A new place for `count` values."""
        place = BlockOffset(block, self.filled[block])
        self.filled[block] += self.shape.whole(count)
        return place

    def named(self, block: str) -> BlockOffset:
        """The first value of a block of the cell."""
        return BlockOffset(self.block[block])

    def padded(self, source: BlockOffset, rows: int, columns: int) -> BlockOffset:
        """Where `rows` of `columns` values stand in whole vectors: where they are, or in a copy."""
        width = self.shape.whole(columns)
        if width == columns:
            return source
        place = self.room(WORK, rows * width)
        self._before.append(copy(place, width, source, columns, rows, columns))
        return place

    def in_bytes(self, places: Iterable[BlockOffset]) -> list[tuple[int, int]]:
        """Places as (block, bytes)."""
        return [(place.block, place.offset * self.shape.itemsize) for place in places]

    def bare_input(self) -> None:
        """The input that pointwise work reads, where it does."""
        if self.plan.reads_bare_input:
            self.arrays["bare"] = self.padded(BlockOffset(X), self.shape.rows, self.shape.input)

    def sequences(self, keep: bool) -> None:
        """The states over time and the values that are kept; without `keep` the last two steps of states alone."""
        plan, shape = self.plan, self.shape
        row = shape.batch * shape.width
        inside = KEPT if keep else WORK
        for state in plan.ir.states:
            whole = state.name == plan.output_state
            steps = shape.time + 1 if keep or whole else 2
            self.arrays[f"state {state.name}"] = self.room(OUTPUT if whole else inside, steps * row)
        for name in plan.memory.stored:
            self.arrays[f"value {name}"] = self.room(inside, (shape.time if keep else 1) * row)

    def vectors(self) -> None:
        """Diagonals, and biases that pointwise work reads."""
        for name in self.plan.program.vectors:
            place = self.arrays[f"vector {name}"] = self.room(WORK, self.shape.hidden)
            self._before.append(self._row(place, self.named(name)))

    def _row(self, to: BlockOffset, source: BlockOffset) -> Move:
        """One vector of hidden size, filled up."""
        return copy(to, self.shape.width, source, 0, 1, self.shape.hidden)


def parameter_blocks(plan: Plan, shape: Shape) -> list[str]:
    """Parameters by name, in order."""
    return list(parameter_shapes(plan.ir, shape.input, shape.hidden))


class ForwardLayout(Layout):
    """Of a call forwards. Blocks: `first <state>`, `last <state>`, parameters."""

    def __init__(self, plan: Plan, shape: Shape, shares: Shares, keep: bool) -> None:
        states = [state.name for state in plan.ir.states]
        blocks = [f"first {name}" for name in states] + [f"last {name}" for name in states]
        super().__init__(plan, shape, shares, blocks + parameter_blocks(plan, shape))
        self.keep = keep
        self.arrays["x"] = BlockOffset(X)
        self.bare_input()
        self.sequences(keep)
        if plan.output_state is None:
            self.arrays["y"] = self.room(OUTPUT, shape.rows * shape.width)
        self._states()
        self._biases()
        self.vectors()
        self._weights()
        count = self.chunk * len(plan.columns) * shape.width
        self.scratch = self.in_bytes(self.room(WORK, count) for _ in shares)
        self.places = self.in_bytes(self.arrays[name] for name in plan.forward_arrays)
        self.finish()

    def _states(self) -> None:
        """The first step of each state comes in, the last one goes out."""
        shape = self.shape
        for state in self.plan.ir.states:
            here = self.arrays[f"state {state.name}"]
            whole = self.keep or state.name == self.plan.output_state
            step = shape.time if whole else shape.time & 1
            end = BlockOffset(here.block, here.offset + step * shape.batch * shape.width)
            first, last = self.named(f"first {state.name}"), self.named(f"last {state.name}")
            self._before.append(copy(here, shape.width, first, shape.hidden, shape.batch, shape.hidden))
            self._after.append(copy(last, shape.hidden, end, shape.width, shape.batch, shape.hidden))

    def _biases(self) -> None:
        width = self.shape.width
        place = self.arrays["biases"] = self.room(WORK, len(self.plan.columns) * width)
        for group in self.plan.groups:
            for column, product in enumerate(group.products, start=group.first):
                here = BlockOffset(WORK, place.offset + column * width)
                source = self.named(f"{product.equation}.bias") if product.bias else here
                columns = self.shape.hidden if product.bias else 0
                self._before.append(copy(here, width, source, 0, 1, columns))

    def _weights(self) -> None:
        shape = self.shape
        for number, group in enumerate(self.plan.groups):
            depths = [shape.input if value in self.plan.ir.inputs else shape.hidden for value in group.matrices]
            count = shape.width // shape.lanes
            vectors = len(group.products) * count
            place = self.arrays[f"weights {number}"] = self.room(WORK, vectors * shape.lanes * sum(depths))
            for which, depth in enumerate(depths):
                for index, product in enumerate(group.products):
                    matrix = self.block[f"{product.equation}.linear.{which}"]
                    rows = (sum(depths[:which]), depth)
                    here = (place.block, place.offset, matrix, vectors, sum(depths), index * count, count)
                    self._packs.append(Pack(*here, *rows, shape.hidden, 1, depth))
