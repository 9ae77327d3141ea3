"""Stored weights under the names of a cell as it is spelled: those that are trained are the canonical cell's."""

from __future__ import annotations

import re
from typing import Any

from numpy.typing import NDArray
from safetensors.numpy import load

from archsearch.ir import CellIR, canonical

_OF_LAYER = re.compile(r"(layers\.\d+\.)(.+)")


def spelled_weights(safetensors: bytes, ir: CellIR) -> dict[str, NDArray[Any]]:
    """Stored weights of a whole model under the names that its parameters have where its cell is `ir`.

    `ir` is any spelling of the cell that was trained. Names of the head and of what joins layers stay as they are, and
    so does that of a projection of the input.
    """
    spelled = {name: own for own, name in canonical(ir).names.items()}
    return {_renamed(name, spelled): value for name, value in load(safetensors).items()}


def _renamed(name: str, spelled: dict[str, str]) -> str:
    match = _OF_LAYER.fullmatch(name)
    return name if match is None else match[1] + spelled.get(match[2], match[2])
