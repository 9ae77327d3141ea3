"""Which cells are the same architecture, and which candidates are the same training."""

from __future__ import annotations

import hashlib

from archsearch.ir.canonical import canonical
from archsearch.ir.instructions import CellIR
from archsearch.ir.labelling import canonical_form, canonical_text
from archsearch.ir.lower import lower
from archsearch.ir.normal_form import normal_form
from archsearch.schema.canonical import canonical_json
from archsearch.schema.study import Spec


def arch_id(ir: CellIR) -> str:
    """16 hex digits for the structure alone: equal ids are isomorphic cells.

    Unmoved by renaming, by reordering, by swapped operands of commutative operations and by the laws of
    `normal_form`. Diagonals, whether a bias exists and constants in formulas count; initial values do not.
    """
    return _short_hash(canonical_text(normal_form(ir)))


def canonical_order(ir: CellIR) -> tuple[int, ...]:
    """The nodes of the normal form in an order that equal architectures share, up to parts that are alike."""
    return canonical_form(normal_form(ir))[1]


def spec_id(spec: Spec) -> str:
    """16 hex digits for everything that is trained: the canonical cell with its initial values, model and training.

    However a cell is spelled: what is trained in its place is the canonical one.
    """
    parts = {
        "cell": str(canonical(lower(spec.cell)).ir),
        "model": spec.model.model_dump(),
        "training": spec.training.model_dump(),
    }
    return _short_hash(canonical_json(parts))


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
