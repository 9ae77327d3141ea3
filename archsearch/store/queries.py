"""What a database is asked: the functions of this package that read, each as a method of one transaction."""

from __future__ import annotations

import functools

from archsearch.schema.phases import Phase
from archsearch.store import EntryFigures, entries, evaluations, figures, jobs, pages, results, studies, trials
from archsearch.store.access import Access, query
from archsearch.store.tallies import Memory, list_figures


class Queries(Access):
    """The part of the store that changes nothing. Each method is the function that it names, without its connection."""

    find_study = query(studies.find_study)
    list_studies = query(studies.list_studies)
    page_studies = query(pages.page_studies)
    stamp = query(studies.stamp)
    progress = query(studies.progress)
    environments = query(figures.environments_of)

    job = query(jobs.find_job)
    jobs = query(jobs.list_jobs)  # last: below this line the name means the method

    spec = query(entries.find_spec)
    has_entry = query(entries.has_entry)
    entries = query(entries.list_entries)
    lines = query(figures.lines_of)
    baselines = query(figures.baselines)
    runs = query(results.list_runs)
    results = query(results.list_results)

    page_trials = query(pages.page_trials)
    find_trial = query(trials.find_trial)
    trial_of_spec = query(trials.trial_of_spec)
    best_trials = query(trials.best_trials)
    refusals = query(trials.list_refusals)
    usual_failure = query(trials.usual_failure)
    trial_values = query(figures.trial_values)
    trials = query(trials.list_trials)

    find_complete = query(evaluations.find_complete)
    evaluation = query(evaluations.find_evaluation)
    last_evaluations = query(figures.last_evaluations)
    weights = query(evaluations.find_weights)
    environment = query(evaluations.find_environment)
    attempts = query(evaluations.count_attempts)
    machine_failures = query(evaluations.count_machine_failures)
    failures = query(evaluations.list_attempts)
    failure_kinds = query(figures.failure_kinds)
    page_failures = query(pages.page_failures)

    @functools.cached_property
    def _memory(self) -> Memory:
        return Memory()

    def figures(self, study_id: int, phase: Phase) -> tuple[EntryFigures, ...]:
        """Every entry of a phase, in the order of `entries`, with what a board takes from its finished runs.

        Asked again, it reads what is new.
        """
        return self._read(lambda c: list_figures(c, study_id, phase, self._memory))
