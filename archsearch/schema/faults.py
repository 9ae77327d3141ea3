"""pydantic's complaints as problems in our own words, one for each mistake."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from archsearch.errors import Path, Problem, nearest, one_of, printable, quoted
from archsearch.schema.holes import HOLE_KINDS, NO_HOLE
from archsearch.schema.shapes import Expected, Place, Shapes
from archsearch.schema.strict import EXACTLY_ONE
from archsearch.schema.wording import is_mismatch, mismatch, words

MOST_PROBLEMS = 20
"""Problems that are reported one by one; of further ones only that they exist."""

_MOST_FAULTS = 500  # complaints of pydantic's that are looked at; a large hostile text has one in every value


class Fault(NamedTuple):
    """One complaint, and where in the schema it stands."""

    error: ErrorDetails
    place: Place

    @property
    def type(self) -> str:
        """pydantic's name for what is wrong."""
        return self.error["type"]


def find_faults(error: ValidationError, shapes: Shapes) -> list[Fault]:
    """The complaints of an error, one voice for each union."""
    details = error.errors(include_url=False)[:_MOST_FAULTS]
    return list(_without_members(Fault(detail, _place(detail, shapes)) for detail in details))


def describe(faults: Iterable[Fault], shapes: Shapes) -> list[Problem]:
    """The faults in words, one problem for each mistake; of very many the first, and that there are more."""
    faults = list(_without_typos(faults, shapes))
    problems = list(dict.fromkeys(_problem(fault, shapes) for fault in faults[:MOST_PROBLEMS]))
    if len(faults) > MOST_PROBLEMS:
        problems.append(Problem(faults[MOST_PROBLEMS].place.path, "more problems from here on"))
    return problems


def meant_key(fault: Fault, shapes: Shapes) -> str:
    """The key that an unknown one resembles, or an empty string; none where it is known, but elsewhere."""
    if shapes.homes(shapes.walk(fault.error["loc"][:-1]).node, str(fault.place.path[-1])):
        return ""
    return nearest(str(fault.place.path[-1]), list(keys_around(fault, shapes)))


def _place(error: ErrorDetails, shapes: Shapes) -> Place:
    """Where an error stands; pydantic marks one of a mapping's key by a last part `[key]`."""
    location = error["loc"]
    if len(location) > 1 and location[-1] == "[key]" and error["input"] == location[-2]:
        return shapes.walk(location[:-1], at_key=True)
    return shapes.walk(location)


def _problem(fault: Fault, shapes: Shapes) -> Problem:
    error, place = fault
    if error["type"] == "extra_forbidden":
        return _unknown_key(fault, shapes)
    if error["type"] == "missing":
        return _missing_key(fault, shapes)
    if error["type"] == NO_HOLE:
        return Problem(place.path, error["msg"], _hole_hint(error["input"]))
    if error["type"] == EXACTLY_ONE:
        return _choice_problem(error, place.path)
    if error["type"] in ("union_tag_invalid", "union_tag_not_found") and shapes.tag_key(place.node):
        return _tag_problem(fault, shapes)
    expected = shapes.expected(place.outer)
    if error["type"] == "invalid_key" or (place.at_key and is_mismatch(error) and not expected.choices):
        return Problem(place.path, "a key must be text", "put the key in quotes", at_key=True)
    what, allowed = words(error, expected)
    only = [key for key, needed in shapes.keys(place.node).items() if needed]
    if is_mismatch(error) and len(only) == 1 and isinstance(error["input"], str) and not allowed:
        allowed = f"write {{{only[0]}: {printable(error['input'])}}}"
    return Problem(place.path, what, allowed, at_key=place.at_key)


def _hole_hint(value: object) -> str:
    """A hint at the hole that a value may be meant as."""
    if isinstance(value, list):
        return "options with structure are written {one_of: {label: value}}"
    keys = map(str, value) if isinstance(value, Mapping) else ()
    return next((_is_meant(key, near) for key in keys if (near := nearest(key, HOLE_KINDS))), "")


def _is_meant(key: str, right: str) -> str:
    return f"is {quoted(key)} meant to be {quoted(right)}?"


def _unknown_key(fault: Fault, shapes: Shapes) -> Problem:
    """A key that is not known here, but perhaps inside one of its neighbours."""
    path, key = fault.place.path, str(fault.place.path[-1])
    homes = shapes.homes(shapes.walk(fault.error["loc"][:-1]).node, key)
    below = f"it belongs below {' or '.join(homes)}; " if homes else ""
    allowed = one_of(keys_around(fault, shapes), "" if homes else key)
    return Problem(path, f"unknown key {quoted(key)}", f"{below}{allowed}", at_key=True)


def _missing_key(fault: Fault, shapes: Shapes) -> Problem:
    path, key = fault.place.path, str(fault.place.path[-1])
    around = keys_around(fault, shapes)
    choices = shapes.expected(fault.place.outer).choices
    required = [name for name, needed in around.items() if needed]
    strange = [str(name) for name in fault.error["input"] if name not in around]
    if meant := nearest(key, strange):  # where any key is allowed, none is unknown
        allowed = _is_meant(meant, key)
    elif choices:
        allowed = one_of(choices)
    else:
        allowed = f"required: {', '.join(required)}" if len(required) > 1 else ""
    return Problem(path[:-1], f"missing key {quoted(key)}", allowed)


def _choice_problem(error: ErrorDetails, path: Path) -> Problem:
    """Of two keys exactly one is allowed: the later one of both is to blame, or the mapping without any."""
    given = sorted(error["ctx"]["given"], key=list(error["input"]).index)
    if not given:
        return Problem(path, error["msg"], f"give one of them: {', '.join(error['ctx']['names'])}")
    return Problem((*path, given[-1]), error["msg"], "remove one of them", at_key=True)


def _tag_problem(fault: Fault, shapes: Shapes) -> Problem:
    """A mapping does not say which member of a union it is, or names none of them."""
    path, key, tags = fault.place.path, shapes.tag_key(fault.place.node), shapes.tags(fault.place.node)
    if fault.error["type"] == "union_tag_not_found":
        return Problem(path, f"missing key {quoted(key)}", one_of(tags))
    what, allowed = mismatch(Expected(choices=tags), fault.error["input"][key])
    return Problem((*path, key), what, allowed)


def keys_around(fault: Fault, shapes: Shapes) -> dict[str, bool]:
    """The keys that are known where a fault stands, each with whether it is required."""
    return shapes.keys(shapes.walk(fault.error["loc"][:-1]).node)


def _without_members(faults: Iterable[Fault], depth: int = 0) -> Iterator[Fault]:
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
        members: dict[str, list[Fault]] = {}
        for voice in closer:
            members.setdefault(voice.place.unions[depth][1], []).append(voice)
        yield from min((list(_without_members(member, depth + 1)) for member in members.values()), key=len)


def _without_typos(faults: Iterable[Fault], shapes: Shapes) -> Iterator[Fault]:
    """A misspelt required key is one mistake: it is unknown, and not missing as well."""
    faults = list(faults)
    meant: set[Path] = set()
    for fault in [fault for fault in faults if fault.type == "extra_forbidden"][:MOST_PROBLEMS]:
        meant.add((*fault.place.path[:-1], meant_key(fault, shapes)))
    return (fault for fault in faults if fault.type != "missing" or fault.place.path not in meant)
