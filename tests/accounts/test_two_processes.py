"""The way in through the pages of two web processes on one database: what one knows, the other knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qingfeng.accounts.models import User
from qingfeng.audit.models import Entry
from qingfeng.core.roles import Role
from tests import stories
from tests.accounts.test_second_factor import ACTIVATE, code_for
from tests.factories.accounts import PASSWORD
from tests.plumbing import databases, web
from tests.plumbing.web import Browser

pytestmark = pytest.mark.server
LOGIN, AUTHENTICATE = "/accounts/login/", "/accounts/2fa/authenticate/"
Ports = list[int]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ports(
    request: pytest.FixtureRequest,
    make_database: Any,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Ports]:
    """Start two web processes on one database, to which the test process is switched as well."""
    database = make_database(request.param)
    state: Path = tmp_path_factory.mktemp("state")
    with (
        django_db_blocker.unblock(),
        databases.switched_to(database),
        web.processes(database, state, 2) as started,
    ):
        yield started


def sign_in(browser: Browser, port: int, user: User, password: str = PASSWORD) -> None:
    browser.post(port, LOGIN, login=user.username, password=password)


def with_factor(port: int) -> tuple[User, str, Browser]:
    """Let somebody whose role asks for it set the second factor up through the pages."""
    user, browser = stories.user_with(Role.SECRETARY), Browser()
    sign_in(browser, port, user)
    browser.post(port, "/accounts/reauthenticate/", password=PASSWORD)
    found = re.search(r'qf-mono">([A-Z2-7]{16,})<', browser.get(port, ACTIVATE))
    assert found, browser.page[:2000]
    secret = found.group(1)
    browser.post_again(port, ACTIVATE, code=code_for(secret))
    assert browser.location == "/accounts/2fa/recovery-codes/", browser.page[:2000]
    return user, secret, browser


def test_five_wrong_tries_spread_over_both_lock_the_name_in_both(ports: Ports) -> None:
    user = stories.user_with(Role.OFFICE)
    tries = [Browser() for _ in range(5)]
    for number, browser in enumerate(tries):
        sign_in(browser, ports[number % 2], user, "wrong")

    late = [Browser(), Browser()]
    for browser, port in zip(late, ports, strict=True):
        sign_in(browser, port, user)

    assert [browser.status for browser in tries] == [200, 200, 200, 200, 429]
    assert "还可以再试 1 次" in tries[3].page
    assert [browser.status for browser in late] == [429, 429]
    assert all("登录名已锁定" in browser.page for browser in late)
    assert Entry.objects.filter(action="sign_in.lock", subject_id=user.pk).count() == 1


def test_four_wrong_tries_spread_over_both_leave_one(ports: Ports) -> None:
    user = stories.user_with(Role.OFFICE)
    for number in range(4):
        sign_in(Browser(), ports[number % 2], user, "wrong")

    browser = Browser()
    sign_in(browser, ports[0], user)

    assert browser.location == "/"


def test_code_used_in_one_is_refused_in_the_other(ports: Ports) -> None:
    user, secret, _ = with_factor(ports[0])
    first, second = Browser(), Browser()
    for browser, port in ((first, ports[0]), (second, ports[1])):
        sign_in(browser, port, user)
    code = code_for(secret, step=1)

    first.post(ports[0], AUTHENTICATE, code=code)
    second.post(ports[1], AUTHENTICATE, code=code)

    assert first.location == "/"
    assert second.status == 200
    assert "已经用过" in second.page
    assert second.get(ports[1], "/me/") == ""


def test_wrong_codes_spread_over_both_lock_the_factor_in_both(ports: Ports) -> None:
    user, secret, _ = with_factor(ports[0])
    browsers = [Browser() for _ in range(6)]
    for number, browser in enumerate(browsers):
        sign_in(browser, ports[number % 2], user)
        code = "000000" if number < 5 else code_for(secret, step=1)
        browser.post(ports[number % 2], AUTHENTICATE, code=code)

    assert "验证码不对" in browsers[3].page
    assert "已锁定" in browsers[4].page
    assert "已锁定" in browsers[5].page


def test_factor_is_asked_for_by_the_default_in_both(ports: Ports) -> None:
    user, browser = stories.user_with(Role.DEPUTY_LEADER), Browser()
    sign_in(browser, ports[0], user)

    browser.get(ports[1], "/me/")

    assert browser.location == ACTIVATE


def test_session_ended_in_one_is_gone_in_the_other(ports: Ports) -> None:
    user = stories.user_with(Role.OFFICE)
    here, there = Browser(), Browser()
    sign_in(here, ports[0], user)
    sign_in(there, ports[1], user)
    before = there.get(ports[1], "/me/")

    page = here.get(ports[0], "/me/")
    end = re.search(r'action="(/me/sessions/[0-9a-f]+/end/)"', page)
    assert end
    here.post_again(ports[0], end.group(1))
    there.get(ports[1], "/me/")

    assert "登录的设备" in before
    assert (there.status, there.location.split("?")[0]) == (302, LOGIN)
    assert here.get(ports[1], "/me/")
    assert here.status == 200
