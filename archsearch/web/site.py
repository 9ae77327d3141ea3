"""The whole server: the API, and the pages beside it."""

from __future__ import annotations

from fastapi import FastAPI

from archsearch.api.app import make_app
from archsearch.server.settings import Settings
from archsearch.server.table import mount
from archsearch.web.rendering import prepare

PAGES = "archsearch.web.pages"


def make_site(settings: Settings) -> FastAPI:
    """The API with the pages, without any guard: for `server.listening.Server`, which puts the guards around it."""
    app = make_app(settings)
    prepare()
    mount(app, PAGES, read_only=settings.read_only)
    return app
