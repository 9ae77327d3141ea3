"""Added by a test: the reference under another name."""

from __future__ import annotations

from archsearch.backends.reference import Reference


class AddedBackend(Reference):
    """Runs every cell."""


BACKEND = AddedBackend()
