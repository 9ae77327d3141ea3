"""How the parameters of each shipped cell are called in its oracle: module name -> paper letter.

One explicit table, so that a wrong pairing is a wrong line here and nowhere else. `W` multiplies x, `U` a state, `p` is
a peephole, `b` a bias; FGR's `R_fi` leads from the previous forget gate to the input gate.
"""

from __future__ import annotations

Names = dict[str, str]


def gate(equation: str, unit: str = "") -> Names:
    """A gate over x and one more value, with a bias; `unit` where the paper's letter is another."""
    unit = unit or equation
    return {f"{equation}.linear.0": f"W_{unit}", f"{equation}.linear.1": f"U_{unit}", f"{equation}.bias": f"b_{unit}"}


def peepholes(*equations: str) -> Names:
    """A peephole of each gate."""
    return {f"{equation}.diagonal.0": f"p_{equation}" for equation in equations}


def recurrence(target: str) -> Names:
    """What a gate reads of the gates i, f, o of the step before, in this order."""
    return {f"{target}.linear.{index}": f"R_{source}{target}" for index, source in enumerate("ifo", start=2)}


LSTM = gate("i") | gate("f") | gate("g", "z") | gate("o")

MODULE_TO_PAPER: dict[str, Names] = {
    "rnn": gate("h"),
    "indrnn": {"h.linear.0": "W_h", "h.diagonal.0": "u_h", "h.bias": "b_h"},
    "lstm": LSTM,
    "lstm_b": LSTM,
    "lstm_1997": gate("i") | gate("g", "z") | gate("o"),
    "peephole_lstm": LSTM | peepholes("i", "f", "o"),
    "cifg": gate("f") | gate("g", "z") | gate("o"),
    "gru": gate("r") | gate("z") | {"nx.linear.0": "W_n", "nx.bias": "b_n", "nh.linear.0": "U_n", "nh.bias": "bu_n"},
    "gru_reset_before": gate("r") | gate("z") | gate("n", "h"),
    "mgu": gate("z", "f") | gate("n", "h"),
    "ugrnn": gate("z", "g") | gate("n", "c"),
    "mut1": {"z.linear.0": "W_z", "z.bias": "b_z"} | gate("r") | {"nh.linear.0": "U_h", "nh.bias": "b_h"},
    "mut1_linear": {"z.linear.0": "W_z", "z.bias": "b_z"}
    | gate("r")
    | {"nx.linear.0": "W_h", "nh.linear.0": "U_h", "nh.bias": "b_h"},
    "mut2": gate("z") | {"rh.linear.0": "U_r", "rh.bias": "b_r"} | gate("n", "h"),
    "mut2_linear": gate("z") | gate("r") | gate("n", "h"),
    "mut3": gate("z") | gate("r") | gate("n", "h"),
    "greff_v": LSTM | peepholes("i", "f", "o"),
    "greff_nig": gate("f") | gate("g", "z") | gate("o") | peepholes("f", "o"),
    "greff_nfg": gate("i") | gate("g", "z") | gate("o") | peepholes("i", "o"),
    "greff_nog": gate("i") | gate("f") | gate("g", "z") | peepholes("i", "f"),
    "greff_niaf": LSTM | peepholes("i", "f", "o"),
    "greff_noaf": LSTM | peepholes("i", "f", "o"),
    "greff_cifg": gate("i") | gate("g", "z") | gate("o") | peepholes("i", "o"),
    "greff_np": LSTM,
    "greff_fgr": LSTM | peepholes("i", "f", "o") | recurrence("i") | recurrence("f") | recurrence("o"),
}

PROJECTED: dict[str, tuple[str, Names]] = {
    "mut1": ("mut1_linear", MODULE_TO_PAPER["mut1"] | {"x.linear.0": "W_h"}),
    "mut2": ("mut2_linear", MODULE_TO_PAPER["mut2"] | {"x.linear.0": "W_r"}),
}
"""Cells that read bare x: where input and hidden size differ, the projection is the matrix of the linear reading."""
