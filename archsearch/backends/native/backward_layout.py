"""Where the arrays of a call backwards lie, and how gradients leave it."""

from __future__ import annotations

from archsearch.backends.native.layout import NOTHING, WORK, Layout, Shape, Shares, X, parameter_blocks
from archsearch.backends.native.plan import Plan
from archsearch.backends.native.tables import BlockOffset, Pack, add, copy, zero
from archsearch.ir.cost import parameter_shapes

DEPTH = 128
"""Rows of adjoints that the backward kernel collects; as in its text."""


class BackwardLayout(Layout):
    """Of a call backwards. Blocks: `d y`, `d last <state>`, parameters, then what leaves the call: `d x`,
    `d first <state>`, `d <parameter>`.

    `with_input`: the gradient of the input is asked for. `given`: which of `d y` and the `d last <state>` are there;
    the others are 0.
    """

    def __init__(self, plan: Plan, shape: Shape, shares: Shares, with_input: bool, given: tuple[bool, ...]) -> None:
        states = [state.name for state in plan.ir.states]
        names = parameter_blocks(plan, shape)
        incoming = ["d y", *(f"d last {name}" for name in states)]
        outgoing = ["d x", *(f"d first {name}" for name in states), *(f"d {name}" for name in names)]
        super().__init__(plan, shape, shares, [*incoming, *names, *outgoing])
        self.with_input = with_input
        self.sequences(keep=True)
        self.bare_input()
        self._input()
        self._adjoints(dict(zip(incoming, given, strict=True)))
        self.vectors()
        self._weights()
        self._sums()
        self._gradients()
        self._past_states()
        self.finish()

    def _input(self) -> None:
        """The input, and its gradient: by matrices and by pointwise work."""
        plan, shape = self.plan, self.shape
        columns, outgoing = shape.input, self.named("d x")
        made = False
        if plan.reads_input:
            self.arrays["x"] = self.padded(BlockOffset(X), shape.rows, columns)
            self.arrays["d x"] = BlockOffset(NOTHING)
            if self.with_input:
                inside = outgoing if columns == shape.input_width else self.room(WORK, shape.rows * shape.input_width)
                self.arrays["d x"], made = inside, True
                if inside != outgoing:
                    self._after.append(copy(outgoing, columns, inside, shape.input_width, shape.rows, columns))
        if plan.reads_bare_input:
            bare = self.arrays["d bare"] = self.room(WORK, shape.rows * shape.width)
            self._before.append(zero(bare, shape.rows * shape.width))
            if self.with_input:
                leave = add if made else copy
                self._after.append(leave(outgoing, columns, bare, shape.width, shape.rows, columns))

    def _adjoints(self, given: dict[str, bool]) -> None:
        """Those of the output and of the states after the last step."""
        shape = self.shape
        if given["d y"]:
            self.arrays["d y"] = self.padded(self.named("d y"), shape.rows, shape.hidden)
        else:
            self.arrays["d y"] = self.room(WORK, shape.rows * shape.width)
            self._before.append(zero(self.arrays["d y"], shape.rows * shape.width))
        for state in self.plan.ir.states:
            after = self.arrays[f"d next {state.name}"] = self.room(WORK, shape.batch * shape.width)
            self.arrays[f"d prev {state.name}"] = self.room(WORK, shape.batch * shape.width)
            columns = shape.hidden if given[f"d last {state.name}"] else 0
            source = self.named(f"d last {state.name}")
            self._before.append(copy(after, shape.width, source, shape.hidden, shape.batch, columns))

    def _weights(self) -> None:
        shape = self.shape
        for number, back in enumerate(self.plan.returns):
            to_input = back.value in self.plan.ir.inputs
            columns = shape.input if to_input else shape.hidden
            if to_input and not self.with_input:
                self.arrays[f"weights {number}"] = BlockOffset(NOTHING)
                continue
            vectors, total = shape.whole(columns) // shape.lanes, len(back.readers) * shape.hidden
            place = self.arrays[f"weights {number}"] = self.room(WORK, vectors * shape.lanes * total)
            for index, (_, product, which) in enumerate(back.readers):
                matrix = self.block[f"{product.equation}.linear.{which}"]
                here = (place.block, place.offset, matrix, vectors, total, 0, vectors)
                self._packs.append(Pack(*here, index * shape.hidden, shape.hidden, columns, columns, 1))

    def _sums(self) -> None:
        """Each share's own sums of the parameters' gradients, which start at 0, and its scratch memory."""
        plan, shape = self.plan, self.shape
        counts = {"d biases": len(plan.columns) * shape.width}
        counts |= {f"d vector {name}": shape.width for name in plan.program.vectors}
        for number, gradient in enumerate(plan.gradients):
            width = shape.input_width if gradient.value in plan.ir.inputs else shape.width
            counts[f"d weights {number}"] = len(gradient.group.products) * shape.width * width
        self.sums: list[dict[str, BlockOffset]] = []
        scratch: list[BlockOffset] = []
        columns = max(DEPTH, self.chunk) * len(plan.columns) + self.chunk * len(plan.scratch)
        for _ in self.shares:
            sums = {name: self.room(WORK, count) for name, count in counts.items()}
            self.sums.append(sums)
            scratch.append(self.room(WORK, columns * shape.width))
            self._before.append(zero(sums["d biases"], sum(counts.values())))
        arrays = [self.arrays | sums for sums in self.sums]
        self.scratch = self.in_bytes(scratch)
        self.places = [self.in_bytes(some[name] for name in plan.backward_arrays) for some in arrays]

    def _gradients(self) -> None:
        """Parameters' gradients, the shares added up in order."""
        plan, shape = self.plan, self.shape
        for share, sums in enumerate(self.sums):
            leave = add if share else copy
            for name, (place, width) in self._by_parameter(sums).items():
                rows, columns = (1, *parameter_shapes(plan.ir, shape.input, shape.hidden)[name])[-2:]
                self._after.append(leave(self.named(f"d {name}"), columns, place, width, rows, columns))

    def _by_parameter(self, sums: dict[str, BlockOffset]) -> dict[str, tuple[BlockOffset, int]]:
        """Where each parameter's gradient begins, and the distance between its rows."""
        plan, width = self.plan, self.shape.width
        places = {name: (sums[f"d vector {name}"], width) for name in plan.program.vectors}
        for number, gradient in enumerate(plan.gradients):
            row = self.shape.input_width if gradient.value in plan.ir.inputs else width
            start = sums[f"d weights {number}"]
            for index, product in enumerate(gradient.group.products):
                name = f"{product.equation}.linear.{gradient.which}"
                places[name] = (BlockOffset(WORK, start.offset + index * width * row), row)
        for group in plan.groups:
            for column, product in enumerate(group.products, start=group.first):
                if product.bias:
                    place = BlockOffset(WORK, sums["d biases"].offset + column * width)
                    places[f"{product.equation}.bias"] = (place, width)
        return places

    def _past_states(self) -> None:
        """The gradients of the states before the first step."""
        shape = self.shape
        past = "d next" if shape.time % 2 == 0 else "d prev"
        for state in self.plan.ir.states:
            to, source = self.named(f"d first {state.name}"), self.arrays[f"{past} {state.name}"]
            self._after.append(copy(to, shape.hidden, source, shape.width, shape.batch, shape.hidden))
