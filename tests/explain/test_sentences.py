"""Sentences are true of the structure, follow it, and do not listen to names."""

from __future__ import annotations

import random
import re

import pytest

from archsearch import registry
from archsearch.explain.viewed import view
from archsearch.schema.cell import Cell
from archsearch.space import RandomChooser, load_cell, load_space
from tests.ir.cells import cell, disguised, gate, renamed, sigmoid, with_equations
from tests.ir.random_cells import random_cell
from tests.ir.test_wiring import EVERYTHING

_BOTH = "from the input and the output before"
_STATE = "from the input and the state before"
_MIXTURE = (
    "state and output: a mixture of the one before and the cell input n, in which the update gate z is the share of the"
)
_BEFORE, _AFTER = (f"; its peephole looks at the memory {when} this step" for when in ("before", "after"))

LSTM = {
    "i": f"input gate: decides {_BOTH} how much of the cell input g is written to the memory",
    "f": f"forget gate: decides {_BOTH} how much of the memory is kept",
    "g": f"cell input: new content for the memory, {_BOTH}, squashed by tanh",
    "o": f"output gate: decides {_BOTH} how much of the memory is shown",
    "c": "memory: what the forget gate f keeps of the one before, plus what the input gate i lets in of"
    " the cell input g",
    "h": "output: the memory, squashed by tanh, as far as the output gate o lets it through",
}

GOLDEN = {
    "lstm": LSTM,
    "peephole_lstm": {
        **LSTM,
        "i": LSTM["i"] + _BEFORE,
        "f": LSTM["f"] + _BEFORE,
        "o": LSTM["o"] + _AFTER,
    },
    "lstm_b": {**LSTM, "f": LSTM["f"] + "; its bias starts at 1 (open at first)"},
    "cifg": {
        **LSTM,
        "f": f"forget and input gate: decides {_BOTH} how much of the memory is kept; the cell input g fills the rest",
        "i": "input gate, coupled: writes as much as the gate f does not keep",
        "c": "memory: a mixture of the one before and the cell input g, in which the gate f is the share of the former",
    },
    "rnn": {"h": f"output: made anew {_BOTH}, squashed by tanh"},
    "gru": {
        "r": f"reset gate: decides {_STATE} how much of the state before reaches the cell input n (after its matrix)",
        "z": f"update gate: decides {_STATE} how much of the state is kept; the cell input n fills the rest",
        "nx": "part of the cell input n: a linear map of the input",
        "nh": "part of the cell input n: a linear map of the state before",
        "n": "cell input: new content for the state, from the input and as much of the state before as the reset gate r"
        " lets through, squashed by tanh",
        "h": f"{_MIXTURE} former",
    },
    "mut1": {
        "z": "update gate: decides from the input alone how much of the cell input n is taken over; the state keeps the"
        " rest",
        "r": f"reset gate: decides {_STATE} how much of the state before reaches the cell input n (before its matrix)",
        "nh": "part of the cell input n: a linear map of as much of the state before as the reset gate r lets through",
        "n": "cell input: new content for the state, from tanh of the input and as much of the state before as the"
        " reset gate r lets through, squashed by tanh",
        "h": f"{_MIXTURE} latter",
    },
}

SPACES = [*registry.shipped_names("spaces"), EVERYTHING]


def sentences(of: Cell) -> dict[str, str]:
    """A sentence for each equation, by name."""
    return {name: str(said) for name, said in view(of).sentences.items()}


def assert_golden(name: str, of: Cell) -> None:
    """Raise AssertionError unless a cell's sentences are those on record, whatever their order."""
    assert sentences(of) == GOLDEN[name]


def in_words_of(found: dict[str, str], names: dict[str, str]) -> dict[str, str]:
    """Sentences with every name replaced."""

    def put(text: str) -> str:
        return re.sub(r"\b[A-Za-z_]\w*", lambda word: names.get(word[0], word[0]), text)

    return {names[name]: put(text) for name, text in found.items()}


def assert_one_sentence_each(of: Cell) -> None:
    """Raise AssertionError unless each equation has one line of plain words, with all that it opens closed again."""
    found = sentences(of)
    assert list(found) == list(of.equations)
    for text in found.values():
        assert text
        assert re.fullmatch(r"[a-z0-9(][\x20-\x7e]*[^\s.,;:]", text, flags=re.IGNORECASE), text
        assert not re.search(r"\. |  |~|None|\bnothing\b(?! else)|;;|,,|\( |: :|\bof of\b|from of", text), text
        assert text.count("(") == text.count(")"), text


@pytest.mark.parametrize("name", GOLDEN)
def test_the_sentences_of_textbook_cells(name: str) -> None:
    assert_golden(name, load_cell(name))


def test_the_golden_comparison_can_fail() -> None:
    lstm = load_cell("lstm")
    for changed in ({"c": "i * c_prev + f * g"}, {"h": "o * c"}, {"f": sigmoid("x")}, {"g": gate("x", "h_prev")}):
        with pytest.raises(AssertionError):
            assert_golden("lstm", with_equations(lstm, **changed))


@pytest.mark.parametrize("name", ["lstm", "peephole_lstm", "cifg", "gru", "mgu", "ugrnn", "rnn", "greff_fgr"])
def test_other_names_and_another_order_leave_the_same_sentences(name: str) -> None:
    original = load_cell(name)
    names = {old: f"q{index}" for index, old in enumerate(original.equations)}
    expected = in_words_of(sentences(original), names)
    assert in_words_of(sentences(renamed(original, names)), {new: new for new in names.values()}) == expected
    if name == "greff_fgr":
        return  # the order in which it lists its gates is that of the file
    for seed in range(4):
        disguise = disguised(renamed(original, names), random.Random(seed))
        back = dict(zip(disguise.equations, _originals(disguise, sentences(disguise), expected), strict=True))
        assert in_words_of(sentences(disguise), back) == expected


def _originals(disguise: Cell, found: dict[str, str], expected: dict[str, str]) -> list[str]:
    """The expected equation whose sentence opens as that of each equation: no two of these cells open alike."""
    heads = {_opening(text): name for name, text in expected.items()}
    return [heads[_opening(found[name])] for name in disguise.equations]


def _opening(text: str) -> str:
    return re.sub(r"\b[qn]\d+\b", "_", text)


def test_swapping_what_two_gates_do_swaps_their_sentences() -> None:
    lstm = load_cell("lstm")
    found = sentences(with_equations(lstm, c="i * c_prev + f * g"))
    assert found["i"] == LSTM["f"]
    assert found["f"] == LSTM["i"]
    assert found["c"] == in_words_of({"c": LSTM["c"]}, {"c": "c", "i": "f", "f": "i"})["c"]
    found = sentences(with_equations(lstm, c="f * c_prev + o * g", h="i * tanh(c)"))
    assert (found["o"], found["i"]) == (LSTM["i"], LSTM["o"])


@pytest.mark.parametrize("space", SPACES, ids=[*registry.shipped_names("spaces"), "every wiring"])
def test_every_equation_of_a_space_has_one_sentence(space: str) -> None:
    generator, opened = random.Random(5), load_space(space)
    for _ in range(50):
        assert_one_sentence_each(opened.fill(RandomChooser(generator)).cell)


def test_every_equation_of_a_random_cell_has_one_sentence() -> None:
    generator = random.Random(6)
    for _ in range(300):
        assert_one_sentence_each(random_cell(generator))


@pytest.mark.parametrize(
    ("update", "words"),
    [
        ("h_prev + z * (n - h_prev)", "a mixture of the one before and the cell input n, in which the update gate z"),
        ("0.9 * h_prev + 0.1 * n", "a running average, 0.9 of the one before and 0.1 of the cell input n"),
        ("h_prev - n", "all of the one before, minus the cell input n"),
        ("tanh(z * h_prev + n)", "plus the cell input n, all of it squashed by tanh"),
        ("h_prev", "all of the one before, and nothing else"),
        ("keep + n", "what the forget gate z keeps of the one before, plus the cell input n"),
        ("max(n, z)", "output: the larger of n and z"),
        ("n / (1 + z)", "output: n divided by (1 + z)"),
        ("-n", "output: minus n"),
        ("0.25", "output: always 0.25"),
    ],
)
def test_other_updates(update: str, words: str) -> None:
    equations = {"z": sigmoid("x"), "n": gate("x"), "keep": "z * h_prev", "h": update}
    found = sentences(cell(equations))
    assert words in found["h"]


def test_a_gate_that_is_no_sigmoid_says_so() -> None:
    lstm = load_cell("lstm")
    tanh = {"linear": ["x"], "activation": "tanh"}
    assert sentences(with_equations(lstm, f=tanh))["f"].endswith("is kept; through tanh, not a sigmoid")
    assert sentences(with_equations(lstm, f=gate("x")))["f"].endswith("is kept; not squashed")


def test_two_factors_alike_are_no_gate_and_candidate() -> None:
    found = sentences(with_equations(load_cell("lstm"), g=sigmoid("x", "h_prev")))
    assert found["i"].startswith("factor of what is written to the memory: ")
    assert re.search("plus the product of (i and g|g and i)$", found["c"])


def test_what_nothing_reads_is_said_to_be_unused() -> None:
    assert (
        sentences(with_equations(load_cell("rnn"), z=sigmoid("x")))["z"] == "not used: the output never depends on it"
    )


def test_several_memories_are_told_apart_by_name() -> None:
    equations = {
        "f": sigmoid("x"),
        "a": "f * a_prev + x",
        "b": "0.9 * b_prev + 0.1 * a",
        "c": "f * c_prev + a",
        "h": "tanh(a + b + c)",
    }
    found = sentences(cell(equations, ("h", "a", "b", "c")))
    assert found["f"].endswith("how much of the memory a is kept, and how much of the memory c is kept")
    assert found["b"].endswith("0.1 of the memory a")
    assert found["h"] == "output: the sum of the memory a, the slow memory and the memory c, squashed by tanh"
