"""From plain data to a model, or to all that is wrong with it and what is sound all the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from archsearch.errors import InvalidInput, Path, Problem
from archsearch.schema.document import Document
from archsearch.schema.faults import MOST_PROBLEMS, describe, find_faults
from archsearch.schema.mending import Draft, touch
from archsearch.schema.shapes import Shapes

__all__ = ["MOST_PROBLEMS", "Collector", "Parts", "first_problems", "load", "mend", "validate"]

T = TypeVar("T", bound=BaseModel)
V_co = TypeVar("V_co", covariant=True)
W = TypeVar("W")

_MOST_ROUNDS = 6  # times that a document is mended: a misspelt key inside a misspelt key takes two


@dataclasses.dataclass(frozen=True)
class Parts(Generic[V_co]):
    """A document's value, in which stand-ins take the place of what is faulty.

    `problems` is what is wrong so far. What is looked up in `value` may be wrong too; `told` leaves out what a stand-in
    is to blame for. `replaced` and `renamed` are as in `Draft`.
    """

    value: V_co
    problems: tuple[Problem, ...] = ()
    replaced: frozenset[Path] = frozenset()
    renamed: tuple[tuple[Path, str], ...] = ()

    def sound(self, *path: str | int) -> bool:
        """Whether nothing at `path`, above or inside it is a stand-in."""
        return not any(touch(path, replaced) for replaced in self.replaced)

    def given(self, *path: str | int) -> bool:
        """Whether neither what is at `path` nor anything above it is a stand-in; something inside may be one."""
        return not any(path[: len(replaced)] == replaced for replaced in self.replaced)

    def at(self, value: W, *path: str | int) -> Parts[W]:
        """The part at `path`, which is `value`; its problems have their paths below it."""
        inside = (replaced for replaced in self.replaced if touch(path, replaced))
        return Parts(value, (), frozenset(replaced[len(path) :] for replaced in inside))

    def blames(self, problem: Problem) -> bool:
        """Whether a problem is of another file, or stands where no stand-in is."""
        return bool(problem.file) or self.sound(*problem.path)

    def told(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems that the document is to blame for, under the names that it uses."""
        return [
            problem if problem.file else dataclasses.replace(problem, path=self._spelt(problem.path))
            for problem in problems
            if self.blames(problem)
        ]

    def settle(self, problems: Iterable[Problem] = ()) -> None:
        """Raise `InvalidInput` with what is wrong with the document and with `problems`.

        Where there are stand-ins it always raises: what is wrong may have been said of the document around this part.
        """
        all_problems = [*self.problems, *self.told(problems)]
        if all_problems or self.replaced:
            raise InvalidInput(dict.fromkeys(all_problems))

    def _spelt(self, path: Path) -> Path:
        for place, name in reversed(self.renamed):
            if path[: len(place)] == place:
                path = (*place[:-1], name, *path[len(place) :])
        return path


class Collector(Generic[V_co]):
    """What is wrong with one document, collected step by step."""

    def __init__(self, parts: Parts[V_co]) -> None:
        self.parts = parts
        self.problems: list[Problem] = []

    def attempt(self, make: Callable[[], W], *parents: str | int, needs: Path = ()) -> W | None:
        """What `make` makes, or None and its problems, which stand below `parents` unless they are of another file.

        Nothing is made where a stand-in takes the place of what is at `needs`.
        """
        if not self.parts.given(*needs):
            return None
        try:
            return make()
        except InvalidInput as error:
            self.add(problem if problem.file else problem.under(*parents) for problem in error.problems)
            return None

    def add(self, problems: Iterable[Problem]) -> None:
        """Add problems, as many as are reported one by one."""
        for problem in first_problems(problem for problem in problems if self.parts.blames(problem)):
            self.problems.append(problem)

    def settle(self) -> None:
        """Raise `InvalidInput` with the collected problems, if there are any."""
        self.parts.settle(self.problems)


def load(model: type[T], document: Document) -> T:
    """The document as a `model`; `InvalidInput` with file, line and column of every problem, in order."""
    with document.locating():
        return validate(model, document.data)


def validate(model: type[T], data: object, prefix: Path = ()) -> T:
    """`data` as a `model`. Raises `InvalidInput` with a problem for each mistake.

    `prefix` is the path of `data` inside a larger document: it stands before every problem's path, so that the larger
    document can locate them. An `InvalidInput` raised by one of the model's own validators counts from `data` too.
    """
    try:
        parts = mend(model, data)
        parts.settle()
    except InvalidInput as error:
        raise InvalidInput(problem.under(*prefix) for problem in error.problems) from None
    return parts.value


def mend(model: type[T], data: object) -> Parts[T]:
    """`data` as a `model`, with stand-ins for what is faulty, and a problem for each mistake.

    Raises `InvalidInput` where there are too many mistakes, or where no stand-in makes it sound.
    """
    try:
        return Parts(model.model_validate(data))
    except ValidationError as error:
        fault = error
    shapes = Shapes(model)
    draft = Draft(data, shapes)
    problems: list[Problem] = []
    for _ in range(_MOST_ROUNDS):
        faults = find_faults(fault, shapes)
        renamed = tuple(draft.renamed)
        described = describe((own for own in faults if not draft.caused(own)), shapes)
        problems += Parts(None, renamed=renamed).told(described)
        if len(problems) > MOST_PROBLEMS:
            break
        draft.mend(faults)
        try:
            value = model.model_validate(draft.data)
        except ValidationError as again:
            fault = again
        except InvalidInput:  # of a validator of the model's own, which knows only the stand-ins
            break
        else:
            return Parts(value, tuple(problems), frozenset(draft.replaced), tuple(draft.renamed))
    raise InvalidInput(problems)


def first_problems(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The first problems, as many as are reported one by one; where there are more, the last one says so."""
    for number, problem in enumerate(islice(problems, MOST_PROBLEMS + 1)):
        more = number == MOST_PROBLEMS
        yield dataclasses.replace(problem, what="more problems from here on", allowed="") if more else problem
