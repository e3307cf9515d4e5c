"""The audit book's page: for the audit administrator alone, searched, exported, verified."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from qingfeng.accounts.models import User
from qingfeng.audit import actions
from qingfeng.audit.models import Entry, Seal
from qingfeng.core import clock
from qingfeng.core.actors import SYSTEM
from qingfeng.core.jobs import worker
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.shell.queries.audit_words import action_words
from tests import stories
from tests.audit.test_sealing import tamper
from tests.stories import user_with

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def keys(tmp_path, settings):
    settings.AUDIT_KEY_FILE = tmp_path / "audit.key"
    settings.AUDIT_HEAD_DIR = tmp_path / "heads"


@pytest.fixture
def auditor() -> User:
    return user_with(Role.AUDIT_ADMIN)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def book(user: User, query: str = "") -> str:
    return client_of(user).get(reverse("audit:list") + query).content.decode()


def write(action: str, at: dt.datetime = NOON, **more) -> Entry:
    return actions.record(action=action, by=SYSTEM, at=at, **more)


def test_list_shows_entries_in_words(auditor) -> None:
    write("deadline.extend", subject=Reference("deadline", 7), detail={"due": "2026-03-09"})

    page = book(auditor)

    assert "期限：延长" in page
    assert "期限 7" in page
    assert "到期日 2026-03-09" in page
    assert "等待封存" in page


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
@pytest.mark.parametrize("name", ["audit:list", "audit:verification"])
def test_page_is_refused_to_the_other_administrators(role: Role, name: str) -> None:
    answer = client_of(user_with(role)).get(reverse(name))

    assert answer.status_code == 403
    assert "仅限审计管理员" in answer.content.decode()


def test_refused_verification_and_export_are_audited() -> None:
    officer = user_with(Role.OFFICE)

    for name in ("audit:verify", "audit:export"):
        assert client_of(officer).post(reverse(name)).status_code == 403

    assert Entry.objects.filter(action="refused", actor_id=officer.pk).count() == 2


def test_search_by_address_stands_in_no_address(auditor) -> None:
    write("sign_out", address="10.0.0.9")
    write("setting.change", address="10.0.0.8")
    client = client_of(auditor)

    where = stories.searched(client, reverse("audit:list"), "10.0.0.9", since="2026-03-01")

    page = client.get(where).content.decode()
    assert "10.0.0.9" not in where
    assert '动作">退出登录' in page
    assert '动作">设置：修改' not in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?action=setting.change", {"设置：修改"}),
        ("?outcome=refused", {"越权操作被拒绝"}),
        ("?since=2026-03-02&until=2026-03-02", {"设置：修改", "越权操作被拒绝"}),
        ("?until=2026-03-01", {"退出登录"}),
    ],
)
def test_list_is_narrowed_by_action_outcome_address_and_day(auditor, query: str, found: set[str]) -> None:
    write("setting.change", dt.datetime(2026, 3, 1, 16, 0, tzinfo=dt.UTC))
    write("refused", dt.datetime(2026, 3, 2, 15, 59, tzinfo=dt.UTC), outcome="refused")
    write("sign_out", dt.datetime(2026, 3, 1, 15, 59, tzinfo=dt.UTC), address="10.0.0.9")

    page = book(auditor, query)

    cells = {words for words in ("设置：修改", "越权操作被拒绝", "退出登录") if f'动作">{words}' in page}
    assert cells == found


def test_list_with_a_day_that_is_none_says_so_and_shows_all(auditor) -> None:
    write("sign_out")

    assert "起始日期须写成 2026-03-01" in book(auditor, "?since=三月")
    assert "截止日期不能早于起始日期" in book(auditor, "?since=2026-03-02&until=2026-03-01")


def test_verify_runs_as_a_job_and_its_outcome_stands_on_the_page(auditor) -> None:
    write("sign_out")
    actions.seal(at=NOON)
    actions.export_head(at=NOON)
    client = client_of(auditor)

    client.post(reverse("audit:verify"))
    waiting = book(auditor)
    worker.drain()

    assert "正在校验" in waiting
    page = book(auditor)
    assert "校验通过：1 条记录完整" in page
    assert f"{auditor.name}发起" in page
    assert "核对到封存序号 1" in page
    assert Seal.objects.get().digest in page
    assert Entry.objects.filter(action="audit.verify", actor_id=auditor.pk).exists()


def test_broken_book_is_told_at_the_top_of_the_page(auditor) -> None:
    write("sign_out")
    actions.seal(at=NOON)
    tamper("UPDATE audit_entry SET actor_name = '别人' WHERE action = 'sign_out'")

    client_of(auditor).post(reverse("audit:verify"))
    worker.drain()
    page = book(auditor)
    part = (
        client_of(auditor).get(reverse("audit:verification"), headers={"hx-request": "true"}).content.decode()
    )

    assert "校验不通过：封存序号 1" in page
    assert "qf-notice-bad" in page
    assert "校验不通过" in part


def test_export_gives_what_the_list_shows_and_is_itself_audited(auditor) -> None:
    write("sign_out")
    write("setting.change")

    answer = client_of(auditor).post(reverse("audit:export") + "?action=sign_out")

    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    entry = Entry.objects.get(action="export.audit_entry")
    assert (entry.actor_id, entry.detail, entry.address) == (auditor.pk, {"rows": 1}, "127.0.0.1")


def test_list_asks_the_database_as_often_for_one_as_for_three(auditor) -> None:
    client = client_of(auditor)
    client.get(reverse("audit:list"))
    asked = []
    for more in (1, 2):
        for _ in range(more):
            write("sign_out", clock.now())
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("audit:list"))
        asked.append(len(queries))

    assert asked[0] == asked[1]


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("sign_in.fail", "登录失败"),
        ("round.announce", "评价轮次：公布结果"),
        ("export.unit", "导出：单位"),
        ("grant.give", "授权：授予"),
        ("unknown.thing", "unknown：thing"),
    ],
)
def test_action_is_said_in_words(slug: str, words: str) -> None:
    assert action_words(slug) == words
