"""Jobs in one process: enqueued with their caller, done once, tried again, given back, started on time."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection, transaction
from django_tasks_db.models import DBTaskResult

from qingfeng.audit.models import Entry
from qingfeng.core import clock, jobs
from qingfeng.core.errors import Conflict
from qingfeng.core.jobs import cron, reaper, running, worker
from qingfeng.core.models import CronSlot, Job, JobProgress, JobStatus, WorkerBeat
from tests.platform import handlers

MONDAY = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def written(action: str) -> int:
    return Entry.objects.filter(action=action).count()


@pytest.mark.django_db
def test_enqueue_rolled_back_with_its_caller_leaves_nothing() -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue("test.whole", title="试")
        _ = 1 / 0

    assert Job.objects.count() == 0
    assert DBTaskResult.objects.count() == 0


def test_enqueue_unknown_kind_is_refused() -> None:
    with pytest.raises(KeyError):
        jobs.enqueue("test.unknown", title="试")


def test_handler_registered_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="already"):
        jobs.handler("test.whole")(lambda run: None)


def test_run_job_does_it_and_leaves_its_sentence(each_db) -> None:
    job = jobs.enqueue("test.steps", title="试")

    worker.drain()

    job.refresh_from_db()
    assert (job.status, job.result, job.data) == (JobStatus.DONE, "走完了", {"steps": 30})
    assert (job.progress.done, job.progress.total, job.progress.percent) == (30, 30, 100)
    assert written("step") == 30


@pytest.mark.django_db
def test_run_failing_job_keeps_no_effect_and_no_name_and_is_tried_again(caplog) -> None:
    job = jobs.enqueue("test.fails", title="试", args={"fact": "王某 13900000000"})

    worker.drain()
    job.refresh_from_db()
    first = (job.status, job.attempts)
    waits = job.run_after - clock.now()
    with time_machine.travel(clock.now() + dt.timedelta(minutes=1)):
        worker.drain()

    job.refresh_from_db()
    assert first == (JobStatus.QUEUED, 1)
    assert dt.timedelta(seconds=3) < waits <= dt.timedelta(seconds=10)
    assert (job.status, job.attempts) == (JobStatus.FAILED, 2)
    assert written("failing") == 0
    assert "ValueError" in job.error
    assert "王某" not in job.error + caplog.text
    assert not DBTaskResult.objects.filter(traceback__contains="王某").exists()


@pytest.mark.django_db
def test_run_refused_job_fails_at_once_with_its_sentences() -> None:
    job = jobs.enqueue("test.refused", title="试")

    worker.drain()

    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)
    assert job.error == "表中没有“单位”一列；第 3 行没有日期"


@pytest.mark.django_db
def test_retry_failed_job_runs_it_again_and_twice_is_a_conflict() -> None:
    job = jobs.enqueue("test.refused", title="试")
    worker.drain()

    jobs.retry(job_id=job.pk, at=clock.now())
    with pytest.raises(Conflict):
        jobs.retry(job_id=job.pk, at=clock.now())
    worker.drain()

    job.refresh_from_db()
    assert (job.status, job.attempts) == (JobStatus.FAILED, 1)


@pytest.mark.django_db
def test_run_with_an_old_token_does_nothing() -> None:
    job = jobs.enqueue("test.whole", title="试")
    old = job.token
    jobs.dispatch(job)

    assert running.perform(job.pk, old, jobs.HANDLERS, jobs.dispatch) == "lost"
    assert written("whole") == 0


@pytest.mark.django_db
def test_run_lost_in_the_middle_stores_nothing() -> None:
    job = jobs.enqueue("test.lost", title="试")

    worker.drain()

    job.refresh_from_db()
    assert job.status == JobStatus.RUNNING
    assert written("lost") == 0


@pytest.mark.django_db
def test_step_after_the_job_was_given_away_is_refused() -> None:
    job = jobs.enqueue("test.steps", title="试")
    run = running._claim(job.pk, job.token)
    JobProgress.objects.update(heartbeat_at=MONDAY)
    reaper.reap(clock.now())

    assert run is not None
    with pytest.raises(running.Lost), run.step(1):
        handlers.write("never")

    assert written("never") == 0


@pytest.mark.django_db
def test_stop_in_the_middle_hands_back_where_it_stands(monkeypatch) -> None:
    stopping = threading.Event()
    monkeypatch.setattr(running, "STOPPING", stopping)
    job = jobs.enqueue("test.steps", title="试")
    monkeypatch.setattr(handlers, "STEPS", 3)
    known = running.Handler("test.steps", lambda run: _stop_after_two(run, stopping), True, 5)

    ended = running.perform(job.pk, job.token, {"test.steps": known}, jobs.dispatch)
    stopping.clear()
    worker.drain()

    job.refresh_from_db()
    assert ended == "handed back"
    assert (job.status, job.attempts) == (JobStatus.DONE, 1)
    assert sorted(Entry.objects.values_list("detail__n", flat=True)) == [0, 1, 2]


def _stop_after_two(run: running.Run, stopping: threading.Event) -> None:
    for number in range(5):
        if number == 2:
            stopping.set()
        with run.step(number + 1):
            handlers.write("step", number)


@pytest.mark.django_db
@pytest.mark.parametrize("phase", ["claimed by the queue", "running", "queue row lost"])
def test_reap_gives_back_a_dead_job_once(phase: str) -> None:
    job = jobs.enqueue("test.whole", title="试")
    if phase == "queue row lost":
        DBTaskResult.objects.all().delete()
    else:
        DBTaskResult.objects.update(status="RUNNING", started_at=clock.now())
    if phase == "running":
        running._claim(job.pk, job.token)

    early = reaper.reap(clock.now())
    with time_machine.travel(clock.now() + dt.timedelta(minutes=2)):
        reaped = (reaper.reap(clock.now()), reaper.reap(clock.now()))
        worker.drain()

    job.refresh_from_db()
    assert (early, reaped) == (0, (1, 0))
    assert job.status == JobStatus.DONE
    assert written("whole") == 2


@pytest.mark.django_db
def test_reap_lets_a_waiting_and_a_beating_job_be() -> None:
    jobs.enqueue("test.whole", title="等", delay=dt.timedelta(hours=5))
    busy = jobs.enqueue("test.whole", title="忙")
    running._claim(busy.pk, busy.token)

    with time_machine.travel(clock.now() + dt.timedelta(hours=1)):
        JobProgress.objects.filter(job=busy).update(heartbeat_at=clock.now())
        assert reaper.reap(clock.now()) == 0


@pytest.mark.django_db
def test_reap_job_that_kills_its_workers_fails_it_at_last() -> None:
    job = jobs.enqueue("test.fails", title="试")

    for minutes in (2, 4):
        job.refresh_from_db()
        running._claim(job.pk, job.token)
        with time_machine.travel(clock.now() + dt.timedelta(minutes=minutes)):
            reaper.reap(clock.now())

    job.refresh_from_db()
    assert job.status == JobStatus.FAILED
    assert "中断了 2 次" in job.error


@pytest.mark.parametrize(
    ("schedule", "now", "latest", "following"),
    [
        (cron.Every(1), "2026-03-02 01:00:59", "2026-03-02 01:00", "2026-03-02 01:01"),
        (cron.Every(15), "2026-03-02 01:14", "2026-03-02 01:00", "2026-03-02 01:15"),
        (cron.Daily(2, 30), "2026-03-01 18:31", "2026-03-01 18:30", "2026-03-02 18:30"),
        (cron.Daily(2, 30), "2026-03-01 18:29", "2026-02-28 18:30", "2026-03-01 18:30"),
    ],
)
def test_schedule_knows_its_latest_and_next_time(schedule, now: str, latest: str, following: str) -> None:
    moment = dt.datetime.fromisoformat(now + "+00:00")

    assert schedule.latest(moment) == dt.datetime.fromisoformat(latest + "+00:00")
    assert schedule.next(moment) == dt.datetime.fromisoformat(following + "+00:00")


@pytest.fixture
def nightly(monkeypatch: pytest.MonkeyPatch) -> cron.Line:
    monkeypatch.setattr(cron, "LINES", {})
    line = cron.Line("test.whole", "夜间", cron.Daily(8), waits_for=("test.refused",))
    cron.schedule(line)
    return line


@pytest.fixture
def seen(nightly: cron.Line) -> cron.Line:
    """Let the line be known since the day before."""
    cron.start_due(MONDAY - dt.timedelta(days=1))
    return nightly


def test_due_line_is_started_once_a_slot_and_waits_for_the_one_before(db, seen) -> None:
    first = [cron.start_due(MONDAY), cron.start_due(MONDAY + dt.timedelta(hours=3))]
    while_open = cron.start_due(MONDAY + dt.timedelta(days=1))
    worker.drain()
    after = cron.start_due(MONDAY + dt.timedelta(days=1, hours=4))

    assert (first, while_open, after) == ([1, 0], 0, 1)
    assert Job.objects.filter(is_routine=True).count() == 2


@pytest.mark.django_db
def test_line_with_nothing_to_do_leaves_no_job(monkeypatch) -> None:
    monkeypatch.setattr(cron, "LINES", {})
    cron.schedule(cron.Line("test.whole", "夜间", cron.Daily(8), is_needed=lambda now: False))
    cron.start_due(MONDAY - dt.timedelta(days=1))

    assert cron.start_due(MONDAY) == 0
    assert Job.objects.count() == 0


@pytest.mark.django_db
def test_line_never_seen_before_begins_at_its_next_time(nightly) -> None:
    first = cron.start_due(MONDAY)
    next_day = cron.start_due(MONDAY + dt.timedelta(days=1))

    assert (first, next_day) == (0, 1)


def test_line_waits_for_a_job_of_another_kind(db, seen) -> None:
    other = jobs.enqueue("test.refused", title="别的")

    waiting = cron.start_due(MONDAY)
    worker.drain()
    other.refresh_from_db()

    assert (waiting, other.status, cron.start_due(MONDAY)) == (0, JobStatus.FAILED, 1)


def test_forget_keeps_the_newest_slot_so_that_a_long_stop_is_made_up(db, seen) -> None:
    cron.start_due(MONDAY)

    cron.forget(MONDAY + dt.timedelta(days=30))

    assert [row.slot for row in CronSlot.objects.all()] == [seen.schedule.latest(MONDAY)]


def test_line_without_a_handler_is_refused() -> None:
    with pytest.raises(KeyError):
        cron.schedule(cron.Line("test.unknown", "夜间", cron.Daily(8)))


def test_due_line_met_by_two_workers_starts_once(each_db, seen) -> None:
    barrier = threading.Barrier(2)

    def work() -> None:
        barrier.wait()
        cron.start_due(MONDAY)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (Job.objects.count(), CronSlot.objects.count()) == (1, 2)


def test_prune_forgets_routine_work_and_keeps_what_people_asked_for(db, seen) -> None:
    asked = jobs.enqueue("test.whole", title="人要的")
    cron.start_due(MONDAY)
    worker.drain()

    assert jobs.prune(before=clock.now() + dt.timedelta(days=8)) == 1

    assert list(Job.objects.all()) == [asked]
    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db
def test_keeper_beats_for_worker_and_job(monkeypatch) -> None:
    monkeypatch.setattr(cron, "LINES", {})
    job = jobs.enqueue("test.whole", title="试")
    running._claim(job.pk, job.token)
    JobProgress.objects.update(heartbeat_at=MONDAY)
    running.active.add((job.pk, job.token))
    try:
        worker.Keeper("here-1", 5, reaper.LEASE).once()
    finally:
        running.active.clear()

    assert clock.now() - JobProgress.objects.get().heartbeat_at < dt.timedelta(seconds=5)
    assert WorkerBeat.objects.get().worker == "here-1"
