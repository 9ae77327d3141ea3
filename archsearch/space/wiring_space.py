"""Filling a space whose base is a wiring: holes are paths of its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.ir.wiring import WiringReader, expand
from archsearch.schema.cell import Cell
from archsearch.schema.holes import Hole, OneOf, SubsetOf
from archsearch.schema.validation import validate
from archsearch.schema.wiring import GateName, WiringBody
from archsearch.space.chooser import Chooser
from archsearch.space.holes import Holes, misfits

GATES: tuple[GateName, ...] = ("input", "forget", "output")
PATHS: tuple[str, ...] = (
    *(f"gates.{gate}" for gate in (*GATES, "reset")),
    *(f"gates.{gate}.{field}" for gate in GATES for field in ("activation", "bias")),
    "gates.reset.place",
    "gates.reset.gate",
    "peepholes",
    "coupling",
    "state_merging",
    "cell_input",
    "squash",
    "gate_recurrence",
)


class WiringSpace:
    """A wiring and the paths of its fields that are open."""

    def __init__(self, base: WiringBody, table: Mapping[str, Hole], name: str) -> None:
        self.base = base.model_dump()
        self.table = table
        self.name = name

    def fill(self, chooser: Chooser) -> tuple[Cell, Holes, dict[str, Any]]:
        """The cell, the filled holes, and every field that was read (chosen or given)."""
        holes = Holes(self.table, chooser)
        reader = WiringReader(self.base, holes)
        return expand(reader, self.name), holes, reader.reads

    def problems(self) -> Iterator[Problem]:
        """Holes that fill no field, and options that do not fit theirs."""
        for path, hole in self.table.items():
            if path not in PATHS:
                yield Problem(("holes", path), f"no field is called {quoted(path)}", one_of(PATHS, path), at_key=True)
            elif (allowed := _unfit(path, hole)) != "":
                what = f"this kind of hole cannot fill the field {quoted(path)}"
                yield Problem(("holes", path), what, allowed)
            else:
                yield from misfits(path, hole, _misfits)


def _unfit(path: str, hole: Hole) -> str:
    """What would fit a field where a kind of hole does not; empty where it does."""
    if path == "peepholes":
        return "" if isinstance(hole, OneOf | SubsetOf) else "allowed: {subset_of: [gate, ...]}, or one_of with lists"
    if isinstance(hole, OneOf | list):
        return ""
    numbers = path.endswith(".bias")
    if numbers and not isinstance(hole, SubsetOf):
        return ""
    return f"allowed: a list of values, or one_of{', int or float' if numbers else ''}"


def _misfits(path: str, option: Any) -> list[Problem]:
    """What is wrong with `option` as the field at `path`."""
    nested: Any = option
    parts = path.split(".")
    for part in reversed(parts):
        nested = {part: nested}
    if parts[:2] == ["gates", "reset"] and parts[2:] == ["gate"]:
        nested["gates"]["reset"]["place"] = "before"
    try:
        validate(WiringBody, nested)
    except InvalidInput as error:
        return [_relative(problem, tuple(parts)) for problem in error.problems]
    return []


def _relative(problem: Problem, prefix: tuple[str, ...]) -> Problem:
    inside = problem.path[len(prefix) :] if problem.path[: len(prefix)] == prefix else ()
    if prefix == ("peepholes",):
        inside = ()
    return Problem(inside, problem.what, problem.allowed, problem.at_key)
