"""Clients that go away in the middle: what the log says of them, without a trace."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest

from tests.api.serving import serving
from tests.api.test_protocol import get
from tests.api.wire import head

CHUNKED = "Transfer-Encoding: chunked"


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged; nothing of it may be an error or have a trace."""
    with caplog.at_level(logging.INFO, "archsearch.server"):
        yield caplog
    assert not [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR or record.exc_info]


def statuses(lines: pytest.LogCaptureFixture) -> list[int]:
    """The statuses of the requests."""
    return [record.__dict__["facts"]["status"] for record in lines.get_records("call") if record.message == "request"]


@pytest.mark.parametrize("half", [False, True], ids=["closed", "half-closed"])
@pytest.mark.parametrize("headers", [["Content-Length: 100"], [CHUNKED]], ids=["length", "chunked"])
@pytest.mark.parametrize("path", ["/api/v1/validate", "/api/v1/studies", "/api/v1/studies/tiny/cancel"])
def test_a_client_that_goes_away_in_its_body_is_logged_as_gone(
    storage: str, lines: pytest.LogCaptureFixture, path: str, headers: list[str], half: bool
) -> None:
    with serving(storage) as found, socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
        connection.sendall(head(found, *headers, "Expect: 100-continue", path=path))
        assert connection.recv(100).startswith(b"HTTP/1.1 100 ")  # the server reads the body
        connection.shutdown(socket.SHUT_WR) if half else connection.close()
    assert statuses(lines) == [499]


def test_a_client_that_goes_away_before_its_head_is_whole_leaves_no_line(
    storage: str, lines: pytest.LogCaptureFixture
) -> None:
    with serving(storage) as found, socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
        connection.sendall(get(found)[:-10])
    assert statuses(lines) == []


@pytest.mark.parametrize("half", [False, True], ids=["closed", "half-closed"])
def test_a_client_that_leaves_a_stream_of_events_has_got_its_answer(
    storage: str, lines: pytest.LogCaptureFixture, half: bool
) -> None:
    with serving(storage) as found, socket.create_connection(("127.0.0.1", found.port), timeout=20) as connection:
        connection.sendall(get(found, "/api/v1/studies/going/events"))
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        connection.shutdown(socket.SHUT_WR) if half else connection.close()
    assert statuses(lines) == [200]
