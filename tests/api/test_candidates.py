"""One spec of a study: what is said of it, and its diagram."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import threading
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from archsearch.api import drawings as drawings_module
from archsearch.api.drawings import Drawings
from archsearch.api.reading import EXPLAINING_THREADS, READING_THREADS
from archsearch.diagram import draw_svg
from archsearch.errors import InvalidInput, Refused
from archsearch.findings import candidates
from archsearch.findings.candidates import CandidateFinding
from archsearch.ir import lower
from archsearch.registry import shipped_names
from archsearch.server.problems import Declined
from archsearch.space import load_cell
from archsearch.tasks.temporal_order import TemporalOrder
from tests.api.serving import PLENTY, Served, serving
from tests.api.test_reading import Clock
from tests.cli.conftest import Call
from tests.cli.samples import LINES, spec_row


def test_a_candidate_is_explained_as_on_the_command_line(served: Served, call: Call) -> None:
    spec = spec_row("mgu")
    found = served.client().candidate("tiny", spec.spec_id)
    assert (found.study, found.role, found.label, found.line) == ("tiny", "candidate", "", LINES["mgu"])
    assert (found.trial, found.choices) == (0, {"coupling": "none", "peepholes.input": "yes"})
    assert found.phases == ("search", "confirm", "report")
    assert (found.model["hidden_size"], found.training["learning_rate"]) == (8, 0.01)
    assert (found.parameters, found.operations, found.cell.arch_id) == (420, 500, spec.arch_id)
    features = TemporalOrder(length=20).input_size
    printed = call("explain", "mgu", "--json", "--input-size", features, "--hidden-size", 8).json
    cell: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(found.cell)))
    assert cell | {"source": printed["source"]} == printed


def test_a_baseline_has_its_label_and_no_choices(served: Served) -> None:
    found = served.client().candidate("tiny", spec_row("lstm").spec_id)
    assert (found.role, found.label, found.trial, found.choices) == ("baseline", "lstm", None, {})
    assert found.phases == ("report",)
    assert found.cell.nearest is not None
    assert (found.cell.nearest.name, found.cell.nearest.measure) == ("lstm", "identity")


def test_one_that_failed_has_no_size_yet(served: Served) -> None:
    found = served.client().candidate("tiny", spec_row("ugrnn").spec_id)
    assert (found.parameters, found.operations) == (None, None)
    assert found.cell.stages == 1


@pytest.mark.parametrize("spec_id", ["nothing", "a/b", "../x", "<script>", "\0", "x" * 300])
def test_what_takes_no_part_is_not_there(served: Served, spec_id: str) -> None:
    for ask in (served.client().candidate, served.client().diagram):
        with pytest.raises(Refused, match=r"no entry with this spec|nothing at this address"):
            ask("tiny", spec_id)
        with pytest.raises(Refused, match="no study has this name"):
            ask("nothing", spec_row("mgu").spec_id)


def test_a_spec_of_another_study_is_not_there(served: Served) -> None:
    with pytest.raises(Refused, match="no entry with this spec"):
        served.client().candidate("going", spec_row("mgu").spec_id)


def test_diagrams_are_those_of_the_command_line_with_a_policy_of_their_own(served: Served) -> None:
    expected = draw_svg(lower(load_cell("mgu")))
    assert served.client().diagram("tiny", spec_row("mgu").spec_id) == expected
    assert served.client().cell_diagram("mgu") == expected
    with served.http() as http:
        answer = http.get("/api/v1/cells/mgu/diagram.svg")
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ET.fromstring(answer.text).tag == "{http://www.w3.org/2000/svg}svg"


def test_every_shipped_cell_has_a_diagram(served: Served) -> None:
    for name in shipped_names("spaces/cells"):
        assert served.client().cell_diagram(name).startswith("<svg ")


@pytest.mark.parametrize("name", ["nothing", "..", "lstm.yaml", "../cells/lstm"])
def test_what_is_not_shipped_has_none(served: Served, name: str) -> None:
    with pytest.raises((Refused, InvalidInput)):
        served.client().cell_diagram(name)


def test_who_asks_for_something_else_does_not_wait_for_explanations(
    storage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()
    real = candidates.candidate_of

    def explain(*given: Any) -> CandidateFinding:
        begun.release()
        assert go_on.wait(60)
        candidate: CandidateFinding = real(*given)
        return candidate

    monkeypatch.setattr("archsearch.api.routes.candidates.candidate_of", explain)
    with serving(storage) as found, ThreadPoolExecutor(2 * READING_THREADS) as threads:
        try:
            ask = found.client().candidate
            asked = [threads.submit(ask, "tiny", spec_row("mgu").spec_id) for _ in range(2 * READING_THREADS)]
            for _ in range(EXPLAINING_THREADS):
                assert begun.acquire(timeout=60)
            with found.anonymous() as http:
                assert http.get("/healthz").json() == {"alive": True, "database": True}
            assert found.client().trials("tiny").total == 5
            assert not begun.acquire(blocking=False), "no more of them at once"
        finally:
            go_on.set()
        assert len({each.result().cell.arch_id for each in asked}) == 1


class Counting:
    """In place of the processes: counts what it is asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.at_once = self.most = 0

    async def ask(self, operation: str, ir: str) -> dict[str, str]:
        self.asked.append(ir)
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        await asyncio.sleep(0)
        self.at_once -= 1
        if ir == "tangled":
            raise Refused("its lines cross")
        return {"styled": f"styled {ir}", "bare": "bare"}


def test_a_cell_is_drawn_once_and_one_at_a_time() -> None:
    processes = Counting()
    drawings = Drawings(processes)  # type: ignore[arg-type]

    async def ask() -> None:
        found = await asyncio.gather(*(drawings.draw(name) for name in ["a", "b", "a", "b", "a"]))
        assert [each.styled for each in found] == ["styled a", "styled b", "styled a", "styled b", "styled a"]
        for _ in range(2):
            with pytest.raises(Refused, match="its lines cross"):
                await drawings.draw("tangled")
        for number in range(400):
            await drawings.draw(str(number))
        assert len(drawings._kept) < 400

    asyncio.run(ask())
    assert processes.asked[:3] == ["a", "b", "tangled"]
    assert processes.most == 1


class Slow:
    """In place of the processes: gives up what is called slow, and draws everything else in so many characters."""

    def __init__(self, length: int = 1) -> None:
        self.asked: list[str] = []
        self.length = length

    async def ask(self, operation: str, ir: str) -> dict[str, str]:
        self.asked.append(ir)
        await asyncio.sleep(0)
        if ir.startswith("slow"):
            raise Declined(503, "this takes more time or memory than the server gives it")
        return {"styled": "s" * self.length, "bare": "b" * self.length}


def test_what_took_too_long_is_not_tried_again_for_a_while() -> None:
    processes, clock = Slow(), Clock()
    drawings = Drawings(processes, clock)  # type: ignore[arg-type]

    async def decline(name: str) -> None:
        with pytest.raises(Declined, match="more time or memory") as caught:
            await drawings.draw(name)
        assert caught.value.status == 503

    async def ask() -> None:
        await asyncio.gather(*(decline("slow") for _ in range(5)))
        assert processes.asked == ["slow"], "who waited for the same is told the same"
        await decline("slower")
        await drawings.draw("quick")
        clock.now += 299
        await decline("slow")
        assert processes.asked == ["slow", "slower", "quick"]
        clock.now += 2
        await decline("slow")
        await drawings.draw("quick")
        await decline("slow")
        assert processes.asked == ["slow", "slower", "quick", "slow"]
        assert drawings._bytes == sum(kept.size for kept in drawings._kept.values()), (
            "what was tried again is kept once"
        )

    asyncio.run(ask())


def test_large_drawings_are_kept_as_far_as_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawings_module, "_BYTES", 10_000)
    processes = Slow(1000)
    drawings = Drawings(processes)  # type: ignore[arg-type]

    async def ask(*names: str) -> list[str]:
        processes.asked.clear()
        for name in names:
            with contextlib.suppress(Declined):
                await drawings.draw(name)
        return list(processes.asked)

    async def run() -> None:
        assert await ask("a", "b", "c", "d", "a", "b", "c", "d") == ["a", "b", "c", "d"]
        assert await ask("a", "e", "f", "a", "f", "e") == ["e", "f"], "what was looked at lately stays"
        assert await ask("b") == ["b"]
        processes.length = 20_000
        assert await ask("g", "g") == ["g"], "the latest one stays however large it is"
        processes.length = 1000
        assert await ask("h", "i", "j", "k", "slow", "h") == ["h", "i", "j", "k", "slow"]

    asyncio.run(run())


def test_a_diagram_that_takes_too_long_is_given_up_and_the_server_goes_on(storage: str) -> None:
    with serving(storage, limits=dataclasses.replace(PLENTY, check_seconds=0.01)) as found:
        with pytest.raises(Refused, match="more time or memory"):
            found.client().cell_diagram("lstm")
        assert found.client().study("tiny").trials == 5
