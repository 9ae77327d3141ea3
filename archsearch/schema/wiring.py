"""What a wiring file may say: gates, peepholes, coupling and state merging, the short form of a cell."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Tag

from archsearch.schema.cell import ActivationName, Bias
from archsearch.schema.file import File
from archsearch.schema.strict import Label, Strict

GateName = Literal["input", "forget", "output"]


class WiringGate(Strict):
    """A gate that reads the input and the output of the step before."""

    activation: ActivationName = "sigmoid"
    bias: Bias = 0.0


class Reset(Strict):
    """A gate on what the cell input reads of the step before."""

    place: Literal["before", "after"]
    """before: the cell input's matrix reads r ⊙ h; after: r multiplies the product."""
    gate: Literal["own", "input", "forget"] = "own"


def _kind(value: Any) -> str:
    return "gate" if isinstance(value, dict | Strict) else "word"


GateEntry = Annotated[
    Annotated[WiringGate, Tag("gate")] | Annotated[Literal["open", "closed"], Tag("word")], Discriminator(_kind)
]
ResetEntry = Annotated[Annotated[Reset, Tag("gate")] | Annotated[Literal["none"], Tag("word")], Discriminator(_kind)]


class Gates(Strict):
    """The gates; `open` is always 1, `closed` always 0."""

    input: GateEntry = WiringGate()
    forget: GateEntry = WiringGate()
    output: GateEntry = WiringGate()
    reset: ResetEntry = "none"


class WiringBody(Strict):
    """A wiring without its name; what it leaves out is as in `lstm`."""

    gates: Gates = Gates()
    peepholes: list[GateName] = []
    """Gates that also read the memory, element by element: input and forget the one before, output the new one."""
    coupling: Literal["none", "i = 1 - f", "f = 1 - i"] = "none"
    state_merging: Literal["separate", "merged"] = "separate"
    """separate: h and c are states; merged: h is the memory, as in GRU."""
    cell_input: ActivationName = "tanh"
    """Activation of the content that the input gate writes."""
    squash: ActivationName = "tanh"
    """What the memory passes through on its way out; identity: nothing."""
    gate_recurrence: bool = False
    """Every gate also reads all gates of the step before (Greff et al. 2015, FGR)."""


class Wiring(File, WiringBody):
    """A wiring file."""

    wiring: Label
