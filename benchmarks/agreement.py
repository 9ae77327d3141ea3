"""Whether training natively reaches the scores of the reference: the same cells, seeds and data with each backend.

    python -m benchmarks.agreement [--quick] [--write]

Single scores differ: float32 sums in another order send a training another way. Means over seeds should not.
"""

from __future__ import annotations

import tempfile
from typing import Annotated

import typer

from archsearch.board import compare
from archsearch.findings.session import run
from archsearch.registry import shipped_path
from archsearch.schema.canonical import ordered_json, plain
from archsearch.schema.document import read_document
from archsearch.schema.study import Study
from archsearch.schema.validation import load
from archsearch.store import EntryResult
from archsearch.store.store import Store
from archsearch.study.environment import usable_cores
from archsearch.study.stored import find_study
from benchmarks.machine import describe
from benchmarks.tables import DOCUMENT, Table, show
from benchmarks.tables import write as write_tables

BACKENDS = ("native", "reference")
SEEDS = 20

Objectives = dict[str, dict[int, float]]
"""By the cell's label or line, then by seed."""


def main(
    quick: Annotated[
        bool, typer.Option("--quick", help="Three seeds and short trainings, in less than a minute.")
    ] = False,
    write: Annotated[bool, typer.Option("--write", help=f"Put the table into docs/{DOCUMENT.name}.")] = False,
) -> None:
    """Run the quickstart's baselines and a candidate with each backend, and compare their objectives by seed."""
    if write and quick:
        raise SystemExit("only a full run goes into the document")
    machine = describe(("optuna",))
    made = [_machine(machine), table(*(objectives(backend, quick) for backend in BACKENDS))]
    show(made)
    if write:
        write_tables("benchmarks.agreement", made)


def objectives(backend: str, quick: bool) -> Objectives:
    """Run the study with this backend alone; the report phase's objectives."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/study.db"
        session = run(document(backend, quick), url)
        with Store.read(url) as store:
            results = store.results(find_study(store, session.name).id, "report")
    return {result.entry.label or result.entry.line: _by_seed(result) for result in results}


def document(backend: str, quick: bool) -> str:
    """The quickstart, with as little search as there can be."""
    study = load(Study, read_document(shipped_path("studies", "quickstart")))
    small: dict[str, object] = {
        "study": f"agreement_{backend}",
        "space": "lstm_to_gru",
        "search": {"sampler": "random", "trials": 1},
        "confirm": {"best": 1, "seeds": 1},
        "report": {"best": 1, "seeds": 3 if quick else SEEDS},
        "limits": {**plain(study.limits), "seconds": 600},
        "backend": [backend],
    }
    if quick:
        small["training"] = {**plain(study.training), "sequences": 640}
    return ordered_json({**plain(study), **small}) + "\n"


def table(native: Objectives, reference: Objectives) -> Table:
    """One row for each cell: both means, and the difference paired by seed."""
    rows = []
    for name, ours in native.items():
        theirs = reference[name]
        found = compare(ours, theirs, label="reference", comparisons=len(native))
        assert found is not None
        span = f"{found.interval.low:+.3f} to {found.interval.high:+.3f}" if found.interval else "none"
        equal = sum(abs(ours[seed] - theirs[seed]) < 1e-3 for seed in ours)
        means = (f"{sum(some.values()) / len(some):.3f}" for some in (ours, theirs))
        rows.append((name, *means, f"{found.difference:+.3f}", span, f"{equal} of {found.pairs}"))
    level = 100 * (1 - 0.05 / len(native))
    note = f"Objectives, means over seeds; intervals at {level:.0f} %, corrected for {len(native)} comparisons."
    head = ("cell", *BACKENDS, "difference, paired by seed", "its interval", "seeds that agree to 0.001")
    return Table("Scores with each backend", note, head, rows)


def _by_seed(result: EntryResult) -> dict[int, float]:
    found = {}
    for each in result.runs:
        if each.evaluation is None or each.evaluation.score is None:
            raise SystemExit(f"{result.entry.label or result.entry.line}: an evaluation has failed")
        found[each.seed_index] = each.evaluation.score.objective
    return found


def _machine(machine: dict[str, str]) -> Table:
    study = f"quickstart's task and training, its baselines and one candidate, {SEEDS} seeds"
    rows = [*machine.items(), ("study", study), ("cores used", str(usable_cores()))]
    return Table("Machine and study", "", ("what", "value"), rows, words=2)


if __name__ == "__main__":
    typer.run(main)
