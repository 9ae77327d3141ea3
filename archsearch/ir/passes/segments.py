"""One step cut into segments: each is a batch of matrix products that wait for nothing else, then pointwise work.

Diagonals and biases leave the affine instructions: what remains of one is a sum of products, so that a peephole on the
new state costs no stage of its own (the product of its gate does not wait for the state).
"""

from __future__ import annotations

import dataclasses

from archsearch.ir.instructions import Affine, CellIR, Pointwise


@dataclasses.dataclass(frozen=True)
class Product:
    """name = sum of W·v over `matrices`, plus the bias where there is one."""

    name: str
    equation: str
    matrices: tuple[str, ...]
    bias: bool


@dataclasses.dataclass(frozen=True)
class Segment:
    """Products that can run together, and the pointwise instructions that can follow them."""

    products: tuple[Product, ...]
    pointwise: tuple[Pointwise, ...]


@dataclasses.dataclass(frozen=True)
class Program:
    """A cell as segments. Segment 0 has no products. `vectors` are parameters that pointwise instructions read."""

    ir: CellIR
    segments: tuple[Segment, ...]
    vectors: tuple[str, ...]

    @property
    def products(self) -> tuple[Product, ...]:
        """All products, in the order of the segments."""
        return tuple(product for segment in self.segments for product in segment.products)

    @property
    def pointwise(self) -> tuple[Pointwise, ...]:
        """All pointwise instructions, in the order of the segments."""
        return tuple(instruction for segment in self.segments for instruction in segment.pointwise)


def segments(ir: CellIR) -> Program:
    """Cut one step of `ir` into as few segments as its products allow."""
    level = dict.fromkeys((*ir.inputs, *(state.previous for state in ir.states)), 0)
    products: list[list[Product]] = [[]]
    pointwise: list[list[Pointwise]] = [[]]
    vectors: list[str] = []

    def put(instruction: Pointwise) -> None:
        depth = max(level[name] for name in instruction.operands)
        level[instruction.name] = depth
        pointwise[depth].append(instruction)

    for instruction in ir.body:
        if isinstance(instruction, Pointwise):
            put(instruction)
            continue
        terms = _vectors(instruction)
        vectors += [name for name in terms if name not in vectors]
        level |= dict.fromkeys(terms, 0)
        if instruction.matrices:
            depth = 1 + max(level[name] for name in instruction.matrices)
            while len(products) <= depth:
                products.append([])
                pointwise.append([])
            total = f"{instruction.name}+" if instruction.vectors else instruction.name
            level[total] = depth
            bias = instruction.bias is not None
            products[depth].append(Product(total, instruction.equation, instruction.matrices, bias))
        for extra in _diagonals(instruction):
            put(extra)
    cut = zip(products, pointwise, strict=True)
    return Program(ir, tuple(Segment(tuple(first), tuple(then)) for first, then in cut), tuple(vectors))


def _vectors(affine: Affine) -> list[str]:
    """The vectors that pointwise instructions read: diagonals, and the bias where no product takes it up."""
    names = [f"{affine.equation}.diagonal.{index}" for index in range(len(affine.vectors))]
    alone = not affine.matrices and affine.bias is not None
    return names + ([f"{affine.equation}.bias"] if alone else [])


def _diagonals(affine: Affine) -> list[Pointwise]:
    """p ⊙ v for each diagonal, added to what the affine has already."""
    name, made = affine.name, []
    total: str | None = f"{name}+" if affine.matrices and affine.vectors else None
    if not affine.matrices and affine.bias is not None:
        total = f"{affine.equation}.bias"
    if not affine.matrices and not affine.vectors:
        return [Pointwise(name, "add", (f"{affine.equation}.bias", 0.0))]
    for index, value in enumerate(affine.vectors):
        last = index == len(affine.vectors) - 1
        vector = f"{affine.equation}.diagonal.{index}"
        if total is None:
            made.append(Pointwise(name if last else f"{name}+{index}", "mul", (vector, value)))
            total = made[-1].name
            continue
        made.append(Pointwise(f"{name}*{index}", "mul", (vector, value)))
        made.append(Pointwise(name if last else f"{name}+{index}", "add", (total, made[-1].name)))
        total = made[-1].name
    return made
