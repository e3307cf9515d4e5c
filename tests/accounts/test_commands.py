from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from qingfeng.accounts.models import AdminSeat, User
from qingfeng.core.roles import ADMIN_ROLES, Role

pytestmark = pytest.mark.django_db
PEOPLE = {"system": "sys.zhao:赵一", "security": "sec.qian:钱二", "audit": "aud.sun:孙三"}


def run(**options) -> str:
    out = io.StringIO()
    call_command("seat_administrators", reason="任免文件", stdout=out, **options)
    return out.getvalue()


def password_in(line: str) -> str:
    return line.rsplit(" ", 1)[1]


def test_first_three_are_seated_with_passwords_that_work() -> None:
    lines = run(**PEOPLE).splitlines()

    assert set(AdminSeat.objects.values_list("role", flat=True)) == set(ADMIN_ROLES)
    line = next(line for line in lines if "sys.zhao" in line)
    user = User.objects.get(username="sys.zhao")
    assert user.check_password(password_in(line))
    assert user.must_change_password


def test_seating_twice_is_refused() -> None:
    run(**PEOPLE)

    with pytest.raises(CommandError, match="请办理交接"):
        run(system="a.b:甲", security="c.d:乙", audit="e.f:丙")


def test_seating_two_of_three_asks_for_the_third() -> None:
    with pytest.raises(CommandError, match="审计管理员"):
        run(system="sys.zhao:赵一", security="sec.qian:钱二")

    assert not User.objects.exists()


def test_password_of_a_seat_holder_is_reset_on_the_host() -> None:
    run(**PEOPLE)

    line = run(reset="security").splitlines()[0]

    holder = AdminSeat.objects.get(role=Role.SECURITY_ADMIN).user
    assert holder.check_password(password_in(line))


def test_reset_before_anybody_is_seated_says_so() -> None:
    with pytest.raises(CommandError, match="三员尚未设立"):
        run(reset="audit")
