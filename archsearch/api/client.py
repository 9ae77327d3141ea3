"""A client for a server started by `archsearch serve`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from archsearch.api import documents
from archsearch.errors import InvalidInput, Problem, Refused, printable, quoted
from archsearch.schema.score import Phase

_Document = TypeVar("_Document")

TIMEOUT = 60.0
"""Seconds for an answer, unless `Client` is told otherwise."""


class Client:
    """The API from Python. A context manager; every method answers with a frozen dataclass.

    `url` is what `archsearch serve` printed, with or without `?token=`. Raises `InvalidInput` with the problems of what
    was asked, and `Refused` for everything else that the server does not do, or when it cannot be reached.
    """

    def __init__(self, url: str, token: str | None = None, timeout: float = TIMEOUT) -> None:
        try:
            parsed = httpx.URL(url)
        except httpx.InvalidURL:
            parsed = httpx.URL()
        if parsed.scheme not in ("http", "https") or not parsed.host:
            raise InvalidInput(
                Problem(("url",), f"{quoted(url)} is no address of a server", "allowed: http://HOST:PORT")
            )
        token = token if token is not None else parsed.params.get("token")
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        base = parsed.copy_with(path="/api/v1/", query=None, fragment=None)
        # The environment could name a proxy, or a .netrc whose password would take the token's place.
        self._http = httpx.Client(base_url=base, headers=headers, timeout=timeout, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- studies

    def studies(
        self,
        *,
        name: str | None = None,
        state: documents.StudyState | None = None,
        sort: str | None = None,
        descending: bool | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> documents.Studies:
        """Studies, of those whose name has this part; a page of them."""
        cut = {"sort": sort, "descending": descending, "limit": limit, "offset": offset}
        return self._get(documents.Studies, "studies", name=name, state=state, **cut)

    def study(self, study: str) -> documents.Study:
        """Everything about a study but its results."""
        return self._get(documents.Study, f"studies/{_part(study)}")

    def events(self, study: str) -> Iterator[documents.Progress]:
        """How far a study is: at once, at every change, and for the last time when it is over."""
        address = f"studies/{_part(study)}/events"
        # Between two events the server sends a sign of life every few seconds.
        with _reached(), self._http.stream("GET", address) as response:
            if response.status_code != httpx.codes.OK:
                response.read()
                _check(response)
            for line in response.iter_lines():
                if line.startswith("data: "):
                    yield _read(documents.Progress, line.removeprefix("data: ").encode())

    # --- results

    def board(
        self,
        study: str,
        *,
        phase: Phase | None = None,
        sort: str | None = None,
        descending: bool | None = None,
        filters: Iterable[str] = (),
        limit: int | None = None,
        offset: int | None = None,
    ) -> documents.Board:
        """The ranking of a phase, by default the latest; `filters` as `solved>=3` or `line~gru`."""
        cut = {"sort": sort, "descending": descending, "limit": limit, "offset": offset}
        return self._get(documents.Board, f"studies/{_part(study)}/board", phase=phase, filter=list(filters), **cut)

    def trials(
        self,
        study: str,
        *,
        state: documents.TrialState | None = None,
        least: float | None = None,
        most: float | None = None,
        line: str | None = None,
        arch_id: str | None = None,
        sort: str | None = None,
        descending: bool | None = None,
        limit: int | None = None,
        offset: int | None = None,
    ) -> documents.Trials:
        """Trials, a page of them: in this state, with a value from `least` to `most`, with this part in their line."""
        wanted = {"state": state, "least": least, "most": most, "line": line, "arch_id": arch_id}
        cut = {"sort": sort, "descending": descending, "limit": limit, "offset": offset}
        return self._get(documents.Trials, f"studies/{_part(study)}/trials", **wanted, **cut)

    def trial_evaluations(self, study: str, number: int) -> documents.Evaluations:
        """What a trial's spec got in the search."""
        return self._get(documents.Evaluations, f"studies/{_part(study)}/trials/{number}/evaluations")

    def evaluations(self, study: str, spec_id: str, phase: Phase | None = None) -> documents.Evaluations:
        """What a spec got in a phase, by default in all."""
        address = f"studies/{_part(study)}/entries/{_part(spec_id)}/evaluations"
        return self._get(documents.Evaluations, address, phase=phase)

    def curve(self, evaluation: int) -> documents.Curve:
        """An evaluation over time, by its id."""
        return self._get(documents.Curve, f"evaluations/{evaluation}/curve")

    def failures(self, study: str, *, limit: int | None = None, offset: int | None = None) -> documents.Failures:
        """What failed, the latest first."""
        return self._get(documents.Failures, f"studies/{_part(study)}/failures", limit=limit, offset=offset)

    def importance(self, study: str) -> documents.Importance:
        """Which holes set the best trials apart; `Refused` where there are too few trials."""
        return self._get(documents.Importance, f"studies/{_part(study)}/importance")

    # --- catalogue and texts

    def cells(self, *, input_size: int | None = None, hidden_size: int | None = None) -> documents.Cells:
        """The shipped cells and wirings."""
        return self._get(documents.Cells, "cells", input_size=input_size, hidden_size=hidden_size)

    def cell(self, name: str, *, input_size: int | None = None, hidden_size: int | None = None) -> documents.Cell:
        """One shipped cell or wiring."""
        return self._get(documents.Cell, f"cells/{_part(name)}", input_size=input_size, hidden_size=hidden_size)

    def tasks(self) -> documents.Tasks:
        """The shipped tasks."""
        return self._get(documents.Tasks, "tasks")

    def task(self, name: str) -> documents.Task:
        """One shipped task."""
        return self._get(documents.Task, f"tasks/{_part(name)}")

    def validate(self, text: str) -> documents.Report:
        """What is wrong with the text of a cell, wiring, space or study, or what is proved of it."""
        body = text.encode("utf-8", "surrogatepass")
        with _reached():
            response = self._http.post("validate", content=body, headers={"Content-Type": "application/yaml"})
        return _read(documents.Report, _check(response))

    def _get(self, kind: type[_Document], address: str, **parameters: Any) -> _Document:
        given = {key: _spelt(value) for key, value in parameters.items() if value is not None}
        with _reached():
            response = self._http.get(address, params=given)
        return _read(kind, _check(response))


class _reached:  # noqa: N801 - reads as the sentence that it is: with reached
    """Turns what can happen on the way to a server into `Refused`."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, httpx.HTTPError):
            reason = printable(str(error) or type(error).__name__, 200)
            raise Refused(f"the server cannot be reached: {reason}") from error


def _part(text: str) -> str:
    """A name as one part of a path. A lone dot or two would lead elsewhere, even written as %2e."""
    if text in ("", ".", ".."):
        raise InvalidInput(Problem((), f"{quoted(text)} is no name"))
    return quote(text, safe="", errors="replace")


def _spelt(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


def _check(response: httpx.Response) -> bytes:
    """The body of a good answer."""
    if response.status_code == httpx.codes.OK:
        return response.content
    try:
        details = TypeAdapter(documents.ProblemDetails).validate_json(response.content)
    except ValidationError:
        raise Refused(f"the server answers {response.status_code}") from None
    if details.problems:
        raise InvalidInput(_problem(mistake) for mistake in details.problems)
    raise Refused(details.detail)


def _problem(mistake: documents.Mistake) -> Problem:
    return Problem(mistake.path, mistake.what, mistake.allowed, line=mistake.line or 0, column=mistake.column or 0)


def _read(kind: type[_Document], body: bytes) -> _Document:
    try:
        return TypeAdapter(kind).validate_json(body)
    except ValidationError:
        raise Refused("the server's answer is not what this archsearch expects: are the versions equal?") from None
