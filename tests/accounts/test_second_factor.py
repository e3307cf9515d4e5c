from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from qingfeng.accounts.actions import accounts
from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
ACTIVATE = "/accounts/2fa/totp/activate/"


def code_for(secret: str, step: int = 0) -> str:
    """Work the code out by RFC 6238, as an authenticator does."""
    counter = struct.pack(">Q", int(time.time()) // 30 + step)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


@pytest.fixture
def user() -> User:
    return stories.user_with(Role.CONDUCT_OFFICE, username="li.ming")


@pytest.fixture
def client(user: User) -> Client:
    """Return a browser that has just typed its password, as the second factor asks."""
    client = Client()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def sign_in(client: Client):
    return client.post("/accounts/login/", {"login": "li.ming", "password": PASSWORD})


def activate(client: Client) -> str:
    """Turn the authenticator on, and return its secret."""
    secret: str = client.get(ACTIVATE).context["form"].secret
    response = client.post(ACTIVATE, {"code": code_for(secret)})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li>(\d{8})</li>", page)


def test_activation_asks_for_the_password_first(user: User) -> None:
    client = Client()
    sign_in(client)

    response = client.get(ACTIVATE)

    assert response["Location"].startswith("/accounts/reauthenticate/")
    assert "请再确认一次是您本人" in client.get(response["Location"]).content.decode()


def test_activation_with_a_wrong_code_says_so(client: Client) -> None:
    client.get(ACTIVATE)

    assert "验证码不对" in client.post(ACTIVATE, {"code": "000000"}).content.decode()


def test_activated_factor_is_asked_for_at_the_next_sign_in(client: Client, user: User) -> None:
    secret = activate(client)
    again = Client()

    first = sign_in(again)
    between = again.get("/me/")
    page = again.get(first["Location"]).content.decode()
    second = again.post("/accounts/2fa/authenticate/", {"code": code_for(secret, step=1)})

    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert between.status_code == 302
    assert "请输入验证码" in page
    assert second["Location"] == "/"
    assert again.get("/me/").status_code == 200


def test_activation_is_audited(client: Client, user: User, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        activate(client)

    kinds = [entry.detail["type"] for entry in Entry.objects.filter(action="factor.add", actor_id=user.pk)]
    assert sorted(kinds) == ["recovery_codes", "totp"]


def test_wrong_code_is_audited_and_lets_nobody_in(client: Client, user: User) -> None:
    activate(client)
    again = Client()
    sign_in(again)

    response = again.post("/accounts/2fa/authenticate/", {"code": "000000"})

    assert "验证码不对" in response.content.decode()
    assert again.get("/me/").status_code == 302
    assert Entry.objects.get(action="sign_in.factor_fail").subject_id == user.pk


def test_recovery_code_opens_once(client: Client) -> None:
    activate(client)
    codes = codes_on(client.get("/accounts/2fa/recovery-codes/").content.decode())

    tried = []
    for _ in range(2):
        again = Client()
        sign_in(again)
        again.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        tried.append(again.get("/me/").status_code)

    assert len(codes) == 10
    assert tried == [200, 302]


def test_recovery_codes_are_shown_once_and_can_be_made_anew(client: Client) -> None:
    activate(client)
    first = codes_on(client.get("/accounts/2fa/recovery-codes/").content.decode())
    second = codes_on(client.get("/accounts/2fa/recovery-codes/").content.decode())

    client.post("/accounts/2fa/recovery-codes/generate/")
    third = codes_on(client.get("/accounts/2fa/recovery-codes/").content.decode())

    assert (len(first), len(second), len(third)) == (10, 0, 10)
    assert set(first).isdisjoint(third)


def test_secret_stands_sealed_in_the_database(client: Client, user: User) -> None:
    secret = activate(client)

    stored = str(Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data)

    assert secret not in stored
    assert "sm4:" in stored


def test_deactivation_is_audited(client: Client, user: User) -> None:
    activate(client)

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(user=user).exists()
    assert Entry.objects.filter(action="factor.remove").exists()
    assert "两步验证还没有开启" in client.get("/accounts/2fa/").content.decode()


def test_security_administrator_removes_a_lost_factor(client: Client, user: User) -> None:
    activate(client)

    accounts.remove_second_factor(
        account=user, by=stories.user_with(Role.SECURITY_ADMIN), at=clock.now(), reason="手机遗失"
    )

    assert sign_in(Client())["Location"] == "/"
    assert client.get("/me/").status_code == 302
