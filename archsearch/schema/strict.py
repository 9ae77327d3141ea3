"""The base of every schema: frozen, strict, nothing unknown, nothing infinite."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Identifier = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_]{0,39}\z")]
"""A name inside a cell: a letter, then letters, digits and underscores, at most 40 in all."""

Label = Annotated[str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_-]{0,63}\z")]
"""The name of a cell, wiring, space or study: as an identifier, dashes allowed, at most 64 characters."""

StudyName = Annotated[
    str, StringConstraints(pattern=r"\A[A-Za-z][A-Za-z0-9_-]{0,63}(\.[A-Za-z][A-Za-z0-9_-]{0,63})?\z")
]
"""The name of a study: a label, and after a dot the label of its task where it is one of several."""


class Strict(BaseModel):
    """A frozen model that refuses unknown keys, type coercion, NaN and infinity."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)
