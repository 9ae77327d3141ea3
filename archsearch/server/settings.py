"""Settings of a server, and its limits."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from pydantic import Field
from pydantic_settings import DotEnvSettingsSource, EnvSettingsSource

from archsearch.errors import InvalidInput, Problem, nearest
from archsearch.study.defaults import PREFIX, Defaults, read_defaults
from archsearch.study.environment import usable_cores


class ServerDefaults(Defaults):
    """Settings of a server from `ARCHSEARCH_HOST`, `_PORT`, `_CORES`, `_TOKEN` and `_STORAGE`. Options come first."""

    host: str = "127.0.0.1"
    port: int = Field(8765, ge=0, le=65_535)
    cores: int | None = Field(None, ge=1)
    token: str | None = Field(None, pattern=r"\A[A-Za-z0-9._~-]{20,200}\z", repr=False)
    """As it stands in an address; shorter ones could be guessed."""


def server_defaults() -> ServerDefaults:
    """The settings as they are now; `InvalidInput` for wrong values, and for a variable that was meant to be one."""
    defaults = read_defaults(ServerDefaults)
    names = [name for source in (EnvSettingsSource, DotEnvSettingsSource) for name in source(ServerDefaults).env_vars]
    for name in names:
        setting = name.upper().removeprefix(PREFIX).lower()
        meant = nearest(setting, [*ServerDefaults.model_fields])
        if name.upper().startswith(PREFIX) and meant not in ("", setting):
            hint = f"did you mean {PREFIX}{meant.upper()}?"
            raise InvalidInput(Problem((name.upper(),), "is not a setting of the server", hint))
    return defaults


@dataclasses.dataclass(frozen=True)
class ServerLimits:
    """Limits of a server and of each of its clients. Sizes in bytes, times in seconds."""

    body: int = 2**20
    query: int = 4096
    headers: int = 16 * 1024
    connections: int = 256
    header_seconds: float = 10.0
    """For the head of a request to arrive in full."""
    seconds: float = 60.0
    """For an answer to begin, and unless it is a stream of events, to end."""
    taking: float = 60.0
    """For a client to receive what it was sent, where a connection that closes or an answer waits for that."""
    pipelined: int = 16
    """Requests of a connection that wait for the answer to one before them."""
    rate: float = 200.0
    """Requests per second and client, in the long run."""
    burst: int = 800
    """Requests of a client at once."""
    streams: int = 32
    staleness: float = 0.5
    """For which a board is shown again without a query."""
    poll: float = 0.25
    """Between two queries for whether the database of a study that is followed has changed."""
    heartbeat: float = 15.0
    checks: int = 2
    """Texts that are checked at the same time, each in a child process; diagrams have another process."""
    check_seconds: float = 20.0
    check_memory: int = 2**30


@dataclasses.dataclass(frozen=True)
class Settings:
    """One server. `hosts` are the values of the Host header that it answers to; without `token` it asks for none.

    `encrypted` are further ones, those of proxies with TLS: cookies and pages of theirs come with TLS or not at all.

    `tasks_from` is the folder of the user's own tasks, which studies may need. Studies that are started share `cores`;
    without `run` they wait until another server of this database runs them.
    """

    storage: str = dataclasses.field(repr=False)  # may hold a password
    hosts: frozenset[str]
    token: str | None
    port: int
    read_only: bool = False
    tasks_from: Path | None = None
    limits: ServerLimits = ServerLimits()
    cores: int = dataclasses.field(default_factory=usable_cores)
    run: bool = True
    encrypted: frozenset[str] = frozenset()

    @property
    def runs(self) -> bool:
        """Whether this server runs studies."""
        return self.run and not self.read_only
