from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from qingfeng.accounts import gateways
from qingfeng.accounts.actions import accounts
from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
START = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
LOGIN = "/accounts/login/"
CHANGE = "/accounts/password/change/"


@pytest.fixture
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def user(moment: time_machine.Traveller) -> User:
    return stories.user_with(Role.CONDUCT_OFFICE, username="li.ming", name="李明")


def sign_in(client: Client, username: str = "li.ming", password: str = PASSWORD, **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def fail(times: int, username: str = "li.ming"):
    return [sign_in(Client(), username, "wrong") for _ in range(times)]


def test_sign_in_leads_to_the_page_that_was_asked_for(user: User) -> None:
    client = Client()
    asked = client.get("/me/")

    response = sign_in(client, next="/me/")

    assert asked["Location"] == "/accounts/login/?next=%2Fme%2F"
    assert response["Location"] == "/me/"
    assert Entry.objects.get(action="sign_in").actor_id == user.pk


def test_sign_in_takes_the_name_in_any_case(user: User) -> None:
    assert sign_in(Client(), "Li.Ming").status_code == 302


def test_passwords_are_hashed_by_argon2(user: User) -> None:
    assert user.password.startswith("argon2")


def test_sign_in_with_a_wrong_password_says_how_many_tries_are_left(user: User) -> None:
    (response,) = fail(1)

    assert "登录名或密码不对。还可以再试 4 次" in response.content.decode()
    entry = Entry.objects.get(action="sign_in.fail")
    assert (entry.subject_id, entry.outcome, entry.actor_id) == (user.pk, "failed", None)


def test_sign_in_of_an_unknown_name_keeps_nothing_that_was_typed(user: User) -> None:
    fail(1, "my-secret-password")

    entry = Entry.objects.get(action="sign_in.fail")
    assert "my-secret" not in str(entry.detail) + entry.actor_name
    assert entry.detail == {"known": False}


@pytest.mark.parametrize("username", ["li.ming", "nobody"])
def test_fifth_failure_locks_the_name_and_says_until_when(user: User, username: str) -> None:
    *_, fifth = fail(5, username)
    sixth = sign_in(Client(), username)

    for response in (fifth, sixth):
        assert response.status_code == 429
        page = response.content.decode()
        assert "登录名已锁定" in page
        assert "还要等 30 分钟，到 2026-11-24 17:30 自动解除" in page
    assert Entry.objects.filter(action="sign_in.lock").count() == 1
    assert Entry.objects.filter(action="sign_in.locked").count() == 1


def test_lock_ends_after_its_time(user: User, moment: time_machine.Traveller) -> None:
    fail(5)

    moment.shift(dt.timedelta(minutes=29))
    early = sign_in(Client())
    moment.shift(dt.timedelta(minutes=2))
    late = sign_in(Client())

    assert early.status_code == 429
    assert "还要等 1 分钟" in early.content.decode()
    assert late.status_code == 302


def test_lock_of_one_name_leaves_the_others_open(user: User) -> None:
    UserFactory.create(username="other")
    fail(5, "other")

    assert sign_in(Client()).status_code == 302


def test_right_password_gives_all_tries_back(user: User) -> None:
    fail(4)
    sign_in(Client())

    assert "还可以再试 4 次" in fail(1)[0].content.decode()


def test_counters_stand_in_the_database_where_every_process_sees_them(user: User) -> None:
    fail(1)

    assert type(cache._connections[cache._alias]).__name__ == "DatabaseCache"  # type: ignore[attr-defined]
    assert gateways.take_slot("li.ming", limit=5, window=dt.timedelta(minutes=30)) == 2


def test_many_failures_from_one_address_are_slowed_down(user: User) -> None:
    for number in range(20):
        fail(1, f"name{number}")

    assert "从这个网络来的登录失败太多" in sign_in(Client()).content.decode()


def test_sign_in_of_a_disabled_account_says_so(user: User) -> None:
    accounts.disable(account=user, by=stories.user_with(Role.SYSTEM_ADMIN), at=clock.now(), reason="调离")
    client = Client()

    response = sign_in(client)

    assert response["Location"] == "/accounts/inactive/"
    assert "账号已停用" in client.get("/accounts/inactive/").content.decode()


def test_sign_out_is_a_post_and_is_audited(user: User) -> None:
    client = stories.signed_in(user)

    asked = client.get("/accounts/logout/")
    client.post("/accounts/logout/")

    assert "要退出登录吗" in asked.content.decode()
    assert client.get("/me/").status_code == 302
    assert Entry.objects.filter(action="sign_out", actor_id=user.pk).count() == 1


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "password/reset/", "password/set/", "confirm-email/", "login/code/"]
)
def test_pages_of_allauth_that_we_do_not_use_do_not_exist(path: str) -> None:
    with pytest.raises(Resolver404):
        resolve(f"/accounts/{path}")


def test_sign_up_has_no_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_sign_in_page_tells_who_can_reset_a_password(moment: time_machine.Traveller) -> None:
    page = Client().get(LOGIN).content.decode()

    assert "忘记密码请联系系统管理员重置" in page
    assert "连续输错 5 次，登录名锁定 30 分钟" in page


def test_idle_session_ends_and_says_why(user: User, moment: time_machine.Traveller) -> None:
    client = stories.signed_in(user)
    client.get("/me/")

    moment.shift(dt.timedelta(minutes=30))
    response = client.get("/me/")

    assert response["Location"].startswith("/accounts/login/?idle=1&minutes=30")
    assert "您有 30 分钟没有操作" in client.get(response["Location"]).content.decode()


def test_idle_post_says_that_nothing_was_kept(user: User, moment: time_machine.Traveller) -> None:
    client = stories.signed_in(user)
    client.get("/me/")

    moment.shift(dt.timedelta(minutes=31))
    response = client.post("/me/sessions/end/", headers={"referer": "http://testserver/me/"})

    assert "next=%2Fme%2F" in response["Location"]
    assert "没有收下" in client.get(response["Location"]).content.decode()


def test_activity_keeps_the_session_and_writes_once_a_minute(
    user: User, moment: time_machine.Traveller, django_assert_num_queries
) -> None:
    client = stories.signed_in(user)
    for _ in range(4):
        moment.shift(dt.timedelta(minutes=20))
        assert client.get("/me/").status_code == 200

    before = Session.objects.get(pk=client.session.session_key).session_data
    moment.shift(dt.timedelta(seconds=59))
    client.get("/me/")

    assert Session.objects.get(pk=client.session.session_key).session_data == before


def test_background_requests_keep_nobody_signed_in(user: User, moment: time_machine.Traveller) -> None:
    client = stories.signed_in(user)
    client.get("/me/")
    moment.shift(dt.timedelta(minutes=29))
    client.get("/me/", headers={"x-background": "1"})

    moment.shift(dt.timedelta(minutes=1))

    assert client.get("/me/").status_code == 302


def test_expired_session_under_htmx_answers_with_a_redirect_of_the_page(user: User) -> None:
    response = Client().get("/me/", headers={"hx-request": "true", "referer": "http://testserver/settings/"})

    assert response.status_code == 204
    assert response["HX-Redirect"] == "/accounts/login/?next=%2Fsettings%2F"


def test_foreign_referer_leads_home(user: User) -> None:
    response = Client().get("/me/", headers={"hx-request": "true", "referer": "http://evil.example/x/"})

    assert response["HX-Redirect"] == "/accounts/login/?next=%2F"
