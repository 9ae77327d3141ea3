"""Pointwise instructions as C expressions over vectors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from archsearch.ir.instructions import Operand, Pointwise

EXPRESSIONS: dict[str, str] = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "max": "v_max({}, {})",
    "min": "v_min({}, {})",
    "neg": "-{}",
    "exp": "v_exp({})",
    "log": "v_log({})",
    "tanh": "v_tanh({})",
    "sigmoid": "v_sigmoid({})",
    "sin": "v_sin({})",
    "gt": "v_gt({}, {})",
}


class Lines:
    """The body of one loop over a row: every value becomes a C variable when it is first read."""

    def __init__(self, makers: Mapping[str, Pointwise], source: Callable[[str], str | None]) -> None:
        self.makers = makers
        self.source = source
        self.variables: dict[str, str] = {}
        self.lines: list[str] = []

    def value(self, operand: Operand) -> str:
        """A C expression for the operand: a variable, loaded or computed before, or a constant."""
        if isinstance(operand, float):
            return f"all((REAL){operand!r})"
        if operand not in self.variables:
            loaded = self.source(operand)
            self.define(operand, loaded if loaded is not None else self._computed(operand), loaded is None)
        return self.variables[operand]

    def define(self, name: str, expression: str, computed: bool = True) -> None:
        """Give `name` a variable of its own."""
        variable = f"v{len(self.variables)}"
        self.variables[name] = variable
        note = str(self.makers[name]) if computed and name in self.makers else name
        self.lines.append(f"const V {variable} = {expression}; /* {note} */")

    def add(self, line: str) -> None:
        """A statement of its own."""
        self.lines.append(line)

    def _computed(self, name: str) -> str:
        maker = self.makers[name]
        return EXPRESSIONS[maker.op].format(*(self.value(arg) for arg in maker.args))
