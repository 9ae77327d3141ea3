"""What is known of the texts from which a study is to be made: what is wrong with them, or what will be done."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from archsearch.api.reports import Definitions, Validation
from archsearch.errors import Problem, counted, printable, spell_path
from archsearch.schema.phases import PHASES, WITH_BASELINES, Phase
from archsearch.schema.series_names import series_of
from archsearch.study.stored import StoredPlan
from archsearch.web.views.texts import Texts

SAMPLES = 5
Field = Literal["space", "study"]

_AROUND = 60  # characters of a line that are shown on either side of a mistake
_WORD = re.compile(r"[\w$.]+|\S", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Excerpt:
    """A line of a text in visible characters, cut in three: before, at and after the place of a mistake."""

    before: str
    at: str
    after: str


@dataclasses.dataclass(frozen=True)
class MarkedMistake:
    """A mistake in one of the texts; without an excerpt where it is in the whole text or in an empty line."""

    field: Field
    mistake: Problem
    excerpt: Excerpt | None

    @property
    def path(self) -> str:
        """Where in the document it is."""
        return spell_path(self.mistake.path)


@dataclasses.dataclass(frozen=True)
class StudyPlan:
    """What a study is going to do. `taken`: there is a study of this name already."""

    name: str
    plan: StoredPlan
    taken: bool

    @property
    def evaluations(self) -> int:
        """Evaluations of all phases, when no proposal repeats an earlier one."""
        return sum(map(self.plan.runs, PHASES))

    @property
    def phases(self) -> Iterator[tuple[Phase, str]]:
        """The phases, each with who takes part in it."""
        study = self.plan.document["study"]
        for phase in PHASES:
            best = study[phase].get("best", 0)
            candidates = f"the best {best:,}" if best > 1 else "the best"
            if phase == "search":
                candidates = counted(self.plan.trials, "candidate")
            baselines = len(study["baselines"]) if phase in WITH_BASELINES else 0
            yield phase, f"{candidates} and {counted(baselines, 'baseline')}" if baselines else candidates


@dataclasses.dataclass(frozen=True)
class CheckedTexts:
    """What is known of two texts. `key` changes whenever other samples are to be drawn; empty: there are none.

    `space` is the report on a sound space in the first text; `trouble` says why nothing could be found out; `waiting`
    that the texts have not been checked yet.
    """

    faults: tuple[MarkedMistake, ...] = ()
    space: Validation | None = None
    plans: tuple[StudyPlan, ...] = ()
    key: str = ""
    trouble: str = ""
    waiting: bool = False

    @property
    def heading(self) -> str:
        """How it went."""
        if self.trouble:
            return "Not checked"
        if self.waiting:
            return "Not checked yet"
        if self.faults:
            return counted(len(self.faults), "problem")
        if self.taken:
            return "All in order but the name"
        return "All in order" if self.key else "Nothing to check yet"

    @property
    def taken(self) -> bool:
        """Whether a study of one of these names is there already."""
        return any(plan.taken for plan in self.plans)

    @property
    def series(self) -> str:
        """The name that the studies of a series share."""
        return series_of(self.plans[0].name) if len(self.plans) > 1 else ""

    def of(self, field: Field) -> tuple[MarkedMistake, ...]:
        """The faults of one text."""
        return tuple(fault for fault in self.faults if fault.field == field)


def outcome_of(
    texts: Texts, report: Validation | None, defined: Definitions, taken: Collection[str] = ()
) -> CheckedTexts:
    """What is shown of checked texts.

    `report` is on the space, where one is written; `defined` are the studies, and `taken` names that others have.
    """
    mistakes = [*_about_space(report, defined.problems), *defined.problems]
    if mistakes:
        lines: dict[Field, list[str]] = {"space": texts.space.split("\n"), "study": texts.study.split("\n")}
        return CheckedTexts(faults=tuple(_mark(mistake, lines) for mistake in mistakes))
    return CheckedTexts(
        space=report,
        plans=tuple(StudyPlan(name, StoredPlan(json.loads(text)), name in taken) for name, text in defined.studies),
        key=_key(texts, defined),
    )


def _about_space(report: Validation | None, problems: Sequence[Problem]) -> list[Problem]:
    """What is wrong with the space itself, unless it is said among the problems of the study."""
    if report is None:
        return []
    mistakes = [dataclasses.replace(mistake, file="space") for mistake in report.problems]
    if report.valid and report.kind != "space" and not any(mistake.file == "space" for mistake in problems):
        what = f"this is a {report.kind}, not a space"
        allowed = "it belongs into the other field" if report.kind == "study" else ""
        mistakes.append(Problem((), what, allowed, file="space"))
    known = frozenset(problems)
    return [mistake for mistake in mistakes if mistake not in known]


def _mark(mistake: Problem, lines: Mapping[Field, Sequence[str]]) -> MarkedMistake:
    field: Field = "space" if mistake.file == "space" else "study"
    excerpt = None
    if mistake.line and mistake.column:
        excerpt = excerpt_of(lines[field], mistake.line, mistake.column)
    return MarkedMistake(field, mistake, excerpt)


def excerpt_of(lines: Sequence[str], line: int, column: int) -> Excerpt | None:
    """The line of a mistake, cut to what stands around it; None when there is no such line, or it is empty."""
    text = lines[line - 1] if line <= len(lines) else ""
    if not text.strip():
        return None
    start = min(column - 1, len(text))
    word = _WORD.match(text, start)
    end = start if word is None else min(word.end(), start + _AROUND)
    low, high = max(0, start - _AROUND), end + _AROUND
    before = ("…" if low else "") + _shown(text[low:start]).lstrip()
    return Excerpt(before, _shown(text[start:end]), _shown(text[end:high]) + ("…" if high < len(text) else ""))


def _shown(piece: str) -> str:
    return printable(piece.replace("\t", "  "), limit=4 * _AROUND)


def _key(texts: Texts, defined: Definitions) -> str:
    """A digest of the space, from which samples are drawn."""
    space = texts.space
    if not space.strip():
        if not defined.studies:
            return ""
        space = json.dumps(json.loads(defined.studies[0][1])["study"]["space"])
    return hashlib.sha256(space.encode()).hexdigest()[:16]
