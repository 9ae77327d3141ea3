"""A faulty document mended: what is wrong in it is replaced, so that all that is sound can still be looked at."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from archsearch.errors import Path
from archsearch.schema.faults import Fault, meant_key
from archsearch.schema.shapes import Shapes
from archsearch.schema.strict import EXACTLY_ONE, ExactlyOne


def touch(one: Path, other: Path) -> bool:
    """Whether one of the paths leads through the other's end."""
    return all(left == right for left, right in zip(one, other, strict=False))


class Draft:
    """A copy of a document's data, in which what is faulty is replaced.

    replaced: paths of stand-ins, and of what was left out. renamed: paths of keys, and how the document spells them.
    """

    def __init__(self, data: object, shapes: Shapes) -> None:
        self.data: Any = copy.deepcopy(data)
        self.shapes = shapes
        self.replaced: set[Path] = set()
        self.renamed: list[tuple[Path, str]] = []

    def caused(self, fault: Fault) -> bool:
        """Whether a fault may come of a stand-in: then the document is not to blame for it."""
        paths: Iterable[Path] = [fault.place.path]
        if fault.type == EXACTLY_ONE:
            paths = [(*fault.place.path, name) for name in fault.error["ctx"]["names"]]
        return any(touch(path, replaced) for path in paths for replaced in self.replaced)

    def mend(self, faults: Iterable[Fault]) -> None:
        """Replace what the faults are about: misspelt keys first, since a key that is there is not missing."""
        for fault in sorted(faults, key=lambda fault: fault.type != "extra_forbidden"):
            path = fault.place.path
            if fault.type == "extra_forbidden":
                self._mend_key(path, meant_key(fault, self.shapes), self._alternatives(fault))
            elif fault.type == EXACTLY_ONE:
                self._keep_one(fault)
            elif fault.place.at_key:
                self._remove(path)
            elif fault.type != "missing" or not self._has(path):
                self._put(path, self.shapes.simplest(fault.place.outer))

    def _keep_one(self, fault: Fault) -> None:
        names, given = fault.error["ctx"]["names"], fault.error["ctx"]["given"]
        for name in given[1:]:
            self._remove((*fault.place.path, name))
        if not given:
            field = self.shapes.field(fault.place.node, names[0])
            self._put((*fault.place.path, names[0]), self.shapes.simplest(field))
            self.replaced |= {(*fault.place.path, name) for name in names}

    def _alternatives(self, fault: Fault) -> tuple[str, ...]:
        model = self.shapes.model(self.shapes.walk(fault.error["loc"][:-1]).node)
        return model.alternatives if model is not None and issubclass(model, ExactlyOne) else ()

    def _mend_key(self, path: Path, meant: str, alternatives: tuple[str, ...]) -> None:
        right = (*path[:-1], meant)
        if not meant or self._has(right) or meant in alternatives:  # which one is meant cannot be told
            self._remove(path)
            self.replaced |= {(*path[:-1], name) for name in alternatives if meant in alternatives}
            return
        mapping = self._around(path)
        mapping[meant] = mapping.pop(path[-1])
        self.renamed.append((right, str(path[-1])))

    def _remove(self, path: Path) -> None:
        if self._has(path):
            del self._around(path)[path[-1]]
        self.replaced.add(path)

    def _put(self, path: Path, value: object) -> None:
        self.replaced.add(path)
        if not path:
            self.data = value
        elif isinstance(self._around(path), dict | list):
            self._around(path)[path[-1]] = value

    def _has(self, path: Path) -> bool:
        around = self._around(path)
        return isinstance(around, dict) and path[-1] in around

    def _around(self, path: Path) -> Any:
        """What holds the value at `path`; None where something above is gone."""
        part = self.data
        for key in path[:-1]:
            try:
                part = part[key]
            except (KeyError, IndexError, TypeError):
                return None
        return part
