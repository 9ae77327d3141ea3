"""What is a formula, and that nothing else is."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archsearch.errors import InvalidInput
from archsearch.formula import Call, Formula, Name, Number, names_in, parse
from archsearch.formula.parse import DEEPEST, LONGEST

A, B, C = Name("a"), Name("b"), Name("c")

FORMULAS = {
    "a": A,
    "  a ": A,
    "a\n": A,
    "3": Number(3.0),
    "-3": Number(-3.0),
    "1e-3": Number(0.001),
    "-a": Call("neg", (A,)),
    "--a": Call("neg", (Call("neg", (A,)),)),
    "a + b": Call("add", (A, B)),
    "a - b - c": Call("sub", (Call("sub", (A, B)), C)),
    "a - (b - c)": Call("sub", (A, Call("sub", (B, C)))),
    "a + b * c": Call("add", (A, Call("mul", (B, C)))),
    "(a + b) * c": Call("mul", (Call("add", (A, B)), C)),
    "a / b / c": Call("div", (Call("div", (A, B)), C)),
    "-a * b": Call("mul", (Call("neg", (A,)), B)),
    "1 - a": Call("sub", (Number(1.0), A)),
    "tanh(a)": Call("tanh", (A,)),
    "relu(a + 1)": Call("relu", (Call("add", (A, Number(1.0))),)),
    "max(a, b)": Call("max", (A, B)),
    "gt(a, 0)": Call("gt", (A, Number(0.0))),
    "tanh(tanh(a))": Call("tanh", (Call("tanh", (A,)),)),
}

HOSTILE = [
    "__import__('os').system('true')",
    "__import__",  # a name, and no function
    "().__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "9**9**9**9**9",  # evaluating it would never end
    "a**b",
    "a // b",
    "a % b",
    "a @ b",
    "a << 1000000000",
    "a | b",
    "~a",
    "+a",
    "not a",
    "a and b",
    "a < b",
    "a == b",
    "a if b else c",
    "lambda: a",
    "lambda a: a",
    "(a := b)",
    "a := b",
    "a = b",
    "a; b",
    "import os",
    "[a]",
    "(a, b)",
    "a, b",
    "{a}",
    "{a: b}",
    "[a for a in b]",
    "(a for a in b)",
    "a[0]",
    "a.b",
    "tanh.__self__(a)",
    "(tanh)(a)(b)",
    "tanh(*a)",
    "tanh(**a)",
    "tanh(a=b)",
    "tanh",
    "eval(a)",
    "open(a)",
    "print(a)",
    "f'{a}'",
    "f'{__import__(\"os\")}'",
    "'a'",
    "b'a'",
    "...",
    "None",
    "True",
    "1j",
    "await a",
    "yield a",
    "a # b",
    "a\nb",
    "(a\n+ b)",
    "(a\r+ b)",
    "a \\\n + b",
    "a\x00",
    "a\x1b[31m",
    "a\u202eb",
    "α",
    "ａ",  # fullwidth: Python would read it as the letter a
    "a − b",
    "017",
    "1e999",
    "-1e999",
    "1" + "0" * 400,
    "$a",
    "a b",
    "a +",
    "* a",
    "(a",
    "a)",
    "",
    "   ",
    "\ufeffa",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_read_as_it_is_meant(text: str) -> None:
    assert parse(text) == FORMULAS[text]


@pytest.mark.parametrize("text", [text for text in HOSTILE if text not in ("__import__", "tanh")])
def test_whatever_is_no_formula_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert str(problem).isprintable()
    assert len(str(problem)) < 400


@pytest.mark.parametrize("text", ["__import__", "tanh", "nan", "inf", "__debug__"])
def test_a_bare_name_is_only_a_name(text: str) -> None:
    assert parse(text) == Name(text)


def test_nothing_of_the_text_is_executed(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("executed")

    for name in ("eval", "exec", "__import__"):
        monkeypatch.setattr(f"builtins.{name}", forbidden)
    for text in HOSTILE:
        try:
            parse(text)
        except InvalidInput:
            continue


def test_an_unknown_function_is_answered_with_the_nearest_one() -> None:
    with pytest.raises(InvalidInput, match="no function is called 'tahn'; did you mean 'tanh'"):
        parse("tahn(a)")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tanh()", "tanh takes 1 operand, got 0"),
        ("tanh(a, b)", "tanh takes 1 operand, got 2"),
        ("max(a)", "max takes 2 operands, got 1"),
        ("add(a, b, c)", "add takes 2 operands, got 3"),
    ],
)
def test_the_number_of_operands_is_checked(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        parse(text)


def test_the_part_that_has_no_place_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"^'b\[0\]' has no place in a formula; allowed: names, numbers"):
        parse("a + b[0]")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "a" + ")" * 10_000,
        "(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1),
        "-" * (LONGEST - 1) + "a",
        "a" + "+a" * ((LONGEST - 1) // 2),
        "tanh(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1),
        "a" * (LONGEST + 1),
    ],
)
def test_too_long_and_too_deep_formulas_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match=r"nested too deeply|characters; at most"):
        parse(text)


def test_the_limits_themselves_are_allowed() -> None:
    assert parse("(" * DEEPEST + "a" + ")" * DEEPEST) == A
    assert parse("a" * LONGEST) == Name("a" * LONGEST)


def test_names_are_listed_once_in_order_of_appearance() -> None:
    assert names_in(parse("b * tanh(a) + b / c - 2")) == ["b", "a", "c"]
    assert names_in(parse("1 + 2")) == []


@given(st.text(max_size=40))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        assert isinstance(parse(text), Formula)
    except InvalidInput as error:
        assert len(error.problems) == 1


def formulas() -> st.SearchStrategy[str]:
    leaves = st.sampled_from(["a", "b", "x", "c_prev", "0.5", "2", "1e-3"])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
            inner.map(lambda part: f"-{part}"),
            inner.map(lambda part: f"tanh({part})"),
            st.tuples(inner, inner).map(lambda parts: f"max({parts[0]}, {parts[1]})"),
        ),
        max_leaves=12,
    )


@given(formulas())
def test_formulas_have_the_structure_that_python_gives_them(text: str) -> None:
    assert parse(text) == _as_python_reads(ast.parse(text, mode="eval").body)


def _as_python_reads(node: ast.expr) -> Formula:
    """A second reading of the same tree, by the names of Python's classes."""
    if isinstance(node, ast.BinOp):
        operator = {"Add": "add", "Sub": "sub", "Mult": "mul", "Div": "div"}[type(node.op).__name__]
        return Call(operator, (_as_python_reads(node.left), _as_python_reads(node.right)))
    if isinstance(node, ast.UnaryOp):
        inner = _as_python_reads(node.operand)
        return Number(-inner.value) if isinstance(inner, Number) else Call("neg", (inner,))
    if isinstance(node, ast.Call):
        assert isinstance(node.func, ast.Name)
        return Call(node.func.id, tuple(map(_as_python_reads, node.args)))
    if isinstance(node, ast.Constant):
        assert isinstance(node.value, int | float)
        return Number(float(node.value))
    assert isinstance(node, ast.Name)
    return Name(node.id)
