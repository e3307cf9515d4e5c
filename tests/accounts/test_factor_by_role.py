"""Who must have a second factor, what is open to him before he has one, and that he keeps it."""

from __future__ import annotations

import datetime as dt
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from qingfeng.accounts.actions import accounts, preferences
from qingfeng.accounts.models import User
from qingfeng.accounts.queries import policy
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core import preferences as declared
from qingfeng.core.roles import ADMIN_ROLES, Role
from tests import stories
from tests.accounts.test_second_factor import ACTIVATE, code_for
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.factor_asked]
AUTHENTICATE = "/accounts/2fa/authenticate/"
ASKED = [
    *sorted(ADMIN_ROLES),
    Role.SECRETARY,
    Role.DEPUTY_LEADER,
    Role.CASE_OFFICE,
    Role.INVESTIGATION_OFFICE,
    Role.ADJUDICATION_OFFICE,
]


def sign_in(user: User) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    return client


def activate(client: Client) -> str:
    """Set the second factor up, as the gate leads to it, and return its secret."""
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    secret: str = client.get(ACTIVATE).context["form"].secret
    assert client.post(ACTIVATE, {"code": code_for(secret)})["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def second_step(client: Client, secret: str, step: int = 0):
    return client.post(AUTHENTICATE, {"code": code_for(secret, step)})


@pytest.mark.parametrize("role", ASKED)
def test_role_that_asks_for_it_leads_to_the_factor_and_nowhere_else(role: str) -> None:
    client = sign_in(stories.user_with(role, username="zhang.san"))

    tried = [client.get(path)["Location"] for path in ("/", "/me/", "/inbox/", "/accounts/2fa/")]
    posted = client.post("/me/sessions/end/")

    assert tried == [ACTIVATE] * 4
    assert posted["Location"] == ACTIVATE
    assert client.get("/accounts/password/change/").status_code == 200


@pytest.mark.parametrize("role", [Role.CONDUCT_OFFICE, Role.OFFICE, Role.UNIT_LIAISON])
def test_other_roles_go_on_by_password_alone(role: str) -> None:
    client = sign_in(stories.user_with(role))

    assert client.get("/me/").status_code == 200


def test_gate_page_says_why_and_opens_when_the_factor_is_set_up() -> None:
    client = sign_in(stories.user_with(Role.SECRETARY))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get(ACTIVATE).content.decode()

    activate(client)

    assert "您的角色必须两步验证" in page
    assert "取消" not in page
    assert client.get("/me/").status_code == 200


def test_temporary_password_is_changed_before_the_factor_is_set_up() -> None:
    user = stories.user_with(Role.SECRETARY, must_change_password=True)

    client = sign_in(user)

    assert client.get("/me/")["Location"] == "/accounts/password/change/"


def test_removal_is_refused_and_says_why() -> None:
    user = stories.user_with(Role.CASE_OFFICE)
    client = sign_in(user)
    activate(client)

    page = client.get("/accounts/2fa/").content.decode()
    asked = client.get("/accounts/2fa/totp/deactivate/").content.decode()
    client.post("/accounts/2fa/totp/deactivate/")

    assert "不能自行解除" in page
    assert "换手机或者手机丢失，请找安全管理员解除后重新绑定" in page
    assert "不能自行解除" in asked
    assert 'type="submit">解除' not in asked
    assert Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def test_factor_removed_by_the_security_administrator_is_asked_for_again() -> None:
    user = stories.user_with(Role.SECRETARY)
    activate(sign_in(user))

    accounts.remove_second_factor(
        account=user, by=stories.user_with(Role.SECURITY_ADMIN), at=clock.now(), reason="手机遗失"
    )

    assert sign_in(user).get("/me/")["Location"] == ACTIVATE


def test_role_given_during_a_session_asks_within_a_minute() -> None:
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as moment:
        user = UserFactory.create()
        client = sign_in(user)
        before = client.get("/me/")
        stories.give(user, Role.DEPUTY_LEADER)
        moment.shift(dt.timedelta(seconds=60))

        after = client.get("/me/")

    assert before.status_code == 200
    assert after["Location"] == ACTIVATE


def test_setting_names_other_roles() -> None:
    admin = stories.user_with(Role.SYSTEM_ADMIN)
    preferences.change(key="factor_roles", value=[Role.OFFICE.value], by=admin, at=clock.now())

    assert sign_in(stories.user_with(Role.OFFICE)).get("/me/")["Location"] == ACTIVATE
    assert sign_in(stories.user_with(Role.SECRETARY)).get("/me/").status_code == 200


def test_setting_page_offers_the_roles_and_warns_of_none() -> None:
    admin = stories.user_with(Role.SYSTEM_ADMIN)
    client = stories.signed_in(admin)
    activate(client)

    page = client.get("/settings/factor_roles/").content.decode()
    seen = client.get("/settings/factor_roles/").context["form"].initial["seen"]
    client.post("/settings/factor_roles/", {"seen": seen})

    assert page.count("checked") == len(ASKED)
    assert "GB/T 22239-2019" in page
    assert declared.get("factor_roles") == []
    assert "不合等保三级的要求" in client.get("/settings/").content.decode()


def test_used_code_is_refused_as_long_as_it_would_be_right() -> None:
    user = stories.user_with(Role.SECRETARY)
    secret = activate(sign_in(user))
    with time_machine.travel(time.time() + 600, tick=False) as moment:
        first = second_step(sign_in(user), secret, step=1)
        code = code_for(secret, step=1)
        moment.shift(35)  # the library alone would let it pass again

        again = sign_in(user).post(AUTHENTICATE, {"code": code})

    assert first["Location"] == "/"
    assert "已经用过" in again.content.decode()


def test_code_that_set_the_factor_up_does_not_sign_in() -> None:
    user = stories.user_with(Role.SECRETARY)
    with time_machine.travel(time.time(), tick=False):
        secret = activate(sign_in(user))

        response = second_step(sign_in(user), secret)

    assert "已经用过" in response.content.decode()


def test_five_wrong_codes_lock_the_factor_and_the_right_one_too() -> None:
    user = stories.user_with(Role.SECRETARY)
    secret = activate(sign_in(user))
    wrong = [sign_in(user).post(AUTHENTICATE, {"code": "000000"}).content.decode() for _ in range(5)]

    right = second_step(sign_in(user), secret, step=1).content.decode()

    assert "验证码不对" in wrong[3]
    assert "验证码连续输错太多次，已锁定" in wrong[4]
    assert "已锁定" in right
    assert Entry.objects.filter(action="sign_in.factor_lock", subject_id=user.pk).count() == 1


def test_system_administrator_unlocks_the_factor_too() -> None:
    user = stories.user_with(Role.SECRETARY)
    secret = activate(sign_in(user))
    for _ in range(5):
        sign_in(user).post(AUTHENTICATE, {"code": "000000"})

    accounts.unlock(account=user, by=stories.user_with(Role.SYSTEM_ADMIN), at=clock.now(), reason="本人到场")

    assert second_step(sign_in(user), secret, step=1)["Location"] == "/"


def test_default_is_a_list_of_known_roles() -> None:
    asked = declared.REGISTRY[policy.FACTOR_ROLES.key].default

    assert sorted(asked) == sorted(role.value for role in map(Role, ASKED))
