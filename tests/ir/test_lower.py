"""From equations to instructions: what is emitted, what is dropped, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from archsearch.errors import InvalidInput
from archsearch.ir import lower
from archsearch.space import load_cell
from tests.ir.cells import cell, gate, lowered, sigmoid


def text(equations: dict[str, Any], **rest: Any) -> str:
    return str(lower(cell(equations, **rest), "c"))


def problems(equations: dict[str, Any], **rest: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        lower(cell(equations, **rest))
    return [str(problem) for problem in caught.value.problems]


def test_a_gate_is_an_affine_instruction_and_its_activation() -> None:
    assert text({"h": sigmoid("x", "h_prev", diagonal=["h_prev"], bias=1)}) == (
        "cell test(x; h=0)\n  h~ = affine W[x] + W[h_prev] + d[h_prev] + b(1)\n  h = sigmoid h~\n  -> h=h; output=h\n"
    )


def test_an_activation_of_several_operations_uses_numbered_intermediates() -> None:
    assert text({"h": gate("x", activation="softsign")}) == (
        "cell test(x; )\n  h~ = affine W[x] + b(0)\n  h~1 = neg h~\n  h~2 = max h~, h~1\n  h~3 = add 1, h~2\n"
        "  h = div h~, h~3\n  -> ; output=h\n"
    )


def test_formulas_inside_a_gate_come_before_it() -> None:
    body = text({"r": sigmoid("x"), "h": gate("x", "r * h_prev", "1 - r", activation="tanh")}).splitlines()[3:7]
    assert body == [
        "  h~1 = mul r, h_prev",
        "  h~2 = sub 1, r",
        "  h~ = affine W[x] + W[h~1] + W[h~2] + b(0)",
        "  h = tanh h~",
    ]


def test_constants_are_folded_before_anything_is_emitted() -> None:
    assert lowered({"h": "(2 + 3) * h_prev - tanh(0) + x"}) == lowered({"h": "5 * h_prev - 0 + x"})


def test_an_equation_that_only_names_another_value_costs_no_instruction() -> None:
    assert text({"a": gate("x", "h_prev"), "b": "a", "h": "b"}) == (
        "cell test(x; h=0)\n  a = affine W[x] + W[h_prev] + b(0)\n  -> h=a; output=a\n"
    )


def test_what_the_output_never_reads_is_dropped_with_its_states() -> None:
    dead = {
        "h": gate("x", "h_prev"),
        "unread": gate("x"),
        "s": gate("s_prev", "unread"),
        "t": "t_prev + s",
    }
    assert lower(cell(dead, states=("h", "s", "t"))) == lowered({"h": gate("x", "h_prev")})


def test_a_state_that_matters_only_at_a_later_step_stays() -> None:
    ir = lower(cell({"h": "tanh(s_prev)", "s": gate("x", "t_prev"), "t": gate("x")}, states=("h", "s", "t")))
    assert [state.name for state in ir.states] == ["s", "t"]


def test_a_constant_may_be_the_output_and_a_state() -> None:
    assert text({"h": "0.5"}) == "cell test(x; )\n  -> ; output=0.5\n"
    assert text({"s": "0.25", "h": "s_prev + x"}, states=("s",)) == (
        "cell test(x; s=0)\n  h = add s_prev, x\n  -> s=0.25; output=h\n"
    )


def test_minus_infinity_is_an_initial_value() -> None:
    assert "m=-inf" in text({"m": "max(m_prev, x)", "h": "m"}, states={"m": float("-inf")})


@pytest.mark.parametrize("start", [float("inf"), float("nan")])
def test_other_infinities_are_no_initial_values(start: float) -> None:
    with pytest.raises(ValueError, match="must be a finite number or"):
        cell({"h": "h_prev + x"}, states={"h": start})


@pytest.mark.parametrize(
    ("equations", "expected"),
    [
        ({"h": "y + x"}, ["equations.h: nothing is called 'y'; allowed: x, h_prev"]),
        ({"h": "h"}, ["equations.h: 'h' is defined further down; a name is read only below its definition; "]),
        ({"h": "b", "b": "x"}, ["equations.h: 'b' is defined further down; a name is read only below its definition"]),
        ({"b": "x", "h": "b_prev"}, ["equations.h: 'b' is not a state; add it to states to read 'b_prev'"]),
        ({"h": "h_prv + x"}, ["equations.h: nothing is called 'h_prv'; did you mean 'h_prev'? allowed: x, h_prev"]),
        ({"h": {}}, None),
        ({"h": {"bias": "none"}}, ["equations.h: a gate that reads nothing and has no bias; give linear, diagonal or"]),
        ({"h": gate("x", "2")}, ["equations.h.linear[1]: '2' is a constant; allowed: something that varies"]),
        ({"h": gate("x", diagonal=["1 - 1"])}, ["equations.h.diagonal[0]: '1 - 1' is a constant"]),
        ({"h": "x / 0"}, None),
        ({"h": "x + 1 / 0"}, ["equations.h: the constant part div(1.0, 0.0) is not finite; allowed: finite numbers"]),
        ({"h": "x + log(0)"}, ["equations.h: the constant part log(0.0) is not finite"]),
        ({"h": "x + exp(1e4)"}, ["equations.h: the constant part exp(10000.0) is not finite"]),
        ({"h": "1e308 * 1e308 * x"}, ["equations.h: the constant part mul(1e+308, 1e+308) is not finite"]),
        ({"h": "tahn(x)"}, ["equations.h: no function is called 'tahn'; did you mean 'tanh'?"]),
        (
            {"h": "tahn(x) + bar * tahn(sigmod(x, x))"},
            [
                "equations.h: no function is called 'tahn'; did you mean 'tanh'?",
                "equations.h: no function is called 'sigmod'; did you mean 'sigmoid'?",
                "equations.h: nothing is called 'bar'",
            ],
        ),
        ({"x": "1 + h_prev", "h": "x"}, ["equations.x: 'x' is the input's name; choose another name"]),
        ({"a_prev": "x", "h": "x"}, ["equations.a_prev: the name 'a_prev'; _prev and _below at the end of a name"]),
        ({"a_below": "x", "h": "x"}, ["equations.a_below: the name 'a_below'; _prev and _below"]),
        ({"tanh": "x", "h": "tanh"}, ["equations.tanh: 'tanh' is the name of a function; choose another name"]),
        ({"relu": "x", "h": "x"}, ["equations.relu: 'relu' is the name of a function"]),
        ({"lambda": "x", "h": "x"}, ["equations.lambda: 'lambda' cannot be used in formulas"]),
        ({"g": "x"}, ["states.h: no equation defines the state 'h'; allowed: g", "output: no equation defines the"]),
    ],
)
def test_mistakes_are_named_with_place_and_remedy(equations: dict[str, Any], expected: list[str] | None) -> None:
    if expected is None:  # legal, although it looks odd
        lower(cell(equations))
        return
    found = problems(equations)
    assert len(found) == len(expected)
    assert all(line.startswith(start) for line, start in zip(found, expected, strict=True)), found


def test_every_mistake_is_reported_and_each_only_once() -> None:
    found = problems({"a": "y", "b": gate("a * q", "q"), "c": "a + b + nope(b)", "h": "c + y"})
    assert [line.partition(":")[0] for line in found] == [
        "equations.a",
        "equations.b.linear[0]",
        "equations.b.linear[1]",
        "equations.c",
        "equations.h",
    ]


def test_an_unknown_previous_value_of_a_known_state_is_hinted_at() -> None:
    (found,) = problems({"c": "h + x", "h": "c"}, states=("h",))
    assert found.endswith("the value of the step before is 'h_prev'")


def test_the_output_need_not_be_a_state() -> None:
    ir = lower(cell({"s": gate("x", "s_prev"), "y": "tanh(s)"}, states=("s",), output="y"))
    assert (ir.output, [state.name for state in ir.states]) == ("y", ["s"])


def test_shipped_names_are_the_names_of_the_instructions() -> None:
    assert lower(load_cell("lstm")).cell == "lstm"
