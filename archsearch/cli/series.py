"""What commands that read results have in common: one study, or one per task of a file, in the form asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from archsearch.cli.output import Form, Record, complain, emit
from archsearch.errors import Refused

if TYPE_CHECKING:
    from rich.console import Console

    from archsearch.store import StudyRow
    from archsearch.store.store import Store
    from archsearch.study.stored import StoredStudies

_Finding = TypeVar("_Finding")


def open_studies(store: Store, reference: str) -> StoredStudies:
    """The stored studies that a reference means; tasks that have not begun are named on stderr."""
    from archsearch.study.stored import find_studies

    studies = find_studies(store, reference)
    for name in studies.missing:
        complain(f"{name} has not begun")
    return studies


def show_studies(
    form: Form,
    storage: str,
    reference: str,
    read: Callable[[Store, StudyRow], _Finding | Refused],
    record: Callable[[_Finding], Record],
    draw: Callable[[Console, _Finding, bool], None],
) -> None:
    """Print what `read` returns of one study; of several one after another, as a JSON list, or as one table.

    `draw` is told whether there are several. A refusal that `read` returns is printed to stderr, and raised where no
    study has a finding.
    """
    from archsearch.store.store import Store

    with Store.read(storage) as store:  # also while printing: rows of a board are read from texts when they are shown
        studies = open_studies(store, reference)
        answers = [(row.name, read(store, row)) for row in studies.rows]
        findings = [(name, answer) for name, answer in answers if not isinstance(answer, Refused)]
        refusals = [str(answer) for _, answer in answers if isinstance(answer, Refused)]
        if not findings:
            raise Refused("\n".join(refusals))

        def draw_all(console: Console) -> None:
            for number, (_, finding) in enumerate(findings):
                if number:
                    console.print()
                draw(console, finding, studies.several)

        records = [(name, record(finding)) for name, finding in findings]
        emit(form, _joined(records) if studies.several else records[0][1], draw_all)
        for refusal in refusals:
            complain(refusal)


def _joined(records: list[tuple[str, Record]]) -> Record:
    """The records of several studies: a list of documents, and one table with the name of the study in each row."""
    columns = dict.fromkeys(column for _, record in records for column in record.columns if column != "study")
    rows = [{"study": name, **row} for name, record in records for row in record.rows]
    return Record([record.document for _, record in records], ["study", *columns], rows)
