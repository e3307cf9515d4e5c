"""From where people sign in: what is new is told to them, and administrators come from set addresses only."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client

from qingfeng.accounts.actions import preferences, sign_in
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import policy
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core import preferences as declared
from qingfeng.core.roles import Role
from qingfeng.notifications.models import Message
from tests import stories
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
EDGE = "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0"
PHONE = "Mozilla/5.0 (HarmonyOS) Safari/537.36"


def enter(user: User, address: str = "10.1.2.3", agent: str = EDGE) -> Client:
    client = Client(REMOTE_ADDR=address, headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    return client


def set_addresses(*networks: str) -> None:
    admin = stories.user_with(Role.SYSTEM_ADMIN)
    preferences.change(key=policy.ADMIN_ADDRESSES.key, value=list(networks), by=admin, at=clock.now())


def test_first_sign_in_and_the_same_place_again_are_told_to_nobody() -> None:
    user = UserFactory.create()

    enter(user)
    enter(user)

    assert not Message.objects.filter(recipient=user).exists()


@pytest.mark.parametrize(("address", "agent"), [("10.1.2.4", EDGE), ("10.1.2.3", PHONE)])
def test_new_address_or_browser_is_told_to_the_person(address: str, agent: str) -> None:
    user = UserFactory.create()
    enter(user)

    enter(user, address, agent)
    enter(user, address, agent)

    message = Message.objects.get(recipient=user)
    assert "没用过的地址或浏览器" in message.title
    assert address in message.body
    assert message.link == "/me/"


def test_one_session_is_ended_and_the_others_stay() -> None:
    user = UserFactory.create()
    here, there, third = enter(user), enter(user), enter(user)
    rows = {row.key: row for row in here.get("/me/").context["standing"].sessions}

    response = here.post(f"/me/sessions/{rows[there.session.session_key].digest}/end/")

    assert response["Location"] == "/me/"
    assert [client.get("/me/").status_code for client in (here, there, third)] == [200, 302, 200]
    assert Entry.objects.filter(action="user.sessions_ended", actor_id=user.pk).count() == 1


def test_session_of_somebody_else_is_not_ended() -> None:
    mine, other = enter(UserFactory.create()), enter(UserFactory.create())
    (row,) = other.get("/me/").context["standing"].sessions

    mine.post(f"/me/sessions/{row.digest}/end/")

    assert other.get("/me/").status_code == 200


def test_page_of_sessions_does_not_hold_their_keys() -> None:
    user = UserFactory.create()
    here, there = enter(user), enter(user)

    page = here.get("/me/").content.decode()

    assert str(there.session.session_key) not in page


def test_administrator_from_another_address_is_refused_at_the_sign_in() -> None:
    set_addresses("10.1.2.0/24", "10.9.9.9")
    admin = stories.user_with(Role.AUDIT_ADMIN)

    client = Client(REMOTE_ADDR="10.8.0.1")
    refused = client.post("/accounts/login/", {"login": admin.username, "password": PASSWORD})

    assert refused.status_code == 403
    assert "现在的地址 10.8.0.1 不在其中" in refused.content.decode()
    assert client.get("/me/").status_code == 302
    entry = Entry.objects.get(action="sign_in.address")
    assert (entry.subject_id, entry.address) == (admin.pk, "10.8.0.1")


def test_administrator_who_moves_out_of_the_list_is_signed_out() -> None:
    set_addresses("10.1.2.0/24")
    client = enter(stories.user_with(Role.AUDIT_ADMIN))
    inside = client.get("/me/")

    outside = client.get("/me/", REMOTE_ADDR="10.8.0.1")

    assert inside.status_code == 200
    assert outside.status_code == 403
    assert client.get("/me/").status_code == 302


def test_officers_are_not_bound_to_the_list() -> None:
    set_addresses("10.1.2.0/24")
    officer = stories.user_with(Role.OFFICE)

    assert enter(officer, "10.8.0.1").get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("10.1.2.0/24、办公室", "不是网络地址或网段"), ("10.1.2.0/24", "您现在的地址 127.0.0.1 不在其中")],
)
def test_list_that_is_wrong_or_shuts_oneself_out_is_not_saved(typed: str, sentence: str) -> None:
    client = stories.signed_in(stories.user_with(Role.SYSTEM_ADMIN))

    page = client.post(f"/settings/{policy.ADMIN_ADDRESSES.key}/", {"value": typed, "seen": "[]"})

    assert sentence in page.content.decode()
    assert declared.get(policy.ADMIN_ADDRESSES.key) == []


def test_command_on_the_host_opens_a_list_that_shuts_everybody_out(capsys) -> None:
    set_addresses("10.1.2.0/24")

    call_command("open_admin_addresses")

    assert declared.get(policy.ADMIN_ADDRESSES.key) == []
    assert Entry.objects.filter(action="setting.change", actor_name="系统").exists()


def test_clearing_drops_expired_sessions_and_keeps_the_others() -> None:
    alive, over = enter(UserFactory.create()), enter(UserFactory.create())
    key = over.session.session_key
    Session.objects.filter(pk=key).update(expire_date=clock.now() - dt.timedelta(hours=1))

    count = sign_in.clear_sessions(at=clock.now())

    assert count == 1
    assert not UserSession.objects.filter(session_key=key).exists()
    assert alive.get("/me/").status_code == 200


def test_search_words_lie_sealed_in_the_session_table() -> None:
    client = stories.signed_in(stories.user_with(Role.AUDIT_ADMIN))

    found = client.get(stories.searched(client, "/accounts/", "王小明"))

    stored = Session.objects.get(pk=client.session.session_key).get_decoded()
    assert found.context["listing"].query == "王小明"
    assert "王小明" not in str(stored)
    assert stored["searches"].startswith("sm4:")
