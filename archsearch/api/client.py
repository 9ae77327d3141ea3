"""A client for a server started by `archsearch serve`."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypedDict, TypeVar, Unpack
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from archsearch.api.reports import Validation
from archsearch.errors import InvalidInput, Problem, Refused, printable, quoted
from archsearch.findings.boards import BoardPage
from archsearch.findings.candidates import CandidateFinding
from archsearch.findings.cells import CellFinding, ShippedCells
from archsearch.findings.evaluations import Curve, Evaluations, Failures, Trials
from archsearch.findings.studies import Progress, Queue, Studies, StudyFinding, StudySummary
from archsearch.findings.tasks import TaskFinding, Tasks
from archsearch.schema.phases import Phase
from archsearch.schema.states import StudyState, TrialState
from archsearch.server.details import ProblemDetails
from archsearch.study.importance import Importance

_Document = TypeVar("_Document")
Given = str | Mapping[str, Any]
"""A file as YAML text, or what would stand in it."""

TIMEOUT = 60.0
"""Seconds for an answer, unless `Client` is told otherwise."""


class PageQuery(TypedDict, total=False):
    """A page of a list: at most `limit` rows after the first `offset`."""

    limit: int | None
    offset: int | None


class SortedQuery(PageQuery, total=False):
    """A page of a list that is sorted by a column."""

    sort: str | None
    descending: bool | None


class TrialsQuery(SortedQuery, total=False):
    """A page of the trials that have all of these."""

    state: TrialState | None
    least: float | None
    most: float | None
    line: str | None
    arch_id: str | None


class SizesQuery(TypedDict, total=False):
    """The sizes of a layer, of which numbers of parameters are said."""

    input_size: int | None
    hidden_size: int | None


class Client:
    """The API from Python. A context manager; answers are frozen dataclasses, diagrams the text of an SVG file.

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
                Problem(("url",), f"{quoted(url)} is not the address of a server", "allowed: http://HOST:PORT")
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
        self, *, name: str | None = None, state: StudyState | None = None, **page: Unpack[SortedQuery]
    ) -> Studies:
        """A page of the studies in this state whose name has this part."""
        return self._get(Studies, "studies", name=name, state=state, **page)

    def study(self, study: str) -> StudyFinding:
        """Everything about a study but its results."""
        return self._get(StudyFinding, f"studies/{_part(study)}")

    def events(self, study: str) -> Iterator[Progress]:
        """The progress of a study: at once, at every change, and for the last time when it is over."""
        address = f"studies/{_part(study)}/events"
        # Between two events the server sends a comment every few seconds.
        with _reached(), self._http.stream("GET", address) as response:
            if response.status_code != httpx.codes.OK:
                response.read()
                _check(response)
            for line in response.iter_lines():
                if line.startswith("data: "):
                    yield _read(Progress, line.removeprefix("data: ").encode())

    # --- launching

    def create(
        self, study: Given, space: Given | None = None, *, start: bool = False, workers: int | None = None
    ) -> Studies:
        """Create a study, or each of a series, which may name `space`; with `start` let them be run right away.

        `workers` are evaluations at once, by default as many as the server has cores.
        """
        body = {"study": study, "space": space, "start": start, "workers": workers}
        return _read(Studies, self._send("POST", "studies", body=body))

    def start(self, study: str, *, workers: int | None = None) -> StudySummary:
        """Let a study be run as soon as there are cores for it, or be continued."""
        return _read(StudySummary, self._send("POST", f"studies/{_part(study)}/start", workers=workers))

    def cancel(self, study: str) -> StudySummary:
        """Stop a study that runs, or take it out of the queue; it can be started again."""
        return _read(StudySummary, self._send("POST", f"studies/{_part(study)}/cancel"))

    def delete(self, study: str) -> None:
        """Delete a study with all its results; `Refused` while it runs or is to run."""
        self._send("DELETE", f"studies/{_part(study)}")

    def queue(self) -> Queue:
        """Studies that the server runs, that wait, and that it could not run."""
        return self._get(Queue, "queue")

    # --- results

    def board(
        self, study: str, *, phase: Phase | None = None, filters: Iterable[str] = (), **page: Unpack[SortedQuery]
    ) -> BoardPage:
        """The ranking of a phase, by default the latest; `filters` as `solved>=3` or `line~gru`."""
        return self._get(BoardPage, f"studies/{_part(study)}/board", phase=phase, filter=list(filters), **page)

    def trials(self, study: str, **query: Unpack[TrialsQuery]) -> Trials:
        """A page of the trials in this state, with a value from `least` to `most` and this part in their line."""
        return self._get(Trials, f"studies/{_part(study)}/trials", **query)

    def trial_evaluations(self, study: str, number: int) -> Evaluations:
        """The evaluations of a trial's spec in the search."""
        return self._get(Evaluations, f"studies/{_part(study)}/trials/{number}/evaluations")

    def evaluations(self, study: str, spec_id: str, phase: Phase | None = None) -> Evaluations:
        """The evaluations of a spec in a phase, by default in all."""
        address = f"studies/{_part(study)}/entries/{_part(spec_id)}/evaluations"
        return self._get(Evaluations, address, phase=phase)

    def candidate(self, study: str, spec_id: str) -> CandidateFinding:
        """A spec of a study: its choices, its equations in three spellings, the nearest textbook cell."""
        return self._get(CandidateFinding, f"studies/{_part(study)}/entries/{_part(spec_id)}")

    def diagram(self, study: str, spec_id: str) -> str:
        """One step of the cell of a spec as SVG; `Refused` where it cannot be drawn."""
        return self._send("GET", f"studies/{_part(study)}/entries/{_part(spec_id)}/diagram.svg").decode()

    def curve(self, evaluation: int) -> Curve:
        """An evaluation over time, by its id."""
        return self._get(Curve, f"evaluations/{evaluation}/curve")

    def failures(self, study: str, **page: Unpack[PageQuery]) -> Failures:
        """A page of the failures, the latest first."""
        return self._get(Failures, f"studies/{_part(study)}/failures", **page)

    def importance(self, study: str) -> Importance:
        """The importance of each hole for the best trials; `Refused` where there are too few trials."""
        return self._get(Importance, f"studies/{_part(study)}/importance")

    # --- catalogue and texts

    def cells(self, **sizes: Unpack[SizesQuery]) -> ShippedCells:
        """The shipped cells and wirings."""
        return self._get(ShippedCells, "cells", **sizes)

    def cell(self, name: str, **sizes: Unpack[SizesQuery]) -> CellFinding:
        """One shipped cell or wiring."""
        return self._get(CellFinding, f"cells/{_part(name)}", **sizes)

    def cell_diagram(self, name: str) -> str:
        """One step of a shipped cell or wiring as SVG."""
        return self._send("GET", f"cells/{_part(name)}/diagram.svg").decode()

    def tasks(self) -> Tasks:
        """The shipped tasks."""
        return self._get(Tasks, "tasks")

    def task(self, name: str) -> TaskFinding:
        """One shipped task."""
        return self._get(TaskFinding, f"tasks/{_part(name)}")

    def validate(self, text: str, *, space: Given | None = None, samples: int = 0) -> Validation:
        """Check the text of a cell, wiring, space or study: its mistakes, or what is proved of it.

        A study may name `space`. Of a valid space or study, `samples` cells come with it.
        """
        body = text if space is None else {"study": text, "space": space}
        return _read(Validation, self._send("POST", "validate", body=body, samples=samples or None))

    def _get(self, kind: type[_Document], address: str, **parameters: Any) -> _Document:
        return _read(kind, self._send("GET", address, **parameters))

    def _send(self, method: str, address: str, body: Given | None = None, **parameters: Any) -> bytes:
        """The body of the answer to a request with text as YAML, anything else as JSON."""
        given = {key: value for key, value in parameters.items() if value is not None}
        kind, content = "application/json", None if body is None else json.dumps(body).encode()
        if isinstance(body, str):
            kind, content = "application/yaml", body.encode("utf-8", "surrogatepass")
        headers = {} if content is None else {"Content-Type": kind}
        with _reached():
            response = self._http.request(method, address, params=given, content=content, headers=headers)
        return _check(response)


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """Inside, a server that cannot be reached is `Refused`."""
    try:
        yield
    except httpx.HTTPError as error:
        reason = printable(str(error) or type(error).__name__, 200)
        raise Refused(f"the server cannot be reached: {reason}") from error


def _part(text: str) -> str:
    """A name as one part of a path. A lone dot or two would lead elsewhere, even written as %2e."""
    if text in ("", ".", ".."):
        raise InvalidInput(Problem((), f"{quoted(text)} is not a valid name"))
    return quote(text, safe="", errors="replace")


def _check(response: httpx.Response) -> bytes:
    """The body of a good answer."""
    if response.is_success:
        return response.content
    try:
        details = TypeAdapter(ProblemDetails).validate_json(response.content)
    except ValidationError:
        raise Refused(f"the server answers {response.status_code}") from None
    if details.problems:
        raise InvalidInput(details.problems)
    raise Refused(details.detail)


def _read(kind: type[_Document], body: bytes) -> _Document:
    try:
        return TypeAdapter(kind).validate_json(body)
    except ValidationError:
        raise Refused("the server's answer is not what this archsearch expects: are the versions equal?") from None
