"""`archsearch serve` as a process: what it prints, refuses, logs, and how it stops."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from archsearch.api.client import Client
from archsearch.errors import InvalidInput, Refused
from archsearch.server import listening as server
from tests.cli.conftest import Call
from tests.cli.samples import record_study

ROOT = Path(__file__).resolve().parents[2]
RUN = "import sys; from archsearch.cli.main import main; sys.exit(main(sys.argv[1:]))"


@contextlib.contextmanager
def started(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The command on a free port, and the link that it prints."""
    command = [sys.executable, "-c", RUN, "serve", "--port", "0", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONUNBUFFERED", None)  # nor has it the shell of whoever starts a server
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert select.select([process.stdout], [], [], 60)[0], "nothing is printed"
            yield process, process.stdout.readline().strip()
        finally:
            process.kill()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a study in its default database."""
    record_study(f"sqlite:///{tmp_path / 'archsearch.db'}", "tiny")
    return tmp_path


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_printed_link_is_all_a_client_needs_and_a_signal_ends_it(folder: Path, number: int) -> None:
    with started(folder) as (process, link):
        token = link.partition("?token=")[2]
        assert len(token) >= 43
        with Client(link) as client:
            assert client.study("tiny").trials == 5
            assert client.validate("cell: x").problems
        process.send_signal(number)
        printed, log = process.communicate(timeout=30)
    assert (process.returncode, printed) == (0, "")
    assert token not in log
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert [(line["method"], line["path"], line["status"]) for line in requests] == [
        ("GET", "/api/v1/studies/tiny", 200),
        ("POST", "/api/v1/validate", 200),
    ]
    assert len({line["request"] for line in requests}) == 2
    assert [line for line in lines if line["level"] != "info"] == []


def test_two_servers_have_two_tokens(folder: Path) -> None:
    assert server.new_token() != server.new_token()
    with started(folder, "--no-token") as (_, link):
        assert "?" not in link
        with Client(link) as client:
            assert client.studies().total == 1


def test_a_database_that_is_not_there_is_made_and_its_studies_get_the_cores_that_are_said(tmp_path: Path) -> None:
    with started(tmp_path, "--cores", "3", "--storage", "sqlite:///new.db") as (_, link), Client(link) as client:
        assert client.studies().total == 0
        assert client.queue().cores == 3
    assert (tmp_path / "new.db").exists()
    with started(tmp_path, "--read-only", "--storage", "sqlite:///new.db") as (_, link), Client(link) as client:
        assert client.queue().cores == 0


def test_a_stop_waits_for_no_stream(folder: Path) -> None:
    record_study(f"sqlite:///{folder / 'archsearch.db'}", "going", phases=1)
    with started(folder) as (process, link), Client(link) as client:
        events = client.events("going")
        assert next(events).state == "running"
        process.send_signal(signal.SIGTERM)
        assert list(events) == []
        assert process.wait(timeout=30) == 0


def test_what_cannot_be_served_is_one_clear_error(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = call("serve", "--port", port)
        assert (done.status, done.out) == (1, "")
        assert done.err == f"port {port} of 127.0.0.1 is taken: stop what listens there, or name another --port\n"
    done = call("serve", "--storage", "sqlite:///missing.db", "--read-only")
    assert done.status == 1
    assert done.err.startswith("no database at ")
    assert done.err.count("\n") == 1
    assert not Path("missing.db").exists()
    done = call("serve", "--host", "no.such.host.invalid")
    assert (done.status, done.err.count("\n")) == (2, 1)
    done = call("serve", "--port", 0, "--tasks-from", "nowhere")
    assert (done.status, done.out, done.err) == (2, "", "nowhere: is not a folder of tasks\n")


def test_others_are_kept_out_unless_somebody_insists(call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    done = call("serve", "--host", "0.0.0.0", "--port", 0)
    assert (done.status, done.out) == (2, "")
    assert "--i-know-others-can-reach-it" in done.err
    done = call("serve", "--host", "0.0.0.0", "--port", 0, "--no-token", "--i-know-others-can-reach-it")
    assert (done.status, done.out) == (2, "")
    assert "asks for a token" in done.err


def test_a_server_behind_a_proxy_answers_to_the_name_of_the_proxy(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with started(folder, "--name", "studies.example", "--name", "localhost:9") as (_, link):
        address, _, token = link.partition("?token=")
        for host, secure in (("studies.example", True), ("localhost:9", False)):
            entered = httpx.get(address, params={"token": token}, headers={"Host": host}, trust_env=False)
            assert entered.status_code == 303
            assert ("; Secure" in entered.headers["set-cookie"]) is secure
    monkeypatch.chdir(folder)
    done = call("serve", "--name", "https://studies.example/")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("--name: 'https://studies.example/' is not a valid name of a server")


def test_loopback_is_told_from_the_address_that_is_bound_not_from_its_name() -> None:
    for host, expected in (("127.0.0.1", True), ("localhost", True), ("127.8.8.8", True), ("0.0.0.0", False)):
        with server.bind(host, 0) as listener:
            assert server.is_loopback(listener) is expected
    with pytest.raises(InvalidInput):
        server.bind("x" * 300, 0)
    with pytest.raises(Refused, match="cannot listen"):
        server.bind("192.0.2.7", 0)


@dataclasses.dataclass
class Listener:
    address: str
    port: int

    def getsockname(self) -> tuple[str, int]:
        return self.address, self.port


@pytest.mark.parametrize(
    ("address", "port", "names"),
    [
        ("192.0.2.7", 8765, {"192.0.2.7:8765"}),
        ("192.0.2.7", 80, {"192.0.2.7:80", "192.0.2.7"}),
        ("2001:db8::1", 80, {"[2001:db8::1]:80", "[2001:db8::1]"}),
        ("127.0.0.1", 80, {"127.0.0.1:80", "127.0.0.1", "localhost:80", "localhost", "[::1]:80", "[::1]"}),
    ],
)
def test_a_server_answers_to_its_address_as_browsers_spell_it(address: str, port: int, names: set[str]) -> None:
    """They leave out port 80."""
    assert server.host_names(Listener(address, port)) == names  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "plain", "encrypted"),
    [
        ("Studies.Example", set(), {"studies.example", "studies.example:443"}),
        ("studies.example:443", set(), {"studies.example", "studies.example:443"}),
        ("https://studies.example", set(), {"studies.example", "studies.example:443"}),
        ("https://studies.example:8443", set(), {"studies.example:8443"}),
        ("https://[2001:db8::1]:8443", set(), {"[2001:db8::1]:8443"}),
        ("localhost:9000", {"localhost:9000"}, set()),
        ("http://localhost:443", {"localhost:443"}, set()),
        ("http://studies.example", {"studies.example", "studies.example:80"}, set()),
        ("studies.example:80", {"studies.example", "studies.example:80"}, set()),
    ],
)
def test_a_given_name_means_tls_unless_it_has_another_port_or_says_http(
    name: str, plain: set[str], encrypted: set[str]
) -> None:
    found = server.given_names([name])
    assert (set(found[0]), set(found[1])) == (plain, encrypted)


@pytest.mark.parametrize(
    "name", ["", "https://", "ftp://x", "https://x/", "x/y", "a@b", "x:y", "x:123456", "::1", "a b"]
)
def test_what_is_no_name_is_said_to_be_none(name: str) -> None:
    with pytest.raises(InvalidInput, match="is not a valid name of a server"):
        server.given_names(["localhost:9000", name])


def test_without_the_packages_it_says_what_to_install(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "archsearch.server.listening", raising=False)
    monkeypatch.delattr("archsearch.server.listening", raising=False)
    done = call("serve")
    assert done.status == 1
    assert done.err == "serving needs the package uvicorn: install archsearch[serve]\n"


def test_importing_the_api_loads_neither_torch_nor_optuna_nor_sqlalchemy() -> None:
    program = (
        "import sys, archsearch.server.listening, archsearch.api.client; print([m for m in %r if m in sys.modules])"
    )
    modules = ("torch", "optuna", "sqlalchemy", "numpy")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", program % (modules,)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "[]\n"
