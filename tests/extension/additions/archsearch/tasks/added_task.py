"""Added by a test: parity under another name."""

from __future__ import annotations

from archsearch.tasks.parity import Parity


class AddedTask(Parity):
    """Options of the added task; see the module."""


TASK = AddedTask
