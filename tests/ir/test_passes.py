"""Segments, reverse mode and what is kept: the passes that fused backends share, without any backend."""

from __future__ import annotations

import random

import pytest
import torch
from torch import Tensor

from archsearch import registry
from archsearch.ir import CellIR, lower
from archsearch.ir.cost import parameter_shapes, stages
from archsearch.ir.passes.keeping import plan_memory
from archsearch.ir.passes.reverse import reverse
from archsearch.ir.passes.segments import Program, segments
from archsearch.space import load_cell
from tests.ir.cells import cell, gate, lowered, sigmoid
from tests.ir.interpreted import run, run_back
from tests.ir.whole_language import random_cell

CELLS = registry.shipped_names("spaces/cells")
BATCH, HIDDEN = 3, 4

EVERY: list[CellIR] = [lower(load_cell(name)) for name in CELLS]
EVERY += [lower(random_cell(random.Random(seed))) for seed in range(150)]


def known_at_the_start(program: Program) -> set[str]:
    return {*program.ir.inputs, *(state.previous for state in program.ir.states), *program.vectors}


def recurrent_depth(program: Program) -> int:
    """How many products stand one behind the other on the longest way from a past state."""
    depth = {state.previous: 0 for state in program.ir.states}
    for segment in program.segments:
        for product in segment.products:
            found = [depth[name] for name in product.matrices if name in depth]
            if found:
                depth[product.name] = max(found) + 1
        for instruction in segment.pointwise:
            found = [depth[name] for name in instruction.operands if name in depth]
            if found:
                depth[instruction.name] = max(found)
    return max(depth.values(), default=0)


def test_a_value_is_made_once_and_before_it_is_read() -> None:
    for ir in EVERY:
        program = segments(ir)
        known = known_at_the_start(program)
        for segment in program.segments:
            for product in segment.products:
                assert set(product.matrices) <= known, "products of a segment do not wait for each other"
            made = [product.name for product in segment.products]
            for instruction in segment.pointwise:
                assert set(instruction.operands) <= known | set(made)
                made.append(instruction.name)
            assert not known & set(made)
            assert len(made) == len(set(made))
            known |= set(made)
        ends = {end for end in (*(state.next for state in ir.states), ir.output) if isinstance(end, str)}
        assert ends <= known


def test_stages_are_those_that_the_cost_counts() -> None:
    for ir in EVERY:
        assert recurrent_depth(segments(ir)) == stages(ir), str(ir)


@pytest.mark.parametrize(
    ("name", "products"),
    [
        ("lstm", [[], ["i~", "f~", "g~", "o~"]]),
        ("peephole_lstm", [[], ["i~+", "f~+", "g~", "o~+"]]),
        ("gru", [[], ["r~", "z~", "nx", "nh"]]),
        ("gru_reset_before", [[], ["r~", "z~"], ["n~"]]),
    ],
)
def test_products_of_textbook_cells(name: str, products: list[list[str]]) -> None:
    program = segments(lower(load_cell(name)))
    assert [[product.name for product in segment.products] for segment in program.segments] == products


def test_a_diagonal_on_a_new_value_waits_but_its_product_does_not() -> None:
    program = segments(lowered({"a": sigmoid("x", "h_prev"), "h": sigmoid("x", "h_prev", diagonal=["a"])}))
    assert [len(segment.products) for segment in program.segments] == [0, 2]
    assert program.vectors == ("h.diagonal.0",)


def test_a_bias_alone_is_a_vector() -> None:
    program = segments(lowered({"b": {"bias": 0.5}, "h": gate("x", "h_prev", diagonal=["b"])}))
    assert program.vectors == ("b.bias", "h.diagonal.0")
    assert [product.bias for product in program.products] == [True]


def drawn(ir: CellIR, program: Program, seed: int) -> dict[str, Tensor]:
    """Numbers for everything that a step is given; the input has the hidden size."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64).requires_grad_()

    found = {name: normal(BATCH, HIDDEN) for name in sorted(known_at_the_start(program) - set(program.vectors))}
    return found | {name: normal(*shape) for name, shape in parameter_shapes(ir, HIDDEN, HIDDEN).items()}


@pytest.mark.parametrize("part", range(4))
def test_reverse_mode_is_autograd(part: int) -> None:
    for seed, ir in list(enumerate(EVERY))[part::4]:
        program = segments(ir)
        given = drawn(ir, program, seed)
        values = run(program, given)
        ends = dict.fromkeys(end for end in (*(s.next for s in ir.states), ir.output) if isinstance(end, str))
        generator = torch.Generator().manual_seed(seed + 1)
        adjoints = {end: torch.randn((BATCH, HIDDEN), generator=generator, dtype=torch.float64) for end in ends}
        total = sum((adjoints[end] * values[end]).sum() for end in ends)
        if not isinstance(total, Tensor) or not total.requires_grad:
            continue
        expected = torch.autograd.grad(total, list(given.values()), materialize_grads=True)
        with torch.no_grad():
            found = run_back(program, reverse(program), values, adjoints)
        for (name, value), slope in zip(given.items(), expected, strict=True):
            mine = found.get(f"d {name}", torch.zeros((), dtype=torch.float64))
            mine = mine.sum(0) if value.dim() == 1 and mine.dim() == 2 else mine
            off = (mine.expand(value.shape) - slope).abs().max().item()
            assert off <= 1e-10 * max(1.0, slope.abs().max().item()), f"{name}\n{ir}"


def test_reverse_mode_never_uses_a_name_of_the_cell() -> None:
    """An equation may be called `d`, and its intermediate results then d~1, d~2, ..."""
    ir = lowered({"d": "tanh(x * h_prev + sin(x)) * exp(-x * x)", "h": "d * h_prev"})
    program = segments(ir)
    forward = {instruction.name for instruction in program.pointwise}
    assert "d~1" in forward
    backwards = {instruction.name for one in reverse(program) for instruction in one.body}
    assert backwards
    assert not backwards & forward


def test_sums_and_constants_leave_no_instructions_behind() -> None:
    program = segments(lowered({"h": "h_prev + x"}))
    (one,) = reverse(program)
    assert one.body == ()
    assert one.adds == {"h_prev": "d h", "x": "d h"}


def test_what_gt_reads_gets_no_gradient() -> None:
    (one,) = reverse(segments(lowered({"h": "gt(x, h_prev)"})))
    assert one.body == ()
    assert one.adds == {}


def assert_the_way_back_finds_what_it_reads(program: Program) -> None:
    """Everything is kept, or computed from what is; no product is."""
    makers = {instruction.name: instruction for instruction in program.pointwise}
    memory = plan_memory(program, reverse(program))
    forward = makers.keys() | {product.name for product in program.products}
    bodies = [instruction for one in reverse(program) for instruction in one.body]
    waiting = [name for instruction in bodies for name in instruction.operands if name in forward]
    while waiting:
        name = waiting.pop()
        if not memory.holds(name):
            assert name in makers, f"{name} is a product that is not kept"
            waiting += [operand for operand in makers[name].operands if operand in forward]


def test_everything_that_the_way_back_reads_is_kept_or_can_be_computed_again() -> None:
    for ir in EVERY:
        program = segments(ir)
        memory = plan_memory(program, reverse(program))
        assert_the_way_back_finds_what_it_reads(program)
        made = {product.name for product in program.products} | {each.name for each in program.pointwise}
        assert set(memory.stored) <= made
        assert not set(memory.stored) & memory.next_states.keys(), "kept twice"
        for product in program.products:
            for name in product.matrices:
                assert name in known_at_the_start(program) or memory.holds(name), "weights' gradients read it"


KEPT = {
    "rnn": (),
    "lstm": ("i", "f", "g", "o"),
    "lstm_b": ("i", "f", "g", "o"),
    "gru": ("r", "z", "nh", "n"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_textbook_cells_keep_beside_their_states(name: str) -> None:
    program = segments(lower(load_cell(name)))
    assert set(plan_memory(program, reverse(program)).stored) == set(KEPT[name])


def test_an_lstm_keeps_six_values_at_most() -> None:
    ir = lower(load_cell("lstm"))
    program = segments(ir)
    assert len(plan_memory(program, reverse(program)).stored) + len(ir.states) <= 6


def test_a_value_that_becomes_several_states_is_kept_with_one_of_them() -> None:
    ir = lower(cell({"v": gate("x", "h_prev", "s_prev", activation="tanh"), "s": "v", "h": "v"}, ("h", "s")))
    program = segments(ir)
    memory = plan_memory(program, reverse(program))
    assert memory.stored == ()
    assert memory.next_states == {"v": ("h", "s")}


def test_a_product_that_another_product_reads_is_kept() -> None:
    program = segments(lowered({"a": gate("x", "h_prev"), "h": gate("a", activation="tanh")}))
    assert plan_memory(program, reverse(program)).stored == ("a",)
