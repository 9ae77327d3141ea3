"""The open connections of a server, and which of them are closed when there are too many."""

from __future__ import annotations

import asyncio
from collections import Counter

from starlette.types import Scope

from archsearch.server.logs import LOG

_Address = tuple[str, int]
_Ends = tuple[_Address, _Address]
"""Addresses and ports of client and server."""


class Connections:
    """The open connections: at most `most` that have shown the token, and as many that have not, the strangers.

    One stranger more closes the oldest one of the address that has most strangers. Neither kind takes the place of the
    other.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._strangers: dict[_Ends, asyncio.Transport] = {}
        self._known: dict[_Ends, asyncio.Transport] = {}
        self._crowded = False

    def opened(self, transport: asyncio.Transport) -> None:
        """Count a new connection as a stranger, and close another one if there are too many."""
        ends = _ends(transport)
        if ends is None:  # its client has gone already
            return
        self._strangers[ends] = transport
        if len(self._strangers) > self._most:
            self._close_one()

    def closed(self, transport: asyncio.Transport) -> None:
        """Forget a connection."""
        ends = _ends(transport)
        for connections in (self._strangers, self._known):
            if ends is not None and connections.get(ends) is transport:
                del connections[ends]
        if 2 * len(self._strangers) < self._most:
            self._crowded = False

    def admit(self, scope: Scope) -> bool:
        """Keep the connection of a request that shows the token. False if too many are kept already."""
        ends = (scope.get("client"), scope.get("server"))
        if ends in self._strangers and len(self._known) < self._most:
            self._known[ends] = self._strangers.pop(ends)
        return ends not in self._strangers

    def _close_one(self) -> None:
        sizes = Counter(client[0] for client, _ in self._strangers)
        largest = max(sizes.values())
        oldest = next(ends for ends in self._strangers if sizes[ends[0][0]] == largest)
        self._strangers.pop(oldest).abort()
        if not self._crowded:
            self._crowded = True
            LOG.warning("too many connections without a token", extra={"facts": {"client": oldest[0][0]}})


def _ends(transport: asyncio.Transport) -> _Ends | None:
    client, server = (transport.get_extra_info(name) for name in ("peername", "sockname"))
    return (client[:2], server[:2]) if client and server else None
