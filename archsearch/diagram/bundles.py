"""Bundles: values that several gates read together through matrices travel as one line."""

from __future__ import annotations

import dataclasses

from archsearch.diagram.graph import Node, Read


def bundled(nodes: dict[str, Node]) -> dict[str, Node]:
    """The same nodes with a bundle for each set of values that at least two gates read; each below what it reads."""
    wanted = {key: _matrices(node) for key, node in nodes.items() if node.kind == "gate"}
    sets = [each for each in dict.fromkeys(wanted.values()) if len(each) > 1]
    sets = [each for each in sets if sum(each <= other for other in wanted.values()) > 1]
    bundles: dict[frozenset[str], Node] = {}
    for each in sorted(sets, key=len):
        bundles[each] = _bundle(each, bundles, nodes)
    made: dict[str, Node] = {}
    for key, node in nodes.items():
        chosen = bundles.get(wanted.get(key, frozenset()))
        if chosen is not None:
            _place(chosen, bundles, made)
            others = tuple(read for read in node.reads if read.kind != "matrix")
            made[key] = dataclasses.replace(node, reads=(Read(chosen.key, "matrix"), *others))
        else:
            made[key] = node
    return made


def _matrices(gate: Node) -> frozenset[str]:
    """What a gate reads through matrices; nothing where it reads a value twice."""
    values = [read.value for read in gate.reads if read.kind == "matrix"]
    return frozenset(values) if len(set(values)) == len(values) else frozenset()


def _bundle(values: frozenset[str], known: dict[frozenset[str], Node], nodes: dict[str, Node]) -> Node:
    """A bundle of `values`, with the larger known bundles inside it instead of their parts."""
    rest, parts = set(values), []
    for inner in sorted(known, key=lambda each: (-len(each), known[each].key)):
        if inner <= rest:
            parts.append(known[inner].key)
            rest -= inner
    parts += [key for key in nodes if key in rest]
    key = f"bundle of {', '.join(key for key in nodes if key in values)}"
    return Node(key, "bundle", reads=tuple(Read(part, "member") for part in parts))


def _place(bundle: Node, bundles: dict[frozenset[str], Node], made: dict[str, Node]) -> None:
    by_key = {node.key: node for node in bundles.values()}
    for read in bundle.reads:
        if read.value in by_key:
            _place(by_key[read.value], bundles, made)
    made.setdefault(bundle.key, bundle)
