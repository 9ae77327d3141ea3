"""The device of a study: it has to be there, and decides which backend runs."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import torch

from archsearch.errors import InvalidInput
from archsearch.schema.study import Spec
from archsearch.study.coordinator import run
from archsearch.study.definition import load_study, read_definition
from archsearch.study.progress import Note
from archsearch.study.task_choice import make_task
from archsearch.training.loop import evaluate
from tests.study.samples import changed, complete, executor, small, starts
from tests.study.test_work import training_job

BOTH = ["native", "reference"]
REASON = "native: runs float32 and float64 on the CPU, not float32 on cuda"


class Renamed:
    """Torch, but for the names of devices: all mean the CPU."""

    def device(self, _name: str) -> torch.device:
        return torch.device("cpu")

    def __getattr__(self, name: str) -> Any:
        return getattr(torch, name)


@pytest.fixture
def one_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with one CUDA device, as far as torch is asked about it."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any CUDA device."""
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)


def problems(**changes: Any) -> list[str]:
    with pytest.raises(InvalidInput) as error:
        load_study(changed(**changes))
    return [str(problem) for problem in error.value.problems]


@pytest.mark.usefixtures("one_gpu")
def test_the_first_backend_that_runs_on_the_device_is_chosen(url: str) -> None:
    events = complete(small(backend=BOTH, training={"device": "cuda"}), url)
    assert [event.text for event in events if isinstance(event, Note) and "native" in event.text] == [
        f"on reference, not on {REASON}"
    ]


def test_an_evaluation_runs_on_the_first_backend_that_takes_its_device(monkeypatch: pytest.MonkeyPatch) -> None:
    """The device called cuda is the CPU here; the choice knows its name alone."""
    training = importlib.import_module("archsearch.training.module")
    monkeypatch.setattr(training, "torch", Renamed())
    job = training_job(device="cuda")
    task = make_task(job.task, job.options)
    score, _ = evaluate(Spec.model_validate(job.spec), task, 1, BOTH, lambda check, value: None)
    assert (score.backend, score.backend_reason) == ("reference", REASON)


@pytest.mark.usefixtures("no_gpu")
def test_a_device_that_is_not_there_is_said_with_its_place() -> None:
    found = problems(backend=BOTH, training={"device": "cuda:1"})
    assert len(found) == 1
    assert found[0].startswith("<text>:")
    assert found[0].endswith(": training.device: this machine has no device 'cuda:1'; allowed here: cpu")


@pytest.mark.usefixtures("one_gpu")
def test_devices_are_counted() -> None:
    for device in ("cuda", "cuda:0"):
        assert small(backend=BOTH, training={"device": device}).study.training.device == device
    assert "no device 'cuda:1'; allowed here: cpu, cuda, cuda:0" in problems(training={"device": "cuda:1"})[0]


@pytest.mark.usefixtures("one_gpu")
def test_a_device_on_which_no_named_backend_runs_is_a_mistake_of_the_file() -> None:
    found = problems(backend="native", training={"device": "cuda"})
    assert len(found) == 1
    assert f"training.device: no backend given runs on 'cuda': {REASON}; allowed: cpu, or a backend" in found[0]


@pytest.mark.usefixtures("one_gpu")
@pytest.mark.parametrize(
    ("hole", "place"),
    [(["cpu", "cuda:1"], "[1]"), ({"one_of": {"here": "cpu", "there": "cuda:1"}}, ".one_of.there")],
)
def test_devices_may_be_the_options_of_a_hole(hole: Any, place: str) -> None:
    found = problems(backend=BOTH, holes={"training.device": hole})
    assert [f"holes.training.device{place}: this machine has no device 'cuda:1'" in problem for problem in found] == [
        True
    ]
    small(backend=BOTH, holes={"training.device": ["cpu", "cuda"]})


def test_a_stored_study_is_read_anywhere_and_not_run_without_its_device(
    url: str, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    text = small(backend=BOTH, training={"device": "cuda"}).text
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 0)
    definition = read_definition(text)
    with pytest.raises(InvalidInput, match=r"training.device: this machine has no device 'cuda'"):
        run(definition, url, 1, executor=executor())
    assert not (tmp_path / "study.db").exists()
    assert starts(log) == []
