"""The coordinator: the one process that proposes candidates, submits evaluations and records them.

All its decisions follow from the study's definition and the database, so it can be killed at any moment and run
again: nothing finished is lost, nothing is evaluated twice.
"""

from __future__ import annotations

import contextlib
import functools
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

from archsearch import registry
from archsearch.errors import Interrupted, InvalidInput, MachineFault, Problem, Refused, quoted
from archsearch.schema.phases import Phase
from archsearch.store import CoordinatorState, ForeignStudy, Unavailable
from archsearch.store.owned import Owned, own_study
from archsearch.store.patience import PATIENCE, Patience
from archsearch.study import executors
from archsearch.study.agenda import Agenda
from archsearch.study.changes import difference
from archsearch.study.definition import Definition
from archsearch.study.devices import check_devices
from archsearch.study.dispatch import Dispatch
from archsearch.study.environment import usable_cores
from archsearch.study.executors import ExecutorFactory
from archsearch.study.later_phases import Rounds, confirm, report
from archsearch.study.ledger import Fault, Ledger
from archsearch.study.mirror import Mirror
from archsearch.study.progress import Listener, RunningCounts, Watch
from archsearch.study.proposals import Proposals
from archsearch.study.search import SearchAgenda


def run(
    definition: Definition,
    url: str,
    workers: int | None = None,
    listen: Listener | None = None,
    *,
    patience: float = PATIENCE,
    stop: threading.Event | None = None,
    executor: ExecutorFactory | None = None,
    fault: Fault | None = None,
) -> None:
    """Run a study to its end, or go on with it, in the database at `url`.

    `workers` evaluations run at once, by default one for each core. `listen` gets the progress. Setting `stop` stops it
    from any thread; so do interrupt and termination signals where the caller is the main thread. It waits up to
    `patience` seconds for a database that stops answering. Tests pass an `executor`, and a `fault` that is called at
    named moments.

    Raises `InvalidInput` when a device of the study is not there or run by no backend, `Interrupted` when it was
    stopped, `Refused` when another process runs the study or it was changed.
    """
    if workers is not None and workers < 1:
        raise InvalidInput(Problem(("workers",), f"{workers} evaluations at once", "allowed: at least 1"))
    check_devices(definition.study)
    slots = workers or usable_cores()
    make_executor: ExecutorFactory = executor or registry.load(executors.PACKAGE, "local")
    fault = fault or _nothing
    watch = Watch(definition.name, definition.study.search.trials, slots, _expected(definition), listen)
    # The executor's processes start while the database is opened and read.
    with _signals(stop or threading.Event()) as stopping, contextlib.closing(make_executor(slots)) as own_executor:
        waiting = Patience(patience, watch.note, stopping)
        check = functools.partial(_check_same, definition)
        with own_study(url, definition.name, definition.text, check=check, patience=waiting) as store:
            store.check_copy(definition.name)
            if store.machine_failures(store.study_id):  # counted by an earlier version
                store.reopen_machine_failures()
            ledger = Ledger(store, definition.study.training.checks, watch.counts, fault)
            mirror = Mirror(url, store, definition.name, definition.candidates, ledger.first_reports, waiting)
            complete_mirror = functools.partial(_complete, mirror, watch, fault)
            dispatch = Dispatch(definition, ledger, own_executor, slots, watch, stopping, fault)
            try:
                state = _run_phases(definition, ledger, dispatch, complete_mirror, watch, fault)
            except (Interrupted, MachineFault) as error:
                dispatch.close()
                if not isinstance(error.__cause__, Unavailable):
                    _say_interrupted(store, complete_mirror)
                raise
            finally:
                dispatch.close()
            complete_mirror()
            store.end(state)


def _say_interrupted(store: Owned, complete_mirror: Callable[[], None]) -> None:
    """Mark the study interrupted, if the database answers; the next run goes on in any case."""
    with contextlib.suppress(Interrupted):
        store.set_state("interrupted")
        complete_mirror()


def _complete(mirror: Mirror, watch: Watch, fault: Fault) -> None:
    """Bring Optuna's copy up to date; trouble with it costs the study nothing."""
    try:
        mirror.complete(lambda: fault("mirrored"))
    except (ForeignStudy, Unavailable) as error:
        watch.note(f"{error}; Optuna's copy of the study lacks trials")


def _run_phases(
    definition: Definition,
    ledger: Ledger,
    dispatch: Dispatch,
    complete_mirror: Callable[[], None],
    watch: Watch,
    fault: Fault,
) -> CoordinatorState:
    """Search, confirm, report; the state in which the study ends."""
    study = definition.study

    def carry_out(phase: Phase, agenda: Agenda) -> None:
        watch.phase = phase
        dispatch.drive(agenda)
        watch.counts.total[phase] = watch.counts.done[phase]
        watch.show(0, now=True)
        fault(f"{phase} ended")

    rows = ledger.store.trials(ledger.study_id)
    proposals = Proposals(definition, rows, ledger.first_reports())
    search = SearchAgenda(definition, ledger, rows, proposals, watch, fault)
    carry_out("search", search)
    complete_mirror()
    trivial = definition.task.baseline
    subjects = confirm(definition, ledger)
    fault("confirm entered")
    carry_out("confirm", Rounds("confirm", subjects, study.confirm.seeds, trivial, ledger, watch))
    subjects = report(definition, ledger)
    fault("report entered")
    carry_out("report", Rounds("report", subjects, study.report.seeds, trivial, ledger, watch))
    return "exhausted" if search.exhausted else "finished"


def _check_same(definition: Definition, earlier: str) -> None:
    """Raise `Refused` unless a study with the `earlier` definition may go on as this one."""
    changes = difference(earlier, definition)
    if changes:
        begun = f"study {quoted(definition.name)} has begun with another definition"
        raise Refused(f"{begun}: {'; '.join(changes)}. Undo this, or choose another name")


def _expected(definition: Definition) -> RunningCounts:
    """The number of evaluations of each phase, if nothing fails or repeats."""
    study, baselines = definition.study, len(definition.baselines)
    return RunningCounts(
        {
            "search": study.search.seeds * (study.search.trials + baselines),
            "confirm": study.confirm.seeds * study.confirm.best,
            "report": study.report.seeds * (study.report.best + baselines),
        }
    )


@contextlib.contextmanager
def _signals(stop: threading.Event) -> Iterator[threading.Event]:
    """Let the first interrupt or termination signal set `stop`; a second one interrupts at once."""

    def set_stop(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    earlier = {number: signal.signal(number, set_stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)


def _nothing(moment: str) -> None:
    """No fault."""
