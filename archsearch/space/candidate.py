"""The candidates of a study: a space's cells in one model and training, which may have holes themselves."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from archsearch.errors import InvalidInput, Problem, one_of, quoted
from archsearch.ir import CellIR, lower
from archsearch.ir.identity import arch_id, spec_id
from archsearch.schema.cell import Cell
from archsearch.schema.holes import Hole
from archsearch.schema.study import Model, Spec, StudyModel, Training
from archsearch.schema.validation import validate
from archsearch.space.chooser import Choice, Chooser
from archsearch.space.holes import Holes, check_table, misfits, options_of, require
from archsearch.space.line import choices_line
from archsearch.space.space import SearchSpace

Sizing = Callable[[CellIR, StudyModel], Model]
"""The model of a cell; raises `DoesNotFit`."""

READOUT = "model.readout"
"""The field that no hole may fill: the task decides it."""
_PARAMETERS, _LAYERS, _CONNECTION = "model.parameters", "model.layers", "model.connection"


class DoesNotFit(InvalidInput):
    """No hidden size gives a cell's model the number of parameters asked for."""


@dataclasses.dataclass(frozen=True)
class Candidate:
    """One fully filled spec, with its identities and the answers that made it."""

    spec: Spec
    ir: CellIR
    spec_id: str
    arch_id: str
    choices: dict[str, Choice]
    describe: Callable[[], str] = dataclasses.field(compare=False, repr=False)

    @functools.cached_property
    def line(self) -> str:
        """A readable line."""
        return self.describe()


class Candidates:
    """Fills a space together with the holes of model and training (`model.hidden_size`, `training.learning_rate`)."""

    def __init__(
        self, space: SearchSpace, model: StudyModel, training: Training, holes: Mapping[str, Hole], size: Sizing
    ) -> None:
        self.space = space
        self._size = size
        self.parts = {"model": model.model_dump(), "training": training.model_dump()}
        self.holes = holes
        require(list(hole_problems(model, training, holes)))

    def fill(self, chooser: Chooser) -> Candidate:
        """The candidate that the chooser's answers make."""
        configuration = self.space.fill(chooser)
        cell, ir, choices = configuration.cell, configuration.ir, configuration.choices
        return self._candidate(cell, ir, lambda: configuration.line, choices, chooser)

    def of_cell(self, cell: Cell, chooser: Chooser) -> Candidate:
        """A given cell in this model and training; only their holes are asked."""
        return self._candidate(cell, lower(cell), lambda: cell.cell, {}, chooser)

    def _candidate(
        self, cell: Cell, ir: CellIR, describe: Callable[[], str], choices: Mapping[str, Choice], chooser: Chooser
    ) -> Candidate:
        holes = Holes(self.holes, chooser)
        model, training = (self._filled(part, holes) for part in ("model", "training"))
        spec = Spec(cell=cell, model=self._sized(ir, model), training=validate(Training, training))

        def line() -> str:
            return "; ".join([describe(), *([choices_line(holes.choices)] if holes.choices else [])])

        return Candidate(spec, ir, spec_id(spec), arch_id(ir), {**choices, **holes.choices}, line)

    def check_sizes(self, cell: Cell) -> None:
        """Raise `DoesNotFit` unless the cell can be sized however the holes of the model are filled."""
        if "parameters" not in self.parts["model"]:
            return
        ir, counts, layers = lower(cell), self._values(_PARAMETERS), self._values(_LAYERS)
        for connection in self._values(_CONNECTION):
            for count, number in ((min(counts), max(layers)), (max(counts), min(layers))):
                self._sized(ir, self.parts["model"] | {"parameters": count, "layers": number, "connection": connection})

    def _values(self, path: str) -> list[Any]:
        part, _, field = path.partition(".")
        return possible(path, self.parts[part][field], self.holes)

    def _sized(self, ir: CellIR, fields: dict[str, Any]) -> Model:
        try:
            return self._size(ir, validate(StudyModel, fields))
        except DoesNotFit as error:
            if _PARAMETERS not in self.holes:
                raise
            path = ("holes", _PARAMETERS)
            raise DoesNotFit(dataclasses.replace(problem, path=path) for problem in error.problems) from None

    def _filled(self, part: str, holes: Holes) -> dict[str, Any]:
        fields = dict(self.parts[part])
        for path in self.holes:
            owner, _, field = path.partition(".")
            if owner == part:
                fields[field] = holes.value(path)
        return fields


def hole_problems(model: StudyModel, training: Training, holes: Mapping[str, Hole]) -> Iterator[Problem]:
    """Holes that fill no field of model and training, and options that do not fit theirs."""
    yield from check_table(holes)
    parts = {"model": model.model_dump(), "training": training.model_dump()}
    known = [f"{part}.{field}" for part, fields in parts.items() for field in fields]
    for path, hole in holes.items():
        if path not in known:
            open_fields = [name for name in known if name != READOUT]
            what = f"no field is called {quoted(path)}"
            yield Problem(("holes", path), what, one_of(open_fields, path), at_key=True)
            continue
        if not check_table({path: hole}):
            yield from misfits(path, hole, functools.partial(_misfits, parts))


def _misfits(parts: Mapping[str, dict[str, Any]], path: str, option: Any) -> list[Problem]:
    part, _, field = path.partition(".")
    try:
        validate(StudyModel if part == "model" else Training, {**parts[part], field: option})
    except InvalidInput as error:
        return [dataclasses.replace(problem, path=problem.path[1:]) for problem in error.problems]
    return []


def possible(path: str, value: Any, holes: Mapping[str, Hole]) -> list[Any]:
    """What a field may be: its value, or every option of its hole (of a range both ends)."""
    return [option for _, option in options_of(holes[path])] if path in holes else [value]
