"""Which backend runs a cell, and what is said about the others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import archsearch
from archsearch import build, load, registry
from archsearch.backends import PACKAGE, choose
from archsearch.errors import InvalidInput, Refused
from archsearch.ir import CellIR, lower

LSTM = lower(load("lstm"))


class Picky:
    """A backend that refuses every cell for one reason, or numbers that it has no code for."""

    def __init__(self, reason: str | None, kinds: Sequence[tuple[str, str]] = ()) -> None:
        self.reason = reason
        self.kinds = kinds

    def refuses(self, ir: CellIR) -> str | None:
        return self.reason

    def refuses_kind(self, device: str, dtype: str) -> str | None:
        return None if not self.kinds or (device, dtype) in self.kinds else f"no {dtype} on {device}"


@pytest.fixture
def backends(monkeypatch: pytest.MonkeyPatch) -> dict[str, Picky]:
    """Backends by name that stand in for the registered ones."""
    table = {
        "willing": Picky(None),
        "also_willing": Picky(None),
        "shy": Picky("no compiler"),
        "proud": Picky("no block"),
        "local": Picky(None, [("cpu", "float32")]),
        "single": Picky(None, [("cpu", "float32"), ("cuda", "float32")]),
    }

    def load_one(package: str, name: str) -> Any:
        assert package == PACKAGE
        return table[name]

    monkeypatch.setattr(registry, "load", load_one)
    return table


def test_the_first_that_does_not_refuse_runs(backends: dict[str, Picky]) -> None:
    assert choose(["willing", "also_willing"], LSTM) == ("willing", "")
    assert choose(["also_willing", "shy"], LSTM) == ("also_willing", "")


def test_the_reasons_of_earlier_ones_are_kept(backends: dict[str, Picky]) -> None:
    assert choose(["shy", "willing"], LSTM) == ("willing", "shy: no compiler")
    assert choose(["shy", "proud", "willing"], LSTM) == ("willing", "shy: no compiler; proud: no block")


def test_the_choice_sees_device_and_type(backends: dict[str, Picky]) -> None:
    order = ["local", "single", "willing"]
    assert choose(order, LSTM) == ("local", "")
    assert choose(order, LSTM, "cuda") == ("single", "local: no float32 on cuda")
    assert choose(order, LSTM, "cuda", "float64") == (
        "willing",
        "local: no float64 on cuda; single: no float64 on cuda",
    )
    with pytest.raises(Refused, match="no backend runs this cell: local: no float32 on mps"):
        choose(["local"], LSTM, "mps")


def test_all_reasons_are_given_where_none_is_left(backends: dict[str, Picky]) -> None:
    with pytest.raises(Refused, match="no backend runs this cell: shy: no compiler; proud: no block"):
        choose(["shy", "proud"], LSTM)


def test_the_reference_refuses_nothing() -> None:
    assert choose(["reference"], LSTM) == ("reference", "")


def test_an_unknown_backend_is_answered_with_the_known_ones() -> None:
    with pytest.raises(InvalidInput, match=r"no backend is called 'refrence'; did you mean 'reference'\? allowed: "):
        build(load("lstm"), 3, 5, backend="refrence")


@pytest.mark.parametrize("name", ["../reference", "reference.unroll", "_layer", "os", "", "__init__"])
def test_a_name_never_becomes_an_import(name: str) -> None:
    with pytest.raises(InvalidInput, match="no backend is called"):
        choose([name], LSTM)


def test_build_says_why_its_backend_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = registry.load(PACKAGE, "reference")
    monkeypatch.setattr(type(chosen), "refuses", lambda _self, _ir: "it is Sunday")
    with pytest.raises(Refused, match="no backend runs this cell: reference: it is Sunday"):
        build(load("lstm"), 3, 5)


def test_build_takes_names_cells_and_instructions() -> None:
    names = list(build(LSTM, 3, 5).state_dict())
    assert list(build(load("lstm"), 3, 5).state_dict()) == list(build("lstm", 3, 5).state_dict()) == names
    assert build(Path(__file__).parents[2] / "spaces/cells/lstm.yaml", 3, 5).state_dict().keys() == set(names)


@pytest.mark.parametrize(
    ("cell", "size", "message"),
    [
        ("lsmt", 3, "no shipped cell or wiring is called 'lsmt'; did you mean 'lstm'"),
        (None, 3, "cell: 'NoneType' is not the type of a cell; allowed: a shipped name, a path, the text"),
        (7, 3, "cell: 'int' is not the type of a cell"),
        ("lstm", 3.0, "input_size: '3.0' is not a whole number"),
        ("lstm", True, "input_size: 'True' is not a whole number"),
    ],
)
def test_a_wrong_kind_of_cell_or_size_is_said(cell: Any, size: Any, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        build(cell, size, 5)


def test_the_package_shows_its_public_names() -> None:
    assert dir(archsearch) == archsearch.__all__
    assert [name for name in archsearch.__all__ if callable(getattr(archsearch, name))] == [
        *("Cell", "Client", "Space", "Study", "Wiring", "build", "load", "run", "run_studies")
    ]


def test_listing_the_backends_needs_no_torch() -> None:
    code = (
        "import sys; from archsearch import registry; from archsearch.backends import PACKAGE;"
        "print(*registry.names(PACKAGE)); sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert tuple(done.stdout.split()) == registry.names(PACKAGE)
    assert "reference" in registry.names(PACKAGE)
