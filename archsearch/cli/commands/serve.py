"""`archsearch serve`: pages, the HTTP API, and the studies started there; for this machine alone by default."""

from __future__ import annotations

import dataclasses
import sys
from typing import Annotated

import typer

from archsearch.cli.commands import Command
from archsearch.cli.options import Storage, TasksFrom
from archsearch.cli.output import complain, say
from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.study import DEFAULT_STORAGE

INSIST = "--i-know-others-can-reach-it"


def serve(
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Where to listen.", show_default="127.0.0.1"),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="N", min=0, max=65_535, help="At which port; 0: any free one.", show_default="8765"
        ),
    ] = None,
    storage: Storage = DEFAULT_STORAGE,
    cores: Annotated[
        int | None,
        typer.Option("--cores", metavar="N", min=1, help="Cores for the studies that run here; by default all."),
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Serve what reads and nothing else, and run no studies.")
    ] = False,
    no_token: Annotated[
        bool, typer.Option("--no-token", help="Ask for no token: every user of this machine can do everything.")
    ] = False,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Another name of the server: HOST behind TLS, else HOST:PORT."),
    ] = None,
    insist: Annotated[
        bool, typer.Option(INSIST, help="Allow a --host that other machines can reach; HTTP is not encrypted.")
    ] = False,
    tasks_from: TasksFrom = None,
) -> None:
    """Serve studies in a browser and over HTTP, and run them.

    It prints a link with a token, which opens it in a browser; programs send the token as `Authorization: Bearer`. A
    database that does not exist is made. A stop ends the studies too; the next start goes on with them.

    ARCHSEARCH_HOST, _PORT, _CORES, _STORAGE and _TOKEN, in the environment or in a file .env, stand for options that
    are not given. Without a token there, each start makes a new one.
    """
    try:
        from archsearch.server import listening as server
        from archsearch.server.logs import start_logging
        from archsearch.server.settings import Settings, server_defaults
        from archsearch.web.answers import Readable
        from archsearch.web.site import make_site
    except ModuleNotFoundError as error:
        if error.name not in ("fastapi", "starlette", "uvicorn", "anyio", "h11", "httptools"):
            raise
        raise Refused(f"serving needs the package {error.name}: install archsearch[serve]") from None
    from archsearch.store.store import Store
    from archsearch.study.task_choice import task_names

    # All mistakes are found before anything listens.
    defaults = server_defaults()
    host, port = defaults.host if host is None else host, defaults.port if port is None else port
    plain, encrypted = server.given_names(names or ())
    task_names(tasks_from)
    (Store.read if read_only else Store.create)(storage).close()
    with server.bind(host, port) as listener:
        if not server.is_loopback(listener):
            _check_reach(host, no_token=no_token, insist=insist)
        token = None if no_token else defaults.token or server.new_token()
        known = server.host_names(listener) | plain
        settings = Settings(storage, known, token, listener.getsockname()[1], read_only, tasks_from)
        settings = dataclasses.replace(settings, cores=cores or defaults.cores or settings.cores, encrypted=encrypted)
        say(server.link(listener, token))
        sys.stdout.flush()  # unless it is a terminal, nothing else would write it before the end
        complain("Ctrl-C stops the server")
        start_logging()
        server.serve(settings, listener, make_site, Readable)


def _check_reach(host: str, *, no_token: bool, insist: bool) -> None:
    if no_token:
        what = "a server that other machines can reach asks for a token"
        raise InvalidInput(Problem(("--no-token",), what, "allowed: only with a --host such as 127.0.0.1"))
    if not insist:
        what = f"other machines could reach {host}, and HTTP is not encrypted"
        raise InvalidInput(Problem(("--host",), what, f"allowed: 127.0.0.1, or add {INSIST}"))


COMMAND = Command("Results", serve)
