"""The instructions of the shipped cells are what they were (tests/golden/refresh.py says how to change them)."""

from __future__ import annotations

import pytest

from archsearch import registry
from archsearch.ir import lower, parse_ir
from archsearch.ir.identity import arch_id
from archsearch.space import load_cell
from tests.golden.refresh import FOLDER, golden_texts

# Ids are stored with results: when these change, old studies no longer recognise their own architectures.
IDS = {
    "rnn": "90f01d3267f4e58a",
    "lstm": "5aa8d30357737949",
    "gru": "90edb78119e46aed",
    "gru_reset_before": "a03af9ca9dc1c5bd",
    "greff_fgr": "0a3169f118a9d59b",
    "mut1": "cb0ee4cc232bcf8c",
}


@pytest.mark.parametrize("name", registry.shipped_names("spaces/cells"))
def test_the_instructions_of_a_shipped_cell_are_the_stored_ones(name: str) -> None:
    stored = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    assert str(lower(load_cell(name))) == stored
    assert parse_ir(stored) == lower(load_cell(name))


def test_there_is_one_file_for_each_shipped_cell() -> None:
    assert {path.name for path in FOLDER.glob("*.txt")} == set(golden_texts())


@pytest.mark.parametrize("name", IDS)
def test_ids_of_architectures_do_not_change_between_versions(name: str) -> None:
    assert arch_id(lower(load_cell(name))) == IDS[name]
