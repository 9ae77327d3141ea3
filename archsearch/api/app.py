"""The application: its routes, what lives as long as it, and its OpenAPI document."""

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

from archsearch import __version__
from archsearch.api.checker import Checker
from archsearch.api.drawings import Drawings
from archsearch.api.events import Streams
from archsearch.api.reading import Reader
from archsearch.api.writing import Writer
from archsearch.errors import InvalidInput, Refused
from archsearch.server.details import ProblemDetails
from archsearch.server.logs import GONE, unexpected
from archsearch.server.problems import Declined, handle, invalid_parameters
from archsearch.server.processes import Processes
from archsearch.server.settings import Settings
from archsearch.server.table import mount

ROUTES = "archsearch.api.routes"
CHILD = "archsearch.api.checker_child"


def make_app(settings: Settings) -> FastAPI:
    """The routes alone, without any guard: for `guarded` and for tests."""
    app = _Api(
        title="archsearch",
        version=__version__,
        openapi_url=None,
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_keep_open,
        exception_handlers={
            **dict.fromkeys((Declined, InvalidInput, Refused, HTTPException), handle),
            RequestValidationError: _answer_invalid,
            ClientDisconnect: _answer_disconnect,
            Exception: _answer_unexpected,
        },
    )
    app.state.settings = settings
    mount(app, ROUTES, read_only=settings.read_only)
    return app


@contextlib.asynccontextmanager
async def _keep_open(app: FastAPI) -> AsyncIterator[None]:
    """Open what lives as long as the server: the store, the runner, the child processes, the streams."""
    state, settings = app.state, app.state.settings
    limits = settings.limits
    async with contextlib.AsyncExitStack() as stack:
        if not settings.read_only:
            state.writer = await stack.enter_async_context(_writing(settings))
        store = importlib.import_module("archsearch.store.store").Store.read(settings.storage, lasting=True)
        state.reader = Reader(stack.enter_context(store), settings.tasks_from, limits.staleness)
        checking, drawing = (Processes(CHILD, limits, slots, settings.tasks_from) for slots in (limits.checks, 1))
        state.checker, state.drawings = Checker(checking), Drawings(drawing)
        state.streams = Streams(state.reader, limits)
        stack.push_async_callback(checking.close)
        stack.push_async_callback(drawing.close)
        stack.callback(state.streams.stop)
        yield


class _Api(FastAPI):
    """The application with an OpenAPI document of its own."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            document = get_openapi(title=self.title, version=self.version, routes=self.routes)
            details = TypeAdapter(ProblemDetails).json_schema(ref_template="#/components/schemas/{model}")
            parts = document.setdefault("components", {})
            parts.setdefault("schemas", {}).update(details.pop("$defs", {}), ProblemDetails=details)
            parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"token": []}]
            self.openapi_schema = document
        return self.openapi_schema


@contextlib.asynccontextmanager
async def _writing(settings: Settings) -> AsyncIterator[Writer]:
    """Open the store for writing, and run the studies that are queued."""
    store_module = importlib.import_module("archsearch.store.store")
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


async def _answer_unexpected(request: Request, error: Exception) -> Response:
    """Answer an error that Starlette raises again once this is sent."""
    return unexpected(request.scope, error)


async def _answer_disconnect(request: Request, error: Exception) -> Response:
    """Give the log a status: the client is gone."""
    return Response(status_code=GONE)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid_parameters(error.errors())
