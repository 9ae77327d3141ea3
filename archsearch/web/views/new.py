"""What is known of the texts from which a study is to be made: what is wrong with them, or what will be done."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from archsearch.api.reports import Report
from archsearch.errors import counted, printable, spell_path
from archsearch.schema.phases import PHASES, WITH_BASELINES
from archsearch.schema.series import series_of
from archsearch.server.mistakes import Mistake
from archsearch.study.stored import Plan
from archsearch.web.views.candidate import task_words
from archsearch.web.views.texts import Texts

SAMPLES = 5
Field = Literal["space", "study"]
FIELDS: tuple[Field, ...] = ("space", "study")

_AROUND = 60  # characters of a line that are shown on either side of a mistake
_WORD = re.compile(r"[\w$.]+|\S", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Excerpt:
    """A line of a text in visible characters, cut in three: before, at and after the place of a mistake."""

    before: str
    at: str
    after: str


@dataclasses.dataclass(frozen=True)
class Fault:
    """One thing that is wrong; without a line where it is the whole text."""

    field: Field
    line: int | None
    column: int | None
    path: str
    what: str
    allowed: str
    excerpt: Excerpt | None


@dataclasses.dataclass(frozen=True)
class PhasePlan:
    """A phase of a study: who takes part with how many seeds, and how many evaluations that makes."""

    name: str
    entries: str
    seeds: int
    evaluations: int


@dataclasses.dataclass(frozen=True)
class StudyPlan:
    """What a study is going to do. `taken`: there is a study of this name already."""

    name: str
    space: str
    task: str
    baselines: tuple[str, ...]
    phases: tuple[PhasePlan, ...]
    sequences: str
    seconds: float
    taken: bool

    @property
    def evaluations(self) -> int:
        """Evaluations of all phases, when no proposal repeats an earlier one."""
        return sum(phase.evaluations for phase in self.phases)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What is known of two texts. `key` changes whenever other samples are to be drawn; empty: there are none.

    `space` says what is proved of a space in the first text; `trouble` why nothing could be found out; `waiting` that
    nobody has looked at the texts yet.
    """

    faults: tuple[Fault, ...] = ()
    space_name: str = ""
    space: str = ""
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

    def of(self, field: Field) -> tuple[Fault, ...]:
        """The faults of one text."""
        return tuple(fault for fault in self.faults if fault.field == field)


def outcome_of(
    texts: Texts,
    report: Report | None,
    problems: Sequence[Mistake] = (),
    named: Sequence[tuple[str, str]] = (),
    taken: Iterable[str] = (),
) -> Outcome:
    """What is shown of checked texts.

    `report` is on the space, where one is written; `problems` and `named` are those of the study's definition, and
    `taken` names that other studies have.
    """
    found = [*_about_space(report, problems), *problems]
    if found:
        lines: dict[Field, list[str]] = {field: getattr(texts, field).split("\n") for field in FIELDS}
        return Outcome(faults=tuple(_fault(each, lines) for each in found))
    plans = tuple(_plan(name, json.loads(text), name in set(taken)) for name, text in named)
    return Outcome(
        space_name="" if report is None else report.name,
        space="" if report is None else report.proved,
        plans=plans,
        key=_key(texts, named),
    )


def _about_space(report: Report | None, problems: Sequence[Mistake]) -> list[Mistake]:
    """What is wrong with the space itself, unless it is said among the problems of the study."""
    if report is None:
        return []
    found = [dataclasses.replace(each, text="space") for each in report.problems]
    if report.valid and report.kind != "space" and not any(each.text == "space" for each in problems):
        what = f"this is a {report.kind}, not a space"
        found.append(
            Mistake((), None, None, what, "it belongs into the other field" * (report.kind == "study"), "space")
        )
    known = frozenset(problems)
    return [each for each in found if each not in known]


def _fault(mistake: Mistake, lines: Mapping[Field, Sequence[str]]) -> Fault:
    field: Field = "space" if mistake.text == "space" else "study"
    excerpt = None
    if mistake.line and mistake.column:
        excerpt = excerpt_of(lines[field], mistake.line, mistake.column)
    path = spell_path(mistake.path)
    return Fault(field, mistake.line, mistake.column, path, mistake.what, mistake.allowed, excerpt)


def excerpt_of(lines: Sequence[str], line: int, column: int) -> Excerpt | None:
    """The line of a mistake, cut to what stands around it; None when there is no such line, or it is empty."""
    found = lines[line - 1] if line <= len(lines) else ""
    if not found.strip():
        return None
    start = min(column - 1, len(found))
    word = _WORD.match(found, start)
    end = start if word is None else min(word.end(), start + _AROUND)
    low, high = max(0, start - _AROUND), end + _AROUND
    before = ("…" if low else "") + _shown(found[low:start]).lstrip()
    return Excerpt(before, _shown(found[start:end]), _shown(found[end:high]) + ("…" if high < len(found) else ""))


def _shown(piece: str) -> str:
    return printable(piece.replace("\t", "  "), limit=4 * _AROUND)


def _plan(name: str, document: dict[str, Any], taken: bool) -> StudyPlan:
    plan, study = Plan(document), document["study"]
    return StudyPlan(
        name=name,
        space=document["space"],
        task=task_words(plan.task),
        baselines=tuple(document["baselines"]),
        phases=tuple(
            PhasePlan(phase, _entries(phase, plan, study), plan.seeds(phase), plan.runs(phase)) for phase in PHASES
        ),
        sequences=f"{study['training']['sequences']:,}",
        seconds=study["limits"]["seconds"],
        taken=taken,
    )


def _entries(phase: str, plan: Plan, study: dict[str, Any]) -> str:
    best = study.get(phase, {}).get("best", 0)
    candidates = (
        counted(plan.trials, "candidate") if phase == "search" else f"the best {best:,}" if best > 1 else "the best"
    )
    baselines = len(study["baselines"]) if phase in WITH_BASELINES else 0
    return f"{candidates} and {counted(baselines, 'baseline')}" if baselines else candidates


def _key(texts: Texts, named: Sequence[tuple[str, str]]) -> str:
    """A digest of the space, from which samples are drawn."""
    space = texts.space
    if not space.strip():
        if not named:
            return ""
        space = json.dumps(json.loads(named[0][1])["study"]["space"])
    return hashlib.sha256(space.encode()).hexdigest()[:16]
