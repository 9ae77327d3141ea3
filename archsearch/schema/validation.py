"""From plain data to a model, or to problems in our own words, one for each mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from archsearch.errors import InvalidInput, Path, Problem, nearest, one_of, quoted
from archsearch.schema.document import Document
from archsearch.schema.shapes import Expected, Place, Shapes
from archsearch.schema.wording import is_mismatch, mismatch, words

T = TypeVar("T", bound=BaseModel)

MOST_PROBLEMS = 20
"""Problems that are reported one by one; of further ones only that they exist."""

_MOST_FAULTS = 500  # complaints of pydantic's that are looked at; a large hostile text has one in every value


class _Fault(NamedTuple):
    error: ErrorDetails
    place: Place


def load(model: type[T], document: Document) -> T:
    """The document as a `model`; `InvalidInput` with file, line and column of every problem, in order."""
    try:
        return validate(model, document.data)
    except InvalidInput as error:
        raise document.located(error) from None


def validate(model: type[T], data: object, prefix: Path = ()) -> T:
    """`data` as a `model`. Raises `InvalidInput` with a problem for each mistake.

    `prefix` is the path of `data` inside a larger document: it stands before every problem's path, so that the larger
    document can locate them. An `InvalidInput` raised by one of the model's own validators counts from `data` too.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = _problems(model, error)
    except InvalidInput as error:
        found = list(error.problems)
    raise InvalidInput(problem.under(*prefix) for problem in found)


def _problems(model: type[BaseModel], error: ValidationError) -> list[Problem]:
    shapes = Shapes(model)
    details = error.errors(include_url=False)[:_MOST_FAULTS]
    faults = [_Fault(detail, _place(detail, shapes)) for detail in details]
    faults = list(_without_typos(_without_members(faults), shapes))
    problems = list(dict.fromkeys(_problem(fault, shapes) for fault in faults[:MOST_PROBLEMS]))
    if len(faults) > MOST_PROBLEMS:
        problems.append(Problem(faults[MOST_PROBLEMS].place.path, "more problems from here on"))
    return problems


def _place(error: ErrorDetails, shapes: Shapes) -> Place:
    """Where an error stands; pydantic marks one of a mapping's key by a last part `[key]`."""
    location = error["loc"]
    if len(location) > 1 and location[-1] == "[key]" and error["input"] == location[-2]:
        return shapes.walk(location[:-1], at_key=True)
    return shapes.walk(location)


def _problem(fault: _Fault, shapes: Shapes) -> Problem:
    error, place = fault
    if error["type"] == "extra_forbidden":
        key = str(place.path[-1])
        known = _keys_around(fault, shapes)
        return Problem(place.path, f"unknown key {quoted(key)}", one_of(known, key), at_key=True)
    if error["type"] == "missing":
        required = [key for key, needed in _keys_around(fault, shapes).items() if needed]
        allowed = f"required: {', '.join(required)}" if len(required) > 1 else ""
        return Problem(place.path[:-1], f"missing key {quoted(place.path[-1])}", allowed)
    if error["type"] in ("union_tag_invalid", "union_tag_not_found") and shapes.tag_key(place.node):
        return _tag_problem(fault, shapes)
    expected = shapes.expected(place.outer)
    if error["type"] == "invalid_key" or (place.at_key and is_mismatch(error) and not expected.choices):
        return Problem(place.path, "a key must be text", "put the key in quotes", at_key=True)
    what, allowed = words(error, expected)
    return Problem(place.path, what, allowed, at_key=place.at_key)


def _tag_problem(fault: _Fault, shapes: Shapes) -> Problem:
    """A mapping does not say which member of a union it is, or names none of them."""
    path, key, tags = fault.place.path, shapes.tag_key(fault.place.node), shapes.tags(fault.place.node)
    if fault.error["type"] == "union_tag_not_found":
        return Problem(path, f"missing key {quoted(key)}", one_of(tags))
    what, allowed = mismatch(Expected(choices=tags), fault.error["input"][key])
    return Problem((*path, key), what, allowed)


def _keys_around(fault: _Fault, shapes: Shapes) -> dict[str, bool]:
    return shapes.keys(shapes.walk(fault.error["loc"][:-1]).node)


def _without_members(faults: Iterable[_Fault], depth: int = 0) -> Iterator[_Fault]:
    """One voice per union without discriminator, whose members each complain about the same value.

    Among the members that accept the kind of value, the one with the fewest complaints speaks; when no member does, one
    complaint stands for all of them. `depth` counts the unions around that are settled already.
    """
    for inside, group in groupby(faults, key=lambda fault: [path for path, _ in fault.place.unions[depth : depth + 1]]):
        voices = list(group)
        if not inside:
            yield from voices
            continue
        closer = [voice for voice in voices if voice.place.path != inside[0] or not is_mismatch(voice.error)]
        if not closer:
            yield voices[0]
            continue
        members: dict[str, list[_Fault]] = {}
        for voice in closer:
            members.setdefault(voice.place.unions[depth][1], []).append(voice)
        yield from min((list(_without_members(member, depth + 1)) for member in members.values()), key=len)


def _without_typos(faults: Iterable[_Fault], shapes: Shapes) -> Iterator[_Fault]:
    """A misspelt required key is one mistake: it is unknown, and not missing as well."""
    faults = list(faults)
    unknown = [fault for fault in faults if fault.error["type"] == "extra_forbidden"]
    meant: set[Path] = set()
    for fault in unknown[:MOST_PROBLEMS]:
        *parents, key = fault.place.path
        meant.add((*parents, nearest(str(key), list(_keys_around(fault, shapes)))))
    return (fault for fault in faults if fault.error["type"] != "missing" or fault.place.path not in meant)
