"""The application: the routes, and around them what every request passes, from the outside in."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import AsyncIterator
from typing import Any

from anyio import to_thread
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from archsearch import __version__, registry
from archsearch.api.checker import Checker
from archsearch.api.drawings import Drawings
from archsearch.api.events import Streams
from archsearch.api.parameters import MOST_FILTERS
from archsearch.api.reading import Reader
from archsearch.api.writing import Writer
from archsearch.errors import InvalidInput, Refused
from archsearch.server.logs import GONE, unexpected
from archsearch.server.mistakes import ProblemDetails
from archsearch.server.problems import Declined, handle, invalid_parameters
from archsearch.server.processes import Processes
from archsearch.server.settings import Settings
from archsearch.server.table import mount

ROUTES = "archsearch.api.routes"
CHILD = "archsearch.api.checker_child"


def make_app(settings: Settings) -> FastAPI:
    """The routes alone, without any guard: for `guarded` and for tests."""
    app = _Api(settings)
    for name in registry.names(ROUTES):
        mount(app, importlib.import_module(f"{ROUTES}.{name}").ROUTES, read_only=settings.read_only)
    for kind in (Declined, InvalidInput, Refused, HTTPException):
        app.add_exception_handler(kind, handle)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)
    return app


class _Api(FastAPI):
    """The application with its own OpenAPI document, and no pages that load scripts from elsewhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        super().__init__(
            title="archsearch",
            version=__version__,
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=self._live,
        )

    @contextlib.asynccontextmanager
    async def _live(self, app: FastAPI) -> AsyncIterator[None]:
        """What lives as long as the server: the open store, the runner, the processes that check, the streams."""
        settings, limits, state = self._settings, self._settings.limits, app.state
        state.settings = settings
        async with contextlib.AsyncExitStack() as stack:
            if not settings.read_only:
                state.writer = await stack.enter_async_context(_writing(settings))
            store = importlib.import_module("archsearch.store").Store.read(settings.storage, lasting=True)
            state.reader = Reader(stack.enter_context(store), settings.tasks_from, limits.staleness)
            checking, drawing = (Processes(CHILD, limits, slots, settings.tasks_from) for slots in (limits.checks, 1))
            state.checker, state.drawings = Checker(checking), Drawings(drawing)
            state.streams = Streams(state.reader, limits)
            for close in (checking.close, drawing.close):
                stack.push_async_callback(close)
            stack.callback(state.streams.stop)
            yield

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            found = get_openapi(title=self.title, version=self.version, routes=self.routes)
            parts = found.setdefault("components", {})
            details = TypeAdapter(ProblemDetails).json_schema(ref_template="#/components/schemas/{model}")
            parts.setdefault("schemas", {}).update(details.pop("$defs", {}))
            parts["schemas"]["ProblemDetails"] = details
            parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            found["security"] = [{"token": []}]
            _describe_columns(found["paths"])
            self.openapi_schema = found
        return self.openapi_schema


@contextlib.asynccontextmanager
async def _writing(settings: Settings) -> AsyncIterator[Writer]:
    """The store, open for writing, and the runner that looks at what is written."""
    store_module = importlib.import_module("archsearch.store")
    with store_module.Store.create(settings.storage, lasting=True) as store:
        if not settings.runs:
            yield Writer(store, settings, lambda: None)
            return
        runner = importlib.import_module("archsearch.study.runner").Runner(
            settings.storage, settings.cores, settings.tasks_from
        )
        runner.start()
        try:
            yield Writer(store, settings, runner.wake)
        finally:
            await to_thread.run_sync(runner.stop)


def _describe_columns(paths: dict[str, Any]) -> None:
    """Say which columns a board may be sorted and filtered by."""
    from archsearch.findings.columns import COLUMNS
    from archsearch.findings.picking import filter_pattern

    for parameter in paths["/api/v1/studies/{study}/board"]["get"]["parameters"]:
        if parameter["name"] == "sort":
            parameter["schema"] = {"enum": list(COLUMNS)}
        elif parameter["name"] == "filter":
            items = {"type": "string", "pattern": filter_pattern()}
            parameter["schema"] = {"type": "array", "items": items, "maxItems": MOST_FILTERS}


async def _unexpected(request: Request, error: Exception) -> Response:
    """Called by Starlette, which raises the error again once this is sent."""
    return unexpected(request.scope, error)


async def _gone(request: Request, error: Exception) -> Response:
    """For the log alone: the client is gone."""
    return Response(status_code=GONE)


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid_parameters(error.errors())
