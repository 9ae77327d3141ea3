"""The search: candidates from the sampler and the baselines, on the first phase's seeds.

Baselines come first, then proposals, and at the end further draws of the baselines: where the study's model or training
has holes, each baseline gets as many draws as the most tried architecture has got trials.
"""

from __future__ import annotations

import contextlib
import dataclasses
import random
from collections import Counter, deque
from collections.abc import Iterable

from archsearch.schema.states import TrialState
from archsearch.space import RandomChooser
from archsearch.store import NewEntry, TrialEnd, TrialRow, Unavailable
from archsearch.store.lock import utc_now
from archsearch.study.agenda import Request
from archsearch.study.definition import Definition
from archsearch.study.ledger import Fault, Ledger
from archsearch.study.mirror import Mirror
from archsearch.study.outcomes import Outcome, Reports, Subject, mean_value, subject_of, subject_of_row
from archsearch.study.progress import Best, Watch
from archsearch.study.proposals import Proposal, Proposals
from archsearch.study.seeds import draw_seed

MOST_REPEATS = 100
"""Proposals in a row that have been made before, after which the search counts as exhausted."""


@dataclasses.dataclass
class _Trial:
    """A trial under way; its seeds are evaluated one after another."""

    number: int
    subject: Subject
    outcomes: list[Outcome] = dataclasses.field(default_factory=list)


class SearchAgenda:
    """The plan of the first phase."""

    def __init__(
        self, definition: Definition, ledger: Ledger, proposals: Proposals, mirror: Mirror, watch: Watch, fault: Fault
    ) -> None:
        self._definition = definition
        self._ledger = ledger
        self._store = ledger.store
        self._proposals = proposals
        self._mirror = mirror
        self._watch = watch
        self._fault = fault
        self._rows = {row.number: row for row in self._store.trials(ledger.study_id)}
        self._gaps = deque(number for number in range(max(self._rows, default=0)) if number not in self._rows)
        self._of_spec = {row.spec_id: row.number for row in self._rows.values() if row.repeat_of is None}
        self._trials: dict[int, _Trial] = {}
        self._waiting: deque[Request] = deque()
        self._draws = 0
        self._stalled = False
        with contextlib.suppress(Unavailable):
            self.complete_mirror()
        self._draw_baselines(1)
        for row in self._rows.values():
            if row.state == "running" and row.repeat_of is None:
                self._take_up(row)
        self._count()

    @property
    def exhausted(self) -> bool:
        """Whether the sampler has nothing new to propose."""
        last = list(self._rows.values())[-MOST_REPEATS:]
        return len(last) == MOST_REPEATS and all(row.repeat_of is not None for row in last)

    # --- the plan

    def next(self) -> Request | None:
        """What waits, else a new trial's first seed, else, once all trials have ended, the baselines' further draws."""
        if not self._waiting and not self._stalled:
            self._propose()
        if not self._waiting and not self._stalled and not self._trials:
            self._draw_baselines(self._fair_draws())
        return self._waiting.popleft() if self._waiting else None

    def reported(self, trial: int, check: int, value: float) -> bool:
        """Ask the pruner."""
        return self._proposals.report(trial, check, value)

    def trial_end(self, request: Request, outcome: Outcome) -> TrialEnd | None:
        """A trial ends with its last seed, or when its first one was given up."""
        if request.trial is None:
            return None
        outcomes = [*self._trials[request.trial].outcomes, outcome]
        if outcome.state == "pruned":
            return TrialEnd(request.trial, "pruned", outcome.value)
        if len(outcomes) < self._definition.study.search.seeds:
            return None
        if all(outcome.state == "failed" for outcome in outcomes):
            return TrialEnd(request.trial, "failed")
        return TrialEnd(request.trial, "complete", mean_value(outcomes, self._definition.task.baseline))

    def ended(self, request: Request, outcome: Outcome) -> None:
        """Go on with a trial's next seed, or tell sampler and mirror that the trial has ended."""
        if request.trial is None:
            return
        end = self.trial_end(request, outcome)
        trial = self._trials[request.trial]
        trial.outcomes.append(outcome)
        if end is None:
            self._waiting.appendleft(self._request(trial.subject, len(trial.outcomes), trial.number))
        else:
            self._finish(trial)

    def left_open(self) -> None:
        """Propose nothing more: an undisturbed run would have known the outcome."""
        self._stalled = True

    # --- trials

    def _propose(self) -> None:
        """Ask for proposals until one is new; first those that the database has lost."""
        while not self._waiting and (self._gaps or not self._is_complete()):
            proposal = self._proposals.ask(self._gaps.popleft() if self._gaps else len(self._rows))
            if proposal.candidate is None:
                self._refuse(proposal)
            elif proposal.candidate.spec_id in self._of_spec:
                self._repeat(proposal, self._of_spec[proposal.candidate.spec_id])
            else:
                self._accept(proposal, subject_of(proposal.candidate))

    def _is_complete(self) -> bool:
        """Whether all trials that the study wants have been proposed."""
        new = sum(row.repeat_of is None for row in self._rows.values())
        return new >= self._definition.study.search.trials or self.exhausted

    def _accept(self, proposal: Proposal, subject: Subject) -> None:
        self._store.record_proposal(proposal.number, proposal.choices, subject.row)
        self._fault("proposal recorded")
        self._of_spec[subject.spec_id] = proposal.number
        self._add(_new_row(proposal, "running", subject=subject))
        self._trials[proposal.number] = _Trial(proposal.number, subject)
        self._waiting.append(self._request(subject, 0, proposal.number))

    def _repeat(self, proposal: Proposal, repeat_of: int) -> None:
        row = self._store.record_repeat(proposal.number, proposal.choices, repeat_of)
        self._fault("repeat recorded")
        self._add(row)
        if row.state != "running":
            self._tell([row])
        if self.exhausted:
            self._watch.note(f"the search is exhausted: {MOST_REPEATS} proposals in a row had been made before")

    def _refuse(self, proposal: Proposal) -> None:
        self._store.record_refusal(proposal.number, proposal.choices, proposal.reason)
        self._fault("refusal recorded")
        row = _new_row(proposal, "failed")
        self._add(row)
        self._tell([row])
        self._watch.note(f"trial {proposal.number} makes no sound cell: {proposal.reason}")

    def _take_up(self, row: TrialRow) -> None:
        """Go on with a trial that an earlier run has left running."""
        assert row.spec_id is not None
        stored = self._store.spec(row.spec_id)
        assert stored is not None
        trial = self._trials[row.number] = _Trial(row.number, subject_of_row(stored))
        self._waiting.append(self._request(trial.subject, 0, row.number))

    def _finish(self, trial: _Trial) -> None:
        del self._trials[trial.number]
        ended = self._store.trial_of_spec(self._ledger.study_id, trial.subject.spec_id)
        assert ended is not None
        repeats = [
            dataclasses.replace(row, state=ended.state, value=ended.value, finished_at=ended.finished_at)
            for row in self._rows.values()
            if row.repeat_of == trial.number and row.state == "running"
        ]
        for row in (ended, *repeats):
            self._rows[row.number] = row
        self._tell([ended, *repeats])
        self._count()

    def _tell(self, rows: Iterable[TrialRow]) -> None:
        """Let sampler and mirror know of trials that have ended."""
        for row in rows:
            reports = self._reports(row)
            self._proposals.end(row, reports)
            with contextlib.suppress(Unavailable):  # it is a copy, and completed later
                self._copy(row, reports)
            self._fault("mirrored")

    def complete_mirror(self) -> None:
        """Add what a crash, or trouble with the database, has kept from the mirror."""
        for row in self._rows.values():
            if row.state != "running" and row.number not in self._mirror:
                self._copy(row, self._reports(row))
                self._fault("mirror completed")

    def _copy(self, row: TrialRow, reports: Reports) -> None:
        """Add a trial to Optuna's tables, which no fence guards, while the study is still ours."""
        self._store.ping()
        self._mirror.add(row, reports)

    def _reports(self, row: TrialRow) -> Reports:
        outcome = None if row.spec_id is None else self._ledger.find(self._ledger.run("search", row.spec_id, 0))
        return () if outcome is None else tuple(outcome.reports)

    def _request(self, subject: Subject, seed_index: int, trial: int | None) -> Request:
        return Request(self._ledger.run("search", subject.spec_id, seed_index), subject, trial)

    # --- baselines

    def _fair_draws(self) -> int:
        """How many draws each baseline is to get by now."""
        if not self._definition.study.holes:
            return 1
        tried = Counter(row.arch_id for row in self._rows.values() if row.repeat_of is None and row.arch_id is not None)
        return max(tried.values(), default=1)

    def _draw_baselines(self, draws: int) -> None:
        """Let every baseline have `draws` draws of the holes in model and training."""
        study, candidates = self._definition.study, self._definition.candidates
        for index in range(self._draws, draws):
            entries = []
            for baseline in self._definition.baselines:
                chooser = RandomChooser(random.Random(draw_seed(study.seed, baseline.label, index)))
                subject = subject_of(candidates.of_cell(baseline.cell, chooser))
                entries.append(NewEntry("baseline", subject.row, baseline.label))
                self._waiting += [self._request(subject, seed, None) for seed in range(study.search.seeds)]
            self._store.add_entries("search", entries)
            self._fault("baselines drawn")
        self._draws = max(draws, self._draws)

    # --- for the display

    def _add(self, row: TrialRow) -> None:
        self._rows[row.number] = row
        self._count()

    def _count(self) -> None:
        counts, search = self._watch.counts, self._definition.study.search
        new = [row for row in self._rows.values() if row.repeat_of is None]
        counts.trials = dict(Counter(row.state for row in new))
        counts.repeats = len(self._rows) - len(new)
        draws = max(self._draws, self._fair_draws())
        counts.total["search"] = search.seeds * (search.trials + draws * len(self._definition.baselines))
        best = max((row for row in new if row.state == "complete"), key=lambda row: row.value or 0.0, default=None)
        if best is not None and best.value is not None:
            counts.best = Best("search", best.value, best.line, best.number)


def _new_row(proposal: Proposal, state: TrialState, subject: Subject | None = None) -> TrialRow:
    """The row of a trial that has just been recorded."""
    now = utc_now()
    return TrialRow(
        number=proposal.number,
        choices=proposal.choices,
        spec_id=None if subject is None else subject.spec_id,
        arch_id=None if subject is None else subject.arch_id,
        line="" if subject is None else subject.line,
        state=state,
        value=None,
        repeat_of=None,
        reason=proposal.reason,
        proposed_at=now,
        finished_at=None if state == "running" else now,
    )
