from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
import python_calamine

from qingfeng.accounts.models import AdminSeat, Grant, User
from qingfeng.core import clock
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.accounts import GrantFactory, UserFactory
from tests.factories.organizations import UnitFactory

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


def test_give_grant_by_page(officer: User, security_admin: User) -> None:
    unit = UnitFactory.create()
    client = stories.signed_in(security_admin)

    response = client.post(
        f"/accounts/{officer.pk}/grant/",
        {"role": Role.UNIT_HEAD, "unit": unit.pk, "starts_on": clock.today(), "reason": "任职文件"},
    )

    grant = Grant.objects.get(role=Role.UNIT_HEAD)
    assert response["Location"] == f"/accounts/{officer.pk}/"
    assert (grant.unit, grant.granted_by) == (unit, security_admin)


def test_give_grant_with_faults_names_each_at_its_field(officer: User, security_admin: User) -> None:
    response = stories.signed_in(security_admin).post(
        f"/accounts/{officer.pk}/grant/",
        {
            "role": Role.UNIT_HEAD,
            "starts_on": clock.today() - dt.timedelta(days=1),
            "ends_on": clock.today() - dt.timedelta(days=9),
            "reason": "任职文件",
        },
    )

    errors = response.context["form"].errors
    assert errors["unit"] == ["“单位负责人”须选单位"]
    assert errors["starts_on"] == ["生效日期不得早于今天"]


def test_give_grant_twice_keeps_the_form_and_says_why(officer: User, security_admin: User) -> None:
    response = stories.signed_in(security_admin).post(
        f"/accounts/{officer.pk}/grant/",
        {"role": Role.CONDUCT_OFFICE, "starts_on": clock.today(), "reason": "任职文件"},
    )

    assert "已有全部单位的“党风室”角色" in response.content.decode()


def test_give_grant_is_refused_to_the_system_administrator(officer: User, system_admin: User) -> None:
    assert "授权由安全管理员办理" in page_of(system_admin, f"/accounts/{officer.pk}/grant/", 403)


def test_end_grant_by_page(officer: User, security_admin: User) -> None:
    grant = officer.grants.get()

    stories.signed_in(security_admin).post(f"/accounts/grants/{grant.pk}/end/", {"reason": "轮岗"})

    grant.refresh_from_db()
    assert (grant.ended_by, grant.end_reason) == (security_admin, "轮岗")


def test_end_grant_is_not_found_for_others_and_refused_to_the_system_administrator(
    officer: User, system_admin: User
) -> None:
    path = f"/accounts/grants/{officer.grants.get().pk}/end/"

    page_of(officer, path, 404)
    assert "授权由安全管理员办理" in page_of(system_admin, path, 403)


@pytest.mark.parametrize(
    ("state", "count"), [("current", 1), ("later", 1), ("over", 1), ("ended", 1), ("", 4)]
)
def test_grant_register_filters_by_state(state: str, count: int, security_admin: User) -> None:
    today, a_day = clock.today(), dt.timedelta(days=1)
    GrantFactory.create()
    GrantFactory.create(starts_on=today + a_day)
    GrantFactory.create(ends_on=today - a_day)
    GrantFactory.create(ended_at=clock.now(), ended_by=security_admin, end_reason="轮岗")

    listing = stories.signed_in(security_admin).get(f"{GRANTS}?state={state}").context["listing"]

    assert listing.total == count


def test_grant_export_holds_the_reasons(officer: User, security_admin: User) -> None:
    response = stories.signed_in(security_admin).post("/accounts/grants/export/")

    assert rows_of(response.content)[1][:3] == ["李明", "党风室", "全部单位"]


def test_seats_page_shows_holders_and_handovers(system_admin: User, security_admin: User) -> None:
    successor = UserFactory.create(name="接任人甲")
    client = stories.signed_in(security_admin)

    response = client.post(
        f"{SEATS}{Role.SYSTEM_ADMIN}/", {"to": successor.pk, "reason": "任免文件"}, follow=True
    )

    page = response.content.decode()
    assert AdminSeat.objects.get(role=Role.SYSTEM_ADMIN).user == successor
    assert "系统管理员已由接任人甲接任" in page
    assert "任免文件" in page


def test_hand_over_offers_only_people_without_roles(
    officer: User, system_admin: User, security_admin: User
) -> None:
    free = UserFactory.create()
    UserFactory.create(is_active=False)

    form = stories.signed_in(security_admin).get(f"{SEATS}{Role.SYSTEM_ADMIN}/").context["form"]

    assert list(form.fields["to"].queryset) == [free]


def test_hand_over_own_seat_is_refused_with_the_sentence(system_admin: User, security_admin: User) -> None:
    page = page_of(security_admin, f"{SEATS}{Role.SECURITY_ADMIN}/", 403)

    assert "安全管理员席位由系统管理员办理交接" in page


def test_hand_over_of_a_seat_is_not_found_for_others(system_admin: User, officer: User) -> None:
    page_of(officer, f"{SEATS}{Role.SYSTEM_ADMIN}/", 404)
