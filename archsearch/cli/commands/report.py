"""`archsearch report`: a study as one HTML file."""

from __future__ import annotations

from archsearch.cli.commands import Command
from archsearch.cli.options import OutputFile, Storage, StudyName, TasksFrom
from archsearch.cli.output import check_target, write_page
from archsearch.study import DEFAULT_STORAGE


def report(
    study: StudyName,
    output: OutputFile = None,
    storage: Storage = DEFAULT_STORAGE,
    tasks_from: TasksFrom = None,
) -> None:
    """Write a study into one HTML file.

    It has verdict, boards, the best cells, curves, importance, failures and environment.
    The file needs no server, no script and no network. The same study gives the same file.
    """
    check_target(output, "report.html")
    from archsearch.store.store import Store
    from archsearch.study.stored import find_study
    from archsearch.web.report import make_report

    with Store.read(storage) as store:
        text = make_report(store, find_study(store, study), tasks_from)
    write_page(output, text)


COMMAND = Command("Results", report)
