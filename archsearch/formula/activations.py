"""Activations by name: formulas over the pre-activation `a`. To add one, add a line.

Values and derivatives are those of torch's function of that name, also at the kinks, at infinity and at NaN.
"""

from __future__ import annotations

ACTIVATIONS: dict[str, str] = {
    "identity": "a",
    "sigmoid": "sigmoid(a)",
    "tanh": "tanh(a)",
    "relu": "where_le(a, 0, 0, a)",
    "leaky_relu": "a * (0.01 + 0.99 * gt(a, 0))",
    "softplus": "where_le(20.000000000000004, a, a, log1p(exp(where_le(20.000000000000004, a, 0, a))))",  # a above 20
    "logsigmoid": "min(0, a) - log1p(exp(-max(a, -a)))",
    "softsign": "a / (1 + max(a, -a))",
    "silu": "a * sigmoid(a)",
    # a - a: NaN where a is, without a derivative
    "hard_sigmoid": "where_le(a, -3, 0, where_le(3, a, 1, where_le(a, 3, (a + 3) / 6, a - a)))",
    "hard_tanh": "where_le(a, -1, -1, where_le(1, a, 1, where_le(a, 1, a, a - a)))",
    "exp": "exp(a)",
    "sin": "sin(a)",
    "sigmoid_to_1": "2 * sigmoid(a) - 1",  # Hochreiter & Schmidhuber 1997, h: range [-1, 1]
    "sigmoid_to_2": "4 * sigmoid(a) - 2",  # Hochreiter & Schmidhuber 1997, g: range [-2, 2]
}

MEANINGS: dict[str, str] = {
    "relu": "max(a, 0)",
    "leaky_relu": "max(a, 0.01 * a)",
    "softplus": "log(1 + exp(a))",
    "logsigmoid": "log(sigmoid(a))",
    "hard_sigmoid": "max(min(a / 6 + 0.5, 1), 0)",
    "hard_tanh": "max(min(a, 1), -1)",
}
"""For people: shorter than the formula that also gets the kinks and the ends of the numbers right."""
