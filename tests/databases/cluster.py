"""PostgreSQL for the tests: a cluster in a temporary folder, on a free loopback port, gone with its owner."""

from __future__ import annotations

import os
import pwd
import random
import secrets
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any, Literal, Self, TypedDict

import psycopg
from psycopg import sql
from sqlalchemy import make_url

OWNER = "archsearch"
"""The role that owns the databases, with no other right."""

Shutdown = Literal["smart", "fast", "immediate"]

_PORTS = range(20_000, 32_000)  # below those from which the kernel picks one for an outgoing connection
_TRIES = 5  # another process may take the port first
# Nothing reaches the disk for certain, which a killed server survives and a power cut would not. Commits do wait for
# the kernel to have them: after an immediate shutdown all that was acknowledged is there. Names sort as people sort
# them, not by bytes: an order by text must not decide any result.
_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
shared_buffers = 32MB
timezone = 'Pacific/Chatham'
"""
# It waits for a line, or for the end of the process that would have written it, and leaves nothing of the cluster.
_KEEPER = """
trap '' INT TERM HUP
read -r _
"$1/pg_ctl" stop -s -D "$2/data" -m immediate >/dev/null 2>&1
rm -rf "$2"
"""


class _Account(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


def find_binaries() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: of the newest version that Debian's packages installed, or on PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("[0-9]*/bin/initdb"), key=lambda path: int(path.parts[4]))
    on_path = shutil.which("initdb")
    found = installed[-1] if installed else Path(on_path).resolve() if on_path else None
    return found and found.parent


class Cluster:
    """A running cluster; `stop`, `start` and `restart` it in a test that has it for itself.

    Args:
        binaries: the folder of PostgreSQL's programs (version 15 or newer).
    """

    def __init__(self, binaries: Path) -> None:
        self._binaries = binaries
        self._account = _find_account()
        self.folder = Path(tempfile.mkdtemp(prefix="archsearch-postgresql-"))
        if self._account:
            os.chown(self.folder, self._account["user"], self._account["group"])
        self._keeper = subprocess.Popen(
            ["sh", "-c", _KEEPER, "sh", binaries, self.folder],
            stdin=subprocess.PIPE,
            start_new_session=True,
            cwd="/",
            **self._account,
        )
        # Characters that a URL must escape: what handles passwords is tested with each of them.
        self._admin_password, self._password = (f"%@:/?#[{secrets.token_hex(8)}" for _ in range(2))
        self._databases = 0
        try:
            self._make()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the server and remove everything."""
        self._keeper.communicate(b"\n")

    def start(self) -> None:
        """Start the server, which has been stopped."""
        self._control("start", "-l", self.folder / "log", "-o", f"-p {self.port}")

    def stop(self, mode: Shutdown = "fast") -> None:
        """Stop the server: `fast` ends every session with a message, `immediate` kills every process of it."""
        self._control("stop", "-m", mode)

    def restart(self, mode: Shutdown = "fast") -> None:
        """Stop and start the server."""
        self.stop(mode)
        self.start()

    def admin(self) -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the superuser, which commits each statement."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self._admin_password,
            dbname="postgres",
            autocommit=True,
        )

    def create_database(self, template: str | None = None) -> str:
        """Create a database, empty or a copy of the one at `template`; its URL, as a user of archsearch gives it."""
        self._databases += 1
        name = f"test_{self._databases}"
        with self.admin() as connection:
            # A copy of files takes half the work of the default.
            create = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY file_copy"
            copied = "template1" if template is None else _name(template)
            connection.execute(sql.SQL(create).format(*map(sql.Identifier, (name, OWNER, copied))))
        url = make_url(f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{name}").set(password=self._password)
        return url.render_as_string(hide_password=False)

    def drop_database(self, url: str) -> None:
        """Drop a database and end its sessions."""
        with self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(_name(url))))

    def end_sessions(self, url: str, but: int = 0) -> int:
        """End the sessions of a database, except that of the server process `but`; how many there were."""
        query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> %s"
        with self.admin() as connection:
            return len(connection.execute(query, (_name(url), but)).fetchall())

    def _make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self._admin_password, encoding="ascii")
        secret.chmod(0o644)  # the folder is its owner's alone
        self._run(
            *("initdb", "-D", self.folder / "data", "--no-sync", "--no-instructions", "--wal-segsize=1"),
            *("-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret),
            *("-E", "UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en"),
        )
        with (self.folder / "data" / "postgresql.conf").open("a", encoding="ascii") as stream:
            stream.write(_SETTINGS)
        self._start_on_a_free_port()
        with self.admin() as connection:
            role = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
            connection.execute(role.format(sql.Identifier(OWNER), sql.Literal(self._password)))

    def _start_on_a_free_port(self) -> None:
        for left in reversed(range(_TRIES)):
            self.port = _free_port()
            try:
                self.start()
            except RuntimeError:
                if not left:
                    raise
            else:
                return

    def _control(self, *arguments: str | Path) -> None:
        self._run("pg_ctl", arguments[0], "-s", "-w", "-t", "60", "-D", self.folder / "data", *arguments[1:])

    def _run(self, program: str, *arguments: str | Path) -> None:
        with tempfile.TemporaryFile() as output:  # not a pipe, whose end would not come before that of the server
            done = subprocess.run(
                [self._binaries / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                check=False,
                **self._account,
            )
            output.seek(0)
            if done.returncode:
                raise RuntimeError(f"{program} {arguments[0]} failed:\n{output.read().decode(errors='replace')}")


def _find_account() -> _Account:
    """Whose the cluster is: PostgreSQL does not run as root."""
    if os.geteuid():
        return {}
    accounts = {account.pw_name: account for account in pwd.getpwall()}
    entry = accounts.get("postgres") or accounts["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _free_port() -> int:
    for port in random.SystemRandom().sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)):
                return port
    raise RuntimeError("no port is free")


def _name(url: str) -> str:
    name = make_url(url).database
    assert name is not None
    return name
