"""IR to C: one function forwards, one backwards, both over any sizes."""

from __future__ import annotations

from archsearch.backends.native.backward_text import Backward
from archsearch.backends.native.forward_text import Forward
from archsearch.backends.native.plan import Plan
from archsearch.backends.native.text import HEAD


def render(plan: Plan) -> str:
    """The C text of a cell's kernels."""
    source = str(plan.ir).strip().replace("\n", "\n   ")
    long = "#define LONG\n" if plan.called else ""
    return (
        long
        + HEAD.format(title=f"The cell {plan.ir.cell}.", source=source)
        + Forward(plan).text()
        + Backward(plan).text()
    )
