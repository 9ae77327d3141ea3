"""Which layer of another library is the same cell, and where its parameters stand.

A layout maps the other library's parameter to archsearch's, stacked along the first axis; "" stands for a bias that
the other library has beside an equivalent one, and is zero.
"""

from __future__ import annotations

from collections.abc import Callable

from torch import nn

Layout = dict[str, tuple[str, ...]]


def _layout(form: str, inputs: str, hidden: str, biases: str, more: str = "") -> Layout:
    """Four parameters, each a list of names separated by blanks; `-` is left out. `form` has the place of `{}`."""
    given = {"weight_ih": inputs, "weight_hh": hidden, "bias_ih": biases, "bias_hh": more}
    return {
        form.format(name): tuple("" if word == "-" else word for word in words.split()) for name, words in given.items()
    }


def _gates(form: str, gates: str) -> Layout:
    """All gates read the input, then the state or what becomes of it, and have one bias."""
    words = gates.split()
    texts = [" ".join(f"{gate}.{what}" for gate in words) for what in ("linear.0", "linear.1", "bias")]
    return _layout(form, *texts, more=" ".join("-" for _ in words))


_NN, _OTHER = "{}_l0", "cells.0.{}"

TORCH: dict[str, tuple[Callable[[int, int], nn.Module], Layout]] = {
    "rnn": (nn.RNN, _gates(_NN, "h")),
    "lstm": (nn.LSTM, _gates(_NN, "i f g o")),
    "gru": (
        nn.GRU,
        _layout(
            _NN,
            "r.linear.0 z.linear.0 nx.linear.0",
            "r.linear.1 z.linear.1 nh.linear.0",
            "r.bias z.bias nx.bias",
            "- - nh.bias",
        ),
    ),
}
"""Layers of torch.nn by the name of the shipped cell."""

_PEEPHOLES = {"cells.0.weight_ph": ("i.diagonal.0", "f.diagonal.0", "o.diagonal.0")}
_MUT1_HIDDEN = "r.linear.1 nh.linear.0"

TORCHRECURRENT: dict[str, tuple[str, Layout]] = {
    "peephole_lstm": ("PeepholeLSTM", _gates(_OTHER, "i f g o") | _PEEPHOLES),
    "mgu": ("MGU", _gates(_OTHER, "z n")),
    "ugrnn": ("UGRNN", _gates(_OTHER, "n z")),
    "mut1_linear": (
        "MUT1",
        _layout(_OTHER, "z.linear.0 r.linear.0 nx.linear.0", _MUT1_HIDDEN, "z.bias r.bias -", "- nh.bias"),
    ),
    "mut1": (  # where input and hidden size differ, the projection of the input is that matrix
        "MUT1",
        _layout(_OTHER, "z.linear.0 r.linear.0 x.linear.0", _MUT1_HIDDEN, "z.bias r.bias -", "- nh.bias"),
    ),
    "mut2_linear": ("MUT2", _gates(_OTHER, "z r n")),
    "mut2": (
        "MUT2",
        _layout(
            _OTHER,
            "z.linear.0 x.linear.0 n.linear.0",
            "z.linear.1 rh.linear.0 n.linear.1",
            "z.bias rh.bias n.bias",
            "- - -",
        ),
    ),
    "mut3": ("MUT3", _gates(_OTHER, "z r n")),
}
"""Layers of torchrecurrent by the name of the shipped cell. Its OriginalLSTM has other squashing functions than the
paper's, which lstm_1997 has."""
