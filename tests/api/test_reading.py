"""Boards that are kept: for how long, what is seen of a change, and what is made of them."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from archsearch.api.reading import Boards, Pages, Reader
from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.findings.standing import Standing, read_standing
from archsearch.store import Store
from tests.cli.samples import Recorder, record_study
from tests.store.free_store import FreeStore


class Clock:
    """A time that passes only where a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class SlowStore:
    """A store of which every look at the stamp takes a while."""

    def __init__(self, store: FreeStore, clock: Clock, seconds: float = 0.0) -> None:
        self.store, self.clock, self.seconds = store, clock, seconds
        self.looks = 0

    def stamp(self, study_id: int) -> tuple[object, ...]:
        self.looks += 1
        self.clock.now += self.seconds
        return self.store.stamp(study_id)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FreeStore]:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    record_study(url, "tiny", phases=1)
    with FreeStore.create(url) as found:
        yield found


def change(store: FreeStore, seeds: int = 1) -> None:
    row = store.find_study("tiny")
    assert row is not None
    Recorder(store, row.id).later("confirm", ("mgu",), seeds)


def boards(store: FreeStore, seconds: float = 0.0) -> tuple[Callable[[], Standing], Boards, Clock, SlowStore]:
    clock = Clock()
    slow, found = SlowStore(store, clock, seconds), Boards(staleness=0.5, clock=clock)
    return (lambda: found.standing(cast("Store", slow), "tiny", "confirm")), found, clock, slow


def test_a_board_is_looked_at_once_in_a_while_and_drawn_up_when_it_has_changed(store: FreeStore) -> None:
    look, _, clock, counted = boards(store)
    first = look()
    clock.now += 0.4
    assert look() is first
    assert counted.looks == 1
    clock.now += 0.2
    assert look() is first, "nothing has changed"
    assert counted.looks == 2
    change(store)
    assert look() is first
    clock.now += 0.6
    assert len(look().board.rows) == 1


def test_what_is_noticed_is_seen_at_once(store: FreeStore) -> None:
    look, kept, clock, counted = boards(store)
    look()
    change(store)
    clock.now += 0.1
    kept.notice("other")
    assert look().board.rows == ()
    kept.notice("tiny")
    assert kept.fresh("tiny", "confirm") is None
    clock.now += 0.1
    assert len(look().board.rows) == 1
    clock.now += 0.1
    look()
    assert counted.looks == 2


def test_a_board_of_a_study_that_is_followed_is_looked_at_when_there_is_a_notice(store: FreeStore) -> None:
    look, kept, clock, counted = boards(store)
    with kept.followed("tiny"), kept.followed("tiny"):
        with kept.followed("other"):
            look()
        clock.now += 1.9
        look()
        assert counted.looks == 1
        kept.notice("tiny")
        clock.now += 0.1
        look()
        assert counted.looks == 2
        clock.now += 2.1  # a notice may fail to come
        look()
        assert counted.looks == 3
    clock.now += 2.1
    look()
    clock.now += 0.6
    look()
    assert counted.looks == 5, "nobody follows it any more"


def test_what_is_noticed_while_a_board_is_drawn_up_is_not_lost(
    store: FreeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, kept, clock, _ = boards(store)

    def read(*given: Any) -> Standing:
        found = read_standing(*given)
        clock.now += 0.1
        kept.notice("tiny")
        change(store)
        return found

    monkeypatch.setattr("archsearch.findings.standing.read_standing", read)
    assert look().board.rows == ()
    monkeypatch.undo()
    assert len(look().board.rows) == 1


def test_a_board_that_takes_long_is_drawn_up_less_often(store: FreeStore) -> None:
    look, _, clock, counted = boards(store, seconds=3.0)
    look()
    clock.now += 5.9
    look()
    assert counted.looks == 1
    clock.now += 0.2
    look()
    assert counted.looks == 2


def test_a_page_is_made_once_of_a_board(store: FreeStore) -> None:
    look, _, clock, _ = boards(store)
    first, pages, made = look(), Pages(), []
    asked = threading.Semaphore(0)

    def make(standing: Standing) -> str:
        made.append(standing)
        return f"page {len(made)}"

    def make_when_all_have_asked(standing: Standing) -> str:
        for _ in range(8):
            assert asked.acquire(timeout=30)
        return make(standing)

    def ask(_: int) -> str:
        asked.release()
        return pages.get("all", first, make_when_all_have_asked)

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(ask, range(8))) == {"page 1"}
    assert pages.find("all", first) == "page 1"
    assert pages.get("few", first, make) == "page 2"
    change(store)
    clock.now += 1.0
    assert pages.find("all", look()) is None
    assert pages.get("all", look(), make) == "page 3"


def test_pages_are_few_and_keep_no_board(store: FreeStore) -> None:
    look, _, clock, _ = boards(store)
    pages, first = Pages(), weakref.ref(look())
    for number in range(100):
        pages.get(number, look(), lambda standing: "page")
    there = [number for number in range(100) if pages.find(number, look())]
    assert there == [*range(36, 100)]
    change(store)
    clock.now += 1.0
    look()
    gc.collect()
    assert first() is None


def test_pages_are_made_beside_what_else_the_server_does(store: FreeStore) -> None:
    threads: list[int] = []

    def make(standing: Standing) -> str:
        threads.append(threading.get_ident())
        return standing.board.study

    async def ask() -> list[str]:
        reader = Reader(store)
        return [await reader.page(asked, "tiny", None, asked, make) for asked in ("all", "all", "few")]

    assert asyncio.run(ask()) == ["tiny"] * 3
    assert len(threads) == 2
    assert threading.get_ident() not in threads


def test_what_was_asked_before_is_made_anew_when_it_must_be(store: FreeStore) -> None:
    def count(standing: Standing) -> int:
        return len(standing.board.rows)

    async def ask() -> list[Any]:
        reader = Reader(store)
        found = [await reader.again("here"), await reader.page("here", "tiny", "confirm", "all", count)]
        change(store)
        found.append(await reader.again("here"))
        row = store.find_study("tiny")
        assert row is not None
        store.delete_study(row.id)
        return [*found, await reader.again("here"), await reader.again("there")]

    assert asyncio.run(ask()) == [None, 0, 1, None, None]


def test_what_cannot_be_made_any_more_is_left_to_the_route(store: FreeStore) -> None:
    wrong: list[Exception] = []

    def make(standing: Standing) -> str:
        if wrong:
            raise wrong[0]
        return standing.board.study

    async def ask() -> list[Any]:
        reader = Reader(store)
        found = [await reader.page("here", "tiny", "confirm", "all", make)]
        change(store)
        for error in (InvalidInput(Problem(("sort",), "no such column")), Refused("unreadable")):
            wrong[:] = [error]
            found.append(await reader.again("here"))
        return found

    assert asyncio.run(ask()) == ["tiny", None, None]
