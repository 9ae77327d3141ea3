"""Who gets in: every route and method without the token, by foreign names, from foreign pages; and what stops them."""

from __future__ import annotations

import http.client
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.routing import Route
from starlette.types import ASGIApp

from archsearch.api.app import make_app
from archsearch.server import listening
from archsearch.server.access import Guard, GuardedRoute, cookie_name, cookie_value
from archsearch.server.settings import Settings
from tests.api.serving import TOKEN, Served, serving

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")
OPEN = {("GET", "/healthz")}


def routes() -> list[GuardedRoute]:
    """Every route of the application."""
    app = make_app(Settings("", frozenset(), TOKEN, 1))
    assert all(isinstance(route, GuardedRoute) for route in app.routes)
    return [route for route in app.routes if isinstance(route, GuardedRoute)]


def address(route: GuardedRoute) -> str:
    """The route's path with something in its place-holders."""
    return route.path.format(study="tiny", number=0, spec_id="s", evaluation=1, name="lstm")


ROUTES = routes()
EVERYWHERE = [(method, address(route)) for route in ROUTES for method in METHODS]


def test_every_route_says_who_may_use_it_and_only_health_is_open() -> None:
    assert len(ROUTES) > 10
    assert all(route.access in ("open", "token") for route in ROUTES)
    found = {(method, route.path) for route in ROUTES if route.access == "open" for method in route.methods or ()}
    assert found == OPEN


def ask(served: Served, method: str, path: str, **headers: str) -> int:
    """The status of a request made byte by byte, so that no client tidies it up."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        return connection.getresponse().status
    finally:
        connection.close()


def test_nothing_is_let_in_without_the_token(served: Served) -> None:
    found = {(method, path): ask(served, method, path) for method, path in EVERYWHERE}
    let_in = {where for where, status in found.items() if status != 401}
    assert let_in == OPEN | {("HEAD", path) for _, path in OPEN}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:PORT", "127.0.0.1.evil.example:PORT", "127.0.0.1", "localhost:1", "0.0.0.0:PORT",
     "127.1:PORT", "[::1", "", "127.0.0.1:PORT@evil.example", "127.0.0.1:PORT:80", "2130706433:PORT"],
)  # fmt: skip
def test_a_foreign_host_gets_nothing_even_with_the_token(served: Served, host: str) -> None:
    named = host.replace("PORT", str(served.port))
    for method, path in EVERYWHERE[:: len(METHODS) - 1]:
        status = ask(served, method, path, Host=named, Authorization=f"Bearer {TOKEN}")
        assert status in (400, 421), (method, path)
    assert ask(served, "GET", "/healthz", Host=named) in (400, 421)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://", "HOST.evil", "x"])
def test_a_page_of_another_site_gets_nothing_even_with_the_token(served: Served, origin: str) -> None:
    named = origin.replace("HOST", served.url)
    for method, path in EVERYWHERE:
        assert ask(served, method, path, Origin=named, Authorization=f"Bearer {TOKEN}") == 403, (method, path)


def test_what_a_browser_says_of_another_site_is_believed(served: Served) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    assert ask(served, "GET", "/api/v1/studies", Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors", **token) == 403
    assert ask(served, "GET", "/api/v1/studies", Sec_Fetch_Site="same-site", Sec_Fetch_Mode="cors", **token) == 403
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert ask(served, "GET", "/api/v1/studies", **link, **token) == 200
    assert ask(served, "HEAD", "/api/v1/studies", **link, **token) == 200
    for method in ("POST", "PUT", "PATCH", "DELETE"):  # a form of another site; not all browsers send its Origin
        assert ask(served, method, "/api/v1/validate", **link, **token) == 403


def test_our_own_names_and_pages_are_let_in(served: Served) -> None:
    for name in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        host = f"{name}:{served.port}"
        for origin in ({}, {"Origin": f"http://{host}"}):
            assert ask(served, "GET", "/api/v1/studies", Host=host, Authorization=f"Bearer {TOKEN}", **origin) == 200


@pytest.mark.parametrize(
    "credentials",
    ["", "Bearer", "Bearer ", f"Basic {TOKEN}", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, f"Bearer {TOKEN} x",
     "Bearer \xff\xfe", f"Bearer {cookie_value(TOKEN)}"],
)  # fmt: skip
def test_other_credentials_are_refused(served: Served, credentials: str) -> None:
    assert ask(served, "GET", "/api/v1/studies", Authorization=credentials) == 401


def test_the_link_sets_a_cookie_and_leads_on_without_the_token(served: Served) -> None:
    with served.anonymous() as http:
        entered = http.get(f"/api/v1/studies?limit=1&token={TOKEN}&name=t%26i")
        assert entered.status_code == 303
        assert entered.headers["location"] == "/api/v1/studies?limit=1&name=t%26i"
        cookie = entered.headers["set-cookie"]
        assert cookie.startswith(f"{cookie_name(served.port)}=")
        assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}
        assert TOKEN not in cookie
        assert TOKEN not in entered.text
        assert http.get(entered.headers["location"]).status_code == 200
        assert http.post("/api/v1/validate", content="cell: x").status_code == 415  # the cookie is enough for it
    for query in ("token=", "token=wrong", f"token={TOKEN}&token={TOKEN}", f"Token={TOKEN}"):
        with served.anonymous() as http:
            assert http.get(f"/api/v1/studies?{query}").status_code == 401, query
    assert ask(served, "POST", f"/api/v1/validate?token={TOKEN}") == 401


@pytest.mark.parametrize(
    "path", ["//evil.example/", "/\\evil.example", "/%5Cevil.example", "/%2F%2Fevil.example", "///"]
)
def test_the_link_leads_to_no_other_host(served: Served, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.putrequest("GET", f"{path}?token={TOKEN}")
    connection.endheaders()
    answer = connection.getresponse()
    location = answer.headers["location"]
    connection.close()
    assert answer.status == 303
    assert location.startswith("/")
    assert location[1:2] not in ("/", "\\")


def test_cookies_of_others_are_not_taken_for_ours(served: Served) -> None:
    name, value = cookie_name(served.port), cookie_value(TOKEN)
    assert ask(served, "GET", "/api/v1/studies", Cookie=f"a=b; {name}={value}") == 200
    for cookie in (f"{name}={TOKEN}", f"{name}x={value}", f"x{name}={value}", f"{name}={value}x", f"{name}", "=;;"):
        assert ask(served, "GET", "/api/v1/studies", Cookie=cookie) == 401, cookie


def test_without_a_token_host_and_origin_are_still_checked(storage: str) -> None:
    with serving(storage, token=None) as found:
        assert ask(found, "GET", "/api/v1/studies") == 200
        assert ask(found, "GET", "/api/v1/studies", Host="evil.example") == 421
        assert ask(found, "GET", "/api/v1/studies", Origin="http://evil.example") == 403
        assert ask(found, "POST", "/api/v1/validate", Origin="http://evil.example") == 403


def test_a_method_that_is_not_taken_is_answered_with_all_that_are(served: Served) -> None:
    with served.http() as http:
        for path, allowed in (
            ("/api/v1/studies", "GET, HEAD, POST"),
            ("/api/v1/studies/tiny", "DELETE, GET, HEAD"),
            ("/api/v1/validate", "POST"),
        ):
            for method in ("PUT", "PATCH", "OPTIONS", "PROPFIND"):
                answer = http.request(method, path)
                assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_every_answer_has_the_headers(served: Served) -> None:
    with served.http() as http:
        answers = [http.get("/healthz"), http.get("/nothing"), http.get("/api/v1/studies"), http.delete("/healthz")]
        answers += [http.get("/api/v1/studies", headers={"Host": "evil.example"}), http.get(f"/?token={TOKEN}")]
    for answer in answers:
        assert answer.headers["content-security-policy"].startswith("default-src 'none';")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers
        assert answer.headers["x-request-id"]


def test_behind_a_proxy_with_tls_cookies_and_pages_come_with_it(storage: str) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    with serving(storage, encrypted=frozenset({"studies.example"})) as found:
        ours = f"127.0.0.1:{found.port}"
        for host, secure in ((ours, False), ("studies.example", True), ("Studies.Example", True)):
            with found.anonymous() as http:
                cookie = http.get(f"/?token={TOKEN}", headers={"Host": host}).headers["set-cookie"]
            assert ("; secure" in cookie.lower()) is secure
        for host, origin, status in (
            ("studies.example", "https://studies.example", 200),
            ("studies.example", "http://studies.example", 403),
            ("studies.example", f"http://{ours}", 403),
            (ours, f"http://{ours}", 200),
            (ours, f"https://{ours}", 200),
            (ours, "https://studies.example", 403),
            ("other.example", "https://other.example", 421),
        ):
            assert ask(found, "GET", "/api/v1/studies", Host=host, Origin=origin, **token) == status, (host, origin)


# --- each guard is what stops it: without the guard the same request gets through


def passing(app: ASGIApp, *_: Any) -> ASGIApp:
    """In place of a guard."""
    return app


@pytest.fixture
def without(storage: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A server without one of its guards."""

    def make(guard: str) -> Any:
        monkeypatch.setattr(listening, guard, passing)
        return serving(storage)

    return make


def test_without_the_guard_anybody_gets_in(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Guard, "_answer", lambda guard, scope: guard._app)
    with serving(storage) as found:
        assert ask(found, "GET", "/api/v1/studies") == 200


def test_without_the_check_of_names_and_pages_they_get_in(without: Any) -> None:
    with without("SiteGuard") as found:
        assert ask(found, "GET", "/api/v1/studies", Host="evil.example", Authorization=f"Bearer {TOKEN}") == 200
        origin = {"Origin": "http://evil.example"}
        assert ask(found, "GET", "/api/v1/studies", Authorization=f"Bearer {TOKEN}", **origin) == 200


def test_a_route_that_does_not_say_who_may_use_it_is_closed(storage: str) -> None:
    async def nothing() -> None:
        return None

    def forgetful(settings: Settings) -> FastAPI:
        app = make_app(settings)
        app.router.add_api_route("/forgotten", nothing, route_class_override=GuardedRoute)
        app.router.routes.append(Route("/other", nothing))
        return app

    for token in (TOKEN, None):
        with serving(storage, token=token, make=forgetful) as found:
            for path in ("/forgotten", "/other"):
                assert ask(found, "GET", path, Authorization=f"Bearer {TOKEN}") == 403
