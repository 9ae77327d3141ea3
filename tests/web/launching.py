"""Texts and forms for the tests of what is defined and launched in a browser."""

from __future__ import annotations

from typing import Any

import httpx

from tests.api.serving import Served
from tests.web.pages import Element, parse

SPACE = """\
space: few
wiring: lstm
holes:
  coupling: [none, i = 1 - f]
  squash: [tanh, identity]
contains: [lstm]
"""

STUDY = """\
study: small
space: few
task: {name: temporal_order, length: 10, markers: 2}
model: {hidden_size: 4}
training: {learning_rate: 0.01, sequences: 64, checks: 2, validation: 16, test: 16}
baselines: [rnn, lstm]
search: {sampler: random, trials: 2}
confirm: {best: 1, seeds: 1}
report: {best: 1, seeds: 2}
"""

SERIES = STUDY.replace("study: small", "study: several").replace(
    "task: {name: temporal_order, length: 10, markers: 2}",
    "tasks:\n  short: {name: temporal_order, length: 10, markers: 2}\n"
    "  long: {name: temporal_order, length: 12, markers: 2}",
)


def send(served: Served, path: str, *, part: bool = False, **fields: Any) -> httpx.Response:
    """Send a form as the page does; `part`: as htmx does."""
    headers = {"Authorization": f"Bearer {served.token}", "Accept": "text/html"} | (
        {"HX-Request": "true"} if part else {}
    )
    with served.http(headers=headers) as http:
        return http.post(path, data=fields)


def show(served: Served, path: str, status: int = 200, **parameters: Any) -> Element:
    """A page as a tree."""
    with served.http() as http:
        answer = http.get(path, params=parameters, headers={"Accept": "text/html"})
    assert answer.status_code == status
    return parse(answer.text)


def create(served: Served, name: str = "small", then: str = "create") -> str:
    """Create a study; where the answer leads to."""
    study = STUDY.replace("study: small", f"study: {name}")
    answer = send(served, "/new/create", space=SPACE, study=study, then=then, workers="1")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def text_in(root: Element, field: str) -> str:
    """What a browser would show in a text field: the line break after the tag is none of its text."""
    written = root.one("textarea", id=field).inside
    text = "".join(piece for piece in written if isinstance(piece, str))
    assert len(written) <= 1 or all(isinstance(piece, str) for piece in written), "markup inside of the text"
    assert text.startswith("\n")
    return text[1:]


def faults(root: Element, field: str) -> list[tuple[str, str, str, str]]:
    """Line, column, what is wrong, and the marked piece of the line."""
    return [
        (
            item.one("a").attributes.get("data-line", ""),
            item.one("a").attributes.get("data-column", ""),
            item.one("span", class_="what").text,
            "".join(mark.text for mark in item.all("mark")),
        )
        for problems in root.all("ol", id=f"{field}-problems")
        for item in problems.all("li")
    ]
