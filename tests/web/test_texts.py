"""Stored studies as files, and the pieces of texts that stand beside mistakes."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from archsearch import registry
from archsearch.api.reports import Definitions, Validation
from archsearch.errors import Problem
from archsearch.schema.canonical import canonical_json
from archsearch.space.library import STUDIES
from archsearch.study.checking import define_texts
from archsearch.web.views.new import Excerpt, excerpt_of, outcome_of
from archsearch.web.views.texts import Texts, stored_texts
from tests.store.free_store import FreeStore
from tests.web.launching import SERIES, SPACE, STUDY


class TestStoredTexts:
    """A stored definition as files."""

    @pytest.mark.parametrize(
        ("study", "space"),
        [
            *((registry.shipped_path(STUDIES, name).read_text(), None) for name in registry.shipped_names(STUDIES)),
            (STUDY, SPACE),
            (STUDY.replace("space: few", "space: two_timescales"), None),
            (SERIES, SPACE),
            (
                STUDY.replace("hidden_size: 4", "parameters: 500, layers: 2, connection: residual").replace(
                    "baselines: [rnn, lstm]",
                    "baselines:\n  - |\n    cell: lstm\n    states: {h: 0, c: -.inf}\n    output: h\n    equations:\n"
                    "      f: {linear: [x, h_prev], diagonal: [c_prev], bias: none, activation: sigmoid}\n"
                    "      c: max(c_prev - 1, f * 2)\n      h: f * tanh(f)\n",
                )
                + "holes: {training.learning_rate: {float: [0.001, 0.03], log: true}}\nseed: 7\n",
                SPACE,
            ),
        ],
    )
    def test_stand_for_the_same_studies(self, tmp_path: Path, study: str, space: str | None) -> None:
        with FreeStore.create(f"sqlite:///{tmp_path / 'studies.db'}") as store:
            for definition in define_texts(study, space):
                texts = stored_texts(store.create_study(definition.name, definition.text))
                again = define_texts(texts.study, texts.space or None)
                assert [each.text for each in again] == [definition.text]

    def test_name_a_shipped_space_that_is_still_the_same(self, tmp_path: Path) -> None:
        with FreeStore.create(f"sqlite:///{tmp_path / 'studies.db'}") as store:
            text = registry.shipped_path(STUDIES, "quickstart").read_text()
            shipped = define_texts(text)[0].text
            assert stored_texts(store.create_study("a", shipped)).space == ""
            changed = json.loads(shipped)
            changed["study"]["space"]["holes"]["squash"] = ["tanh"]
            texts = stored_texts(store.create_study("b", canonical_json(changed)))
            assert texts.space.startswith("space: lstm_to_gru\n")
            assert "squash: [tanh]" in texts.space


class TestExcerpts:
    """The line of a mistake, cut in three."""

    @pytest.mark.parametrize(
        ("line", "column", "excerpt"),
        [
            ("a: [tanh, rleu]", 11, Excerpt("a: [tanh, ", "rleu", "]")),
            ("  sqash: x", 3, Excerpt("", "sqash", ": x")),
            ("a: {", 4, Excerpt("a: ", "{", "")),
            ("a:", 3, Excerpt("a:", "", "")),
            ("a:", 99, Excerpt("a:", "", "")),
            ("a: \x1b[2Jx", 4, Excerpt("a: ", "\\x1b", "[2Jx")),
            ("é𝕏: \u202ex", 1, Excerpt("", "é", "𝕏: \\u202ex")),
        ],
    )
    def test_mark_the_word_that_is_wrong(self, line: str, column: int, excerpt: Excerpt) -> None:
        assert excerpt_of(["first", line, "last"], 2, column) == excerpt

    def test_are_cut_where_a_line_is_long(self) -> None:
        found = excerpt_of(["x" * 500 + " wrong " + "y" * 500], 1, 502)
        assert found is not None
        assert (found.at, found.before[0], found.after[-1]) == ("wrong", "…", "…")
        assert len(found.before + found.at + found.after) < 200

    @pytest.mark.parametrize("line", [2, 3, 99])
    def test_of_nothing_there_is_none(self, line: int) -> None:
        assert excerpt_of(["a: 1", "   ", ""], line, 1) is None


class TestManyFaults:
    """Texts with more mistakes than anybody reads."""

    def test_a_text_is_taken_apart_once_however_many_mistakes_it_has(self) -> None:
        splits: list[str] = []

        class Counted(str):
            __slots__ = ()

            def split(self, *given: Any) -> list[str]:
                splits.append(self)
                return super().split(*given)

        mistakes = tuple(Problem(("holes",), f"wrong {number}", line=2, column=1) for number in range(50))
        found = outcome_of(Texts(Counted("\na: 1\n"), ""), Validation("space", "x", False, "", mistakes), Definitions())
        assert [each.mistake.what for each in found.faults] == [each.what for each in mistakes]
        assert {each.excerpt for each in found.faults} == {Excerpt("", "a", ": 1")}
        assert len(splits) == 1

    def test_a_mistake_of_both_findings_is_told_once(self) -> None:
        told = Problem(("holes",), "wrong", file="space", line=1, column=1)
        defined = Definitions(problems=(told,))
        report = Validation("space", "x", False, "", (told, dataclasses.replace(told, what="worse")))
        assert [each.mistake.what for each in outcome_of(Texts("a", "b"), report, defined).faults] == ["worse", "wrong"]
