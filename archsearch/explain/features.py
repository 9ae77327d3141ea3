"""In what a cell differs from another one, in a few words, where the two are not both wirings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from archsearch.explain.roles import find_roles
from archsearch.explain.terms import atom_of
from archsearch.explain.viewed import values_in
from archsearch.explain.words import Words, listed
from archsearch.ir import lower
from archsearch.ir.normal_form import Graph
from archsearch.schema.cell import Cell
from archsearch.spelling import counted

_PLURALS = {"matrix": "matrices", "memory": "memories", "slow memory": "slow memories"}


def role_differences(cell: Cell, other: Cell) -> list[str]:
    """What `cell` has and `other` has not, and the other way round: `with slow memory`, `without output gate`."""
    return _words(Counter(_features(cell)), Counter(_features(other)))


def graph_differences(graph: Graph, other: Graph) -> list[str]:
    """What a graph has more and fewer of than another: `with 1 matrix`, `without 2 products`."""
    return _words(_contents(graph), _contents(other)) or ["wired differently"]


def _words(own: Counter[str], theirs: Counter[str]) -> list[str]:
    found = (("with", own - theirs), ("without", theirs - own))
    return [
        f"{word} {listed([_some(number, noun) for noun, number in sorted(more.items())])}"
        for word, more in found
        if more
    ]


def _features(cell: Cell) -> Iterator[str]:
    """The roles in a cell, with the activations of cell inputs and the peepholes of gates."""
    step = values_in(cell, lower(cell)).step
    roles = find_roles(step)
    for name, title in Words(step, roles).titles.items():
        made = step.made[name]
        if name not in step.live or title in ("", "part", "state"):
            continue
        yield from _kinds(title, made.activation, name == step.output)
        looked = {step.previous(atom_of(read) or "") or atom_of(read) for read in made.diagonal}
        if looked & {known for update in roles.updates.values() for known in (update.name, update.state)}:
            yield f"peephole({title.removesuffix(' gate')})"


def _kinds(title: str, activation: str, is_output: bool) -> Iterator[str]:
    """What a title counts as: however it is called, one gate that mixes is an update gate."""
    kind = title.removesuffix(", coupled")
    if kind != title:
        yield "coupling"
    if kind == "cell input":
        yield f"{activation} cell input"
    elif kind in ("state and output", "memory"):
        yield "memory"
    elif not is_output:
        mixes = "forget" in kind and "input" in kind
        yield kind.replace("forget and input", "update").replace("input and forget", "update") if mixes else kind
    elif kind == "output":
        yield "output apart from the memory"


def _contents(graph: Graph) -> Counter[str]:
    """What a graph consists of, in words; the input and the output, which all have, are left out."""
    found = Counter(_noun(label) for label in graph.labels)
    kinds = {"W": "matrix", "d": "vector"}
    found.update(kinds[role] for edges in graph.edges for role, _ in edges if role in kinds)
    return Counter({noun: number for noun, number in found.items() if noun})


def _noun(label: str) -> str:
    kind = label.partition(" ")[0]
    known = {"affine": "linear map", "mul": "product", "add": "sum", "div": "quotient", "input": "", "output": ""}
    return known.get(kind, kind)


def _some(number: int, noun: str) -> str:
    """`peephole(input)`, `2 matrices`."""
    return noun if number == 1 else counted(number, noun, _PLURALS.get(noun, ""))
