"""`archsearch run`: a whole study, continued, interrupted, and looked at afterwards."""

from __future__ import annotations

import functools
import shlex
from pathlib import Path
from typing import Any

import pytest

from archsearch.cli.render_progress import line
from archsearch.errors import Interrupted
from archsearch.study import coordinator
from archsearch.study.definition import Definition, load_study
from archsearch.study.progress import Best, Note, PhaseProgress, Snapshot
from tests.cli.conftest import Call
from tests.store.free_store import FreeStore
from tests.study import fake_work
from tests.study.samples import executor, snapshot

STUDY = """study: mini
space: {wiring: rnn, holes: {cell_input: [tanh, relu], gates.output: {one_of: {open: open, gate: {bias: 0}}}}}
task: {name: parity, train_length: 3, test_length: 6}
model: {hidden_size: 4}
training: {learning_rate: 0.02, sequences: 320, checks: 2, validation: 32, test: 32}
baselines: [rnn]
search: {sampler: random, trials: TRIALS}
confirm: {best: 2, seeds: 2}
report: {best: 1, seeds: 3}
seed: 3
"""


def write_study(trials: int) -> None:
    """The study file, with so many trials."""
    Path("mini.yaml").write_text(STUDY.replace("TRIALS", str(trials)))


def test_a_study_runs_to_its_board_and_can_be_raised(call: Call) -> None:
    write_study(2)
    done = call("run", "mini.yaml", "--workers", 2)
    assert done.status == 0, done.err
    assert done.out.startswith("mini: report phase, 3 seeds each\n")
    assert "winner" in done.out
    assert "\x1b" not in done.out + done.err
    assert "search: " in done.err

    again = call("run", "mini.yaml")
    assert again.status == 0
    assert again.err == ""
    assert again.out.startswith("mini is finished already")
    assert again.out.endswith(done.out)

    for command in (each for each in done.out.splitlines() if each.startswith("archsearch ")):
        arguments = shlex.split(command.partition("   ")[0])[1:]
        assert call(*arguments).status == 0
        assert arguments[0] not in ("importance", "failures"), "too few trials, and nothing failed"

    write_study(3)
    raised = call("run", "mini.yaml", "--workers", 1)
    assert raised.status == 0, raised.err
    assert call("status", "mini", "--json").json["trials"] == 3


def test_several_tasks_are_run_one_after_another_and_each_is_a_study(call: Call) -> None:
    short = "{name: parity, train_length: 2, test_length: 3}"
    tasks = f"tasks:\n  even: {short}\n  odd: {short}"
    text = STUDY.replace("task: {name: parity, train_length: 3, test_length: 6}", tasks).replace("TRIALS", "1")
    Path("mini.yaml").write_text(text.replace("hidden_size: 4", "parameters: 60"))
    done = call("run", "mini.yaml", "--workers", 2)
    assert done.status == 0, done.err
    boards = [line.partition(":")[0] for line in done.out.splitlines() if "report phase, 3 seeds each" in line]
    assert boards == ["mini.even", "mini.odd"]
    again = call("run", "mini.yaml")
    assert again.out.count("is finished already") == 2
    assert call("status", "mini.odd", "--json").json["trials"] == 1
    assert all(row["parameters"] <= 60 for row in call("board", "mini.even", "--json").json["rows"])
    commands = [line.partition("   ")[0] for line in done.out.splitlines() if line.startswith("archsearch ")]
    assert [call(*shlex.split(command)[1:]).status for command in commands] == [0, 0]
    assert done.err.splitlines()[0] == "mini.even: task 1 of 2"
    assert "study mini.even, mini.odd:" in call("validate", "mini.yaml").out


def test_a_changed_study_is_refused_with_the_difference(call: Call) -> None:
    write_study(1)
    with FreeStore.create("sqlite:///archsearch.db") as store:
        store.create_study("mini", load_study(Path("mini.yaml")).text)
    Path("mini.yaml").write_text(STUDY.replace("TRIALS", "1").replace("0.02", "0.03"))
    done = call("run", "mini.yaml")
    assert (done.status, done.out) == (1, "")
    assert "training.learning_rate: 0.02 -> 0.03" in done.err


def test_a_broken_compiler_finishes_nothing_and_a_mended_one_gives_the_undisturbed_result(
    call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_study(3)
    with Path("mini.yaml").open("a") as file:
        file.write("backend: native\n")

    def run_with(compiler: str | None, storage: str) -> Any:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"cache of {storage}"))
        with monkeypatch.context() as patch:
            if compiler:
                patch.setenv("CC", compiler)
            return call("run", "mini.yaml", "--workers", 1, "--storage", f"sqlite:///{storage}.db")

    broken = run_with("/bin/false", "mended")
    assert (broken.status, broken.out) == (1, "")
    (said,) = (line for line in broken.err.splitlines() if line.startswith("study "))
    assert "/bin/false" in said
    assert said.endswith("Mend this, then run it again")
    told = call("status", "mini", "--json", "--storage", "sqlite:///mended.db").json
    assert (told["state"], told["note"], [phase["done"] for phase in told["phases"]]) == ("interrupted", "", [0, 0, 0])
    assert run_with(None, "mended").status == 0
    assert run_with(None, "undisturbed").status == 0
    assert snapshot("sqlite:///mended.db", "mini") == snapshot("sqlite:///undisturbed.db", "mini")


def test_a_study_of_which_every_candidate_failed_ends_with_status_1(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_study(2)
    failing = functools.partial(coordinator.run, executor=executor(fake_work.fail_unless_baseline))
    monkeypatch.setattr("archsearch.study.coordinator.run", failing)
    for _ in range(2):
        done = call("run", "mini.yaml")
        assert done.status == 1
        (said,) = (line for line in done.err.splitlines() if "every candidate" in line)
        assert said.startswith("study 'mini': every candidate failed: 2 of them, most often with exception: ")
        reason = said.removeprefix("study 'mini': ")
        assert f"no winner: {reason}" in " ".join(done.out.split())
    assert "every candidate failed" in call("status", "mini").out
    assert "every candidate failed" in call("board", "mini", "--json").json["verdict"]


def test_an_interrupted_run_says_how_to_go_on(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **options: object) -> None:
        raise Interrupted("stopped")

    monkeypatch.setattr("archsearch.study.coordinator.run", stop)
    write_study(1)
    Path("mini.yaml").rename("my study.yaml")
    done = call("run", "my study.yaml", "--storage", "sqlite:///other.db")
    assert (done.status, done.out) == (130, "")
    assert done.err.splitlines() == [
        "stopped; what has been evaluated is kept",
        "continue with: archsearch run 'my study.yaml' --storage sqlite:///other.db",
    ]


def test_patience_is_passed_on(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[object] = []

    def stop(*_: object, patience: float) -> None:
        given.append(patience)
        raise Interrupted("stopped")

    monkeypatch.setattr("archsearch.study.coordinator.run", stop)
    write_study(1)
    for options in ((), ("--patience", "2.5")):
        call("run", "mini.yaml", *options)
    assert given == [600, 2.5]
    assert call("run", "mini.yaml", "--patience", "-1").status == 2


def test_an_interrupted_series_goes_on_with_its_first_unfinished_task(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[str] = []

    def pretend(definition: Definition, url: str, *_: object, **options: object) -> None:
        begun.append(definition.name)
        if begun == ["mini.one", "mini.two"]:
            raise Interrupted("stopped")
        with FreeStore.create(url) as store:
            row = store.create_study(definition.name, definition.text)
            store.set_state(row.id, "finished")

    monkeypatch.setattr("archsearch.study.coordinator.run", pretend)
    task = "{name: parity, train_length: 3, test_length: 6}"
    tasks = f"tasks: {{one: {task}, two: {task}, three: {task}}}"
    Path("mini.yaml").write_text(STUDY.replace(f"task: {task}", tasks).replace("TRIALS", "1"))
    done = call("run", "mini.yaml")
    assert done.status == 130
    assert done.err.splitlines() == [
        "mini.one: task 1 of 3",
        "mini.two: task 2 of 3",
        "stopped; what has been evaluated is kept",
        "continue with: archsearch run mini.yaml",
    ]
    again = call("run", "mini.yaml")
    assert again.status == 0
    assert begun == ["mini.one", "mini.two", "mini.two", "mini.three"]
    assert again.out.startswith("mini.one is finished already")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["nowhere.yaml"], "no"),
        (["quikstart"], "did you mean 'quickstart'?"),
        (["bad.yaml"], "bad.yaml:3:14: task.name: no task is called 'paritty'; did you mean 'parity'?"),
        (["bad.yaml", "--workers", "0"], "1"),
    ],
)
def test_a_study_that_cannot_run_is_refused(call: Call, arguments: list[str], hint: str) -> None:
    Path("bad.yaml").write_text(STUDY.replace("TRIALS", "1").replace("parity", "paritty"))
    done = call("run", *arguments)
    assert (done.status, done.out) == (2, "")
    assert hint in done.err
    assert not Path("archsearch.db").exists()


def progress(done: int, line: str = "gru") -> Snapshot:
    """A search that has got so far out of 10."""
    phases = (PhaseProgress("search", done, 10, 1, 0), PhaseProgress("confirm", 0, 4, 0, 0))
    best = Best("search", 0.8125, line, 3)
    return Snapshot("mini", "search", phases, {"complete": done}, 0, 10, best, 2, 5.0, 65.0)


def test_a_line_of_progress_has_counts_best_and_time_left() -> None:
    event = progress(4)
    assert line(event, event.phases[0]) == "search: 4 of 10 evaluations, best 0.812 (gru), about 1 min 5 s left"


def test_without_a_terminal_lines_come_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    from archsearch.cli.render_progress import listening

    with listening() as listen:
        for done in (0, 1, 1, 3, 4, 5, 9, 10, 10):
            listen(progress(done, "[red]x\x1b[31m"))
        listen(Note("trial 3 failed: \x1b[2J"))
    printed = capsys.readouterr()
    assert printed.out == ""
    assert [text.partition(" of")[0] for text in printed.err.splitlines()] == [
        "search: 3", "search: 5", "search: 9", "search: 10", "trial 3 failed: \\x1b[2J",
    ]  # fmt: skip
    assert "[red]x\\x1b[31m" in printed.err


@pytest.mark.parametrize("width", [80, 120])
def test_the_live_picture_fits_the_terminal(width: int) -> None:
    import io

    from rich.console import Console

    from archsearch.cli.render_progress import picture

    stream = io.StringIO()
    console = Console(file=stream, width=width, markup=False, highlight=False)
    console.print(picture(progress(4, "a long line, " * 20), width))
    text = stream.getvalue()
    assert max(map(len, text.splitlines())) <= width
    assert "4/10" in text
    assert "4 complete, 1 running" in text
    assert "best so far 0.812 (search, trial 3)" in text
