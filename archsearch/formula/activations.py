"""Activations by name: formulas over the pre-activation `a`. To add one, add a line.

The order of the operands of max and min decides the derivative at a tie; it is chosen so that it is torch's.
"""

from __future__ import annotations

ACTIVATIONS: dict[str, str] = {
    "identity": "a",
    "sigmoid": "sigmoid(a)",
    "tanh": "tanh(a)",
    "relu": "max(a, 0)",
    "leaky_relu": "max(a, 0.01 * a)",
    "softplus": "max(a, 0) + log(1 + exp(-max(a, -a)))",
    "logsigmoid": "min(0, a) - log(1 + exp(-max(a, -a)))",
    "softsign": "a / (1 + max(a, -a))",
    "silu": "a * sigmoid(a)",
    "hard_sigmoid": "max(min(a / 6 + 0.5, 1), 0)",
    "hard_tanh": "max(min(a, 1), -1)",
    "exp": "exp(a)",
    "sin": "sin(a)",
    "sigmoid_to_1": "2 * sigmoid(a) - 1",  # Hochreiter & Schmidhuber 1997, h: range [-1, 1]
    "sigmoid_to_2": "4 * sigmoid(a) - 2",  # Hochreiter & Schmidhuber 1997, g: range [-2, 2]
}
