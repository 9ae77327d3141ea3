"""The textbook cell that a cell is, or is nearest to, and the difference in a few words.

Nearest means, in this order:

1. the same architecture (`arch_id`); among several of the same, the one whose fields as a wiring agree best;
2. for a cell that can be written as a wiring, the textbook wiring that differs in the fewest fields, as on a board;
3. else the shipped cell at the smallest edit distance of normal forms. The parts of a graph are its nodes, each as what
   it does, and its edges, each as what reads what in which way; the distance is the number of parts that one graph has
   and the other has not. So it is symmetric, obeys the triangle inequality, is 0 for equal architectures, and never
   above what editing one graph into the other part by part would take.

Ties are broken by name, with the variants of Greff et al. last.
"""

from __future__ import annotations

import dataclasses
import functools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from archsearch.explain.roles import find_roles
from archsearch.explain.terms import atom_of
from archsearch.explain.viewed import starts, values_in
from archsearch.explain.wiring_of import wiring_of
from archsearch.explain.words import Words, listed
from archsearch.ir import CellIR, lower
from archsearch.ir.identity import arch_id
from archsearch.ir.normal_form import Graph, normal_form
from archsearch.schema.cell import Cell
from archsearch.space.library import cell_names, load_cell, textbook_wirings
from archsearch.space.line import GREFF, nearest_wiring, wiring_differences, wiring_distance
from archsearch.spelling import counted

Measure = Literal["identity", "wiring", "graph"]


@dataclasses.dataclass(frozen=True)
class Nearest:
    """A textbook cell, how far it is by which measure, and the differences in words.

    By `identity` the architectures are the same and only starting values may differ; `also` names other textbook cells
    of the same architecture. `line` says all of it: `gru, no reset, peephole(output)`.
    """

    name: str
    measure: Measure
    distance: int
    differences: tuple[str, ...]
    also: tuple[str, ...]
    line: str


@dataclasses.dataclass(frozen=True)
class Textbook:
    """A shipped cell with all that it is compared by."""

    cell: Cell
    ir: CellIR
    arch_id: str
    graph: Graph
    parts: Counter[Part]


@functools.cache
def textbook_cells() -> dict[str, Textbook]:
    """The shipped cells and wirings by name."""
    cells = {}
    for name in cell_names():
        cell = load_cell(name)
        ir = lower(cell)
        graph = normal_form(ir)
        cells[name] = Textbook(cell, ir, arch_id(ir), graph, parts(graph))
    return cells


def find_nearest(cell: Cell) -> Nearest | None:
    """The textbook cell nearest to `cell`; None where none is shipped."""
    ir = lower(cell)
    own, known, reads = arch_id(ir), textbook_cells(), wiring_of(cell)
    same = [name for name, textbook in known.items() if textbook.arch_id == own]
    if same:
        return _same(ir, reads, same)
    if reads is not None and (name := nearest_wiring(reads, textbook_wirings())) is not None:
        textbook = textbook_wirings()[name]
        words = wiring_differences(reads, textbook)
        return _nearest(name, "wiring", wiring_distance(reads, textbook), words)
    if not known:
        return None
    graph = normal_form(ir)
    around = parts(graph)
    distances = {name: distance(around, textbook.parts) for name, textbook in known.items()}
    name = min(known, key=lambda name: (distances[name], name.startswith(GREFF), name))
    words = role_differences(cell, known[name].cell) or graph_differences(graph, known[name].graph)
    return _nearest(name, "graph", distances[name], words)


def _nearest(
    name: str, measure: Measure, distance: int, differences: Sequence[str], also: Iterable[str] = ()
) -> Nearest:
    return Nearest(name, measure, distance, tuple(differences), tuple(also), ", ".join([name, *differences]))


def _same(ir: CellIR, reads: Mapping[str, Any] | None, names: list[str]) -> Nearest:
    known, wirings = textbook_cells(), textbook_wirings()

    def fields(name: str) -> int:
        return wiring_distance(reads, wirings[name]) if reads is not None and name in wirings else 0

    def starts_differ(name: str) -> bool:
        return starts(known[name].ir) != starts(ir)

    name = min(names, key=lambda name: (fields(name), starts_differ(name), name.startswith(GREFF), name))
    words = wiring_differences(reads, wirings[name]) if reads is not None and name in wirings else []
    if not words and starts_differ(name):
        words = ["other starting values"]
    return _nearest(name, "identity", 0, words, (other for other in names if other != name))


_PLURALS = {"matrix": "matrices", "memory": "memories", "slow memory": "slow memories"}


def role_differences(cell: Cell, other: Cell) -> list[str]:
    """What `cell` has and `other` has not, and the other way round: `with slow memory`, `without output gate`."""
    return _words(Counter(_features(cell)), Counter(_features(other)))


def graph_differences(graph: Graph, other: Graph) -> list[str]:
    """What a graph has more and fewer of than another: `with 1 matrix`, `without 2 products`."""
    return _words(_contents(graph), _contents(other)) or ["wired differently"]


def _words(own: Counter[str], theirs: Counter[str]) -> list[str]:
    sides = (("with", own - theirs), ("without", theirs - own))
    return [
        f"{word} {listed([_some(number, noun) for noun, number in sorted(more.items())])}"
        for word, more in sides
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
        yield "separate output"


def _contents(graph: Graph) -> Counter[str]:
    """What a graph consists of, in words; the input and the output, which all have, are left out."""
    contents = Counter(_noun(label) for label in graph.labels)
    kinds = {"W": "matrix", "d": "vector"}
    contents.update(kinds[role] for edges in graph.edges for role, _ in edges if role in kinds)
    return Counter({noun: number for noun, number in contents.items() if noun})


def _noun(label: str) -> str:
    kind = label.partition(" ")[0]
    known = {"affine": "linear map", "mul": "product", "add": "sum", "div": "quotient", "input": "", "output": ""}
    return known.get(kind, kind)


def _some(number: int, noun: str) -> str:
    """`peephole(input)`, `2 matrices`."""
    return noun if number == 1 else counted(number, noun, _PLURALS.get(noun, ""))


Part = tuple[str, ...]


def distance(one: Counter[Part], other: Counter[Part]) -> int:
    """How many parts are in one of two graphs alone."""
    return ((one - other) + (other - one)).total()


def parts(graph: Graph) -> Counter[Part]:
    """The nodes and edges of a graph, and how often each occurs."""
    counts: Counter[Part] = Counter((label,) for label in graph.labels)
    for label, edges in zip(graph.labels, graph.edges, strict=True):
        counts.update((label, role, graph.labels[target]) for role, target in edges)
    return counts
