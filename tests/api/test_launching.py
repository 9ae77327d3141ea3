"""Creating, starting, cancelling and deleting, in every state; nothing is run here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archsearch.api.client import Client
from archsearch.errors import InvalidInput, Refused
from archsearch.server.access import cookie_name, cookie_value
from archsearch.store.store import Database
from tests.api.serving import TOKEN, Served, serving
from tests.store.free_store import FreeStore
from tests.study.texts import PLAIN, STUDY, TASK

SPACE = "space: mine\nwiring: lstm\nholes:\n  cell_input: [tanh, relu]\n"
SERIES = PLAIN.replace(
    TASK,
    "tasks:\n  one: {name: parity, train_length: 3, test_length: 6}\n"
    "  two: {name: parity, train_length: 4, test_length: 6}",
)
OBJECT: dict[str, Any] = {
    "study": "small",
    "space": "mine",
    "task": {"name": "parity", "train_length": 3, "test_length": 6},
    "model": {"hidden_size": 4},
    "training": {"learning_rate": 0.02, "sequences": 320},
    "baselines": ["rnn"],
    "search": {"trials": 2},
}
SPACE_OBJECT = {"space": "mine", "wiring": "lstm", "holes": {"cell_input": ["tanh", "relu"]}}
YAML = {"Content-Type": "application/yaml"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    """An address at which there is no database yet."""
    return f"sqlite:///{tmp_path / 'a.db'}"


@pytest.fixture
def server(url: str) -> Iterator[Served]:
    """A server with two cores that runs nothing."""
    with serving(url) as found:
        yield found


@pytest.fixture
def client(server: Served) -> Client:
    return server.client()


def states(client: Client) -> dict[str, str]:
    """Every study's state."""
    return {study.study: study.state for study in client.studies().studies}


def queued(client: Client) -> list[tuple[str, str, int | None, int | None]]:
    """What the queue says."""
    return [(job.study, job.state, job.workers, job.position) for job in client.queue().jobs]


# --- creating


def test_a_server_makes_its_database(client: Client) -> None:
    assert client.studies().total == 0
    assert (client.queue().cores, client.queue().jobs) == (0, ())  # it runs nothing


def test_a_study_is_created_from_text_and_waits(client: Client) -> None:
    created = client.create(PLAIN)
    assert created.total == 1
    (study,) = created.studies
    assert (study.study, study.state, study.task, study.trials, study.trials_wanted) == (
        "small",
        "created",
        "parity",
        0,
        2,
    )
    assert client.study("small").definition["space"] == "lstm_to_gru"
    assert client.board("small").rows == ()


@pytest.mark.parametrize("study", [STUDY, OBJECT], ids=["text", "object"])
@pytest.mark.parametrize("space", [SPACE, SPACE_OBJECT], ids=["text", "object"])
def test_a_space_of_ones_own_comes_with_it(client: Client, study: Any, space: Any) -> None:
    client.create(study, space)
    found = client.study("small").definition
    assert (found["space"], found["study"]["space"]["holes"]) == ("mine", {"cell_input": ["tanh", "relu"]})


def test_yaml_says_in_the_address_whether_to_start(server: Served) -> None:
    with server.http() as http:
        answer = http.post("/api/v1/studies?start=true&workers=1", content=PLAIN, headers=YAML)
    assert answer.status_code == 201
    assert answer.json()["studies"][0]["state"] == "queued"
    assert queued(server.client()) == [("small", "queued", 1, 1)]


def test_a_series_is_created_whole_or_not_at_all(client: Client) -> None:
    client.create(PLAIN.replace("study: small", "study: small.two"))
    with pytest.raises(Refused, match=r"there is a study 'small\.two' already"):
        client.create(SERIES, start=True)
    assert states(client) == {"small.two": "created"}
    client.delete("small.two")
    created = client.create(SERIES, start=True)
    assert [(study.study, study.state) for study in created.studies] == [
        ("small.one", "queued"),
        ("small.two", "queued"),
    ]
    assert queued(client) == [("small.one", "queued", 2, 1), ("small.two", "queued", 2, 2)]


def test_a_name_that_is_taken_is_refused(client: Client) -> None:
    client.create(PLAIN)
    with pytest.raises(Refused, match="there is a study 'small' already"):
        client.create(PLAIN, start=True)
    assert states(client) == {"small": "created"}


def test_mistakes_are_told_at_their_lines_and_nothing_is_created(client: Client) -> None:
    with pytest.raises(InvalidInput) as caught:
        client.create(STUDY.replace("rnn", "rrnn"), SPACE.replace("relu", "relo"), start=True)
    places = {(each.file, each.line, each.path) for each in caught.value.problems}
    assert places == {("space", 4, ("holes", "cell_input", 1)), ("study", 6, ("baselines", 0))}
    assert states(client) == {}


def test_mistakes_in_objects_have_a_path_and_no_line(server: Served) -> None:
    with server.http() as http:
        answer = http.post("/api/v1/studies", json={"study": OBJECT | {"baselines": ["rrnn"]}, "space": SPACE})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    place = (problem["file"], problem["path"], problem["line"], problem["column"])
    assert place == ("study", ["baselines", 0], 0, 0)


@pytest.mark.parametrize(
    "name",
    ["../../etc/passwd", "..", "a/b", "<script>alert(1)</script>", "' OR 1=1 --", "=HYPERLINK(1)", "a\nb", "a b", "",
     "\x1b[2J", "x" * 65, "caf\u00e9", "\u202eabc", "a\0b", "\ud800", "1", "a..b", ".a", "a.b.c"],
    ids=repr,
)  # fmt: skip
def test_names_that_nobody_should_have_are_refused(client: Client, server: Served, name: str) -> None:
    with pytest.raises(InvalidInput):
        client.create(OBJECT | {"study": name}, SPACE)
    text = PLAIN.replace("study: small", f"study: {json.dumps(name)}").encode("utf-8", "surrogatepass")
    with server.http() as http:
        answer = http.post("/api/v1/studies", content=text, headers=YAML)
    assert answer.status_code == 422
    assert "<script>" not in json.dumps(answer.json()["detail"])
    assert states(client) == {}


@pytest.mark.parametrize("text", ["", "cell: x", SPACE, "quickstart", "./study.yaml", "- 1", "study: [", "a: &a [*a]"])
def test_what_is_no_study_creates_nothing(client: Client, text: str) -> None:
    with pytest.raises(InvalidInput):
        client.create(text)
    assert states(client) == {}


def test_no_file_of_the_server_gets_into_a_study(client: Client, tmp_path: Path) -> None:
    (tmp_path / "space.yaml").write_text(SPACE)
    for reference in (f"{tmp_path}/space.yaml", "./space.yaml"):
        with pytest.raises(InvalidInput, match="a text that comes over HTTP names no files"):
            client.create(STUDY.replace("space: mine", f"space: {reference}"))
    assert states(client) == {}


def test_tasks_are_the_shipped_ones_and_those_of_the_server(url: str, tmp_path: Path) -> None:
    folder = tmp_path / "tasks"
    folder.mkdir()
    own = "from archsearch.tasks.parity import Parity\nclass Own(Parity):\n    'Mine.'\nTASK = Own\n"
    (folder / "own.py").write_text(own, encoding="utf-8")
    text = PLAIN.replace("name: parity", "name: own")
    with serving(url) as found, pytest.raises(InvalidInput, match="no task is called 'own'"):
        found.client().create(text)
    with serving(url, tasks_from=folder) as found:
        assert found.client().validate(text).valid
        assert found.client().create(text).studies[0].task == "own"
        with pytest.raises(InvalidInput, match=r"no task is called 'own/\.\./own'"):
            found.client().create(PLAIN.replace("name: parity", "name: own/../own").replace("small", "other"))


def test_more_workers_than_cores_are_refused_before_anything_is_created(client: Client) -> None:
    with pytest.raises(InvalidInput, match="workers: 3 evaluations at once"):
        client.create(PLAIN, start=True, workers=3)
    assert states(client) == {}
    client.create(PLAIN)
    with pytest.raises(InvalidInput, match="workers: 3 evaluations at once"):
        client.start("small", workers=3)
    assert states(client) == {"small": "created"}


# --- states


def test_studies_wait_in_the_order_in_which_they_were_started(client: Client) -> None:
    for name in "abc":
        client.create(PLAIN.replace("small", name))
    for name, workers in (("b", 1), ("c", None), ("a", 2)):
        assert client.start(name, workers=workers).state == "queued"
    assert queued(client) == [("b", "queued", 1, 1), ("c", "queued", 2, 2), ("a", "queued", 2, 3)]
    assert client.cancel("c").state == "cancelled"
    assert [job for job in queued(client) if job[1] == "queued"] == [("b", "queued", 1, 1), ("a", "queued", 2, 2)]
    assert client.start("c").state == "queued"
    assert [job[0] for job in queued(client)] == ["b", "a", "c"]
    assert [study.study for study in client.studies(state="queued").studies] == ["a", "b", "c"]


def in_state(url: str, name: str, state: str) -> None:
    """Bring a study that was just created into a state, as coordinator and runner would."""
    with FreeStore.create(url) as store:
        row = store.find_study(name)
        assert row is not None
        if state in ("queued", "running", "stopping", "failed"):
            store.enqueue(row.id, 1)
        if state in ("running", "stopping"):
            assert store.begin_job(row.id)
        if state in ("stopping", "cancelled"):
            if state == "cancelled":
                store.enqueue(row.id, 1)
            store.cancel(row.id)
        if state == "failed":
            store.fail_job(row.id, "it ended with status 1")
        if state in ("interrupted", "finished", "exhausted"):
            store.begin_study(row.id)
            store.end_study(row.id, state)  # type: ignore[arg-type]


ALLOWED = {
    "created": ("start", "delete"),
    "queued": ("cancel",),
    "running": ("cancel",),
    "stopping": (),
    "cancelled": ("start", "delete"),
    "interrupted": ("start", "delete"),
    "failed": ("start", "delete"),
    "finished": ("start", "delete"),
    "exhausted": ("start", "delete"),
}


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("verb", ["start", "cancel", "delete"])
def test_what_may_be_done_depends_on_the_state(client: Client, url: str, state: str, verb: str) -> None:
    client.create(PLAIN)
    in_state(url, "small", state)
    assert client.study("small").state == state
    if verb not in ALLOWED[state]:
        with pytest.raises(Refused, match="small"):
            getattr(client, verb)("small")
        assert states(client) == {"small": state}
    elif verb == "delete":
        client.delete("small")
        assert states(client) == {}
        assert client.queue().jobs == ()
    else:
        after = "queued" if verb == "start" else {"queued": "cancelled", "running": "stopping"}[state]
        assert getattr(client, verb)("small").state == after
        assert states(client) == {"small": after}


def test_the_queue_says_why_a_study_failed(client: Client, url: str) -> None:
    client.create(PLAIN)
    in_state(url, "small", "failed")
    (job,) = client.queue().jobs
    assert (job.study, job.state, job.position, job.reason) == ("small", "failed", None, "it ended with status 1")


def test_a_deleted_name_is_free_again(client: Client) -> None:
    client.create(PLAIN)
    client.delete("small")
    with pytest.raises(Refused, match="no study has this name"):
        client.study("small")
    assert client.create(STUDY, SPACE).studies[0].state == "created"
    assert client.study("small").definition["space"] == "mine"


@pytest.mark.parametrize("name", ["nothing", "../small", "Small", "small ", "small.yaml", "\0", "%"])
def test_what_has_no_such_name_cannot_be_touched(client: Client, name: str) -> None:
    client.create(PLAIN)
    for verb in (client.start, client.cancel, client.delete):
        with pytest.raises(Refused, match=r"has this name|nothing at this address"):
            verb(name)
    assert states(client) == {"small": "created"}


def test_a_stream_ends_when_its_study_is_cancelled_or_deleted(client: Client) -> None:
    client.create(PLAIN)
    events = client.events("small")
    assert next(events).state == "created"
    client.start("small")
    assert next(events).state == "queued"
    client.cancel("small")
    assert [event.state for event in events] == ["cancelled"]
    client.create(PLAIN.replace("small", "other"))
    events = client.events("other")
    assert next(events).state == "created"
    client.delete("other")
    assert list(events) == []


STRANGERS: dict[str, tuple[int, dict[str, str]]] = {
    "no token": (401, {"Authorization": ""}),
    "wrong token": (401, {"Authorization": f"Bearer {TOKEN}x"}),
    "wrong cookie": (401, {"Authorization": "", "Cookie": "archsearch-PORT=x"}),
    "foreign host": (421, {"Host": "evil.example"}),
    "foreign origin": (403, {"Origin": "http://evil.example"}),
    "foreign origin with the cookie": (403, {"Authorization": "", "Cookie": "OURS", "Origin": "http://evil.example"}),
    "no origin": (403, {"Origin": "null"}),
    "what a browser says": (403, {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"}),
}


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_changes_nothing(server: Served, client: Client, who: str) -> None:
    client.create(PLAIN)
    client.create(PLAIN.replace("small", "waiting"), start=True)
    status, headers = STRANGERS[who]
    ours = f"{cookie_name(server.port)}={cookie_value(TOKEN)}"
    headers = {key: value.replace("PORT", str(server.port)).replace("OURS", ours) for key, value in headers.items()}
    body = {"content": PLAIN.replace("small", "new"), "headers": headers | YAML}
    with server.http() as http:
        for query in ("", f"?token={TOKEN}"):  # a link's token is good for looking alone
            for method, path, sent in (
                ("POST", "", body),
                ("POST", "/small/start", {"headers": headers}),
                ("POST", "/waiting/cancel", {"headers": headers}),
                ("DELETE", "/small", {"headers": headers}),
            ):
                answer = http.request(method, f"/api/v1/studies{path}{query}", **sent)
                assert answer.status_code == status, (method, path)
    assert states(client) == {"small": "created", "waiting": "queued"}


def test_the_cookie_and_our_own_pages_are_enough(server: Served) -> None:
    cookie = f"{cookie_name(server.port)}={cookie_value(TOKEN)}"
    headers = {"Cookie": cookie, "Origin": server.url, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}
    with server.http(headers=headers) as http:
        assert http.post("/api/v1/studies", content=PLAIN, headers=YAML).status_code == 201
        assert http.post("/api/v1/studies/small/start").status_code == 202
        assert http.post("/api/v1/studies/small/cancel").status_code == 202
        assert http.delete("/api/v1/studies/small").status_code == 204


def test_a_read_only_server_changes_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    FreeStore.create(url).close()
    monkeypatch.delattr(Database, "create")  # it does not even open the database for writing
    with serving(url, read_only=True) as found, found.http() as http:
        assert http.get("/api/v1/queue").json() == {"cores": 0, "jobs": []}
        for method, path in (("POST", ""), ("POST", "/small/start"), ("POST", "/small/cancel"), ("DELETE", "/small")):
            assert http.request(method, f"/api/v1/studies{path}").status_code in (404, 405)


def test_a_queue_outlasts_its_server(url: str) -> None:
    with serving(url) as found:
        found.client().create(PLAIN, start=True, workers=1)
    with serving(url) as found:
        assert queued(found.client()) == [("small", "queued", 1, 1)]
