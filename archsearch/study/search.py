"""The search: candidates from the sampler and the baselines, on the first phase's seeds.

Baselines come first, then proposals, and at the end further draws of the baselines: where the study's model or training
has holes, each baseline gets as many draws as the most tried architecture has got trials.
"""

from __future__ import annotations

import dataclasses
import random
from collections import deque
from collections.abc import Sequence

from archsearch.space import RandomChooser
from archsearch.store import NewEntry, TrialEnd, TrialRow
from archsearch.study.agenda import Request
from archsearch.study.definition import Definition
from archsearch.study.history import MOST_REPEATS, History
from archsearch.study.ledger import Fault, Ledger
from archsearch.study.outcomes import Outcome, Subject, mean_value, subject_of, subject_of_row
from archsearch.study.progress import Watch
from archsearch.study.proposals import Proposal, Proposals
from archsearch.study.seeds import draw_seed


@dataclasses.dataclass
class _Trial:
    """A trial under way; its seeds are evaluated one after another."""

    number: int
    subject: Subject
    outcomes: list[Outcome] = dataclasses.field(default_factory=list)


class SearchAgenda:
    """The plan of the first phase. `rows` are the trials of earlier runs, by number."""

    def __init__(
        self,
        definition: Definition,
        ledger: Ledger,
        rows: Sequence[TrialRow],
        proposals: Proposals,
        watch: Watch,
        fault: Fault,
    ) -> None:
        self._definition = definition
        self._ledger = ledger
        self._store = ledger.store
        self._proposals = proposals
        self._watch = watch
        self._fault = fault
        self._history = History(rows)
        self._trials: dict[int, _Trial] = {}
        self._waiting: deque[Request] = deque()
        self._draws = 0
        self._stalled = False
        self._draw_baselines(1)
        for row in rows:
            if row.state == "running" and row.repeat_of is None:
                self._take_up(row)
        self._count()

    @property
    def exhausted(self) -> bool:
        """Whether the sampler has nothing new to propose."""
        return self._history.is_exhausted()

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
        """Go on with a trial's next seed, or tell the sampler that the trial has ended."""
        if request.trial is None:
            return
        end = self.trial_end(request, outcome)
        trial = self._trials[request.trial]
        trial.outcomes.append(outcome)
        if end is None:
            self._waiting.appendleft(self._request(trial.subject, len(trial.outcomes), trial.number))
        else:
            self._finish(trial, end)

    def left_open(self) -> None:
        """Propose nothing more: an undisturbed run would have known the outcome."""
        self._stalled = True

    # --- trials

    def _propose(self) -> None:
        """Ask for proposals until one is new; first those that the database has lost."""
        history = self._history
        while not self._waiting and (history.gaps or not self._is_complete()):
            proposal = self._proposals.ask(history.next_number())
            if proposal.candidate is None:
                self._refuse(proposal)
            elif (first := history.find(proposal.candidate.spec_id)) is not None:
                self._repeat(proposal, first)
            else:
                self._accept(proposal, subject_of(proposal.candidate))

    def _is_complete(self) -> bool:
        """Whether all trials that the study wants have been proposed."""
        return self._history.proposed >= self._definition.study.search.trials or self.exhausted

    def _accept(self, proposal: Proposal, subject: Subject) -> None:
        self._store.record_proposal(proposal.number, proposal.choices, subject.row)
        self._fault("proposal recorded")
        self._history.add(proposal.number, subject.spec_id, subject.arch_id, subject.line)
        self._count()
        self._trials[proposal.number] = _Trial(proposal.number, subject)
        self._waiting.append(self._request(subject, 0, proposal.number))

    def _repeat(self, proposal: Proposal, repeat_of: int) -> None:
        row = self._store.record_repeat(proposal.number, proposal.choices, repeat_of)
        self._fault("repeat recorded")
        if row.state == "running":
            self._history.add_repeat(row.number, repeat_of)
        else:
            self._history.add_repeat(row.number, None)
            self._tell(TrialEnd(row.number, row.state, row.value), row.spec_id)
        self._count()
        if self.exhausted:
            self._watch.note(f"the search is exhausted: {MOST_REPEATS} proposals in a row had been made before")

    def _refuse(self, proposal: Proposal) -> None:
        self._store.record_refusal(proposal.number, proposal.choices, proposal.reason)
        self._fault("refusal recorded")
        end = TrialEnd(proposal.number, "failed")
        self._history.add(proposal.number, None, None, "")
        self._history.end(end)
        self._tell(end, None)
        self._count()
        self._watch.note(f"trial {proposal.number} makes no sound cell: {proposal.reason}")

    def _take_up(self, row: TrialRow) -> None:
        """Go on with a trial that an earlier run has left running."""
        assert row.spec_id is not None
        stored = self._store.spec(row.spec_id)
        assert stored is not None
        trial = self._trials[row.number] = _Trial(row.number, subject_of_row(stored))
        self._waiting.append(self._request(trial.subject, 0, row.number))

    def _finish(self, trial: _Trial, end: TrialEnd) -> None:
        del self._trials[trial.number]
        for number in (trial.number, *self._history.end(end)):
            self._tell(dataclasses.replace(end, number=number), trial.subject.spec_id)
        self._count()

    def _tell(self, end: TrialEnd, spec_id: str | None) -> None:
        """Let the sampler know that a trial has ended."""
        outcome = None if spec_id is None else self._ledger.find(self._ledger.run("search", spec_id, 0))
        self._proposals.end(end, () if outcome is None else outcome.reports)

    def _request(self, subject: Subject, seed_index: int, trial: int | None) -> Request:
        return Request(self._ledger.run("search", subject.spec_id, seed_index), subject, trial)

    # --- baselines

    def _fair_draws(self) -> int:
        """How many draws each baseline is to get by now."""
        if not self._definition.study.holes:
            return 1
        return self._history.most_tried

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

    def _count(self) -> None:
        counts, search, history = self._watch.counts, self._definition.study.search, self._history
        counts.trials = {state: number for state, number in history.states.items() if number}
        counts.repeats = history.repeats
        draws = max(self._draws, self._fair_draws())
        counts.total["search"] = search.seeds * (search.trials + draws * len(self._definition.baselines))
        counts.best = history.best or counts.best
