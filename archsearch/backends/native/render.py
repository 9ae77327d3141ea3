"""IR to C: one function forwards, one backwards, both over any sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from archsearch.backends.native.plan import Plan
from archsearch.backends.native.pointwise import Lines
from archsearch.ir.instructions import Operand, Pointwise

_HEAD = """/* {title}
   {source}
   Arrays are [time, batch, width] with width = hidden, rounded up to whole vectors. */
#include "vector.h"

typedef struct {{ const REAL *base; long stride, size; }} Operand;
typedef struct {{ long time, batch, input, hidden, width; }} Size;
typedef void Product(long, long, REAL *, long, int, const REAL *, int, const Operand *, const REAL *);
enum {{ FROM_BIAS, FROM_ZERO, FROM_OUT }};
"""

_OPEN = """
void {name}(const Size *size, long first, long last, long chunk, {extra}REAL *const *array, REAL *scratch,
{indent}Product *product) {{
  const long time = size->time, batch = size->batch, hidden = size->hidden, width = size->width;
  const long wide = {columns} * width;
{arrays}
  for (long row = first; row < last; row += chunk) {{
    const long rows = last - row < chunk ? last - row : chunk;
"""


def render(plan: Plan) -> str:
    """The C text of a cell's kernels."""
    source = str(plan.ir).strip().replace("\n", "\n   ")
    return (
        _HEAD.format(title=f"The cell {plan.ir.cell}.", source=source) + _Forward(plan).text() + _Backward(plan).text()
    )


class _Text:
    """Lines with indentation."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def put(self, depth: int, *lines: str) -> None:
        self.lines += ["  " * depth + line for line in lines]


def _loop(text: _Text, lines: Iterable[str]) -> None:
    body = list(lines)
    if body:
        text.put(3, "for (long r = 0; r < rows; r++)", "  for (long j = 0; j < width; j += LANES) {")
        text.put(5, "const long at = r * width + j;", *body)
        text.put(4, "}")


class _Names:
    """C names of arrays and of pointers into them."""

    def __init__(self, arrays: Sequence[str]) -> None:
        self.index = {name: number for number, name in enumerate(arrays)}

    def __getitem__(self, name: str) -> str:
        return f"a{self.index[name]}"

    def declarations(self) -> str:
        return "\n".join(
            f"  REAL *const a{number} = array[{number}]; /* {name} */" for name, number in self.index.items()
        )


class _Forward:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = _Names(plan.forward_arrays)
        self.text_ = _Text()
        self.makers = {each.name: each for each in plan.program.pointwise}
        self.done: set[str] = set()  # values that stand in memory by now

    def text(self) -> str:
        plan = self.plan
        head = _OPEN.format(
            name="forward",
            indent=" " * 13,
            extra="long keep, ",
            columns=len(plan.columns),
            arrays=self.names.declarations(),
        ).replace("hidden = size->hidden,", "input = size->input, hidden = size->hidden,")
        put = self.text_.put
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
        return head + "\n".join(self.text_.lines) + "\n}\n"

    def _segment(self, index: int) -> None:
        groups = [(number, group) for number, group in enumerate(self.plan.groups) if group.segment == index]
        for number, group in groups:
            names = ", ".join(product.name for product in group.products)
            operands = ", ".join(self._operand(value) for value in group.matrices)
            self.text_.put(3, f"{{ /* {names} */", f"  const Operand from[] = {{{operands}}};")
            vectors = f"{len(group.products)} * width / LANES"
            column = f"{group.first} * width"
            call = f"product(rows, {vectors}, z + {column}, wide, FROM_BIAS, {self.names['biases']} + {column}, "
            self.text_.put(4, f"{call}{len(group.matrices)}, from, {self.names[f'weights {number}']});")
            self.text_.put(3, "}")
        _loop(self.text_, self._pointwise(index))

    def _pointwise(self, index: int) -> list[str]:
        lines = Lines(self.makers, self._source)
        segment = self.plan.program.segments[index]
        made = [product.name for product in segment.products] + [each.name for each in segment.pointwise]
        last = index == len(self.plan.program.segments) - 1
        stored = []
        for name in made:
            if name in self.plan.memory.stored:
                lines.add(f"store({self.names[f'value {name}']} + kept + at, {lines.value(name)});")
                stored.append(name)
        for state in self.plan.ir.states:
            if state.next in made or (last and not self._is_made(state.next)):
                after = "all_after" if state.name == self.plan.output_state else "ring_after"
                lines.add(f"store({self.names[f'state {state.name}']} + {after} + at, {lines.value(state.next)});")
                stored += [state.next] if isinstance(state.next, str) else []
        output = self.plan.ir.output
        if self.plan.output_state is None and (output in made or (last and not self._is_made(output))):
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


class _Backward:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.names = _Names(plan.backward_arrays)
        self.text_ = _Text()
        self.written: set[str] = set()  # adjoints that hold something in this step
        self.forward = {each.name: each for each in plan.program.pointwise}
        self.slots = {name: number for number, name in enumerate(plan.scratch)}
        self.previous = {state.previous: state.name for state in plan.ir.states}

    def text(self) -> str:
        plan, put = self.plan, self.text_.put
        head = _OPEN.format(
            name="backward", indent=" " * 14, extra="", columns=len(plan.columns), arrays=self.names.declarations()
        )
        put(2, "for (long t = time - 1; t >= 0; t--) {")
        put(3, "const long before = (t * batch + row) * width, after = before + batch * width, kept = before;")
        put(3, f"REAL *const dz = {self.names['d products']} + (t * batch + row) * wide;")
        put(3, "const long turn = (time - 1 - t) & 1;")
        for state in plan.ir.states:
            one, other = self.names[f"d next {state.name}"], self.names[f"d prev {state.name}"]
            put(3, f"REAL *const dn_{state.name} = (turn ? {other} : {one}) + row * width;")
            put(3, f"REAL *const dp_{state.name} = (turn ? {one} : {other}) + row * width;")
        for name, slot in self.slots.items():
            put(3, f"REAL *const s{slot} = scratch + {slot} * chunk * width; /* d {name} */")
        self._ends()
        for segment_index, reverse_segment in zip(
            reversed(range(len(plan.program.segments))), plan.backwards, strict=True
        ):
            _loop(self.text_, self._pointwise(reverse_segment.body, reverse_segment.products, reverse_segment.adds))
            self._returns(segment_index)
        _loop(
            self.text_,
            [f"store(dp_{state} + at, all(0));" for prev, state in self.previous.items() if prev not in self.written],
        )
        put(2, "}")
        put(1, "}")
        return head + "\n".join(self.text_.lines) + "\n}\n"

    def _ends(self) -> None:
        """Adjoints of ends that no segment makes: a state that becomes another one's past value, or the bare input."""
        lines = Lines({}, lambda name: None)
        for end in dict.fromkeys((*(state.next for state in self.plan.ir.states), self.plan.ir.output)):
            if isinstance(end, str) and (
                end in self.previous or end in self.plan.ir.inputs or end in self.plan.program.vectors
            ):
                self._add(lines, end, " + ".join(self._end_terms(end)))
        _loop(self.text_, lines.lines)

    def _end_terms(self, name: str) -> list[str]:
        terms = [f"load({self.names['d y']} + before + at)"] if name == self.plan.ir.output else []
        return terms + [f"load(dn_{state.name} + at)" for state in self.plan.ir.states if state.next == name]

    def _pointwise(
        self, body: tuple[Pointwise, ...], products: dict[str, Operand], adds: dict[str, Operand]
    ) -> list[str]:
        lines = Lines(self.forward | {each.name: each for each in body}, self._source)
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
            start = "FROM_OUT" if back.value in self.written else "FROM_ZERO"
            self.written.add(back.value)
            self.text_.put(3, f"{{ /* d {back.value} */", f"  const Operand from[] = {{{operands}}};")
            weights = self.names[f"weights {number}"]
            call = f"product(rows, width / LANES, {self._adjoint(back.value)}, width, {start}, 0, "
            self.text_.put(4, f"{call}{len(back.readers)}, from, {weights});")
            self.text_.put(3, "}")

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


Source = Callable[[str], str | None]
