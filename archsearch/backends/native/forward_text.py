"""The kernel that runs a cell forwards over all steps, as C text."""

from __future__ import annotations

from archsearch.backends.native.plan import Plan
from archsearch.backends.native.pointwise import Lines
from archsearch.backends.native.text import OPEN, Names, Text, loop
from archsearch.ir.instructions import Operand


class Forward:
    """Writes the function `forward`: all steps, keeping what the way back reads where `keep` is set."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = Names(plan.forward_arrays)
        self.lines = Text()
        self.makers = {instruction.name: instruction for instruction in plan.program.pointwise}
        self.done: set[str] = set()  # values that stand in memory by now

    def text(self) -> str:
        """The C text."""
        plan = self.plan
        head = OPEN.format(
            name="forward",
            indent=" " * 13,
            columns=len(plan.columns),
            arrays=self.names.declarations(),
        )
        put = self.lines.put
        put(2, "REAL *const z = scratch; /* products [chunk, products, width] */")
        put(2, "for (long t = 0; t < time; t++) {")
        put(3, "const long kept = ((keep ? t : 0) * batch + row) * width;")
        put(3, "const long all_before = (t * batch + row) * width, all_after = all_before + batch * width;")
        put(3, "const long ring_before = ((keep ? t : t & 1) * batch + row) * width;")
        put(3, "const long ring_after = ((keep ? t + 1 : (t + 1) & 1) * batch + row) * width;")
        for index in range(len(plan.program.segments)):
            self._segment(index)
        put(2, "}")
        put(1, "}")
        return head + self.lines.joined() + "\n}\n"

    def _segment(self, index: int) -> None:
        groups = [(number, group) for number, group in enumerate(self.plan.groups) if group.segment == index]
        for number, group in groups:
            names = ", ".join(product.name for product in group.products)
            operands = ", ".join(self._operand(value) for value in group.matrices)
            reads = " + ".join(f"W[{value}]" for value in group.matrices)
            self.lines.put(3, f"{{ /* {names}: {reads}, and the bias */", f"  const Operand from[] = {{{operands}}};")
            vectors = f"{len(group.products)} * width / LANES"
            column = f"{group.first} * width"
            call = f"product(rows, {vectors}, z + {column}, wide, FROM_BIAS, {self.names['biases']} + {column}, "
            self.lines.put(4, f"{call}{len(group.matrices)}, from, {self.names[f'weights {number}']});")
            self.lines.put(3, "}")
        loop(self.lines, self._pointwise(index), "what these products were waited for" if groups else "")

    def _pointwise(self, index: int) -> list[str]:
        lines = Lines(self.makers, self._source)
        segment = self.plan.program.segments[index]
        names = [product.name for product in segment.products] + [operation.name for operation in segment.pointwise]
        last = index == len(self.plan.program.segments) - 1
        stored = []
        for name in names:
            if name in self.plan.memory.stored:
                lines.add(f"store({self.names[f'value {name}']} + kept + at, {lines.value(name)});")
                stored.append(name)
        for state in self.plan.ir.states:
            if state.next in names or (last and not self._is_made(state.next)):
                after = "all_after" if state.name == self.plan.output_state else "ring_after"
                lines.add(f"store({self.names[f'state {state.name}']} + {after} + at, {lines.value(state.next)});")
                stored += [state.next] if isinstance(state.next, str) else []
        output = self.plan.ir.output
        if self.plan.output_state is None and (output in names or (last and not self._is_made(output))):
            lines.add(f"store({self.names['y']} + all_before + at, {lines.value(output)});")
        self.done |= set(stored)
        return lines.lines

    def _is_made(self, operand: Operand) -> bool:
        return operand in self.makers or operand in self.plan.columns

    def _operand(self, value: str) -> str:
        if value in self.plan.ir.inputs:
            return f"{{{self.names['x']} + (t * batch + row) * input, input, input}}"
        return f"{{{self._memory(value)}, width, hidden}}"

    def _memory(self, value: str) -> str:
        """Where a value of the whole chunk stands."""
        for state in self.plan.ir.states:
            full = state.name == self.plan.output_state
            if value == state.previous:
                return f"{self.names[f'state {state.name}']} + {'all_before' if full else 'ring_before'}"
        if value in self.plan.memory.next_states:
            state_name = self.plan.memory.next_states[value][0]
            after = "all_after" if state_name == self.plan.output_state else "ring_after"
            return f"{self.names[f'state {state_name}']} + {after}"
        return f"{self.names[f'value {value}']} + kept"

    def _source(self, name: str) -> str | None:
        if name in self.plan.columns:
            return f"load(z + r * wide + {self.plan.columns[name]} * width + j)"
        if name in self.plan.ir.inputs:
            return f"load({self.names['bare']} + all_before + at)"
        if name in self.plan.program.vectors:
            return f"load({self.names[f'vector {name}']} + j)"
        if name in self.done or name not in self.makers:
            return f"load({self._memory(name)} + at)"
        return None
