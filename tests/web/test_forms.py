"""Forms are read strictly."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from archsearch.errors import InvalidInput
from archsearch.server.problems import Declined
from archsearch.web.forms import KIND, read_cores, read_form


def read(body: bytes, kind: str | None = KIND) -> dict[str, str]:
    """Read a form with one required field `a` and an optional one `b`."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [] if kind is None else [(b"content-type", kind.encode())]
    return asyncio.run(read_form(Request({"type": "http", "headers": headers}, receive), ("a",), ("b",)))


def problems(body: bytes) -> str:
    """What is wrong with a form."""
    with pytest.raises(InvalidInput) as found:
        read(body)
    return str(found.value)


def test_fields_are_decoded_as_browsers_encode_them() -> None:
    assert read(b"a=x+y%2B%26%3D%C3%A9&b=") == {"a": "x y+&=é", "b": ""}


def test_optional_fields_may_be_left_out() -> None:
    assert read(b"a=1") == {"a": "1", "b": ""}


def test_the_kind_may_name_its_encoding() -> None:
    assert read(b"a=1", f"{KIND.upper()}; charset=UTF-8")["a"] == "1"


@pytest.mark.parametrize("typed", ["%0D%0A", "%0A", "%0D"])
def test_line_breaks_are_those_of_files(typed: str) -> None:
    assert read(f"a=x{typed}y{typed}{typed}z".encode())["a"] == "x\ny\n\nz"


def test_text_is_kept_otherwise() -> None:
    text = "\x00\x01\t \u202e\u2028\x85 <b>&amp;</b> %41 𝕏"
    encoded = "".join(f"%{byte:02X}" for byte in text.encode())
    assert read(f"a={encoded}".encode())["a"] == text


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"a=1&a=1", "form.a: is given more than once"),
        (b"a=1&b=1&b=2", "form.b: is given more than once"),
        (b"b=1", "form.a: is missing"),
        (b"", "form.a: is missing"),
        (b"a=1&c=2", "form.c: unknown field; allowed: a, b"),
        (b"a=1&a%00=2", r"form.a\x00: unknown field"),
        (b"a=1&=2", "unknown field"),
        (b"a=%ff", "is not UTF-8"),
        (b"a=%ED%A0%80", "is not UTF-8"),  # half of a surrogate pair
        (b"a=\xff", "is not UTF-8"),
        (b"a=1" + 100 * b"&", "has too many fields"),
    ],
)
def test_what_is_not_meant_is_refused(body: bytes, what: str) -> None:
    assert what in problems(body)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", "text/plain", "", None])
def test_another_kind_of_body_is_refused(kind: str | None) -> None:
    with pytest.raises(Declined) as found:
        read(b"a=1", kind)
    assert found.value.status == 415


@pytest.mark.parametrize(("text", "cores"), [("1", 1), ("4", 4), ("07", 16)])
def test_cores_are_a_number_up_to_those_of_the_server(text: str, cores: int) -> None:
    assert read_cores(text, cores) == int(text)


@pytest.mark.parametrize("text", ["", "0", "3", "-1", "1.0", " 1", "１", "²", "1e0", "9" * 5000, "<b>"])
def test_other_cores_are_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="allowed: 1 to 2"):
        read_cores(text, 2)
