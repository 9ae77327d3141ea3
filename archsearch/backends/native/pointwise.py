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
    "log1p": "v_log1p({})",
    "cos": "v_cos({})",
    "where_le": "v_where_le({}, {}, {}, {})",
}


def _literal(number: float) -> str:
    return repr(number).replace("inf", "__builtin_inf()")


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
            return f"all((REAL){_literal(operand)})"
        waiting = [operand]
        while waiting:  # not by recursion: a chain of values may be longer than Python's stack
            missing = self._missing(waiting[-1])
            waiting += reversed(missing)
            if not missing:
                self._make(waiting.pop())
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

    def _missing(self, name: str) -> list[str]:
        """Operands that must be made before `name` is."""
        if name in self.variables or self.source(name) is not None:
            return []
        return [operand for operand in self.makers[name].operands if operand not in self.variables]

    def _make(self, name: str) -> None:
        if name in self.variables:
            return
        loaded = self.source(name)
        if loaded is not None:
            self.define(name, loaded, computed=False)
            return
        maker = self.makers[name]
        self.define(name, EXPRESSIONS[maker.op].format(*map(self.value, maker.args)))
