"""A coordinator whose PostgreSQL ends its session, at any point, records what an undisturbed one does, and once."""

from __future__ import annotations

import contextlib
import select
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from archsearch.store import HeldElsewhere, TakenOver
from archsearch.study.coordinator import run
from archsearch.study.progress import Event, Note
from tests.databases.cluster import Cluster, Shutdown
from tests.databases.fixtures import POSTGRESQL_ONLY
from tests.databases.raw import execute
from tests.study.fake_work import LOG
from tests.study.runner.waiting import wait_until
from tests.study.samples import complete, executor, small, snapshot, starts

Found = dict[str, Any]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Found, list[str]]:
    """The result of the study on SQLite, and the evaluations that it starts."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(LOG, str(folder / "starts.log"))
        complete(small(), f"sqlite:///{folder / 'study.db'}")
    return snapshot(f"sqlite:///{folder / 'study.db'}"), sorted(starts(folder / "starts.log"))


class Hurry(threading.Event):
    """Calls `meanwhile` with the number of earlier waits instead of waiting."""

    def __init__(self, meanwhile: Callable[[int], None] = lambda _: None) -> None:
        super().__init__()
        self._meanwhile = meanwhile
        self._waits = 0

    def wait(self, timeout: float | None = None) -> bool:
        self._meanwhile(self._waits)
        self._waits += 1
        return self.is_set()


def carry_out(url: str, stop: threading.Event, fault: Callable[[str], None] | None = None) -> list[str]:
    """Run the study with one worker; return the notes about the database."""
    events: list[Event] = []
    run(small(), url, 1, events.append, stop=stop, executor=executor(), fault=fault)
    return [each.text for each in events if isinstance(each, Note) and "database" in each.text]


def once(name: str, count: int, action: Callable[[], object]) -> Callable[[str], None]:
    """A fault: `action` at the `count`th moment of this name."""
    left = count

    def fault(moment: str) -> None:
        nonlocal left
        left -= moment == name
        if moment == name and left == 0:
            action()

    return fault


class Cutter:
    """Ends the session that holds the study's lock, once at each place."""

    def __init__(self, cluster: Cluster) -> None:
        self._admin = cluster.admin()
        self._places: set[object] = set()

    def cut(self, connection: Connection, place: object) -> bool:
        """End the session of `connection` if it holds the lock and none was ended at `place` before; return whether."""
        if "archsearch_has_lock" not in connection.info or place in self._places:
            return False
        self._places.add(place)
        driver: Any = connection.connection.driver_connection
        self._admin.execute("SELECT pg_terminate_backend(%s)", (driver.info.backend_pid,))
        end = select.poll()
        end.register(driver.fileno(), select.POLLRDHUP)  # the server closes it when it has released the lock
        assert end.poll(60_000)
        return True

    @property
    def cuts(self) -> int:
        return len(self._places)

    def close(self) -> None:
        self._admin.close()


@pytest.fixture
def cutter(cluster: Cluster) -> Iterator[Cutter]:
    found = Cutter(cluster)
    yield found
    found.close()


@POSTGRESQL_ONLY
def test_a_session_that_ends_before_each_statement(
    url: str, log: Any, undisturbed: tuple[Found, list[str]], cutter: Cutter
) -> None:
    place = [0, 0]  # transactions that were completed, statements of this one

    def begin(_: Connection) -> None:
        place[1] = 0

    def before(connection: Connection, *_: object) -> None:
        place[1] += 1
        cutter.cut(connection, tuple(place))

    def commit(_: Connection) -> None:
        place[0] += 1

    listeners: dict[str, Callable[..., None]] = {"begin": begin, "before_cursor_execute": before, "commit": commit}
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        notes = carry_out(url, Hurry())
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
    assert cutter.cuts > 200
    assert len(notes) <= place[0]  # a transaction that is cut again and again says so once
    assert (snapshot(url), sorted(starts(log))) == undisturbed


@POSTGRESQL_ONLY
@pytest.mark.parametrize("got_through", [False, True], ids=["commit lost", "answer lost"])
def test_a_session_that_ends_at_each_commit(
    url: str,
    log: Any,
    undisturbed: tuple[Found, list[str]],
    cutter: Cutter,
    monkeypatch: pytest.MonkeyPatch,
    got_through: bool,
) -> None:
    commit, completed = Connection._commit_impl, [0]
    current: list[Connection] = []

    def commit_impl(connection: Connection) -> None:
        current[:] = [connection]
        commit(connection)

    def do_commit(_: PGDialect_psycopg, connection: Any) -> None:
        if got_through:
            connection.commit()
        cut = cutter.cut(current[0], completed[0])
        if not got_through:
            connection.commit()
        elif cut:
            connection.execute("SELECT")
        completed[0] += 1

    monkeypatch.setattr(Connection, "_commit_impl", commit_impl)
    monkeypatch.setattr(PGDialect_psycopg, "do_commit", do_commit)
    assert carry_out(url, Hurry()) == []
    monkeypatch.undo()
    assert cutter.cuts > 50
    assert (snapshot(url), sorted(starts(log))) == undisturbed


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_a_server_that_is_restarted_costs_one_line(
    own_cluster: Cluster, log: Any, undisturbed: tuple[Found, list[str]], mode: Shutdown
) -> None:
    url = own_cluster.create_database()
    start = Hurry(lambda waits: own_cluster.start() if waits == 2 else None)
    notes = carry_out(url, start, once("evaluation recorded", 5, lambda: own_cluster.stop(mode)))
    assert len(notes) == 1
    assert notes[0].endswith("; waiting up to 600 s")
    assert (snapshot(url), sorted(starts(log))) == undisturbed


@POSTGRESQL_ONLY
def test_of_two_coordinators_one_records(
    url: str, log: Any, undisturbed: tuple[Found, list[str]], cluster: Cluster
) -> None:
    """A second one is refused; once the first one's session is ended it goes on, and the first one writes no more."""

    def take_over() -> None:
        with pytest.raises(HeldElsewhere, match="study 'small' is being run by server process"):
            carry_out(url, Hurry())
        assert cluster.end_sessions(url)
        assert carry_out(url, Hurry()) == []

    with pytest.raises(TakenOver) as caught:
        carry_out(url, Hurry(), once("evaluation recorded", 7, take_over))
    assert str(caught.value) == "another process has taken over study 'small': this one ends"
    assert snapshot(url) == undisturbed[0]


@POSTGRESQL_ONLY
@pytest.mark.parametrize("taken", [False, True], ids=["alone", "taken over"])
def test_a_session_that_the_server_ends_while_its_coordinator_waits(
    url: str, log: Any, undisturbed: tuple[Found, list[str]], cluster: Cluster, taken: bool
) -> None:
    def sessions() -> int:
        with cluster.admin() as admin:
            query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
            (count,) = admin.execute(query, (make_url(url).database,)).fetchone() or (0,)
        return int(count)

    def wait() -> None:
        wait_until(lambda: not sessions())
        if taken:
            carry_out(url, Hurry())

    execute(url, f"ALTER DATABASE {make_url(url).database} SET idle_session_timeout = 200")
    with pytest.raises(TakenOver) if taken else contextlib.nullcontext():
        carry_out(url, Hurry(), once("evaluation recorded", 6, wait))
    assert snapshot(url) == undisturbed[0]
    assert taken or sorted(starts(log)) == undisturbed[1]
