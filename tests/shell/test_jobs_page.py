"""The page of background jobs: whose, in which tab, how far, and the way back for what failed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core import clock, jobs
from qingfeng.core.jobs import cron, running, worker
from qingfeng.core.models import Job, JobProgress, JobStatus
from qingfeng.core.roles import Role
from qingfeng.notifications.models import Message
from tests.platform import handlers
from tests.stories import user_with

pytestmark = pytest.mark.django_db
assert handlers  # registers the kinds of job used here


@pytest.fixture
def officer() -> User:
    return user_with(Role.CONDUCT_OFFICE)


@pytest.fixture
def admin() -> User:
    return user_with(Role.SYSTEM_ADMIN)


def visit(user: User, url: str, **headers: str):
    client = Client(headers=headers)
    client.force_login(user)
    return client.get(url)


def post(user: User, url: str, data: dict | None = None):
    client = Client()
    client.force_login(user)
    return client.post(url, data or {})


def failed_job(by: User) -> Job:
    job = jobs.enqueue("test.refused", title="导入名册", by=by)
    worker.drain()
    job.refresh_from_db()
    return job


def test_list_shows_a_person_his_own_jobs_and_the_administrator_all(officer, admin) -> None:
    jobs.enqueue("test.whole", title="我的导入", by=officer)
    jobs.enqueue("test.whole", title="别人的导入", by=admin)

    mine = visit(officer, reverse("jobs:list")).content.decode()
    everything = visit(admin, reverse("jobs:list")).content.decode()

    assert "1 项后台任务正在办理" in mine
    assert "我的导入" in mine
    assert "别人的导入" not in mine
    assert "2 项后台任务正在办理" in everything
    assert officer.name in everything


def test_list_shows_how_far_a_running_job_is_and_asks_again(officer) -> None:
    job = jobs.enqueue("test.steps", title="计算", by=officer)
    running._claim(job.pk, job.token)
    JobProgress.objects.update(done=12, total=40, sentence="第 12 个单位")

    page = visit(officer, reverse("jobs:list")).content.decode()

    assert 'aria-valuenow="12"' in page
    assert "第 12 个单位" in page
    assert 'hx-trigger="every 3s"' in page


def test_fragment_equals_the_part_of_the_page(officer) -> None:
    jobs.enqueue("test.whole", title="计算", by=officer)

    page = visit(officer, reverse("jobs:list")).content.decode()
    part = visit(officer, reverse("jobs:list"), hx_request="true").content.decode()

    assert part.strip() in page
    assert "<html" not in part


def test_failed_tab_gives_reason_and_the_way_back(officer) -> None:
    job = failed_job(officer)

    page = visit(officer, reverse("jobs:list") + "?tab=failed").content.decode()
    confirm = visit(officer, reverse("jobs:retry", args=[job.pk])).content.decode()
    answer = post(officer, reverse("jobs:retry", args=[job.pk]))

    assert "表中没有“单位”一列" in page
    assert reverse("jobs:retry", args=[job.pk]) in page
    assert "重试：导入名册" in confirm
    job.refresh_from_db()
    assert answer.status_code == 302
    assert job.status == JobStatus.QUEUED
    assert Entry.objects.filter(action="job.retry", actor_id=officer.pk).count() == 1


def test_retry_of_another_persons_job_is_not_found_and_of_a_done_one_refused(officer, admin) -> None:
    others, own = failed_job(admin), jobs.enqueue("test.whole", title="计算", by=officer)

    assert post(officer, reverse("jobs:retry", args=[others.pk])).status_code == 404
    refused = post(officer, reverse("jobs:retry", args=[own.pk]))

    assert refused.status_code == 403
    assert "任务没有失败，不必重试" in refused.content.decode()


def test_panel_polls_while_open_and_stands_still_when_done(officer) -> None:
    job = jobs.enqueue("test.whole", title="计算", by=officer)
    url = reverse("jobs:panel", args=[job.pk])

    while_open = visit(officer, url, hx_request="true").content.decode()
    worker.drain()
    done = visit(officer, url, hx_request="true").content.decode()

    assert f'hx-get="{url}"' in while_open
    assert "hx-get" not in done
    assert "写好了" in done


def test_panel_of_another_person_is_not_found(officer, admin) -> None:
    job = jobs.enqueue("test.whole", title="计算", by=admin)

    assert visit(officer, reverse("jobs:panel", args=[job.pk])).status_code == 404


@pytest.mark.parametrize(("slug", "words"), [("test.whole", "已完成"), ("test.refused", "没有完成")])
def test_end_of_a_job_is_written_to_who_asked_for_it(officer, slug: str, words: str) -> None:
    jobs.enqueue(slug, title="计算", by=officer)

    worker.drain()

    assert [(m.recipient, m.title) for m in Message.objects.all()] == [(officer, f"计算{words}")]


def test_end_of_a_routine_job_is_written_to_nobody() -> None:
    jobs.enqueue("test.whole", title="例行", is_routine=True)

    worker.drain()

    assert Message.objects.count() == 0


def test_schedule_shows_every_line_to_the_administrator_alone(officer, admin) -> None:
    cron.start_due(clock.now() - dt.timedelta(days=1))
    cron.start_due(clock.now())
    worker.drain()

    page = visit(admin, reverse("jobs:schedule")).content.decode()
    refused = visit(officer, reverse("jobs:schedule"))

    assert "校验审计记录" in page
    assert "每天 02:30" in page
    assert "校验通过" in page
    assert refused.status_code == 403
    assert "定时任务仅限系统管理员查看" in refused.content.decode()


def test_export_is_an_excel_sheet_and_audited(officer) -> None:
    jobs.enqueue("test.whole", title="计算", by=officer)

    answer = post(officer, reverse("jobs:export"))

    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert Entry.objects.get(action="export.job").detail == {"rows": 1}


def test_list_asks_the_database_as_often_for_one_as_for_three(officer) -> None:
    client = Client()
    client.force_login(officer)
    client.get(reverse("jobs:list"))
    asked = []
    for more in (1, 2):
        for number in range(more):
            jobs.enqueue("test.whole", title=f"第 {number} 项", by=officer)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("jobs:list"))
        asked.append(len(queries))

    assert asked[0] == asked[1]
