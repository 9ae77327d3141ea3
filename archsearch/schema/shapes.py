"""The structure of a model as pydantic-core holds it: which keys and kinds of value stand where.

pydantic's error locations mix a document's own keys with names of union members. Walking the schema along a location
tells the two apart, and knows what was expected at its end.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from archsearch.errors import Path

Node = Mapping[str, Any]
OPAQUE: Node = {"type": "any"}

_WRAPPERS = ("default", "nullable", "model", "function-before", "function-after", "function-wrap")
_KINDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "list": "a list",
    "dict": "a mapping",
    "model-fields": "a mapping",
    "none": "null",
}


@dataclasses.dataclass(frozen=True)
class Expected:
    """What may stand in a place: kinds of value in words ("a number"), and single values by name."""

    kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    def __or__(self, other: Expected) -> Expected:
        kinds = dict.fromkeys((*self.kinds, *other.kinds))
        return Expected(tuple(kinds), tuple(dict.fromkeys((*self.choices, *other.choices))))


@dataclasses.dataclass(frozen=True)
class Place:
    """The end of an error's location.

    `path` is the document's own path and `node` the schema there. `outer` is the schema before a choice among union
    members was made in this very place. `unions` are the unions without discriminator on the way, each by its path and
    the name of the member tried: several members may complain about one mistake.
    """

    path: Path
    node: Node
    outer: Node
    at_key: bool = False
    unions: tuple[tuple[Path, str], ...] = ()


class Shapes:
    """The schema of one model, to be walked along the locations of its errors."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._definitions: dict[str, Node] = {}
        self._root = self._open(model.__pydantic_core_schema__)

    def walk(self, location: tuple[int | str, ...], *, at_key: bool = False) -> Place:
        """Where `location` leads, or with `at_key` its last key.

        Parts below a schema of an unknown kind count as the document's own.
        """
        place = Place((), self._root, self._root)
        for index, part in enumerate(location):
            node = self._open(place.node)
            if node["type"] == "tagged-union":
                member = _tagged(node, part)
                plain = set(node["choices"]) == {"hole", "value"} and part == "value"
                place = dataclasses.replace(place, node=member, outer=member if plain else place.outer)
            elif node["type"] == "union":
                unions = (*place.unions, (place.path, str(part)))
                member = self._member(node, part, location[index + 1 :])
                place = dataclasses.replace(place, node=member, unions=unions)
            else:
                key = at_key and index == len(location) - 1
                inner = node.get("keys_schema", OPAQUE) if key else self._child(node, part) or OPAQUE
                place = dataclasses.replace(place, path=(*place.path, part), node=inner, outer=inner, at_key=key)
        return place

    def keys(self, node: Node) -> dict[str, bool]:
        """The keys that `node` knows, each with whether it is required; empty unless it is a model."""
        node = self._open(node)
        fields: Mapping[str, Node] = node["fields"] if node["type"] == "model-fields" else {}
        return {_key(name, field): field["schema"]["type"] != "default" for name, field in fields.items()}

    def homes(self, node: Node, key: str) -> list[str]:
        """The keys of `node` below which `key` is known."""
        return [name for name in self.keys(node) if key in self.keys(self._child(self._open(node), name) or OPAQUE)]

    def field(self, node: Node, name: str) -> Node:
        """The schema of a model's field."""
        schema: Node = self._open(node)["fields"][name]["schema"]
        return schema

    def simplest(self, node: Node) -> Any:
        """A value that is sound where `node` is the schema, unless a validator function of its own refuses it."""
        node = self._open(node)
        kind = node["type"]
        if kind in ("int", "float"):
            least = max(1, node.get("ge", 1), node.get("gt", 0) + 1)
            return min(least, node.get("le", least))
        if kind == "literal":
            return node["expected"][0]
        if kind == "list":
            return [self.simplest(node["items_schema"]) for _ in range(node.get("min_length", 0))]
        if kind == "dict":
            keys, values = node["keys_schema"], node["values_schema"]
            return {self.simplest(keys): self.simplest(values)} if node.get("min_length") else {}
        if kind == "model-fields":
            return {
                key: self.simplest(self._child(node, key) or OPAQUE)
                for key, needed in self.keys(node).items()
                if needed
            }
        if kind in ("union", "tagged-union"):
            return self.simplest(_members(node)[-1])  # in ours the last one is the plainest
        return {"str": "x", "bool": False}.get(kind)

    def model(self, node: Node) -> type[BaseModel] | None:
        """The model whose fields `node` holds, where it is one."""
        while node["type"] != "model":
            inner = self._definitions.get(node.get("schema_ref", ""), node.get("schema"))
            if inner is None or node["type"] not in (*_WRAPPERS, "definitions", "definition-ref"):
                return None
            node = inner
        model: type[BaseModel] = node["cls"]
        return model

    def tag_key(self, node: Node) -> str:
        """The key by whose value a union's member is chosen; empty where a function chooses, or nothing."""
        key = self._open(node).get("discriminator")
        return key if isinstance(key, str) else ""

    def tags(self, node: Node) -> tuple[str, ...]:
        """The names of the members of a union with discriminator."""
        return tuple(map(str, self._open(node)["choices"]))

    def expected(self, node: Node) -> Expected:
        """What may stand where `node` is the schema."""
        node = self._open(node)
        kind = node["type"]
        if kind == "literal":
            return Expected(choices=tuple(map(str, node["expected"])))
        if kind not in ("union", "tagged-union"):
            return Expected(kinds=(_KINDS[kind],)) if kind in _KINDS else Expected()
        total = Expected()
        for member in _members(node):
            total |= self.expected(member)
        return total

    def _open(self, node: Node) -> Node:
        """`node` without defaults, validator functions, references and the like around it."""
        while True:
            if node["type"] == "definitions":
                self._definitions |= {definition["ref"]: definition for definition in node["definitions"]}
                node = node["schema"]
            elif node["type"] == "definition-ref":
                node = self._definitions.get(node["schema_ref"], OPAQUE)
            elif node["type"] in _WRAPPERS:
                node = node["schema"]
            else:
                return node

    def _child(self, node: Node, part: int | str) -> Node | None:
        """The schema one step down, or None where this step does not exist."""
        if node["type"] == "model-fields":
            fields: Mapping[str, Node] = node["fields"]
            return next((field["schema"] for name, field in fields.items() if part == _key(name, field)), None)
        entries = {"dict": "values_schema", "list": "items_schema"}.get(node["type"])
        inner: Node | None = node.get(entries, OPAQUE) if entries else None
        return inner

    def _member(self, union: Node, name: int | str, rest: tuple[int | str, ...]) -> Node:
        """The member of a union without discriminator that a location names: a model, or what its rest leads into."""
        for member in _members(union):
            if member["type"] == "model" and member["cls"].__name__ == name:
                return member
        return next((member for member in _members(union) if self._leads(member, rest)), OPAQUE)

    def _leads(self, node: Node, location: tuple[int | str, ...]) -> bool:
        node = self._open(node)
        return not location or self._child(node, location[0]) is not None


def _members(union: Node) -> list[Node]:
    choices = union["choices"]
    if isinstance(choices, Mapping):
        return list(choices.values())
    return [choice[0] if isinstance(choice, tuple) else choice for choice in choices]


def _tagged(union: Node, tag: int | str) -> Node:
    return next((node for name, node in union["choices"].items() if str(name) == str(tag)), OPAQUE)


def _key(name: str, field: Node) -> str:
    """The key under which a document writes the field `name`."""
    alias = field.get("validation_alias")
    return alias if isinstance(alias, str) else name
