"""What a wiring means, computed straight from its fields: every gate a number, open ones 1, closed ones 0.

Independent of the expansion into equations; only the names of parameters are taken from there. With m the memory of
the step before: c = f * m + i * g, h = o * squash(c).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

States = dict[str, Tensor]

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "identity": lambda a: a,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "relu": torch.relu,
    "softsign": functional.softsign,
    "hard_sigmoid": lambda a: functional.relu6(a + 3) / 6,
}
LETTERS = {"input": "i", "forget": "f", "output": "o"}


class PlainWiring:
    """One wiring with parameters; `step` gives the output and the new states."""

    def __init__(self, fields: Mapping[str, Any], parameters: Mapping[str, Tensor]) -> None:
        self.fields = fields
        self.parameters = parameters
        self.merged = fields["state_merging"] == "merged"
        coupled = {"i = 1 - f": "forget", "f = 1 - i": "input"}.get(fields["coupling"])
        bare = fields["gates"]["output"] == "open" and fields["squash"] == "identity"
        self.letters = dict(LETTERS)
        if coupled is not None and (self.merged or bare):
            self.letters[coupled] = "z"  # named so where the memory is h

    def step(self, x: Tensor, old: Mapping[str, Tensor], memory: Tensor) -> tuple[Tensor, Tensor, States]:
        """x [batch, input]; old: h and the gates' last values; returns h, the new memory and the gates' values."""
        if self.fields["gates"]["output"] == "closed":  # nothing of the cell is read, so it has no parameters
            return torch.zeros_like(memory), memory, {}
        values: States = {}
        coupling = self.fields["coupling"]
        forget = input_ = torch.zeros_like(memory)
        if coupling != "f = 1 - i":
            forget = self._gate("forget", x, old, memory, values)
        if coupling != "i = 1 - f":
            input_ = self._gate("input", x, old, memory, values)
        if coupling == "f = 1 - i":
            forget = 1 - input_
        if coupling == "i = 1 - f":
            input_ = 1 - forget
        reset = self._reset(x, old, input_, forget, values)
        new = forget * memory
        if (input_ != 0).any():
            new = new + input_ * self._cell_input(x, old["h"], reset)
        output = self._gate("output", x, old, new, values)
        return output * ACTIVATIONS[self.fields["squash"]](new), new, values

    def _gate(self, name: str, x: Tensor, old: Mapping[str, Tensor], memory: Tensor, values: States) -> Tensor:
        entry = self.fields["gates"][name]
        if isinstance(entry, str):
            return torch.full_like(memory, 1.0 if entry == "open" else 0.0)
        letter = self.letters[name]
        total = self._affine(letter, x, old)
        if name in self.fields["peepholes"]:
            total = total + self.parameters.get(f"{letter}.diagonal.0", torch.tensor(0.0)) * memory
        values[letter] = ACTIVATIONS[entry["activation"]](total)
        return values[letter]

    def _affine(self, letter: str, x: Tensor, old: Mapping[str, Tensor]) -> Tensor:
        """W x + U h + b, and with gate recurrence a matrix for every gate of the step before."""
        own = self.parameters
        if f"{letter}.bias" not in own:  # nothing of this cell depends on the gate
            return torch.zeros_like(old["h"])
        total = x @ own[f"{letter}.linear.0"].T + old["h"] @ own[f"{letter}.linear.1"].T + own[f"{letter}.bias"]
        if self.fields["gate_recurrence"]:
            for index, other in enumerate(other for other in "ifzro" if f"{other}.bias" in own):
                total = total + old.get(other, torch.zeros_like(total)) @ own[f"{letter}.linear.{2 + index}"].T
        return total

    def _reset(self, x: Tensor, old: Mapping[str, Tensor], input_: Tensor, forget: Tensor, values: States) -> Tensor:
        entry = self.fields["gates"]["reset"]
        if entry == "none":
            return torch.ones_like(forget)
        if entry["gate"] != "own":
            return input_ if entry["gate"] == "input" else forget
        values["r"] = torch.sigmoid(self._affine("r", x, old))
        return values["r"]

    def _cell_input(self, x: Tensor, h: Tensor, reset: Tensor) -> Tensor:
        own, letter = self.parameters, "n" if "n.bias" in self.parameters or "nx.bias" in self.parameters else "g"
        activation = ACTIVATIONS[self.fields["cell_input"]]
        if f"{letter}x.bias" in own:
            of_x = x @ own[f"{letter}x.linear.0"].T + own[f"{letter}x.bias"]
            of_h = h @ own[f"{letter}h.linear.0"].T + own[f"{letter}h.bias"]
            return activation(of_x + reset * of_h)
        total = x @ own[f"{letter}.linear.0"].T + own[f"{letter}.bias"]
        if f"{letter}.linear.1" in own:
            total = total + (reset * h) @ own[f"{letter}.linear.1"].T
        return activation(total)
