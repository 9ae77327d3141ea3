"""Filling a space whose base is a cell: `$name` in its equations marks a hole."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from archsearch.errors import InvalidInput, Path, Problem, nearest, one_of, quoted
from archsearch.formula import Call, names_in, parse
from archsearch.ir import lower
from archsearch.schema.cell import Cell, CellBody
from archsearch.schema.holes import Hole, OneOf, SubsetOf
from archsearch.schema.validation import validate
from archsearch.space.chooser import Chooser
from archsearch.space.holes import Holes
from archsearch.space.wiring_space import PATHS

_USE = re.compile(r"\$([A-Za-z][A-Za-z0-9_]*)")


class CellSpace:
    """A cell template and its table of holes. `whole`: nothing in the template is a stand-in for a mistake."""

    def __init__(
        self, template: Mapping[str, Any], table: Mapping[str, Hole], name: str, *, whole: bool = True
    ) -> None:
        self.whole = whole
        self.template = template
        self.table = table
        self.name = name

    def fill(self, chooser: Chooser) -> tuple[Cell, Holes, dict[str, Any]]:
        """The cell and the filled holes; only equations that the output depends on are filled and kept."""
        holes = Holes(self.table, chooser)
        equations = self._live_equations(holes)
        dropped = set(self.template["equations"]) - set(equations)
        states = {name: _filled(start, holes) for name, start in self.template["states"].items() if name not in dropped}
        data = {"cell": self.name, "states": states, "output": self._output(holes), "equations": equations}
        return validate(Cell, data), holes, {}

    def problems(self) -> Iterator[Problem]:
        """Holes that are used but not in the table, and the other way round; options that no cell may hold."""
        used, meant = set[str](), set[str]()
        for path, name in dict.fromkeys(_uses(self.template, ())):
            used.add(name)
            if name not in self.table:
                meant.add(nearest(name, list(self.table)))
                allowed = one_of(self.table, name) if self.table else "add it to holes"
                yield Problem(("cell", *path), f"the hole {quoted(f'${name}')} is not in the table", allowed)
        for place, name in self._nested_uses():
            used.add(name)
            what = f"{quoted(f'${name}')}: an option may not use another hole"
            yield Problem(("holes", *place), what, "write out each combination as an option of its own")
        for name in self.table if self.whole else ():
            if name not in used | meant:
                allowed = "only with wiring: as its base is it the path of a field" if name in PATHS else "remove it"
                yield Problem(("holes", name), f"nothing uses the hole {quoted(f'${name}')}", allowed, at_key=True)
        whole = [key for key in ("states", "equations") if isinstance(self.template[key], str)]
        for key in whole:
            yield Problem(("cell", key), f"a hole cannot stand for all {key}", "write them out, with holes inside")
        yield from () if whole else self._static_problems()
        for name, hole in self.table.items():
            if isinstance(hole, OneOf):
                for path, number in _numbers(hole.one_of, ("holes", name, "one_of")):
                    if math.isnan(number) or number == math.inf:
                        yield Problem(path, "must be a finite number or -.inf")

    def _static_problems(self) -> Iterator[Problem]:
        """What is wrong with the equations in which no hole stands; the others take part as names alone."""
        open_names = {path[1] for path, _ in _uses(self.template, ()) if path[0] == "equations" and len(path) > 1}
        equations = {name: "x" if name in open_names else text for name, text in self.template["equations"].items()}
        states = {name: 0 if isinstance(start, str) else start for name, start in self.template["states"].items()}
        output = self.template["output"] if "$" not in self.template["output"] else next(iter(equations))
        try:
            lower(validate(CellBody, {"states": states, "output": output, "equations": equations}))
        except InvalidInput as error:
            yield from (problem.under("cell") for problem in error.problems)

    def _nested_uses(self) -> Iterator[tuple[Path, str]]:
        for name, hole in self.table.items():
            match hole:
                case list():
                    yield from _uses(hole, (name,))
                case OneOf(one_of=options):
                    yield from _uses(options, (name, "one_of"))
                case SubsetOf(subset_of=elements):
                    yield from _uses(elements, (name, "subset_of"))

    def _output(self, holes: Holes) -> Any:
        return _filled(self.template["output"], holes)

    def _live_equations(self, holes: Holes) -> dict[str, Any]:
        """Fill from the output backwards; keep the file's order."""
        equations = self.template["equations"]
        filled: dict[str, Any] = {}
        waiting = [str(self._output(holes))]
        while waiting:
            name = waiting.pop()
            if name in filled or name not in equations:
                continue
            filled[name] = _filled(equations[name], holes)
            reads = _reads(filled[name])
            waiting += [read.removesuffix("_prev") if read.endswith("_prev") else read for read in reversed(reads)]
        return {name: filled[name] for name in equations if name in filled}


def _filled(part: Any, holes: Holes) -> Any:
    """`part` with every hole replaced: by its value where it stands alone, as text inside a formula."""
    if isinstance(part, Mapping):
        return {key: _filled(value, holes) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, holes) for value in part]
    if not isinstance(part, str) or "$" not in part:
        return part
    whole = _USE.fullmatch(part.strip())
    if whole:
        return holes.value(whole[1])
    return _USE.sub(lambda use: _spelt(use[1], holes), part)


def _spelt(name: str, holes: Holes) -> str:
    value = holes.value(name)
    if isinstance(value, dict | list):
        raise InvalidInput(Problem(("holes", name), "an option with structure cannot stand inside a formula"))
    text = str(value)
    return f"({text})" if _is_operation(text) else text


def _is_operation(text: str) -> bool:
    """Whether a formula needs parentheses inside another one; operators and function names are not formulas."""
    try:
        return isinstance(parse(text), Call) or text.startswith("-")
    except InvalidInput:
        return False


def _reads(equation: Any) -> list[str]:
    """Names that a filled equation reads; nothing for text that is not a formula, which lowering reports."""
    gate = equation if isinstance(equation, dict) else {"linear": [equation]}
    texts = [*gate.get("linear", []), *gate.get("diagonal", [])]
    names: list[str] = []
    for text in texts:
        try:
            names += names_in(parse(str(text)))
        except InvalidInput:
            continue
    return names


def _uses(template: Any, path: Path) -> Iterator[tuple[Path, str]]:
    for place, part in _leaves(template, path):
        if isinstance(part, str):
            for use in _USE.finditer(part):
                yield place, use[1]


def _numbers(options: Any, path: Path) -> Iterator[tuple[Path, float]]:
    for place, part in _leaves(options, path):
        if isinstance(part, float):
            yield place, part


def _leaves(part: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """What has no parts, with its place."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            yield from _leaves(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _leaves(value, (*path, index))
    else:
        yield path, part
