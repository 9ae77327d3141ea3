"""Defining a study: two texts, checked as they are written, and launched."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from archsearch.api.checker import Checker
from archsearch.api.parameters import ReaderHere, WriterHere
from archsearch.api.reading import Reader
from archsearch.api.reports import Definitions, Validation
from archsearch.errors import InvalidInput, Problem, Refused, one_of
from archsearch.schema.series_names import SEPARATOR, series_of
from archsearch.server.problems import Declined
from archsearch.server.settings import Settings
from archsearch.server.table import Table
from archsearch.space.library import SPACES, STUDIES
from archsearch.store.store import Store
from archsearch.web.answers import page, refusal
from archsearch.web.forms import read_cores, read_form
from archsearch.web.rendering import href
from archsearch.web.views.new import SAMPLES, CheckedTexts, outcome_of
from archsearch.web.views.texts import Texts, origins, shipped_text, stored_texts

ROUTES = Table()

Word = Annotated[str, Query(max_length=2000)]
Begin = Annotated[str, Query(max_length=2000, alias="from")]
_TEXTS, _LAUNCH = ("space", "study"), ("workers", "then")
_THEN = ("create", "start")


@ROUTES.get("/new")
async def show_new(
    request: Request, reader: ReaderHere, begin: Begin = "", space: Word = "", study: Word = ""
) -> HTMLResponse:
    """Show the two texts, empty or as shipped files or a stored study have them."""
    if begin:
        texts = await reader.of_study(begin, lambda store, row: stored_texts(row, reader.tasks_from))
    else:
        try:
            texts = Texts(shipped_text(SPACES, space) if space else "", shipped_text(STUDIES, study) if study else "")
        except InvalidInput as error:
            raise Declined(404, error.problems[0].what) from None
    outcome = CheckedTexts(waiting=bool(texts.space or texts.study))
    return await _page(request, texts, outcome, chosen={"from": begin, "space": space, "study": study})


@ROUTES.add("POST", "/new/check", "token")
async def check(request: Request) -> HTMLResponse:
    """Say what is wrong with the texts, or what is proved of them."""
    texts, form = await _read(request)
    outcome = await _check(request, texts)
    if _asks_for_part(request):
        return page("new/outcome.html", outcome=outcome, samples=None)
    return await _page(request, texts, outcome, workers=form["workers"])


@ROUTES.add("POST", "/new/samples", "token")
async def draw_samples(request: Request) -> HTMLResponse:
    """Draw a few cells of the space."""
    texts, form = await _read(request)
    checker: Checker = request.app.state.checker
    try:
        if texts.space.strip():
            report = await checker.check(texts.space, SAMPLES, styled=False)
        else:
            report = await checker.check_study(texts.study, None, SAMPLES, styled=False)
    except (Declined, Refused) as error:
        samples: Validation | str = str(error)
    else:
        samples = report
    if _asks_for_part(request):
        return page("new/samples.html", samples=samples)
    return await _page(request, texts, await _check(request, texts), workers=form["workers"], samples=samples)


@ROUTES.add("POST", "/new/create", "token")
async def create(request: Request, writer: WriterHere) -> Response:
    """Create the study, or each of a series, and start it if that is asked for; lead to its page."""
    texts, form = await _read(request)
    if form["then"] not in _THEN:
        raise InvalidInput(Problem(("form", "then"), "unknown button", one_of(_THEN)))
    settings: Settings = request.app.state.settings
    status, said, outcome = 422, "", CheckedTexts()
    try:
        workers = read_cores(form["workers"], settings.cores) if form["then"] == "start" else None
        defined, outcome = await _examine(request, texts)
        if outcome.plans:
            created = await writer.create(defined.studies, start=workers is not None, workers=workers)
            return _redirect([summary.study for summary in created.studies])
        said = "" if outcome.faults else "there is no study yet; write one, or begin from one above"
    except InvalidInput as error:
        said = f"{error.problems[0].what}; {error.problems[0].allowed}"
    except (Declined, Refused) as error:
        status, said = error.status if isinstance(error, Declined) else 409, refusal(error)
    return await _page(request, texts, outcome, status, workers=form["workers"], said=said)


def _redirect(names: list[str]) -> RedirectResponse:
    """To the study's page, or to the studies of the series."""
    there = href("/study", name=names[0])
    if len(names) > 1:
        there = href("/", name=f"{series_of(names[0])}{SEPARATOR}")
    return RedirectResponse(there, 303)


async def _read(request: Request) -> tuple[Texts, dict[str, str]]:
    form = await read_form(request, _TEXTS, _LAUNCH)
    return Texts(form["space"], form["study"]), form


async def _check(request: Request, texts: Texts) -> CheckedTexts:
    """What is known of the texts; where that cannot be told, why."""
    try:
        return (await _examine(request, texts))[1]
    except (Declined, Refused) as error:
        return CheckedTexts(trouble=refusal(error))


async def _examine(request: Request, texts: Texts) -> tuple[Definitions, CheckedTexts]:
    """The studies that the texts stand for, and what is shown of them; `Declined` where that takes too much."""
    checker: Checker = request.app.state.checker
    reader: Reader = request.app.state.reader
    space = texts.space if texts.space.strip() else None
    defined = await checker.define(texts.study, space) if texts.study.strip() else Definitions()
    report = None if space is None else await checker.check(space)

    def taken(store: Store) -> list[str]:
        return [name for name, _ in defined.studies if store.find_study(name) is not None]

    return defined, outcome_of(texts, report, defined, await reader.read(taken))


def _asks_for_part(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


async def _page(
    request: Request,
    texts: Texts,
    outcome: CheckedTexts,
    status: int = 200,
    *,
    workers: str = "",
    said: str = "",
    chosen: dict[str, str] | None = None,
    samples: Validation | str | None = None,
) -> HTMLResponse:
    """The whole page with the texts as they were typed."""
    reader: Reader = request.app.state.reader
    settings: Settings = request.app.state.settings
    return page(
        "new.html",
        status,
        here="/new",
        texts=texts,
        outcome=outcome,
        said=said,
        samples=samples,
        origins=await reader.read(origins),
        chosen=chosen or {"from": "", "space": "", "study": ""},
        cores=settings.cores,
        workers=workers or str(settings.cores),
        read_only=settings.read_only,
    )
