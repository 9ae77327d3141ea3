"""The whole server: the API, and the pages beside it."""

from __future__ import annotations

import importlib

from fastapi import FastAPI

from archsearch import registry
from archsearch.api.app import make_app
from archsearch.server.settings import Settings
from archsearch.server.table import mount
from archsearch.web.rendering import prepare

PAGES = "archsearch.web.pages"


def make_site(settings: Settings) -> FastAPI:
    """The API with the pages, without any guard: for `api.server.Server`, which puts one around it."""
    app = make_app(settings)
    prepare()
    for name in registry.names(PAGES):
        mount(app, importlib.import_module(f"{PAGES}.{name}").ROUTES, read_only=settings.read_only)
    return app
