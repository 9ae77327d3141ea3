"""Requests as bytes, for what no client library would send."""

from __future__ import annotations

import contextlib
import socket

from tests.api.serving import TOKEN, Served


def raw(served: Served, *pieces: bytes) -> bytes:
    """What the server answers to these bytes, until it closes the connection or its answer is whole."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=20) as connection:
        with contextlib.suppress(ConnectionError):  # it may hang up before it has heard everything
            for piece in pieces:
                connection.sendall(piece)
        return read_answer(connection)


def read_answer(connection: socket.socket) -> bytes:
    """One answer, whole unless the server closes the connection before."""
    answer = b""
    while not _whole(answer):
        more = connection.recv(65536)
        if not more:
            break
        answer += more
    return answer


def _whole(answer: bytes) -> bool:
    head, separator, body = answer.partition(b"\r\n\r\n")
    length = next((line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b":-1")
    return bool(separator) and len(body) >= int(length.partition(b":")[2]) >= 0


def head(served: Served, *headers: str, path: str = "/api/v1/validate") -> bytes:
    """The head of a POST with the token and these headers."""
    lines = [f"POST {path} HTTP/1.1", f"Host: 127.0.0.1:{served.port}", f"Authorization: Bearer {TOKEN}"]
    return "\r\n".join([*lines, "Content-Type: application/yaml", *headers, "", ""]).encode()
