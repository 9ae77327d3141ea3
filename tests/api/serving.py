"""A real server on a port of its own, in a thread of the test's process."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import httpx

from archsearch.api.app import make_app
from archsearch.api.client import Client
from archsearch.server import listening as server
from archsearch.server.listening import Dress
from archsearch.server.settings import ServerLimits, Settings

TOKEN = "a-token-that-tests-know"
PLENTY = ServerLimits(rate=1e6, burst=1_000_000, poll=0.02, heartbeat=0.1, staleness=0.0)
"""ServerLimits that no test runs into by accident, and events without waiting."""


@dataclasses.dataclass(frozen=True)
class Served:
    """A running server."""

    url: str
    port: int
    token: str | None
    server: server.Server
    clients: contextlib.ExitStack
    """Closed with the server."""

    def http(self, **changes: Any) -> httpx.Client:
        """A client that sends the token, and no header that a test does not ask for."""
        headers = {} if self.token is None else {"Authorization": f"Bearer {self.token}"}
        options: dict[str, Any] = {"headers": headers, "timeout": 30.0, "trust_env": False}
        return httpx.Client(base_url=self.url, **options | changes)

    def anonymous(self) -> httpx.Client:
        """A client without the token."""
        return self.http(headers={})

    def client(self) -> Client:
        """Our own client, closed with the server."""
        return self.clients.enter_context(Client(self.url, self.token))


def first_event(lines: Iterator[str]) -> str:
    """The first line of a stream of events, after comments that say on a busy machine that it lasts."""
    return next(line for line in lines if line and not line.startswith(":"))


@contextlib.contextmanager
def serving(
    storage: str,
    *,
    token: str | None = TOKEN,
    limits: ServerLimits = PLENTY,
    make: server.Make = make_app,
    dress: Dress | None = None,
    **settings: Any,
) -> Iterator[Served]:
    """Serve a database. The socket listens before the server does, so that nobody has to wait for it.

    No study is run unless the test says `run=True`.
    """
    with server.bind("127.0.0.1", 0) as listener, contextlib.ExitStack() as clients:
        port = listener.getsockname()[1]
        options: dict[str, Any] = {"run": False, "cores": 2} | settings
        chosen = Settings(storage, server.host_names(listener), token, port, limits=limits, **options)
        running = server.Server(chosen, make, dress)
        thread = threading.Thread(target=running.run, args=([listener],))
        thread.start()
        try:
            yield Served(f"http://127.0.0.1:{port}", port, token, running, clients)
        finally:
            clients.close()
            running.should_exit = True
            thread.join(timeout=30)
            assert not thread.is_alive()
