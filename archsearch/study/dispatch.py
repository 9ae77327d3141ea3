"""Evaluations on their way: each is looked up, run, tried again where the machine failed, and recorded once."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import threading
from collections.abc import Callable, Sequence
from typing import Protocol

from archsearch.backends import choose
from archsearch.errors import Interrupted, MachineFault, Refused, counted, quoted
from archsearch.schema.canonical import plain
from archsearch.schema.score import MACHINE_FAILURES, TIME_LIMIT, Failure
from archsearch.store import EvaluationKey, EvaluationRow, Run, TrialEnd
from archsearch.study.definition import Definition
from archsearch.study.estimate import estimate, exceeded
from archsearch.study.executors import Event, Executor, Failed, Finished, Job, Reported
from archsearch.study.ledger import Fault, Ledger
from archsearch.study.outcomes import Outcome, RunName, Subject, failed, outcome_of_evaluation, pruned
from archsearch.study.progress import Watch
from archsearch.study.seeds import phase_seed

MOST_ATTEMPTS = 3
"""Attempts of one run at an evaluation that the machine loses, and of all runs at one that meets its time limit."""

MOST_LOST = 3
"""Candidates lost in a row, each in all its attempts, at which a run ends: the machine would lose the others, too."""

PATIENCE = 0.25
"""Seconds to wait for an event before looking whether the study is to stop."""


@dataclasses.dataclass(frozen=True)
class Wanted:
    """An evaluation that a phase asks for; `trial` is the number of the trial that it belongs to, if any."""

    run: Run
    subject: Subject
    trial: int | None = None

    @property
    def name(self) -> RunName:
        """Its name inside the study."""
        return self.run.phase, self.run.spec_id, self.run.seed_index


class Plan(Protocol):
    """What a phase wants evaluated, in which order, and what follows from it."""

    def next(self) -> Wanted | None:
        """An evaluation to begin now; None when there is none before others have ended."""

    def reported(self, trial: int, check: int, value: float) -> bool:
        """Take in the report of a trial's first seed; whether the trial is to be given up."""

    def trial_end(self, wanted: Wanted, outcome: Outcome) -> TrialEnd | None:
        """How this outcome ends a trial, to be recorded together with it."""

    def ended(self, wanted: Wanted, outcome: Outcome) -> None:
        """The outcome has been recorded."""

    def left_open(self) -> None:
        """The machine has lost an evaluation; whatever would follow from its outcome has to wait for another run."""


@dataclasses.dataclass
class _Flight:
    """An evaluation under way, for everybody who wants it; `attempt` is that of this run."""

    key: EvaluationKey
    wanted: list[Wanted]
    attempt: int = 1
    reports: list[tuple[int, float]] = dataclasses.field(default_factory=list)

    @property
    def run(self) -> Run:
        return self.wanted[0].run

    @property
    def prunable(self) -> int | None:
        """The trial that may be given up, if nobody else waits for the outcome."""
        return self.wanted[0].trial if len(self.wanted) == 1 and self.run.seed_index == 0 else None


class Dispatch:
    """The only place that submits jobs, and that says what is recorded of them."""

    def __init__(
        self,
        definition: Definition,
        ledger: Ledger,
        make_executor: Callable[[], Executor],
        workers: int,
        watch: Watch,
        stop: threading.Event,
        fault: Fault,
    ) -> None:
        """`make_executor` is called at the first evaluation that has to be run; `workers` may run at once."""
        self._definition = definition
        self._ledger = ledger
        self._make_executor = make_executor
        self._workers = workers
        self._watch = watch
        self._stop = stop
        self._fault = fault
        self._flights: dict[int, _Flight] = {}  # by the number of their job
        self._numbers = itertools.count()
        self._told: set[str] = set()  # why earlier backends did not run
        self._open: dict[RunName, str] = {}  # evaluations that the machine has lost in all attempts, and how
        self._lost: set[str] = set()  # their specs, since an evaluation has ended otherwise

    @functools.cached_property
    def _executor(self) -> Executor:
        executor = self._make_executor()
        other = self._ledger.versions - {executor.version}
        if other:  # their scores must not be compared
            executor.close()
            was = f"was evaluated by version {min(other)} of the training code, this is {executor.version}"
            raise Refused(f"study {quoted(self._definition.name)} {was}: start a study under another name")
        return executor

    def close(self) -> None:
        """End what is running."""
        if "_executor" in vars(self):
            self._executor.close()

    def drive(self, plan: Plan) -> None:
        """Carry out a plan to its end.

        Raises `Interrupted` when the study is to stop, and `MachineFault` where the machine has lost evaluations: at
        the end of what can be done without them, or at once where it loses one after another.
        """
        while True:
            while len(self._flights) < self._workers and (wanted := plan.next()) is not None:
                self._begin(plan, wanted)
                self._pause()
            if not self._flights and self._open:
                raise self._machine_fault()
            if not self._flights:
                return
            self._pause()
            events = self._executor.wait(PATIENCE)
            ends = {event.job: event for event in events if not isinstance(event, Reported)}
            for event in events:
                self._handle(plan, event, ends.get(event.job))

    def _pause(self) -> None:
        """Show where things stand, and stop if that is wanted."""
        self._watch.show(len(self._flights))
        if self._stop.is_set():
            raise Interrupted(f"study {quoted(self._definition.name)} was stopped; run it again to go on")

    # --- beginning

    def _begin(self, plan: Plan, wanted: Wanted) -> None:
        """Have an evaluation run, unless its outcome is known or on its way."""
        known = self._ledger.find(wanted.name)
        flight = next((each for each in self._flights.values() if each.wanted[0].name == wanted.name), None)
        if known is not None:
            self._settle_known(plan, wanted, known)
        elif flight is not None:
            flight.wanted.append(wanted)
        elif wanted.name not in self._open:
            self._begin_new(plan, wanted)

    def _settle_known(self, plan: Plan, wanted: Wanted, outcome: Outcome) -> None:
        end = plan.trial_end(wanted, outcome)
        if end is not None:
            self._ledger.store.finish_trial(end)
            self._fault("trial finished")
        plan.ended(wanted, outcome)

    def _begin_new(self, plan: Plan, wanted: Wanted) -> None:
        try:
            backend = self._backend(wanted.subject)
        except MachineFault:  # it would be the same for the others
            raise
        except Refused as error:
            self._fail(plan, [wanted], Failure(kind="refused", reason=str(error)))
            return
        key = self._key(wanted, backend)
        spec = wanted.subject.spec
        size = estimate(wanted.subject.ir, spec.model, spec.training, self._definition.task)
        failure = exceeded(size, self._definition.study.limits)
        found = self._ledger.store.find_complete(key) if failure is None else None
        if failure is not None:
            self._fail(plan, [wanted], failure)
        elif found is None or not self._link(plan, wanted, found):
            self._submit(_Flight(key, [wanted]))

    def _link(self, plan: Plan, wanted: Wanted, found: EvaluationRow) -> bool:
        """Count what is complete already; False when its study has been deleted at this moment."""
        outcome = outcome_of_evaluation(found, self._definition.study.training.checks)
        linked = self._ledger.link(wanted.run, found, plan.trial_end(wanted, outcome))
        if linked:
            plan.ended(wanted, outcome)
        return linked

    def _backend(self, subject: Subject) -> str:
        """The backend that will run; `Refused` when none does."""
        names = self._definition.study.backend
        if len(names) == 1:  # the one choice needs no look at the machine, for which torch would be loaded
            return names[0]
        name, reason = choose(names, subject.ir, subject.spec.training.device)
        if reason and reason not in self._told:
            self._told.add(reason)
            self._watch.note(f"on {name}, not on {reason}")
        return name

    def _key(self, wanted: Wanted, backend: str) -> EvaluationKey:
        study, subject = self._definition.study, wanted.subject
        return EvaluationKey(
            spec_id=subject.spec_id,
            task=self._definition.task_key,
            seed=phase_seed(study.seed, wanted.run.phase, wanted.run.seed_index),
            budget=subject.spec.training.sequences,
            backend=backend,
            version=self._executor.version,
        )

    def _submit(self, flight: _Flight) -> None:
        study, subject, report = self._definition.study, flight.wanted[0].subject, flight.run.phase == "report"
        tasks_from = self._definition.tasks_from
        job = Job(
            number=next(self._numbers),
            spec=plain(subject.spec),
            task=study.task.name,
            options=study.task.options,
            tasks_from=None if tasks_from is None else str(tasks_from),
            seed=flight.key.seed,
            backends=tuple(study.backend),
            keep_weights=report,
            read_test=report,
            seconds=study.limits.seconds,
            memory_mb=study.limits.memory_mb,
        )
        self._executor.submit(job)
        self._flights[job.number] = flight
        self._fault("submitted")

    # --- events

    def _handle(self, plan: Plan, event: Event, end: Finished | Failed | None) -> None:
        """Take in an event; `end` is that of its job, where that is known already."""
        flight = self._flights.get(event.job)
        if flight is None:  # pruned by an earlier event of the same batch
            return
        if isinstance(event, Reported):
            flight.reports.append((event.check, event.value))
            trial, last = flight.prunable, event.check == self._definition.study.training.checks
            if trial is not None and plan.reported(trial, event.check, event.value) and not last:
                self._prune(plan, event.job, flight, end)
            return
        del self._flights[event.job]
        self._watch.counts.spent.append(event.seconds)
        if isinstance(event, Finished):
            self._lost.clear()
            self._complete(plan, flight, event)
        else:
            self._try_again_or_fail(plan, flight, event)

    def _prune(self, plan: Plan, job: int, flight: _Flight, ended: Finished | Failed | None) -> None:
        """Give a trial up, even where its evaluation has ended meanwhile: what is read late must decide the same."""
        self._lost.clear()
        seconds = self._executor.stop(job) if ended is None else ended.seconds
        del self._flights[job]
        self._watch.counts.spent.append(seconds)
        wanted, reports = flight.wanted[0], tuple(flight.reports)
        outcome = pruned(reports)
        end = plan.trial_end(wanted, outcome)
        self._ledger.prune(flight.run, flight.key, self._executor.environment, reports, seconds, end)
        plan.ended(wanted, outcome)

    def _complete(self, plan: Plan, flight: _Flight, event: Finished) -> None:
        key = dataclasses.replace(flight.key, backend=event.score.backend)
        first, *others = flight.wanted
        outcome = self._ledger.completed(event.score, flight.reports)
        end = plan.trial_end(first, outcome)
        environment, reports = self._executor.environment, tuple(flight.reports)
        self._ledger.complete(flight.run, key, event.score, environment, reports, event.weights, end)
        plan.ended(first, outcome)
        for wanted in others:
            self._settle_known(plan, wanted, outcome)

    def _try_again_or_fail(self, plan: Plan, flight: _Flight, event: Failed) -> None:
        failure = event.failure
        if failure.kind in MACHINE_FAILURES:
            self._ledger.record_attempt(flight.run, failure)
            if flight.attempt < MOST_ATTEMPTS:
                self._submit(_Flight(flight.key, flight.wanted, flight.attempt + 1))
            else:
                self._leave_open(plan, flight, failure)
            return
        self._lost.clear()
        if failure.kind == TIME_LIMIT and self._ledger.attempts(flight.run, TIME_LIMIT) + 1 < MOST_ATTEMPTS:
            self._ledger.record_attempt(flight.run, failure)
            self._submit(_Flight(flight.key, flight.wanted, flight.attempt))
        else:
            self._fail(plan, flight.wanted, failure)

    def _leave_open(self, plan: Plan, flight: _Flight, failure: Failure) -> None:
        """Count nothing: the next run tries it again. End this one where candidate after candidate is lost."""
        first = flight.wanted[0]
        place = f"{first.run.phase}, {first.subject.line}, seed {first.run.seed_index}"
        self._open[first.name] = f"{place}: {failure.kind}: {failure.reason}"
        plan.left_open()
        self._lost.add(first.run.spec_id)
        if len(self._lost) >= MOST_LOST:
            raise self._machine_fault()

    def _machine_fault(self) -> MachineFault:
        lost = f"{counted(len(self._open), 'evaluation')} lost in {MOST_ATTEMPTS} attempts each, and not counted"
        last = next(reversed(self._open.values()))
        return MachineFault(f"study {quoted(self._definition.name)}: {lost}: {last}. Mend this, then run it again")

    def _fail(self, plan: Plan, wanted: Sequence[Wanted], failure: Failure) -> None:
        first, *others = wanted
        outcome = failed(failure)
        self._ledger.fail(first.run, failure, plan.trial_end(first, outcome))
        self._watch.note(
            f"{first.run.phase}, {first.subject.line}, seed {first.run.seed_index}: {failure.kind}: {failure.reason}"
        )
        plan.ended(first, outcome)
        for other in others:
            self._settle_known(plan, other, outcome)
