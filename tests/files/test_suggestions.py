"""What a message says would be right is accepted there, and so is every value that the schema's texts name."""

from __future__ import annotations

import copy
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archsearch.cli.commands.schema import Kind, schema_of
from archsearch.errors import InvalidInput, Problem
from archsearch.schema.document import parse_document
from archsearch.schema.yaml_scalars import resolve
from archsearch.study.checking import check_text
from tests.files.bad_files import BAD_FILES
from tests.files.test_all_at_once import FILES

WHOLE: dict[str, str] = {
    "cell": """cell: c
states: {h: 0}
output: h
equations:
  z: {linear: [x], diagonal: [h_prev], bias: none, activation: sigmoid}
  h: z * h_prev
""",
    "wiring": """wiring: w
gates:
  input: {activation: sigmoid, bias: 0}
  forget: {activation: sigmoid, bias: none}
  output: open
  reset: {place: before, gate: own}
peepholes: [input]
coupling: none
state_merging: separate
cell_input: tanh
squash: tanh
gate_recurrence: false
""",
    "space": """space: s
wiring: lstm
holes:
  squash: [tanh, relu]
  peepholes: {subset_of: [input, output], at_least: 0}
  gates.reset: {one_of: {none: none, own: {place: before, gate: own}}}
  gates.forget.bias: {float: [0, 3], log: false}
contains: [lstm]
""",
    "space of equations": """space: s
cell:
  states: {h: 0}
  output: h
  equations:
    f: {linear: $reads, activation: sigmoid, bias: 0}
    h: f * $phi(h_prev)
holes:
  reads: {subset_of: [x, h_prev], at_least: 1}
  phi: [tanh, relu]
""",
    "study": """study: s
space: {wiring: lstm, holes: {squash: [tanh, relu]}, contains: [lstm]}
task: {name: temporal_order, length: 20, markers: 2}
model: {hidden_size: 4, layers: 1, connection: plain, readout: last}
training:
  {optimizer: adam, learning_rate: 0.1, clip: none, batch_size: 8, sequences: 64, checks: 2, validation: 64, test: 64,
   device: cpu}
holes: {training.clip: [none, 1.0]}
baselines: [rnn]
search: {sampler: tpe, pruner: none, trials: 2, seeds: 1}
confirm: {best: 2, seeds: 2}
report: {best: 1, seeds: 2}
limits: {seconds: 9, memory_mb: 900, parameters: 9000}
backend: [native]
seed: 1
""",
}
KINDS: dict[str, Kind] = {
    "cell": "cell",
    "wiring": "wiring",
    "space of equations": "space",
    "space": "space",
    "study": "study",
}
DATA = {name: parse_document(text).data for name, text in WHOLE.items()}
WRONG = "zzz"
_WORD = r"[\w.:$-]+|[if] = 1 - [if]|\+|\*"


def problems(data: Any) -> tuple[Problem, ...]:
    """What is wrong with a document's data; JSON is YAML."""
    return check_text(json.dumps(data, indent=1)).problems


def places(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Every value in `data` with its path."""
    yield path, data
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(value, (*path, key))


def changed(data: Any, path: tuple[Any, ...], value: Any, *, key: Any = None) -> Any:
    """`data` with another value at `path`, or with `key`, under this name in place of the last one of the path."""
    data = around = copy.deepcopy(data)
    for index, part in enumerate(path[:-1]):
        if isinstance(around[part], str):  # `backend: native` stands for a list
            return changed(data, path[: index + 1], value)
        around = around[part]
    if key is not None:
        value = around.pop(path[-1])
    around[path[-1] if key is None else key] = value
    return data


def named(problem: Problem) -> list[str]:
    """The options that a message lists, and those that it guesses."""
    listed = re.search(r"allowed: ([^;]*)", problem.allowed)
    options = listed[1].split(", ") if listed else []
    if any(not re.fullmatch(_WORD, option) for option in options):
        assert any(" " in option for option in options), problem
        options = []  # a rule in words
    options += re.findall(r"did you mean '([^']*)'", problem.allowed)
    expected = problem.what.partition(", not ")[0]
    return [*options, *re.findall(r"'([^']*)'", expected if expected.startswith("must be") else "")]


def complaint(problem: Problem, text: str) -> str:
    """What is wrong, without the value that it is said of."""
    return problem.what.replace(text, WRONG)


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_documents_are_sound(name: str) -> None:
    assert not problems(DATA[name])


@pytest.mark.parametrize("name", WHOLE)
def test_a_mistyped_key_is_told_exactly_the_keys_of_its_place(name: str) -> None:
    schema = schema_of(KINDS[name])
    known = (
        [set(part.get("properties", ())) for part in (schema, *schema["$defs"].values())] if "$defs" in schema else []
    )
    judged = 0
    for path, value in places(DATA[name]):
        if not isinstance(value, dict):
            continue
        found = [each for each in problems(changed(DATA[name], (*path, WRONG), 1)) if each.path == (*path, WRONG)]
        if not found or not found[0].what.startswith("unknown key"):
            continue  # any key is a name here
        judged += 1
        keys = named(found[0])
        assert value.keys() - set(keys) <= {"name"}, path  # that of a task is not one of its options
        assert set(keys) in [*known, set(schema["properties"])] or path == ("task",), (path, keys)
        for key in keys:
            again = problems(changed(DATA[name], (*path, key), value.get(key, 1)))
            assert not any(each.what.startswith("unknown key") for each in again), (path, key)
    assert judged >= 2


@pytest.mark.parametrize("name", WHOLE)
def test_whatever_value_a_message_names_is_accepted_there(name: str) -> None:
    judged = 0
    for path, value in places(DATA[name]):
        if isinstance(value, dict | list):
            continue
        for problem in problems(changed(DATA[name], path, WRONG)):
            if problem.path != path:
                continue
            for option in named(problem):
                judged += 1
                assert re.fullmatch(_WORD, option), (path, str(problem))
                again = problems(changed(DATA[name], path, resolve(option)))
                assert not any(each.path == path and complaint(each, option) == problem.what for each in again), option
    assert judged >= 10


SAID = {name: text for name, (text, *_) in (BAD_FILES | FILES).items()}


@pytest.mark.parametrize("name", SAID)
def test_every_suggestion_for_a_bad_file_mends_what_it_is_made_for(name: str) -> None:
    try:
        data = parse_document(SAID[name]).data
    except InvalidInput:
        return  # nothing can be put into what is not YAML
    for problem in check_text(SAID[name]).problems:
        for option in named(problem):
            assert re.fullmatch(_WORD, option), (str(problem), option)
            if problem.at_key:
                again = problems(changed(data, problem.path, None, key=option))
            elif problem.what.startswith("missing key"):
                again = problems(changed(data, (*problem.path, problem.what.split("'")[1]), option))
            else:
                again = problems(changed(data, problem.path, resolve(option)))
            assert (problem.path, problem.what) not in [(each.path, each.what) for each in again], (
                str(problem),
                option,
            )
        for hint in re.findall(r"^write (.*)$", problem.allowed):
            if re.match(r"[\w\[{-]+$|[\[{]", hint) and not hint.startswith("the"):
                value = parse_document(f"v: {hint}").data["v"]
                again = problems(changed(data, problem.path, value))
                assert problem.path not in [each.path for each in again], str(problem)


NO_VALUES = {"lstm", "validate", "archsearch tasks", "$name", "training.learning_rate", "<study>.<label>", "task"}
"""What the schemas' texts quote that is no value of the field: names, commands, places."""


def documented(text: str) -> list[str]:
    """The values that a description names: `word`, or a word and what it means."""
    return re.findall(r"`([^`]*)`", text) + re.findall(r"(?:^|; )([a-z_]+): ", text)


def test_every_value_that_the_schemas_texts_name_is_accepted() -> None:
    tried = set()
    for name, kind in KINDS.items():
        schema = schema_of(kind)
        for part in (schema, *schema.get("$defs", {}).values()):
            fields = part.get("properties", {})
            texts = [(field, about.get("description", "")) for field, about in fields.items()]
            texts += [(field, part.get("description", "")) for field in fields]  # of a model: of one of its fields
            for field, text in texts:
                for value in set(documented(text)) - NO_VALUES:
                    for path, _ in places(DATA[name]):
                        if path[-1:] == (field,) and not (value == "closed" and field == "reset"):
                            found = problems(changed(DATA[name], path, resolve(value)))
                            if field == "reset" and value in ("open", "closed"):
                                continue
                            assert not [each for each in found if each.path == path and each.what.startswith("must be")]
                            tried.add((field, value))
    assert tried >= {
        ("clip", "none"), ("bias", "none"), ("connection", "residual"), ("state_merging", "merged"),
        ("squash", "identity"), ("place", "after"), ("input", "open"), ("forget", "closed"),
    }  # fmt: skip


def alternatives(comment: str) -> Iterator[str]:
    """`a | {b: c | d}` as `a`, `{b: c}` and `{b: d}`; remarks in parentheses and after a colon are left out."""
    for braces in re.findall(r"\{[^}]*\}", comment):
        pairs = [pair.partition(": ") for pair in braces[1:-1].split(", ")]
        for values in itertools.product(*(value.split(" | ") for _, _, value in pairs)):
            yield "{" + ", ".join(f"{key}: {value}" for (key, _, _), value in zip(pairs, values, strict=True)) + "}"
    for option in re.sub(r"\{[^}]*\}|\([^)]*\)", "", comment).split("|"):
        if word := option.partition(":")[0].strip():
            yield word


def test_every_value_in_the_comments_of_the_language_page_is_accepted() -> None:
    page = (Path(__file__).parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
    text = page[page.index("wiring: peephole_lstm") :].partition("```")[0]
    tried = []
    for line in text.splitlines():
        key, _, rest = line.partition(":")
        comment = rest.partition("#")[2].strip()
        if " | " not in comment:
            continue
        for value in alternatives(comment):
            if value != "a gate":
                path = ("gates", key.strip()) if line.startswith(" ") else (key,)
                data = changed(DATA["wiring"], path, parse_document(f"v: {value}").data["v"])
                assert not [each for each in problems(data) if each.what.startswith(("must be", "unknown"))], line
                tried.append(value)
    assert {"open", "closed", "i = 1 - f", "merged", "{place: after, gate: forget}"} <= set(tried)
    assert len(tried) > 12
