"""Evaluations under way: each is looked up, run, tried again where the machine failed, and recorded once."""

from __future__ import annotations

import dataclasses
import functools
import itertools
import threading
from collections.abc import Callable, Sequence

from archsearch.errors import Interrupted, MachineFault, Refused, counted, quoted
from archsearch.schema.score import MACHINE_FAILURES, TIME_LIMIT, Failure, Score
from archsearch.store import EvaluationKey, EvaluationRow, Run, TrialEnd
from archsearch.study.agenda import Agenda, Request
from archsearch.study.definition import Definition
from archsearch.study.estimate import estimate, exceeded
from archsearch.study.executors import Event, Executor, Failed, Finished, Reported
from archsearch.study.flights import Flight
from archsearch.study.ledger import Fault, Ledger
from archsearch.study.outcomes import Outcome, Subject, failed, outcome_of_evaluation, pruned
from archsearch.study.progress import Watch
from archsearch.study.seeds import phase_seed
from archsearch.training import Chosen, choose_step

MOST_ATTEMPTS = 3
"""Attempts of one run at an evaluation that the machine loses, or of all runs at one that meets its time limit."""

MOST_LOST = 3
"""A run ends when the machine has lost this number of candidates in a row, each in all its attempts."""

PATIENCE = 0.25
"""Seconds to wait for an event before checking whether the study is to stop."""


class Dispatch:
    """Submits jobs and decides what is recorded of them; nothing else does."""

    def __init__(
        self,
        definition: Definition,
        ledger: Ledger,
        executor: Executor,
        workers: int,
        watch: Watch,
        stop: threading.Event,
        fault: Fault,
    ) -> None:
        """`workers` evaluations may run at once."""
        self._definition = definition
        self._ledger = ledger
        self._given_executor = executor
        self._workers = workers
        self._watch = watch
        self._stop = stop
        self._fault = fault
        self._flights: dict[int, Flight] = {}  # by the number of their job
        self._numbers = itertools.count()
        self._told: set[str] = set()  # why earlier backends did not run
        self._open: dict[Run, str] = {}  # evaluations that the machine has lost in all attempts, and how
        self._lost: set[str] = set()  # their specs, since an evaluation has ended otherwise

    @functools.cached_property
    def _executor(self) -> Executor:
        """The executor, once its version is known to be that of the study's earlier results."""
        executor = self._given_executor
        other = self._ledger.versions - {executor.version}
        if other:  # their scores must not be compared
            was = f"was evaluated by version {min(other)} of the training code, this is {executor.version}"
            raise Refused(f"study {quoted(self._definition.name)} {was}: start a study under another name")
        return executor

    def close(self) -> None:
        """End what is running."""
        self._given_executor.close()

    def drive(self, agenda: Agenda) -> None:
        """Carry out an agenda to its end.

        Raises `Interrupted` when the study is to stop, and `MachineFault` where the machine has lost evaluations: at
        the end of what can be done without them, or at once where it loses one after another.
        """
        while True:
            while len(self._flights) < self._workers and (request := agenda.next()) is not None:
                self._begin(agenda, request)
                self._pause()
            if not self._flights and self._open:
                raise self._machine_fault()
            if not self._flights:
                return
            self._pause()
            events = self._executor.wait(PATIENCE)
            ends = {event.job: event for event in events if not isinstance(event, Reported)}
            for event in events:
                self._handle(agenda, event, ends.get(event.job))

    def _pause(self) -> None:
        """Show the progress; raise `Interrupted` where the study is to stop."""
        self._watch.show(len(self._flights))
        if self._stop.is_set():
            raise Interrupted(f"study {quoted(self._definition.name)} was stopped; run it again to go on")

    # --- beginning

    def _begin(self, agenda: Agenda, request: Request) -> None:
        """Have an evaluation run, unless its outcome is known or on its way."""
        known = self._ledger.find(request.run)
        flight = next((flight for flight in self._flights.values() if flight.run == request.run), None)
        if known is not None:
            self._settle_known(agenda, request, known)
        elif flight is not None:
            flight.requests.append(request)
        elif request.run not in self._open:
            self._begin_new(agenda, request)

    def _settle_known(self, agenda: Agenda, request: Request, outcome: Outcome) -> None:
        end = agenda.trial_end(request, outcome)
        if end is not None:
            self._ledger.store.finish_trial(end)
            self._fault("trial finished")
        agenda.ended(request, outcome)

    def _begin_new(self, agenda: Agenda, request: Request) -> None:
        try:
            chosen = self._choose(request.subject)
        except MachineFault:  # it would be the same for the others
            raise
        except Refused as error:
            self._fail(agenda, [request], Failure(kind="refused", reason=str(error)))
            return
        key = self._key(request, chosen.backend)
        spec = request.subject.spec
        size = estimate(request.subject.ir, spec.model, spec.training, self._definition.task)
        failure = exceeded(size, self._definition.study.limits)
        evaluation = self._ledger.store.find_complete(key) if failure is None else None
        if failure is not None:
            self._fail(agenda, [request], failure)
        elif evaluation is None or not self._link(agenda, request, evaluation):
            self._submit(Flight(key, [request], chosen.compiled))

    def _link(self, agenda: Agenda, request: Request, evaluation: EvaluationRow) -> bool:
        """Count what is complete already; False when its study has been deleted at this moment."""
        outcome = outcome_of_evaluation(evaluation, self._definition.study.training.checks)
        linked = self._ledger.link(request.run, evaluation, agenda.trial_end(request, outcome))
        if linked:
            agenda.ended(request, outcome)
        return linked

    def _choose(self, subject: Subject) -> Chosen:
        """The backend that will run, and how; `Refused` when none does."""
        chosen = choose_step(subject.spec, self._definition.study.backend)
        if chosen.reason and chosen.reason not in self._told:
            self._told.add(chosen.reason)
            self._watch.note(f"on {chosen.backend}, not on {chosen.reason}")
        return chosen

    def _key(self, request: Request, backend: str) -> EvaluationKey:
        study, subject = self._definition.study, request.subject
        return EvaluationKey(
            spec_id=subject.spec_id,
            task=self._definition.task_key,
            seed=phase_seed(study.seed, request.run.phase, request.run.seed_index),
            budget=subject.spec.training.sequences,
            backend=backend,
            version=self._executor.version,
        )

    def _submit(self, flight: Flight) -> None:
        job = flight.job(next(self._numbers), self._definition)
        self._executor.submit(job)
        self._flights[job.number] = flight
        self._fault("submitted")

    # --- events

    def _handle(self, agenda: Agenda, event: Event, end: Finished | Failed | None) -> None:
        """Take in an event; `end` is that of its job, where that is known already."""
        flight = self._flights.get(event.job)
        if flight is None:  # pruned by an earlier event of the same batch
            return
        if isinstance(event, Reported):
            flight.reports.append((event.check, event.value))
            trial, last = flight.prunable, event.check == self._definition.study.training.checks
            if trial is not None and agenda.reported(trial, event.check, event.value) and not last:
                self._prune(agenda, event.job, flight, end)
            return
        del self._flights[event.job]
        if isinstance(event, Finished) and event.weights is not None and flight.trained is None:
            self._submit(dataclasses.replace(flight, trained=event))
            return
        self._watch.counts.count_run(event.seconds + (flight.trained.seconds if flight.trained else 0.0))
        if isinstance(event, Finished):
            self._lost.clear()
            self._complete(agenda, flight, event.score)
        else:
            self._try_again_or_fail(agenda, flight, event)

    def _prune(self, agenda: Agenda, job: int, flight: Flight, ended: Finished | Failed | None) -> None:
        """Give a trial up, even where its evaluation has ended meanwhile: a late reader must decide the same."""
        self._lost.clear()
        seconds = self._executor.stop(job) if ended is None else ended.seconds
        del self._flights[job]
        self._watch.counts.count_run(seconds)
        environment, reports = self._executor.environment, tuple(flight.reports)
        record = functools.partial(self._ledger.prune, flight.run, flight.key, environment, reports, seconds)
        self._settle(agenda, flight.requests, pruned(reports), record)

    def _complete(self, agenda: Agenda, flight: Flight, score: Score) -> None:
        key = dataclasses.replace(flight.key, backend=score.backend)
        environment, reports = self._executor.environment, tuple(flight.reports)
        weights = None if flight.trained is None else flight.trained.weights
        record = functools.partial(self._ledger.complete, flight.run, key, score, environment, reports, weights)
        self._settle(agenda, flight.requests, self._ledger.completed(score, reports), record)

    def _settle(
        self, agenda: Agenda, requests: Sequence[Request], outcome: Outcome, record: Callable[[TrialEnd | None], None]
    ) -> None:
        """Record the outcome under its first request, together with the end of its trial; the others share it."""
        first, *others = requests
        record(agenda.trial_end(first, outcome))
        agenda.ended(first, outcome)
        for request in others:
            self._settle_known(agenda, request, outcome)

    def _try_again_or_fail(self, agenda: Agenda, flight: Flight, event: Failed) -> None:
        failure = event.failure
        if failure.kind in MACHINE_FAILURES:
            self._ledger.record_attempt(flight.run, failure)
            if flight.attempt < MOST_ATTEMPTS:
                self._submit(flight.again(flight.attempt + 1))
            else:
                self._leave_open(agenda, flight, failure)
            return
        self._lost.clear()
        if failure.kind == TIME_LIMIT and self._ledger.store.attempts(flight.run, TIME_LIMIT) + 1 < MOST_ATTEMPTS:
            self._ledger.record_attempt(flight.run, failure)
            self._submit(flight.again(flight.attempt))
        else:
            self._fail(agenda, flight.requests, failure)

    def _leave_open(self, agenda: Agenda, flight: Flight, failure: Failure) -> None:
        """Count nothing: the next run tries it again. End this one where candidate after candidate is lost."""
        first = flight.requests[0]
        self._open[first.run] = f"{first}: {failure.kind}: {failure.reason}"
        agenda.left_open()
        self._lost.add(first.run.spec_id)
        if len(self._lost) >= MOST_LOST:
            raise self._machine_fault()

    def _machine_fault(self) -> MachineFault:
        lost = f"{counted(len(self._open), 'evaluation')} lost in {MOST_ATTEMPTS} attempts each, and not counted"
        last = next(reversed(self._open.values()))
        return MachineFault(f"study {quoted(self._definition.name)}: {lost}: {last}. Mend this, then run it again")

    def _fail(self, agenda: Agenda, requests: Sequence[Request], failure: Failure) -> None:
        first = requests[0]

        def record(end: TrialEnd | None) -> None:
            self._ledger.fail(first.run, failure, end)
            self._watch.note(f"{first}: {failure.kind}: {failure.reason}")

        self._settle(agenda, requests, failed(failure), record)
