"""Boards that are kept: for how long, what is seen of a change, and what is made of them."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from archsearch.api.reading import MOST_ANSWERS, MOST_BOARDS, Boards, Reader
from archsearch.errors import InvalidInput, Problem, Refused
from archsearch.findings.boards import Standing, read_standing
from archsearch.store.store import Store
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
    return (lambda: found.read(cast("Store", slow), "tiny", "confirm").standing), found, clock, slow


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

    monkeypatch.setattr("archsearch.findings.boards.read_standing", read)
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


def test_an_answer_is_made_once_of_a_board(store: FreeStore) -> None:
    look, kept, clock, counted = boards(store)
    made: list[Standing] = []

    def answer(target: str) -> str:
        return kept.answer(cast("Store", counted), "tiny", "confirm", target, make)

    def make(standing: Standing) -> str:
        made.append(standing)
        return f"answer {len(made)}"

    assert kept.known_answer("all") is None
    assert [answer("all"), answer("all"), answer("few")] == ["answer 1", "answer 1", "answer 2"]
    assert (kept.known_answer("all"), kept.known_answer("other")) == ("answer 1", None)
    clock.now += 1.0
    assert kept.known_answer("all") is None, "the database has to be asked"
    assert answer("all") == "answer 1", "nothing has changed"
    change(store)
    clock.now += 1.0
    look()
    assert kept.known_answer("all") is None
    assert answer("all") == "answer 3"


def test_answers_are_few_and_keep_no_board(store: FreeStore) -> None:
    look, kept, clock, counted = boards(store)
    first = weakref.ref(look())
    for number in range(100):
        kept.answer(cast("Store", counted), "tiny", "confirm", number, lambda standing: "answer")
    assert [number for number in range(100) if kept.known_answer(number)] == [*range(100 - MOST_ANSWERS, 100)]
    change(store)
    clock.now += 1.0
    look()
    gc.collect()
    assert first() is None


def test_boards_are_few(store: FreeStore) -> None:
    for number in range(2 * MOST_BOARDS):
        store.add_studies([(f"other-{number}", definition_of(store))])
    kept = Boards(staleness=1e6)
    names = [f"other-{number}" for number in range(2 * MOST_BOARDS)]
    for name in names:
        kept.read(store, name, None)
    assert [name for name in names if kept.fresh(name, None)] == names[MOST_BOARDS:]


def definition_of(store: FreeStore) -> str:
    row = store.find_study("tiny")
    assert row is not None
    return row.definition


def test_answers_are_made_once_however_many_ask_and_beside_what_else_the_server_does(store: FreeStore) -> None:
    threads: list[int] = []

    def make(standing: Standing) -> str:
        threads.append(threading.get_ident())
        return standing.board.study

    async def ask() -> list[str]:
        reader = Reader(store)
        return await asyncio.gather(*(reader.answer(target, "tiny", None, make) for target in ["all"] * 8 + ["few"]))

    assert asyncio.run(ask()) == ["tiny"] * 9
    assert len(threads) == 2
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("error", [InvalidInput(Problem(("sort",), "no such column")), Refused("unreadable")])
def test_what_cannot_be_made_is_not_kept(store: FreeStore, error: Exception) -> None:
    def make(standing: Standing) -> str:
        raise error

    async def ask() -> Any:
        reader = Reader(store, staleness=1e6)
        with pytest.raises(type(error)):
            await reader.answer("here", "tiny", "confirm", make)
        return reader.known_answer("here")

    assert asyncio.run(ask()) is None
