"""Bodies of requests: texts as YAML, or JSON read strictly."""

from __future__ import annotations

import dataclasses
import json
import math
from collections import Counter
from typing import Annotated, Any, TypeVar

from anyio import to_thread
from pydantic import Field
from starlette.requests import Request

from archsearch.errors import InvalidInput, Problem, quoted
from archsearch.schema.strict import Strict
from archsearch.schema.validation import validate
from archsearch.schema.yaml_text import LARGEST_TEXT, decode
from archsearch.server.problems import Declined

YAML = ("application/yaml", "application/x-yaml", "text/yaml", "text/plain")
JSON = "application/json"

MOST_WORKERS = 4096
Workers = Annotated[int, Field(ge=1, le=MOST_WORKERS)]
Given = str | dict[str, Any]
"""A file as YAML text, or what would stand in it as an object."""

_Model = TypeVar("_Model", bound=Strict)


class StudyBody(Strict):
    """A study, and the space that it names unless that is a shipped one."""

    study: Given
    space: Given | None = None

    @property
    def texts(self) -> tuple[str, str | None]:
        """Both as texts that the YAML loader reads."""
        return as_text(self.study), None if self.space is None else as_text(self.space)

    def placed(self, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
        """Problems in these texts, without lines and columns where an object was given for a text."""
        return tuple(
            dataclasses.replace(problem, line=0, column=0)
            if isinstance(getattr(self, problem.file, None), dict)
            else problem
            for problem in problems
        )


class NewStudy(StudyBody):
    """A study to be created, and how it is to be started."""

    start: bool = False
    workers: Workers | None = None


def body_of(model: type[StudyBody], description: str) -> dict[str, Any]:
    """A body of YAML, or of JSON of this model, for the OpenAPI document."""
    yaml, as_json = {"schema": {"description": description}}, {"schema": model.model_json_schema()}
    return {"requestBody": {"required": True, "content": {YAML[0]: yaml, JSON: as_json}}}


def media_type(request: Request, *others: str) -> str:
    """The kind of the body; `Declined` (415) unless it is YAML or one of the others."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (*YAML, *others):
        raise Declined(415, f"allowed: {', '.join((*YAML, *others))}")
    return kind


async def read_yaml(request: Request, file: str = "<text>") -> str:
    """The body as text; `InvalidInput` unless it is plain UTF-8."""
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > LARGEST_TEXT:
            raise Declined(413, f"a text has at most {LARGEST_TEXT} bytes", {"Connection": "close"})
    return decode(bytes(content), file)


async def read_json(request: Request, model: type[_Model]) -> _Model:
    """The body as a `model`; `InvalidInput` unless it is plain JSON of this shape. `Limited` bounds its size."""
    content = await request.body()
    # In a thread: a body of 1 MiB can keep Python busy for a third of a second.
    return await to_thread.run_sync(lambda: validate(model, strict_json(content)))


async def read_nothing(request: Request) -> None:
    """Raise `InvalidInput` for a body."""
    async for piece in request.stream():
        if piece:
            raise InvalidInput(Problem((), "a body", "allowed: none"))


def strict_json(content: bytes) -> Any:
    """JSON in UTF-8: no key twice, no NaN and nothing infinite, no halves of surrogate pairs, not too deep."""
    try:
        document = json.loads(
            content.decode("utf-8"), object_pairs_hook=_object, parse_constant=_constant, parse_float=_float
        )
        as_text(document).encode("utf-8")
    except UnicodeDecodeError:
        raise _refused("is not UTF-8") from None
    except UnicodeEncodeError:
        raise _refused("contains half of a surrogate pair") from None
    except RecursionError:
        raise _refused("is nested too deeply") from None
    except json.JSONDecodeError as error:
        what = f"is not valid JSON: {error.msg[:1].lower()}{error.msg[1:]}"
        raise InvalidInput(Problem((), what, line=error.lineno, column=error.colno)) from None
    except ValueError:  # an integer of thousands of digits
        raise _refused("has a number that is too long") from None
    return document


def as_text(given: Any) -> str:
    """An object as text that YAML reads as well; `given` itself where it is text."""
    return given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        twin = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise InvalidInput(Problem((), f"duplicate key {quoted(twin)}"))
    return members


def _constant(name: str) -> Any:
    raise _refused(f"has {name}, which JSON does not have")


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise _refused(f"has the number {text[:20]}, which is too large")
    return number


def _refused(what: str) -> InvalidInput:
    return InvalidInput(Problem((), f"the body {what}"))
