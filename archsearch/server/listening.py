"""The server: the addresses that it may listen at, its layers, and how it stops."""

from __future__ import annotations

import errno
import gc
import ipaddress
import re
import secrets
import signal
import socket
import time
from collections.abc import Callable, Iterable
from types import FrameType

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from archsearch.errors import InvalidInput, Problem, Refused, printable, quoted
from archsearch.server.access import Guard, SiteGuard
from archsearch.server.again import Again, Heads
from archsearch.server.connections import Connections
from archsearch.server.limits import Limited
from archsearch.server.logs import Logged
from archsearch.server.protocol import Bounded, bounded
from archsearch.server.settings import Settings

_GARBAGE = (50_000, 20, 50)  # thresholds of the garbage collector
_HTTP, _HTTPS = 80, 443
_NAME = re.compile(r"(?:(https?)://)?([^\s/?#@:\[\]]+|\[[0-9a-f:.]+\])(?::([0-9]{1,5}))?")
_NAMES = "allowed: HOST or https://HOST:PORT behind a proxy with TLS, http://HOST or HOST:PORT without"
_AT_ONCE = 64
"""Connections accepted before others are read: few enough for a new one to show its token before 256 more come."""
_WAITING = 1024
"""Connections that wait to be accepted; clients beyond that try again after a second."""
Make = Callable[[Settings], FastAPI]
Dress = Callable[[ASGIApp], ASGIApp]


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; `Refused` when the port is taken, `InvalidInput` for an address of another machine."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise InvalidInput(Problem(("--host",), f"{quoted(host)} is not an address of this machine")) from None
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_WAITING)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            what = f"port {port} of {printable(host)} is taken"
            raise Refused(f"{what}: stop what listens there, or name another --port") from None
        raise Refused(f"cannot listen at {printable(host)}, port {port}: {error.strerror}") from error
    return listener


def is_loopback(listener: socket.socket) -> bool:
    """Whether only this machine can reach a socket."""
    return ipaddress.ip_address(listener.getsockname()[0]).is_loopback


def host_names(listener: socket.socket) -> frozenset[str]:
    """The values of the Host header that mean this server's address; browsers leave out port 80."""
    address, port = listener.getsockname()[:2]
    names = {"localhost", "127.0.0.1", "[::1]"} if is_loopback(listener) else {_spelt(address)}
    return frozenset({f"{name}:{port}" for name in names} | (names if port == _HTTP else set()))


def given_names(names: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The values of the Host header for the names of `--name`, without TLS and with it; `InvalidInput`.

    A name that does not say `http://` or `https://` is one with TLS where browsers send no port, or say 443.
    """
    hosts: dict[bool, set[str]] = {False: set(), True: set()}
    for name in names:
        match = _NAME.fullmatch(name.lower())
        if match is None:
            raise InvalidInput(Problem(("--name",), f"{quoted(name)} is not a valid name of a server", _NAMES))
        scheme, host, port = match.groups()
        encrypted = scheme == "https" or (scheme is None and port in (None, str(_HTTPS)))
        default = str(_HTTPS if encrypted else _HTTP)
        hosts[encrypted].add(f"{host}:{port or default}")
        if port in (None, default):
            hosts[encrypted].add(host)
    return frozenset(hosts[False]), frozenset(hosts[True])


def link(listener: socket.socket, token: str | None) -> str:
    """The address to open; with the token, which the browser then keeps as a cookie."""
    address, port = listener.getsockname()[:2]
    url = f"http://{_spelt(address)}:{port}/"
    return url if token is None else f"{url}?token={token}"


def new_token() -> str:
    """A fresh token: 256 random bits."""
    return secrets.token_urlsafe(32)


def serve(settings: Settings, listener: socket.socket, make: Make, dress: Dress | None = None) -> None:
    """Serve until SIGINT or SIGTERM; answers that have begun are finished, streams of events are ended."""
    server = Server(settings, make, dress)
    # A large board makes tens of thousands of objects at once, which the collector would look through again and again.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)
    server.run([listener])


class Server(uvicorn.Server):
    """uvicorn with limits; a signal ends it with exit status 0.

    `make` gives the routes; `dress` is put around them and their guards.
    """

    def __init__(self, settings: Settings, make: Make, dress: Dress | None = None) -> None:
        self._app: FastAPI = make(settings)
        limits = settings.limits
        connections = Connections(limits.connections)
        config = uvicorn.Config(
            guarded(self._app, settings, connections, dress),
            http=bounded(limits, connections),
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=5,
            limit_concurrency=4 * limits.connections,  # above what `Connections` leaves open: it bounds the work
            backlog=_AT_ONCE,
            callback_notify=self._abort_stalled,
            timeout_notify=0,
        )
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn; more connections may wait than are accepted at once."""
        await super().startup(sockets)
        for listener in sockets or ():
            listener.listen(_WAITING)

    async def _abort_stalled(self) -> None:
        """Abort the connections of clients that receive nothing; uvicorn calls it once a second."""
        now = time.monotonic()
        for connection in tuple(self.server_state.connections):
            assert isinstance(connection, Bounded)
            connection.abort_if_stalled(now)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams of events first: uvicorn waits for all answers to end."""
        self._app.state.streams.stop()
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """As uvicorn, which would remember the signal and send it again at the end."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def guarded(app: FastAPI, settings: Settings, connections: Connections, dress: Dress | None = None) -> ASGIApp:
    """The routes behind everything that a request passes: log, `dress`, limits, Host and Origin, token."""
    guard = Guard(Again(app, app.state), app.router.routes, settings)
    origins = SiteGuard(guard, settings.hosts, settings.encrypted)
    limited = Limited(origins, settings.limits, guard.is_known, connections.admit)
    requests = Logged(Heads(limited if dress is None else dress(limited)))

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        assert scope["type"] in ("http", "lifespan")
        # Beside requests there are the beginning and the end of the server, which no guard has to do with.
        await (requests if scope["type"] == "http" else app)(scope, receive, send)

    return serve


def _spelt(address: str) -> str:
    return f"[{address}]" if ":" in address else address
