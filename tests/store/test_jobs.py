"""Jobs: which change is allowed from which state, what is shown of a study, and the order of the queue."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from archsearch.errors import Refused
from archsearch.schema.states import StudyState
from archsearch.store import AlreadyCounted, CoordinatorState, JobRow, StudyRow
from archsearch.store.pages import Cut
from archsearch.store.store import Store
from tests.store.free_store import FreeStore

States = tuple[StudyState, CoordinatorState]

SHOWN: tuple[StudyState, ...] = (
    "created",
    "queued",
    "running",
    "stopping",
    "interrupted",
    "cancelled",
    "failed",
    "finished",
    "exhausted",
)
COORDINATED = ("running, no job", "interrupted", "finished", "exhausted")
EVERYTHING = ("created", "queued", "running", "stopping", "cancelled", "failed", *COORDINATED)


def bring(store: FreeStore, state: str, name: str = "quick") -> int:
    """A study in this state, by the changes that lead there; its id."""
    if state in COORDINATED:
        study = store.create_study(name, "{}").id
        if state != "running, no job":
            store.set_state(study, state)  # type: ignore[arg-type]
        return study
    study = store.add_studies([(name, "{}")])[0].id
    if state != "created":
        store.enqueue(study, 2)
    if state in ("running", "stopping"):
        assert store.begin_job(study)
        store.set_process(study, 7, 1.5, "here")
    if state == "failed":
        store.fail_job(study, "no luck")
    if state in ("stopping", "cancelled"):
        store.cancel(study)
    return study


def states(store: FreeStore, study: int) -> tuple[str | None, str]:
    """The state of the job, and the one that is shown."""
    job = store.job(study)
    (shown,) = [row.state for row in store.list_studies() if row.id == study]
    return (None if job is None else job.state), shown


@pytest.mark.parametrize("state", EVERYTHING)
def test_the_state_of_a_job_lies_over_that_of_the_coordinator(store: FreeStore, state: str) -> None:
    study = bring(store, state)
    shown = state.partition(",")[0]
    assert states(store, study) == (None if state in COORDINATED else state, shown)
    found = store.find_study("quick")
    assert found is not None
    assert found.state == shown
    assert store.page_studies("name", Cut(9)).rows == (found,)


def test_studies_are_filtered_and_sorted_by_the_state_that_is_shown(store: FreeStore) -> None:
    for number, state in enumerate(SHOWN):
        bring(store, "running, no job" if number == 2 else state, f"study {number}")
    bring(store, "running", "study 9")
    for number, state in enumerate(SHOWN):
        page = store.page_studies("name", Cut(20), state=state)
        wanted = [f"study {number}"] + ["study 9"] * (state == "running")
        assert [row.name for row in page.rows] == wanted
        assert page.total == len(wanted)
        assert {row.state for row in page.rows} == {state}
    for descending in (False, True):
        rows = [
            row
            for offset in (0, 4, 8)
            for row in store.page_studies("state", Cut(4, offset, descending=descending)).rows
        ]
        assert [row.state for row in rows] == sorted([*SHOWN, "running"], reverse=descending)
    assert [row.name for row in store.page_studies("state", Cut(20), part="study 9").rows] == ["study 9"]


@pytest.mark.parametrize("state", EVERYTHING)
def test_only_what_no_runner_has_can_be_enqueued(store: FreeStore, state: str) -> None:
    study = bring(store, state)
    if state in ("queued", "running", "stopping"):
        before = store.job(study)
        with pytest.raises(Refused, match=f"^study 'quick' is {state} already$"):
            store.enqueue(study, 1)
        assert store.job(study) == before
    else:
        store.enqueue(study, 3)
        job = store.job(study)
        assert job is not None
        assert (job.study, job.state, job.workers, job.reason, job.crashes) == ("quick", "queued", 3, "", 0)
        assert states(store, study)[1] == "queued"


CANCELLED = {"queued": "cancelled", "running": "stopping"}


@pytest.mark.parametrize("state", EVERYTHING)
def test_only_what_waits_or_runs_can_be_cancelled(store: FreeStore, state: str) -> None:
    study = bring(store, state)
    before = states(store, study)
    if state in CANCELLED:
        assert store.cancel(study) == CANCELLED[state]
        assert states(store, study) == (CANCELLED[state], CANCELLED[state])
        return
    reason = "started by `archsearch run`: stop it there" if state == "running, no job" else f"is {state}: .* nothing"
    with pytest.raises(Refused, match=f"^study 'quick' (was )?{reason}"):
        store.cancel(study)
    assert states(store, study) == before


Change = Callable[[FreeStore, int], object]

RUNNER: Mapping[str, tuple[Change, Mapping[str, str | None]]] = {
    "begin": (lambda store, study: store.begin_job(study), {"queued": "running"}),
    "fail": (
        lambda store, study: store.fail_job(study, "why"),
        {"queued": "failed", "running": "failed", "stopping": "failed"},
    ),
    "stop": (lambda store, study: store.stop_job(study), {"stopping": "cancelled"}),
    "begin study": (
        lambda store, study: store.begin_study(study),
        {"created": None, "cancelled": None, "failed": None},
    ),
    "end study": (
        lambda store, study: store.end_study(study, "finished"),
        {"created": None, "running": None, "stopping": None, "cancelled": None, "failed": None},
    ),
}


@pytest.mark.parametrize("state", EVERYTHING)
@pytest.mark.parametrize("change", RUNNER)
def test_a_change_happens_from_the_states_that_it_is_for_and_no_other(
    store: FreeStore, state: str, change: str
) -> None:
    make, allowed = RUNNER[change]
    study = bring(store, state)
    before = store.job(study)
    answer = make(store, study)
    after = store.job(study)
    if state in allowed:
        assert (after and after.state) == allowed[state]
    else:
        assert after == before
    if change == "begin":
        assert answer is (state == "queued")


ENDS: Mapping[str, tuple[Change, tuple[str, ...]]] = {
    "fail": (RUNNER["fail"][0], ("queued", "running", "stopping")),
    "stop": (RUNNER["stop"][0], ("stopping",)),
}
"""How jobs end badly, and from which states."""


@pytest.mark.parametrize("state", EVERYTHING)
@pytest.mark.parametrize("end", ENDS)
def test_a_job_that_ends_badly_leaves_its_study_interrupted_and_others_as_they_are(
    store: FreeStore, state: str, end: str
) -> None:
    """A coordinator that was killed could not say that it runs no more."""
    change, allowed = ENDS[end]
    other = bring(store, "running, no job", "a command line's")
    study = bring(store, state)
    before = coordinator_state(store, study)
    change(store, study)
    assert coordinator_state(store, study) == ("interrupted" if state in allowed else before)
    assert coordinator_state(store, other) == "running"


def test_a_study_that_a_command_line_runs_is_not_interrupted_by_the_end_of_its_job(store: FreeStore) -> None:
    """The job has no process: whoever runs the study is none of the server's."""
    study = bring(store, "running")
    store.clear_process(study)
    store.cancel(study)
    store.stop_job(study)
    assert states(store, study) == ("cancelled", "cancelled")
    assert coordinator_state(store, study) == "running"


def coordinator_state(store: FreeStore, study: int) -> str:
    """What the coordinator wrote, whatever the job says."""
    query = f"SELECT state FROM archsearch_studies WHERE id = {study}"
    with store._engine.connect() as connection:
        return str(connection.exec_driver_sql(query).scalar_one())


@pytest.mark.parametrize("state", ["finished", "exhausted"])
def test_the_end_of_a_study_is_shown_whoever_came_to_it(store: FreeStore, state: CoordinatorState) -> None:
    """A server may have been stopped while its job ran; a command line then brought the study to its end."""
    for number, before in enumerate(("running", "stopping", "cancelled", "failed", "running, no job")):
        study = bring(store, before, f"study {number}")
        store.end_study(study, state)
        assert states(store, study) == (None, state)
    asked_anew = bring(store, "queued")
    store.end_study(asked_anew, state)
    assert states(store, asked_anew) == ("queued", "queued")


def test_a_failed_job_keeps_its_reason_until_it_is_started_again(store: FreeStore) -> None:
    study = bring(store, "failed")
    job = store.job(study)
    assert job is not None
    assert job.reason == "no luck"
    store.enqueue(study, 1)
    assert store.begin_job(study)
    job = store.job(study)
    assert job is not None
    assert job.reason == ""


def test_the_process_of_a_job_is_kept_while_it_runs(store: FreeStore) -> None:
    study = bring(store, "queued")
    store.set_process(study, 7, 1.5, "here")
    assert process(store, study) == (None, None, ""), "nobody runs what waits"
    store.begin_job(study)
    store.set_process(study, 7, 1234567890.123456, "here")
    assert process(store, study) == (7, 1234567890.123456, "here")
    store.cancel(study)
    assert process(store, study) == (7, 1234567890.123456, "here")
    store.clear_process(study)
    assert process(store, study) == (None, None, "")
    store.set_process(study, 8, 2.5, "there")
    store.stop_job(study)
    store.enqueue(study, 1)
    assert process(store, study) == (None, None, "")


def process(store: FreeStore, study: int) -> tuple[int | None, float | None, str]:
    job = store.job(study)
    assert job is not None
    return job.pid, job.pid_started, job.host


def test_crashes_are_counted_while_a_job_runs_and_forgotten(store: FreeStore) -> None:
    study = bring(store, "queued")
    assert store.count_crash(study) == 0
    store.begin_job(study)
    assert [store.count_crash(study) for _ in range(3)] == [1, 2, 3]
    store.forget_crashes(study)
    assert store.count_crash(study) == 1
    store.fail_job(study, "why")
    store.enqueue(study, 1)
    store.begin_job(study)
    assert store.count_crash(study) == 1, "a new start begins at none"
    assert store.count_crash(bring(store, "finished", "another")) == 0


def test_the_queue_is_in_the_order_of_asking(store: FreeStore) -> None:
    ids = {name: bring(store, "created", name) for name in "dacb"}
    for name in "bad":
        store.enqueue(ids[name], 1)
    assert queue(store) == ["b", "a", "d"]
    store.cancel(ids["a"])
    store.enqueue(ids["c"], 1)
    assert queue(store) == ["b", "d", "c"]
    store.enqueue(ids["a"], 1)
    assert queue(store) == ["b", "d", "c", "a"], "who asks again stands at the end"
    store.begin_job(ids["b"])
    store.end_study(ids["b"], "finished")
    store.enqueue(ids["b"], 1)
    assert queue(store) == ["d", "c", "a", "b"]


def queue(store: FreeStore) -> list[str]:
    return [job.study for job in store.jobs() if job.state == "queued"]


def test_a_study_has_one_job_and_one_row(store: FreeStore) -> None:
    study = bring(store, "failed")
    store.enqueue(study, 1)
    (job,) = store.jobs()
    assert isinstance(job, JobRow)
    assert job == store.job(study)
    assert len(store.list_studies()) == 1
    assert store.job(study + 1) is None


def test_new_studies_are_added_all_or_none(store: FreeStore) -> None:
    added = store.add_studies([("b", "{}"), ("a", "[]")])
    assert [(row.name, row.definition, row.state) for row in added] == [("b", "{}", "created"), ("a", "[]", "created")]
    assert {row.id for row in added} == {row.id for row in store.list_studies()}
    for names in (("c", "a"), ("c", "c")):
        with pytest.raises(AlreadyCounted, match=f"there is a study '{names[1]}' already"):
            store.add_studies([(name, "{}") for name in names])
        assert [row.name for row in store.list_studies()] == ["a", "b"]
        assert len(store.jobs()) == 2
    assert store.add_studies([]) == ()


def test_what_was_only_created_has_never_run(store: FreeStore) -> None:
    assert coordinator_state(store, bring(store, "created")) == "interrupted"


def test_a_study_that_is_not_there_is_a_mistake(store: FreeStore) -> None:
    for change in (lambda: store.enqueue(9, 1), lambda: store.cancel(9)):
        with pytest.raises(ValueError, match="no study with the id 9"):
            change()
    assert store.begin_job(9) is False


@pytest.mark.parametrize("workers", [0, -1])
def test_a_job_takes_a_core_at_least(store: FreeStore, study: StudyRow, workers: int) -> None:
    with pytest.raises(Refused):
        store.enqueue(study.id, workers)
    assert store.jobs() == ()


def test_every_change_is_seen_in_the_stamp_of_a_study(store: FreeStore) -> None:
    study = bring(store, "created")
    stamps = [store.stamp(study)]
    for change in (lambda: store.enqueue(study, 1), lambda: store.begin_job(study), lambda: store.cancel(study)):
        change()
        stamps.append(store.stamp(study))
    assert len(set(stamps)) == len(stamps)


def test_a_reader_changes_no_job(store: FreeStore, url: str) -> None:
    study = bring(store, "created")
    with Store.read(url) as reader:
        with pytest.raises(Refused, match="reading only"):
            reader.enqueue(study, 1)
        assert [job.state for job in reader.jobs()] == ["created"]
