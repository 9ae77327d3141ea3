"""The intermediate representation: one step of a cell as instructions in order.

Every name is assigned once, before it is read. `str(ir)` and `parse(text)` are inverse; the text's grammar:

    ir        ::= "cell" NAME "(" input ("," input)* ";" state ("," state)* ")"
                  instruction*
                  "->" next ("," next)* ";" "output=" operand
    state     ::= NAME "=" NUMBER                                         # initial value
    next      ::= NAME "=" operand                                        # the state's value after the step
    instruction ::= NAME "=" "affine" term ("+" term)*
                  | NAME "=" OP operand ("," operand)*                    # OP: a primitive
    term      ::= "W[" NAME "]" | "d[" NAME "]" | "b(" NUMBER ")"         # matrix, vector (diagonal), bias
    operand   ::= NAME | NUMBER

NAME~ is the pre-activation of the gate NAME, NAME~1, NAME~2, ... are intermediate results of the equation NAME.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cached_property

Operand = str | float


@dataclasses.dataclass(frozen=True)
class Affine:
    """The only instruction with weights: sum of W·matrices + sum of p ⊙ vectors + bias.

    `matrices` and `vectors` name the values read; `bias` is the initial value, None when there is no bias.
    """

    name: str
    matrices: tuple[str, ...]
    vectors: tuple[str, ...]
    bias: float | None

    @property
    def equation(self) -> str:
        """The equation that owns the parameters, and so their prefix."""
        return self.name.removesuffix("~")

    @property
    def operands(self) -> tuple[str, ...]:
        """Every value read."""
        return self.matrices + self.vectors

    def __str__(self) -> str:
        terms = [f"W[{name}]" for name in self.matrices] + [f"d[{name}]" for name in self.vectors]
        if self.bias is not None:
            terms.append(f"b({spell(self.bias)})")
        return f"{self.name} = affine {' + '.join(terms)}"


@dataclasses.dataclass(frozen=True)
class Pointwise:
    """A primitive applied element by element; at least one operand is a name."""

    name: str
    op: str
    args: tuple[Operand, ...]

    @property
    def operands(self) -> tuple[str, ...]:
        """Every value read; constants are left out."""
        return tuple(arg for arg in self.args if isinstance(arg, str))

    def __str__(self) -> str:
        return f"{self.name} = {self.op} {', '.join(map(spell, self.args))}"


Instruction = Affine | Pointwise


@dataclasses.dataclass(frozen=True)
class State:
    """A value handed from step to step: read as `<name>_prev`, replaced by `next`."""

    name: str
    initial: float
    next: Operand

    @property
    def previous(self) -> str:
        """The name under which the step reads it."""
        return f"{self.name}_prev"


@dataclasses.dataclass(frozen=True)
class CellIR:
    """One step of a cell."""

    cell: str
    inputs: tuple[str, ...]
    states: tuple[State, ...]
    body: tuple[Instruction, ...]
    output: Operand

    @property
    def affines(self) -> tuple[Affine, ...]:
        """The instructions with parameters, in equation order."""
        return tuple(instruction for instruction in self.body if isinstance(instruction, Affine))

    @property
    def reads_bare_input(self) -> bool:
        """Whether an input is read other than through a matrix, so that its size must equal the hidden size."""
        bare = (step.vectors if isinstance(step, Affine) else step.operands for step in self.body)
        ends = [state.next for state in self.states] + [self.output]
        return any(name in self.inputs for names in bare for name in names) or any(end in self.inputs for end in ends)

    def __str__(self) -> str:
        return self._text

    @cached_property
    def _text(self) -> str:
        states = ", ".join(f"{state.name}={spell(state.initial)}" for state in self.states)
        follow = ", ".join(f"{state.name}={spell(state.next)}" for state in self.states)
        lines = [f"cell {self.cell}({', '.join(self.inputs)}; {states})"]
        lines += [f"  {instruction}" for instruction in self.body]
        return "\n".join([*lines, f"  -> {follow}; output={spell(self.output)}"]) + "\n"


def spell(operand: Operand) -> str:
    """A name as it is, a number as short as it can be read back exactly."""
    if isinstance(operand, str):
        return operand
    negative_zero = operand == 0 and math.copysign(1, operand) < 0
    whole = abs(operand) < 1e15 and operand == int(operand) and not negative_zero
    return str(int(operand)) if whole else repr(float(operand))
