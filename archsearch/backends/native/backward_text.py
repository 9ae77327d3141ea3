"""The kernel that runs a cell backwards over all steps, as C text."""

from __future__ import annotations

from archsearch.backends.native.plan import Plan
from archsearch.backends.native.pointwise import Lines
from archsearch.backends.native.text import OPEN, Names, Text, loop
from archsearch.ir.instructions import Operand, Pointwise


class Backward:
    """Writes the function `backward`: adjoints from the last step to the first, and every gradient on the way."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = Names(plan.backward_arrays)
        self.lines = Text()
        self.written: set[str] = set()  # adjoints that hold something in this step
        self.forward = {instruction.name: instruction for instruction in plan.program.pointwise}
        self.slots = {name: number for number, name in enumerate(plan.scratch)}
        self.previous = {state.previous: state.name for state in plan.ir.states}

    def text(self) -> str:
        """The C text."""
        plan, put = self.plan, self.lines.put
        head = OPEN.format(
            name="backward",
            indent=" " * 14,
            columns=len(plan.columns),
            arrays=self.names.declarations(),
        )
        put(2, "/* adjoints of products wait for some steps, before the weights' gradients take them up */")
        put(2, "const long block = rows < batch || rows >= DEPTH ? 1 : DEPTH / rows;")
        put(2, "REAL *const dz_block = scratch;")
        put(2, "REAL *const adjoints = scratch + (rows < DEPTH ? DEPTH : rows) * wide;")
        put(2, "for (long t = time - 1; t >= 0; t--) {")
        put(3, "const long before = (t * batch + row) * width, after = before + batch * width, kept = before;")
        put(3, "const long filled = (time - 1 - t) % block + 1;")
        put(3, "REAL *const dz = dz_block + (block - filled) * rows * wide;")
        put(3, "const long turn = (time - 1 - t) & 1;")
        for state in plan.ir.states:
            one, other = self.names[f"d next {state.name}"], self.names[f"d prev {state.name}"]
            put(3, f"REAL *const dn_{state.name} = (turn ? {other} : {one}) + row * width;")
            put(3, f"REAL *const dp_{state.name} = (turn ? {one} : {other}) + row * width;")
        for name, slot in self.slots.items():
            put(3, f"REAL *const s{slot} = adjoints + {slot} * chunk * width; /* d {name} */")
        self._ends()
        for segment_index, reverse_segment in zip(
            reversed(range(len(plan.program.segments))), plan.backwards, strict=True
        ):
            note = "the way back through pointwise work: `d v` is the adjoint of v, ~k a result on the way"
            loop(
                self.lines, self._pointwise(reverse_segment.body, reverse_segment.products, reverse_segment.adds), note
            )
            self._returns(segment_index)
        loop(
            self.lines,
            [f"store(dp_{state} + at, all(0));" for prev, state in self.previous.items() if prev not in self.written],
        )
        self._weights()
        put(2, "}")
        put(1, "}")
        return head + self.lines.joined() + "\n}\n"

    def _ends(self) -> None:
        """Adjoints of ends that no segment makes: a state that becomes another one's past value, or the bare input."""
        lines = Lines({}, lambda name: None)
        for end in dict.fromkeys((*(state.next for state in self.plan.ir.states), self.plan.ir.output)):
            if isinstance(end, str) and (
                end in self.previous or end in self.plan.ir.inputs or end in self.plan.program.vectors
            ):
                self._add(lines, end, " + ".join(self._end_terms(end)))
        loop(self.lines, lines.lines)

    def _end_terms(self, name: str) -> list[str]:
        terms = [f"load({self.names['d y']} + before + at)"] if name == self.plan.ir.output else []
        return terms + [f"load(dn_{state.name} + at)" for state in self.plan.ir.states if state.next == name]

    def _pointwise(
        self, body: tuple[Pointwise, ...], products: dict[str, Operand], adds: dict[str, Operand]
    ) -> list[str]:
        lines = Lines(self.forward | {operation.name: operation for operation in body}, self._source)
        for name, adjoint in products.items():
            column = self.plan.columns[name]
            value = lines.value(adjoint)
            lines.add(f"store(dz + r * wide + {column} * width + j, {value});")
            bias = f"{self.names['d biases']} + {column} * width + j"
            if any(product.name == name and product.bias for product in self.plan.program.products):
                lines.add(f"store({bias}, load({bias}) + {value});")
        for name, adjoint in adds.items():
            self._add(lines, name, lines.value(adjoint))
        return lines.lines

    def _add(self, lines: Lines, name: str, value: str) -> None:
        if name in self.plan.program.vectors:
            place = f"{self.names[f'd vector {name}']} + j"
            lines.add(f"store({place}, load({place}) + {value});")
            return
        place = f"{self._adjoint(name)} + at"
        lines.add(f"store({place}, load({place}) + {value});" if name in self.written else f"store({place}, {value});")
        self.written.add(name)

    def _adjoint(self, name: str) -> str:
        if name in self.previous:
            return f"dp_{self.previous[name]}"
        if name in self.plan.ir.inputs:
            return f"{self.names['d bare']} + before"
        return f"s{self.slots[name]}"

    def _returns(self, segment: int) -> None:
        for number, back in enumerate(self.plan.returns):
            if back.segment != segment:
                continue
            operands = ", ".join(f"{{dz + {column} * width, wide, hidden}}" for column, _, _ in back.readers)
            weights = self.names[f"weights {number}"]
            to_input = back.value in self.plan.ir.inputs
            key = f"product {back.value}" if to_input else back.value
            start = "FROM_OUT" if key in self.written else "FROM_ZERO"
            self.written.add(key)
            open_ = f"if ({self.names['d x']}) {{" if to_input else "{"
            through = ", ".join(product.name for _, product, _ in back.readers)
            self.lines.put(
                3, f"{open_} /* d {back.value}, by way of {through} */", f"  const Operand from[] = {{{operands}}};"
            )
            width = "input_width" if to_input else "width"
            out = f"{self.names['d x']} + (t * batch + row) * input_width" if to_input else self._adjoint(back.value)
            call = f"product(rows, {width} / LANES, {out}, {width}, {start}, 0, "
            self.lines.put(4, f"{call}{len(back.readers)}, from, {weights});")
            self.lines.put(3, "}")

    def _weights(self) -> None:
        """The gradients of the weights, once a block of steps is full."""
        if not self.plan.gradients:
            return
        put = self.lines.put
        put(3, "/* the weights' gradients take up the adjoints of `filled` steps at once */")
        put(3, "if (filled == block || t == 0) {")
        for number, gradient in enumerate(self.plan.gradients):
            count, names = len(gradient.group.products), ", ".join(product.name for product in gradient.group.products)
            width = "input_width" if gradient.value in self.plan.ir.inputs else "width"
            out = self.names[f"d weights {number}"]
            put(4, f"gradient({count} * width, {width} / LANES, {out}, filled * rows,")
            put(4, f"         dz + {gradient.group.first} * width, wide,")
            put(4, f"         {self._sequence(gradient.value)}, {width}); /* W of {names} for {gradient.value} */")
        put(3, "}")

    def _sequence(self, value: str) -> str:
        """Where a value that matrices read stands at step t; later steps follow."""
        if value in self.plan.ir.inputs:
            return f"{self.names['x']} + (t * batch + row) * input_width"
        if value in self.previous:
            return f"{self.names[f'state {self.previous[value]}']} + before"
        if value in self.plan.memory.next_states:
            return f"{self.names[f'state {self.plan.memory.next_states[value][0]}']} + after"
        return f"{self.names[f'value {value}']} + kept"

    def _source(self, name: str) -> str | None:
        if name.startswith("d "):
            value = name.removeprefix("d ")
            terms = self._end_terms(value)
            if value in self.written:
                terms.append(f"load({self._adjoint(value)} + at)")
            return " + ".join(terms)
        if name in self.previous:
            return f"load({self.names[f'state {self.previous[name]}']} + before + at)"
        if name in self.plan.ir.inputs:
            return f"load({self.names['bare']} + before + at)"
        if name in self.plan.program.vectors:
            return f"load({self.names[f'vector {name}']} + j)"
        if name in self.plan.memory.stored:
            return f"load({self.names[f'value {name}']} + kept + at)"
        if name in self.plan.memory.next_states:
            return f"load({self.names[f'state {self.plan.memory.next_states[name][0]}']} + after + at)"
        return None
