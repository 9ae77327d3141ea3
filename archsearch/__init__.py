"""archsearch: declarative architecture search for recurrent cells.

The names below are loaded at their first use, so that `import archsearch` stays quick and free of torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archsearch.api.client import Client as Client
    from archsearch.backends import build as build
    from archsearch.findings.session import run as run
    from archsearch.findings.session import run_studies as run_studies
    from archsearch.schema.cell import Cell as Cell
    from archsearch.schema.space import Space as Space
    from archsearch.schema.study import Study as Study
    from archsearch.schema.wiring import Wiring as Wiring
    from archsearch.space.library import load_cell as load

__version__ = "0.1.0"

_PUBLIC = {
    "Cell": ("archsearch.schema.cell", "Cell"),
    "Client": ("archsearch.api.client", "Client"),
    "Space": ("archsearch.schema.space", "Space"),
    "Study": ("archsearch.schema.study", "Study"),
    "Wiring": ("archsearch.schema.wiring", "Wiring"),
    "build": ("archsearch.backends", "build"),
    "load": ("archsearch.space.library", "load_cell"),
    "run": ("archsearch.findings.session", "run"),
    "run_studies": ("archsearch.findings.session", "run_studies"),
}

__all__ = ["Cell", "Client", "Space", "Study", "Wiring", "__version__", "build", "load", "run", "run_studies"]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'archsearch' has no attribute {name!r}")
    module, attribute = _PUBLIC[name]
    return getattr(importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return list(__all__)
