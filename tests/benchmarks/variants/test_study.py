"""The report is read from a study file and from what is stored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archsearch.errors import InvalidInput, Refused
from archsearch.ir import lower
from archsearch.ir.identity import arch_id, spec_id
from archsearch.schema.canonical import canonical_json, ordered_json, plain
from archsearch.schema.phases import PHASES, Phase
from archsearch.schema.score import Failure
from archsearch.schema.study import Model, Spec, Training
from archsearch.space import load_cell
from archsearch.store import EvaluationKey, NewEntry, Run, SpecRow, TrialEnd
from benchmarks.tables import put
from benchmarks.variants.report import readme, report
from benchmarks.variants.study import read_record
from tests.schema.scores import BUDGET, score
from tests.store.free_store import FreeStore

FILE = """\
study: made
space: {wiring: lstm}
tasks:
  order: {name: temporal_order, length: 20}
  sum: {name: adding, length: 20}
"""
TASKS: dict[str, dict[str, Any]] = {
    "order": {"name": "temporal_order", "length": 20, "markers": 2},
    "sum": {"name": "adding", "variant": "hochreiter", "length": 20},
}
CELLS = ("lstm", "gru", "rnn")
RATES = (0.002, 0.03)
SEEDS = 4
OBJECTIVES = {"lstm": 0.5, "gru": 0.9, "rnn": 0.3}
WIDE = 18
"""The hidden size of all cells."""


def definition(label: str) -> str:
    """What the store keeps of the study on one task."""
    study = {
        "study": "made",
        "task": TASKS[label],
        "model": {"parameters": 2000, "layers": 1},
        "training": plain(Training(learning_rate=0.01, sequences=BUDGET)),
        "holes": {"training.learning_rate": {"float": [0.001, 0.1], "log": True}},
        "search": {"sampler": "random", "pruner": "none", "trials": len(RATES), "seeds": 1},
        "confirm": {"best": 1, "seeds": 1},
        "report": {"best": 1, "seeds": SEEDS},
    }
    return canonical_json({"study": study, "task": TASKS[label], "baselines": dict.fromkeys(CELLS[1:])})


def spec_row(cell: str, rate: float) -> SpecRow:
    """A cell with a learning rate."""
    made = load_cell(cell)
    spec = Spec(cell=made, model=Model(hidden_size=WIDE), training=Training(learning_rate=rate, sequences=BUDGET))
    ir = lower(made)
    return SpecRow(spec_id(spec), arch_id(ir), str(ir), ordered_json(plain(spec)), f"{cell}; learning_rate={rate}")


class Recorder:
    """Writes one task's results."""

    def __init__(self, store: FreeStore, label: str) -> None:
        self.store, self.label = store, label
        self.study_id = store.create_study(f"made.{label}", definition(label)).id

    def record(self, seeds: int = SEEDS) -> None:
        """A search with all draws; a report with each cell's second one, in which the GRU fails once."""
        for number, rate in enumerate(RATES):
            row = spec_row("lstm", rate)
            self.store.record_proposal(self.study_id, number, {"training.learning_rate": rate}, row)
            self.complete("search", row, 0, 0.4 + number / 10, TrialEnd(number, "complete", 0.4 + number / 10))
            for cell in CELLS[1:]:
                row = spec_row(cell, rate)
                self.store.add_entries(self.study_id, "search", [NewEntry("baseline", row, cell)])
                self.complete("search", row, 0, 0.2 + number / 10)
        for cell in CELLS:
            row = spec_row(cell, RATES[1])
            role, label = ("candidate", "") if cell == "lstm" else ("baseline", cell)
            self.store.add_entry(self.study_id, "report", role, row, label)  # type: ignore[arg-type]
            for seed in range(seeds):
                if (cell, seed) == ("gru", 3):
                    run = Run(self.study_id, "report", row.spec_id, seed)
                    self.store.record_failure(run, Failure(kind="nan", reason="the loss is nan | at step 7"))
                else:
                    self.complete("report", row, seed, OBJECTIVES[cell] + seed / 100)

    def complete(self, phase: Phase, row: SpecRow, seed: int, objective: float, end: TrialEnd | None = None) -> None:
        """One evaluation."""
        key = EvaluationKey(row.spec_id, TASKS[self.label], 100 * PHASES.index(phase) + seed, BUDGET, "native", 1)
        found = score(objective, test=objective, parameters=2011, sequences_to_solve=640 if objective > 0.8 else None)
        run = Run(self.study_id, phase, row.spec_id, seed)
        self.store.record_completion(run, key, found, {"python": "3.11", "instruction_sets": ["avx2"]}, trial=end)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The study's file."""
    path = tmp_path / "made.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def storage(tmp_path: Path) -> str:
    """Where it is stored, done."""
    url = f"sqlite:///{tmp_path / 'made.db'}"
    with FreeStore.create(url) as store:
        for label in ("sum", "order"):
            Recorder(store, label).record()
    return url


def test_tasks_stand_in_the_order_of_the_file_with_their_cells_ranked(file: Path, storage: str) -> None:
    record = read_record(file, storage)
    assert [board.label for board in record.found.boards] == ["order", "sum"]
    assert record.found.reference == "lstm"
    order, total = record.found.boards
    assert [place.cell for place in order.places] == ["gru", "lstm", "rnn"]
    assert (order.trivial, total.trivial) == (0.25, 0)
    assert order.place("gru").objectives == {0: 0.9, 1: 0.91, 2: 0.92, 3: 0.25}
    assert order.place("gru").row.failed == 1
    assert {place.setting.learning_rate for place in order.places} == {RATES[1]}


def test_every_cell_is_compared_with_the_reference_and_corrected_for_all_tasks(file: Path, storage: str) -> None:
    found = read_record(file, storage).found
    assert found.comparisons == 4
    assert {against.comparisons for _, _, against in found.compared()} == {4}
    assert {against.baseline for _, _, against in found.compared()} == {"lstm"}
    assert found.boards[0].place("lstm").against is None


def test_all_draws_of_the_search_are_there(file: Path, storage: str) -> None:
    (board, _) = read_record(file, storage).found.boards
    draws = {place.cell: [(draw.learning_rate, draw.objective) for draw in place.draws] for place in board.places}
    assert draws["lstm"] == [(0.002, 0.4), (0.03, 0.5)]
    assert draws["gru"] == [(0.002, 0.2), (0.03, pytest.approx(0.3))]


def test_the_page_tells_what_is_stored(file: Path, storage: str) -> None:
    page = report(read_record(file, storage), "made.svg")
    assert "](made.svg)" in page
    assert "at most 2,000 parameters each" in page
    assert "gets 2 draws from 0.001 to 0.1" in page
    assert "all 4 comparisons made here: the level of each is 98.75 %" in page
    assert "| gru | 18; 2,011 | 18; 2,011 |" in page
    assert "| order | gru | report | nan | the loss is nan / at step 7 | yes | 1 |" in page
    assert "| rnn | -0.200 | -0.200 to -0.200 | too few seeds |" in page
    assert "| instruction sets | avx2 |" in page
    assert "| evaluations | 34 |" in page
    assert "Cells have different draws" in page
    assert "nan %" not in page


def test_the_summary_goes_between_the_marks_of_the_readme(file: Path, storage: str, tmp_path: Path) -> None:
    made = readme(read_record(file, storage), "studies/made.md", "studies/made.svg")
    target = tmp_path / "README.md"
    target.write_text("above\n<!-- made: begin -->\nold\n<!-- made: end -->\nbelow\n", encoding="utf-8")
    put("made", made, target)
    put("made", made, target)
    assert target.read_text(encoding="utf-8") == (
        f"above\n<!-- made: begin -->\n\n{made}\n\n<!-- made: end -->\nbelow\n"
    )
    assert "[The whole report](studies/made.md)" in made
    assert "3 cells on 2 tasks" in made


def test_a_file_without_marks_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "README.md"
    target.write_text("nothing here", encoding="utf-8")
    with pytest.raises(SystemExit, match="made: begin"):
        put("made", "text", target)
    assert target.read_text(encoding="utf-8") == "nothing here"


def test_a_study_that_is_not_done_is_refused(file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'half.db'}"
    with FreeStore.create(url) as store:
        Recorder(store, "order").record()
        Recorder(store, "sum").record(seeds=SEEDS - 1)
    with pytest.raises(Refused, match=r"'made\.sum' is not done: the report phase wants 4 seeds"):
        read_record(file, url)


def test_a_task_that_is_not_stored_is_named(file: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'one.db'}"
    with FreeStore.create(url) as store:
        Recorder(store, "order").record()
    with pytest.raises(InvalidInput, match=r"no study 'made\.sum'"):
        read_record(file, url)


@pytest.mark.parametrize("text", ["study: made\nspace: lstm_to_gru\ntasks: {}\n", "study: made\n", "cell: lstm\n"])
def test_another_file_is_refused(text: str, file: Path, storage: str) -> None:
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match="not a study of cells on several tasks"):
        read_record(file, storage)
