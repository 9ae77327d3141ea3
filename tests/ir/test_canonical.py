"""The canonical cell: one for all spellings, the same function and parameters, no dearer than they are."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping

import pytest
import torch
from torch import Tensor

from archsearch import registry
from archsearch.backends.reference.interpreter import unroll
from archsearch.ir import CellIR, Pointwise, canonical, lower, parse_ir
from archsearch.ir.cost import operations, parameter_shapes, stages
from archsearch.ir.identity import arch_id
from archsearch.schema.cell import Cell
from archsearch.space import RandomChooser, load_cell, load_space
from tests.ir import isomorphism
from tests.ir.cells import cell, disguised, gate, sigmoid
from tests.ir.random_cells import random_cell as small_random_cell
from tests.ir.respelling import respelled
from tests.ir.whole_language import random_cell

CELLS = registry.shipped_names("spaces/cells")
TIME, BATCH, SIZE = 4, 3, 5


def rebuilt(of: Cell) -> CellIR:
    return canonical(lower(of)).ir


def random_cells(seed: int, count: int) -> list[Cell]:
    generator = random.Random(seed)
    return [random_cell(generator) for _ in range(count)]


@pytest.mark.parametrize("name", CELLS)
def test_all_spellings_of_a_shipped_cell_are_one(name: str) -> None:
    original = load_cell(name)
    for way, other in respelled(original, random.Random(name)):
        assert rebuilt(other) == rebuilt(original), way


@pytest.mark.parametrize("seed", range(4))
def test_all_spellings_of_any_cell_are_one(seed: int) -> None:
    for original in random_cells(seed, 25):
        for way, other in respelled(original, random.Random(seed)):
            assert rebuilt(other) == rebuilt(original), (way, original.equations)


@pytest.mark.parametrize("seed", range(3))
def test_cells_have_one_canonical_cell_exactly_when_they_are_isomorphic(seed: int) -> None:
    """By brute force; where biases and states start counts, and relu is not max(a, 0)."""
    generator = random.Random(seed)
    texts: dict[CellIR, str] = {}
    cells: dict[str, CellIR] = {}
    for _ in range(500):
        original = started(small_random_cell(generator, most_gates=3), generator)
        ir, text = rebuilt(original), isomorphism.canonical(original, trained=True)
        assert texts.setdefault(ir, text) == text, original.equations
        assert cells.setdefault(text, ir) == ir, original.equations
    assert 150 < len(cells) < 495  # neither all alike nor all different


def started(original: Cell, generator: random.Random) -> Cell:
    """The cell with biases and states that start at 0 or at 1, and some relus written as max."""
    equations = {
        name: equation
        if isinstance(equation, str)
        else equation.model_copy(update={} if equation.bias == "none" else {"bias": generator.choice([0.0, 1.0])})
        for name, equation in original.equations.items()
    }
    if generator.random() < 0.3:
        last = equations["h"]
        equations["h"] = f"{generator.choice(['relu({})', 'max({}, 0)', 'max(0, {})'])}".format(f"({last})")
    return cell(equations, {state: generator.choice([0.0, 1.0]) for state in original.states}, original.output)


@pytest.mark.parametrize("seed", range(4))
def test_it_computes_the_same_function_and_gradients(seed: int) -> None:
    for original in random_cells(100 + seed, 40):
        assert_same_function(lower(original))


@pytest.mark.parametrize("name", CELLS)
def test_shipped_cells_compute_the_same_function_and_gradients(name: str) -> None:
    assert_same_function(lower(load_cell(name)))


def assert_same_function(ir: CellIR) -> None:
    """Outputs and gradients agree, parameters matched by `names`."""
    made = canonical(ir)
    generator = torch.Generator().manual_seed(1)
    shapes = parameter_shapes(ir, SIZE, SIZE)
    assert made.names.keys() == shapes.keys()
    assert {made.names[name]: shape for name, shape in shapes.items()} == parameter_shapes(made.ir, SIZE, SIZE)
    values = {name: torch.rand(shape, generator=generator, dtype=torch.float64) - 0.5 for name, shape in shapes.items()}
    x = torch.randn(TIME, BATCH, SIZE, generator=generator, dtype=torch.float64)
    first = run(ir, values, x)
    then = run(made.ir, {made.names[name]: value for name, value in values.items()}, x)
    for name, result in first.items():
        other = then[made.names.get(name, name)]
        torch.testing.assert_close(other, result, rtol=0, atol=1e-12 * (1 + float(result.abs().max())))


def run(ir: CellIR, values: Mapping[str, Tensor], x: Tensor) -> dict[str, Tensor]:
    """Outputs under `y`, and the gradients of the input and of each parameter by name."""
    parameters = {name: value.clone().requires_grad_() for name, value in values.items()}
    x = x.clone().requires_grad_()
    y, _ = unroll(
        ir, parameters, x, {state.name: x.new_full((BATCH, SIZE), state.initial) for state in ir.states}, SIZE
    )
    inputs = {"x": x, **parameters}
    gradients = torch.autograd.grad((y.sin() + 0 * x.sum()).sum(), [*inputs.values()], materialize_grads=True)
    return {"y": y.detach(), **dict(zip(inputs, gradients, strict=True))}


def test_no_spelling_of_a_shipped_cell_is_cheaper() -> None:
    for name in CELLS:
        original = load_cell(name)
        for spelling in (original, *(other for _, other in respelled(original, random.Random(name)))):
            ir = lower(spelling)
            assert stages(rebuilt(original)) <= stages(ir), name
            assert operations(rebuilt(original), 8, 16) <= operations(ir, 8, 16), name


def test_hardly_any_cell_becomes_dearer() -> None:
    irs = [lower(original) for original in random_cells(7, 300)]
    more = [len(canonical(ir).ir.body) - len(ir.body) for ir in irs]
    assert all(stages(canonical(ir).ir) <= stages(ir) for ir in irs)
    assert max(more) <= 2  # t = 0.5 * s, t * t: the halves are put together, and cost one instruction for each such t
    assert sum(count > 0 for count in more) <= 3
    assert sum(more) < 0


@pytest.mark.parametrize("reference", ["lstm_to_gru", "two_timescales"])
def test_configurations_of_a_space_with_one_canonical_cell_are_one_architecture(reference: str) -> None:
    """None is dearer than its configuration, and equal architectures that start alike are one cell."""
    space, chooser = load_space(reference), RandomChooser(random.Random(3))
    starts: dict[tuple[str, tuple[str, ...], bool], CellIR] = {}
    for ir in (space.fill(chooser).ir for _ in range(150)):
        made = canonical(ir).ir
        assert len(made.body) <= len(ir.body)
        assert stages(made) <= stages(ir)
        biases = {str(affine.bias) for affine in ir.affines} | {f"state {state.initial}" for state in ir.states}
        if len(biases) == 2:  # all biases start alike, and all states do
            relu = any(instruction.op == "where_le" for instruction in made.body if isinstance(instruction, Pointwise))
            assert starts.setdefault((arch_id(ir), tuple(sorted(biases)), relu), made) == made


@pytest.mark.parametrize("original", [*map(load_cell, CELLS), *random_cells(8, 40)], ids=lambda of: of.cell)
def test_it_is_its_own_canonical_cell_and_the_same_architecture(original: Cell) -> None:
    ir = rebuilt(original)
    assert canonical(ir).ir == ir
    assert arch_id(ir) == arch_id(lower(original))
    assert parse_ir(str(ir)) == ir


@pytest.mark.parametrize(
    ("formulas", "expected"),
    [
        (["p - q"], ["sub"]),
        (["p * q - r"], ["mul", "sub"]),
        (["(1 - p) * q"], ["sub", "mul"]),
        (["-p * q + r"], ["mul", "sub"]),
        (["0.5 - 0.25 * p"], ["mul", "sub"]),
        (["-p - q"], ["neg", "sub"]),
        (["-0.5 * p - q"], ["mul", "sub"]),
        (["tanh(-p)"], ["neg", "tanh"]),
        (["tanh(-0.5 * p)"], ["mul", "tanh"]),
        (["p / 2"], ["mul"]),
        (["p + p"], ["add"]),
        (["p * p * p"], ["mul", "mul"]),
        (["p * q", "a * r + a"], ["mul", "mul", "add"]),
        (["p + q", "a + r", "b * a"], ["add", "add", "mul"]),
        (["p * q", "a * r", "a * h_prev", "b + c"], ["mul", "mul", "mul", "add"]),
        (["p * q", "a * a"], ["mul", "mul"]),
        (["1 - p", "a + q", "a * b"], ["sub", "add", "mul"]),
        (["-p", "exp(a)", "b * (q + a)"], ["neg", "exp", "sub", "mul"]),
        (["p * 1e200", "a * 1e200"], ["mul", "mul"]),
    ],
)
def test_sums_and_products_take_few_instructions(formulas: list[str], expected: list[str]) -> None:
    gates = {"p": gate("x"), "q": gate("h_prev"), "r": gate("x", "h_prev")}
    ir = rebuilt(cell({**gates, **dict(zip("abcd", formulas[:-1], strict=False)), "h": formulas[-1]}))
    found = [instruction.op for instruction in ir.body if isinstance(instruction, Pointwise)]
    assert sorted(found) == sorted(expected)


def test_products_are_added_last() -> None:
    """So that multiplying and adding is one operation of the processor."""
    ir = rebuilt(cell({"p": gate("x"), "q": gate("x"), "r": gate("x"), "h": "p * q + h_prev + q * r"}))
    first, second = (each for each in ir.body if isinstance(each, Pointwise) and each.op == "add")
    assert "s1_prev" in first.args
    assert first.name in second.args


def test_distinct_gates_stay_apart_and_keep_their_parameters() -> None:
    two = lower(cell({"a": sigmoid("x", "h_prev"), "b": sigmoid("x", "h_prev"), "h": "a + b"}))
    made = canonical(two)
    assert len(made.ir.affines) == 2
    assert len(set(made.names.values())) == len(made.names) == 6


def test_a_gate_may_read_the_same_value_twice() -> None:
    assert_same_function(lower(cell({"h": gate("x", "h_prev", "x", diagonal=["h_prev", "x", "h_prev"])})))


def test_relu_is_not_the_larger_of_a_value_and_0() -> None:
    """Its derivative at 0 is another one."""
    relu, larger, swapped = (cell({"a": gate("x"), "h": text}) for text in ("relu(a)", "max(a, 0)", "max(0, a)"))
    assert rebuilt(larger) == rebuilt(swapped) != rebuilt(relu)
    assert arch_id(lower(larger)) == arch_id(lower(relu))


def test_initial_values_count() -> None:
    irs = [
        rebuilt(cell({"a": gate("x", bias=bias), "h": "a * h_prev"}, {"h": start}))
        for bias in (0, 1, "none")
        for start in (0.0, 1.0, float("-inf"))
    ]
    assert len(set(irs)) == 9


@pytest.mark.parametrize(("one", "other"), [("x", "x + 0"), ("x", "-(-x)"), ("x", "x * 2 / 2")])
def test_a_matrix_that_reads_the_input_bare_keeps_its_projection(one: str, other: str) -> None:
    """Of another size than the hidden one, `x + 0` is projected, and `x` is not: other parameters, another cell."""
    plain, bare = (lower(cell({"h": gate(text, "h_prev")})) for text in (one, other))
    assert canonical(plain).ir != canonical(bare).ir
    for ir in (plain, bare):
        shapes, made = parameter_shapes(ir, 2, SIZE), canonical(ir)
        named = {made.names.get(name, name): shape for name, shape in shapes.items()}
        assert named == parameter_shapes(made.ir, 2, SIZE)
    assert_same_function(bare)


def test_long_ladders_do_not_grow() -> None:
    """In the normal form each rung holds all below it."""
    for op in "+*":
        rungs = {f"a{index + 1}": f"a{index} {op} tanh(a{index})" for index in range(60)}
        ir = lower(cell({"a0": gate("x"), **rungs, "h": "a60"}))
        assert len(canonical(ir).ir.body) == len(ir.body)


def test_doublings_in_a_row_do_not_grow() -> None:
    for op in "+*":
        rows = {f"a{index + 1}": f"a{index} {op} a{index}" for index in range(400)}
        ir = lower(cell({"a0": gate("x"), **rows, "h": "a400"}))
        assert len(canonical(ir).ir.body) == len(ir.body)


@pytest.mark.parametrize("formula", ["a * 1e200 * 1e200 * 1e300", "a * 1e-200 * 1e-200", "a * 0 + 1e308 + 1e308"])
def test_constants_that_no_float_can_hold_are_applied_in_steps(formula: str) -> None:
    ir = lower(cell({"a": gate("x", "h_prev"), "s": formula, "h": "tanh(s)"}, ("h",)))
    assert_same_function(ir)


def test_dead_parts_have_no_canonical_parameters() -> None:
    lstm = lower(load_cell("lstm"))
    more = dataclasses.replace(lstm, body=(*lstm.body, *parse_ir(DEAD).body))
    assert canonical(more).ir == canonical(lstm).ir
    assert canonical(more).names == canonical(lstm).names


DEAD = "cell dead(x; s=0)\n  dead~ = affine W[x] + b(0)\n  -> s=dead~; output=s_prev\n"


def test_disguises_train_the_same_parameters() -> None:
    """A parameter of the disguise and of the original with one canonical name play the same part."""
    original = lower(load_cell("peephole_lstm"))
    for seed in range(5):
        other = lower(disguised(load_cell("peephole_lstm"), random.Random(seed)))
        assert set(canonical(other).names.values()) == set(canonical(original).names.values())
        assert part_of_parameters(other) == part_of_parameters(original)


def part_of_parameters(ir: CellIR) -> dict[str, str]:
    """The last output when a parameter alone is 0.5 and all others are 0.25, by canonical name."""
    shapes, made = parameter_shapes(ir, 1, 1), canonical(ir)
    x = torch.linspace(-1, 1, TIME, dtype=torch.float64).reshape(TIME, 1, 1)
    start = {state.name: x.new_zeros(1, 1) for state in ir.states}

    def output(changed: str) -> str:
        values = {name: x.new_full(shape, 0.5 if name == changed else 0.25) for name, shape in shapes.items()}
        return f"{float(unroll(ir, values, x, start, 1)[0][-1]):.10f}"

    return {made.names[name]: output(name) for name in shapes}
