"""Pages as answers: the policy, errors as pages for browsers, assets for everybody."""

from __future__ import annotations

from typing import Any

import pytest

from archsearch.web.assets import assets
from tests.api.serving import TOKEN, Served
from tests.web.conftest import serving_pages
from tests.web.pages import parse

HTML = {"Accept": "text/html,application/xhtml+xml"}


def test_a_page_allows_nothing_inline_and_nothing_from_elsewhere(site: Served) -> None:
    with site.http() as http:
        answer = http.get("/", headers=HTML)
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "style-src", "connect-src", "form-action")} == {"'self'"}
    assert not any("unsafe" in value or "http" in value or "*" in value for value in policy.values())
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_loads_nothing_without_its_hash(site: Served) -> None:
    with site.http() as http:
        root = parse(http.get("/", headers=HTML).text)
    loaded = [*root.all("script"), *root.all("link", rel="stylesheet")]
    assert len(loaded) >= 6
    assert all(element.attributes["integrity"].startswith("sha384-") for element in loaded)


def test_assets_may_be_kept_for_ever_and_need_no_token(site: Served) -> None:
    asset = assets()["site.css"]
    with site.anonymous() as http:
        answer = http.get(asset.url)
    assert answer.content == asset.content
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("name", ["site.css", "../site.css", "%2e%2e%2fsite.css", "x" * 300, "SHA256SUMS"])
def test_an_asset_has_no_other_address(site: Served, name: str) -> None:
    with site.http() as http:
        assert http.get(f"/static/{name}").status_code in (404, 414)


def test_a_browser_without_the_token_gets_a_page_that_asks_for_it(site: Served) -> None:
    with site.anonymous() as http:
        answer = http.get("/", headers=HTML)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert parse(answer.text).one("input", name="token").attributes["type"] == "password"
    assert "tiny" not in answer.text


@pytest.mark.parametrize("shown", [{"headers": {"Authorization": "Bearer x"}}, {"params": {"token": "x"}}])
def test_a_wrong_token_is_told_from_none(site: Served, shown: Any) -> None:
    with site.anonymous() as http:
        answers = http.get("/"), http.get("/", **shown)
    assert [answer.status_code for answer in answers] == [401, 401]
    assert [answer.json()["detail"].partition(":")[0] for answer in answers] == [
        "a token is needed",
        "the token is not valid",
    ]


def test_a_program_gets_the_same_as_a_problem(site: Served) -> None:
    with site.anonymous() as http:
        answer = http.get("/")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_api_answers_browsers_as_everybody(site: Served) -> None:
    with site.http() as http:
        answer = http.get("/api/v1/studies/nobody", headers=HTML)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


def test_the_printed_link_opens_the_first_page(site: Served) -> None:
    with site.anonymous() as http:
        answer = http.get("/", params={"token": TOKEN}, headers=HTML, follow_redirects=True)
    assert answer.status_code == 200
    assert "token" not in str(answer.url)


def test_an_error_is_a_page_with_the_id_of_the_request(site: Served) -> None:
    with site.http() as http:
        answer = http.get("/nowhere", headers=HTML)
    assert answer.status_code == 404
    root = parse(answer.text)
    assert root.one("h1").text == "Not Found"
    assert answer.headers["x-request-id"]


def test_a_wrong_parameter_is_told_in_a_page(site: Served) -> None:
    with site.http() as http:
        answer = http.get("/", params={"state": "<script>"}, headers=HTML)
    assert answer.status_code == 422
    assert "<script>" not in answer.text


def test_a_read_only_server_has_pages(storage: str) -> None:
    with serving_pages(storage, read_only=True) as found, found.http() as http:
        assert http.get("/", headers=HTML).status_code == 200
