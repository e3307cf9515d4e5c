from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from qingfeng.accounts.actions import accounts, preferences
from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
CHANGE = "/accounts/password/change/"
NEW = "Shiqiao-2027"


def change(client: Client, new: str = NEW, again: str | None = None, old: str = PASSWORD):
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": again or new})


def test_change_password_sets_it_and_keeps_the_session() -> None:
    user = UserFactory.create()
    client = stories.signed_in(user)

    response = change(client)

    user.refresh_from_db()
    assert response["Location"] == "/"
    assert user.check_password(NEW)
    assert user.password_records.count() == 1
    assert client.get("/me/").status_code == 200


@pytest.mark.parametrize(
    ("new", "sentence"),
    [
        ("Ab1-", "密码只有 4 位，至少要 10 位"),
        ("abcdefghij12", "四类中只用了 2 类，至少要 3 类"),
        (PASSWORD, "不得与最近 5 次用过的密码相同"),
    ],
)
def test_change_password_to_a_weak_one_says_what_is_missing(new: str, sentence: str) -> None:
    client = stories.signed_in(UserFactory.create())

    response = change(client, new)

    assert response.status_code == 200
    assert sentence in response.content.decode()


def test_change_password_with_the_login_name_in_it_is_refused() -> None:
    user = UserFactory.create(username="zhang.dashan")
    client = stories.signed_in(user)

    change(client, "Zhang.Dashan1")

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_change_password_typed_differently_says_so() -> None:
    assert (
        "两次输入的新密码不一致"
        in change(stories.signed_in(UserFactory.create()), NEW, NEW + "x").content.decode()
    )


def test_change_password_with_a_wrong_old_one_says_so() -> None:
    assert "当前密码不对" in change(stories.signed_in(UserFactory.create()), old="wrong").content.decode()


def test_history_lets_the_password_before_the_last_five_come_back() -> None:
    user = UserFactory.create()
    accounts.change_password(user=user, password="Oldest-2020", at=clock.now())
    for number in range(5):
        accounts.change_password(user=user, password=f"Later-202{number}", at=clock.now())
    client = stories.signed_in(user)

    fourth = change(client, "Later-2020", old="Later-2024")
    sixth = change(client, "Oldest-2020", old="Later-2024")

    assert "最近 5 次" in fourth.content.decode()
    assert sixth.status_code == 302


def test_settings_change_what_a_password_must_be() -> None:
    preferences.change(
        key="password_min_length", value=16, by=stories.user_with(Role.SYSTEM_ADMIN), at=clock.now()
    )

    response = change(stories.signed_in(UserFactory.create()), "Shiqiao-2027")

    page = response.content.decode()
    assert "至少要 16 位" in page
    assert "至少 16 位，大写字母" in page


def test_first_sign_in_leads_to_the_change_until_it_is_done() -> None:
    opened = accounts.open_account(
        username="fresh",
        name="新人",
        by=stories.user_with(Role.SYSTEM_ADMIN),
        at=clock.now(),
        reason="新任职",
    )
    client = Client()
    client.post("/accounts/login/", {"login": "fresh", "password": opened.password})

    before = client.get("/me/")
    under_htmx = client.get("/me/", headers={"hx-request": "true"})
    change(client, old=opened.password)
    after = client.get("/me/")

    assert before["Location"] == CHANGE
    assert under_htmx["HX-Redirect"] == CHANGE
    assert after.status_code == 200


def test_password_of_91_days_must_be_renewed_and_then_lasts_again() -> None:
    with time_machine.travel(dt.datetime(2026, 1, 1, 9, tzinfo=dt.UTC), tick=False):
        user = UserFactory.create(username="old.hand")
    with time_machine.travel(dt.datetime(2026, 4, 2, 9, tzinfo=dt.UTC), tick=False):
        client = Client()
        client.post("/accounts/login/", {"login": "old.hand", "password": PASSWORD})
        before = client.get("/me/")
        page = client.get(CHANGE)
        change(client)
        after = client.get("/me/")

    assert user.password_changed_at is not None
    assert before["Location"] == CHANGE
    assert "密码已满 90 天" in page.content.decode()
    assert after.status_code == 200


def test_password_age_of_zero_never_ends() -> None:
    preferences.change(
        key="password_age_days", value=0, by=stories.user_with(Role.SYSTEM_ADMIN), at=clock.now()
    )
    user = UserFactory.create(password_changed_at=clock.now() - dt.timedelta(days=900))

    assert stories.signed_in(user).get("/me/").status_code == 200


def test_signing_in_again_ends_elsewhere_when_the_password_changes() -> None:
    user = UserFactory.create()
    here, elsewhere = stories.signed_in(user), stories.signed_in(user)

    change(here)

    assert here.get("/me/").status_code == 200
    assert elsewhere.get("/me/").status_code == 302


def test_reset_password_ends_the_sessions_of_its_owner() -> None:
    user: User = UserFactory.create()
    client = stories.signed_in(user)

    accounts.reset_password(
        account=user, by=stories.user_with(Role.SYSTEM_ADMIN), at=clock.now(), reason="本人申请"
    )

    assert client.get("/me/").status_code == 302


def test_outside_of_tests_passwords_cost_what_argon2_asks(tmp_path: Path) -> None:
    """The quick hasher of the tests is for them alone."""
    shown = subprocess.run(
        [sys.executable, "-c", "from config import settings; print(settings.PASSWORD_HASHERS)"],
        cwd=settings.BASE_DIR,
        env={**os.environ, "QINGFENG_STATE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert shown.stdout.strip() == "['django.contrib.auth.hashers.Argon2PasswordHasher']"
