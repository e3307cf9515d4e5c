from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import python_calamine
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from qingfeng.accounts import gateways
from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organizations import PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
LIST, GRANTS, SEATS = "/accounts/", "/accounts/grants/", "/accounts/seats/"


@pytest.fixture
def system_admin() -> User:
    return stories.user_with(Role.SYSTEM_ADMIN, name="系统员")


@pytest.fixture
def security_admin() -> User:
    return stories.user_with(Role.SECURITY_ADMIN, name="安全员")


@pytest.fixture
def officer() -> User:
    return stories.user_with(Role.CONDUCT_OFFICE, name="李明", username="li.ming")


def page_of(user: User, path: str, status: int = 200) -> str:
    response = stories.signed_in(user).get(path)
    assert response.status_code == status
    return response.content.decode()


def rows_of(content: bytes) -> list[list[Any]]:
    return python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN])
def test_account_list_shows_each_with_roles_to_the_three(role: str, officer: User) -> None:
    stories.give(officer, Role.UNIT_HEAD, UnitFactory.create(short_name="云溪镇"))

    page = page_of(stories.user_with(role), LIST)

    assert "共有 2 个账号" in page
    assert "党风室、单位负责人（云溪镇）" in page


@pytest.mark.parametrize("path", [LIST, GRANTS, SEATS])
def test_lists_are_refused_to_others_with_the_sentence(path: str, officer: User) -> None:
    page = page_of(officer, path, 403)

    assert "账号与授权只供系统、安全、审计管理员查看" in page
    assert Entry.objects.filter(action="refused", actor_id=officer.pk).exists()


@pytest.mark.parametrize("path", ["", "grant/", "disable/"])
def test_account_of_another_does_not_exist_for_others(path: str, officer: User) -> None:
    other = UserFactory.create()

    page_of(officer, f"/accounts/{other.pk}/{path}", 404)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"role={Role.CONDUCT_OFFICE}", ["李明"]),
        (f"role={Role.SYSTEM_ADMIN}", ["系统员"]),
        ("state=disabled", ["王停"]),
        ("state=fresh", ["新人"]),
    ],
)
def test_account_list_filters(query: str, found: list[str], officer: User, system_admin: User) -> None:
    UserFactory.create(name="王停", is_active=False)
    UserFactory.create(name="新人", must_change_password=True)

    listing = stories.signed_in(system_admin).get(f"{LIST}?{query}").context["listing"]

    assert [row.name for row in listing.page] == found


@pytest.mark.parametrize(("words", "found"), [("li.m", ["李明"]), ("nobody", [])])
def test_account_list_searches(words: str, found: list[str], officer: User, system_admin: User) -> None:
    client = stories.signed_in(system_admin)

    listing = client.get(stories.searched(client, LIST, words)).context["listing"]

    assert [row.name for row in listing.page] == found


def test_account_list_filters_by_unit(system_admin: User) -> None:
    unit = UnitFactory.create()
    head = stories.user_with(Role.UNIT_HEAD, unit)
    stories.user_with(Role.UNIT_HEAD)

    listing = stories.signed_in(system_admin).get(f"{LIST}?unit={unit.pk}").context["listing"]

    assert [row.pk for row in listing.page] == [head.pk]


@pytest.mark.parametrize("path", [LIST, GRANTS])
def test_lists_ask_as_many_questions_for_three_rows_as_for_one(path: str, system_admin: User) -> None:
    client = stories.signed_in(system_admin)
    GrantFactory.create(unit=UnitFactory.create())
    client.get(path)

    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for _ in range(2):
        GrantFactory.create(unit=UnitFactory.create())
    with CaptureQueriesContext(connection) as three:
        client.get(path)

    assert len(one) == len(three) <= MOST_QUERIES


def test_account_export_holds_what_the_page_shows_and_is_audited(officer: User, system_admin: User) -> None:
    client = stories.signed_in(system_admin)
    query = stories.searched(client, "/accounts/", "li.ming").partition("?")[2]

    response = client.post(f"/accounts/export/?{query}")

    head, *rows = rows_of(response.content)
    assert head[:3] == ["姓名", "登录名", "现有角色"]
    assert [row[:3] for row in rows] == [["李明", "li.ming", "党风室"]]
    assert Entry.objects.get(action="export.user").detail == {"rows": 1}


@pytest.mark.parametrize("path", ["/accounts/export/", "/accounts/grants/export/"])
def test_exports_are_posts_and_refused_to_others(path: str, officer: User, system_admin: User) -> None:
    assert stories.signed_in(system_admin).get(path).status_code == 405
    assert stories.signed_in(officer).post(path).status_code == 403


def test_open_account_shows_the_password_once(system_admin: User) -> None:
    person = PersonFactory.create(code="P00077")
    client = stories.signed_in(system_admin)

    response = client.post(
        "/accounts/open/",
        {"username": "Zhao.Yi", "name": "赵一", "person": "P00077", "reason": "新任职"},
    )

    user = User.objects.get(username="zhao.yi")
    assert user.person == person
    assert user.check_password(response.context["password"])
    assert response["Cache-Control"] == "no-store"
    assert response.context["password"] not in client.get(f"/accounts/{user.pk}/").content.decode()


def test_open_account_with_faults_keeps_what_was_typed(system_admin: User) -> None:
    response = stories.signed_in(system_admin).post(
        "/accounts/open/", {"username": "赵一", "name": "赵一", "person": "P9", "reason": "新任职"}
    )

    page = response.content.decode()
    assert "人员名册里没有编号“P9”" in page
    assert 'value="赵一"' in page


def test_open_account_with_a_bad_name_says_so(system_admin: User) -> None:
    response = stories.signed_in(system_admin).post(
        "/accounts/open/", {"username": "赵一", "name": "赵一", "reason": "新任职"}
    )

    assert "登录名用 3 至 40 个小写字母" in response.content.decode()


def test_open_account_is_refused_to_the_security_administrator(security_admin: User) -> None:
    assert "账号由系统管理员办理" in page_of(security_admin, "/accounts/open/", 403)


def test_account_page_shows_grants_past_and_present_and_why_an_act_is_closed(
    officer: User, security_admin: User
) -> None:
    GrantFactory.create(user=officer, role=Role.OFFICE, ends_on=dt.date(2024, 1, 1), reason="旧任职")

    page = page_of(security_admin, f"/accounts/{officer.pk}/")

    assert "李明：现有 1 个角色" in page
    assert "已到期" in page
    assert "旧任职" in page
    assert "账号由系统管理员办理" in page


def test_account_page_says_that_the_name_is_locked(officer: User, system_admin: User) -> None:
    gateways.lock(officer.username, now=clock.now(), duration=dt.timedelta(minutes=30))

    page = page_of(system_admin, f"/accounts/{officer.pk}/")

    assert "因连续输错密码被锁定" in page


@pytest.mark.parametrize(
    ("verb", "what"),
    [("disable", "disabled"), ("unlock", "unlocked"), ("end-sessions", "sessions_ended")],
)
def test_act_asks_first_and_then_is_done_with_its_reason(
    verb: str, what: str, officer: User, system_admin: User
) -> None:
    client = stories.signed_in(system_admin)
    path = f"/accounts/{officer.pk}/{verb}/"

    asked = client.get(path)
    without = client.post(path, {"reason": ""})
    done = client.post(path, {"reason": "本人申请"})

    assert asked.status_code == without.status_code == 200
    assert done["Location"] == f"/accounts/{officer.pk}/"
    assert officer.changes.get().what == what


def test_reset_password_shows_it_once(officer: User, system_admin: User) -> None:
    response = stories.signed_in(system_admin).post(
        f"/accounts/{officer.pk}/reset-password/", {"reason": "本人申请"}
    )

    officer.refresh_from_db()
    assert officer.check_password(response.context["password"])


@pytest.mark.parametrize("verb", ["disable", "reset-password"])
def test_act_on_a_seat_holder_is_refused_with_the_sentence(
    verb: str, system_admin: User, security_admin: User
) -> None:
    client = stories.signed_in(system_admin)

    response = client.post(f"/accounts/{security_admin.pk}/{verb}/", {"reason": "x"})

    assert response.status_code == 403
    assert "三员" in response.content.decode()


def test_act_that_does_not_exist_is_not_found(officer: User, system_admin: User) -> None:
    page_of(system_admin, f"/accounts/{officer.pk}/promote/", 404)


def test_my_account_shows_roles_dates_and_this_session(officer: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "li.ming", "password": "Yunchuan-2026"})

    page = client.get("/me/").content.decode()

    assert "您现有 1 个角色" in page
    assert "2020-01-01 至 长期" in page
    assert "本机" in page


def test_end_other_sessions_keeps_this_one(officer: User) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        client.post("/accounts/login/", {"login": "li.ming", "password": "Yunchuan-2026"})

    response = here.post("/me/sessions/end/", follow=True)

    assert "已退出其他 1 处登录" in response.content.decode()
    assert elsewhere.get("/me/").status_code == 302
    assert here.get("/me/").status_code == 200


def test_my_account_leaves_out_sessions_that_fell_asleep(officer: User) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 24, 1, tzinfo=dt.UTC), tick=False) as moment:
        here, elsewhere = Client(), Client()
        for client in (elsewhere, here):
            client.post("/accounts/login/", {"login": "li.ming", "password": "Yunchuan-2026"})
        moment.shift(dt.timedelta(minutes=20))
        here.get("/me/")
        moment.shift(dt.timedelta(minutes=20))

        sessions = here.get("/me/").context["standing"].sessions

    assert [session.is_current for session in sessions] == [True]
