from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine

from qingfeng.accounts.actions import accounts, grants, stand_ins
from qingfeng.accounts.models import Grant, StandIn, User
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.actors import is_same_hand
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.roles import Role
from qingfeng.core.rules import Rule, require
from tests import stories
from tests.accounts.absences import asked, confirmed, fresh
from tests.factories.accounts import UserFactory
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
START = dt.datetime(2026, 11, 24, 10, 0, tzinfo=CHINA)
DAY = dt.timedelta(days=1)


def _organise(user) -> None:
    require(user.holds(Role.CONDUCT_OFFICE), "只限党风室")


organise_for_test = Rule("test.organise", _organise)


@pytest.fixture(autouse=True)
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def wang() -> User:
    return stories.user_with(Role.CONDUCT_OFFICE, name="王某")


@pytest.fixture
def li() -> User:
    return stories.user_with(Role.REFORM_OFFICE, name="李某")


@pytest.fixture
def security() -> User:
    return stories.user_with(Role.SECURITY_ADMIN)


def test_confirmed_stand_in_gives_exactly_the_chosen_roles(wang: User, li: User) -> None:
    stories.give(wang, Role.OFFICE)
    one = list(wang.grants.filter(role=Role.CONDUCT_OFFICE))

    confirmed(wang, li, grants=one)

    held = {grant.role for grant in fresh(li).held_grants}
    assert held == {Role.REFORM_OFFICE, Role.CONDUCT_OFFICE}
    assert fresh(wang).holds(Role.CONDUCT_OFFICE)


def test_asked_for_gives_nothing(wang: User, li: User) -> None:
    asked(wang, li)

    assert not fresh(li).holds(Role.CONDUCT_OFFICE)


def test_role_begins_at_midnight_and_ends_with_the_last_day(
    wang: User, li: User, moment: time_machine.Traveller
) -> None:
    confirmed(wang, li, starts_on=dt.date(2026, 11, 26), ends_on=dt.date(2026, 11, 28))

    seen = []
    for day, clock_time in [(25, "23:59:59"), (26, "00:00:00"), (28, "23:59:59"), (29, "00:00:00")]:
        moment.move_to(dt.datetime.fromisoformat(f"2026-11-{day}T{clock_time}+08:00"))
        seen.append(fresh(li).holds(Role.CONDUCT_OFFICE))

    assert seen == [False, True, True, False]


def test_late_confirmation_begins_on_its_own_day(
    wang: User, li: User, security: User, moment: time_machine.Traveller
) -> None:
    row = asked(wang, li)
    moment.shift(2 * DAY)

    stand_ins.confirm(stand_in=row, by=security, at=clock.now())

    assert Grant.objects.get(stand_in=row).starts_on == dt.date(2026, 11, 26)


def test_confirmation_after_the_last_day_is_refused(
    wang: User, li: User, security: User, moment: time_machine.Traveller
) -> None:
    row = asked(wang, li)
    moment.shift(10 * DAY)

    with pytest.raises(Refused, match="已经过去"):
        stand_ins.confirm(stand_in=row, by=security, at=clock.now())


def test_end_takes_the_roles_back_at_once_and_keeps_the_record(wang: User, li: User) -> None:
    row = confirmed(wang, li)

    stand_ins.end(stand_in=row, by=wang, at=clock.now(), reason="提前返岗")

    assert not fresh(li).holds(Role.CONDUCT_OFFICE)
    assert Grant.objects.get(stand_in=row).end_reason == "代理结束：提前返岗"
    assert Entry.objects.filter(action="stand_in.end", actor_id=wang.pk).count() == 1


def test_end_of_the_persons_own_grant_ends_the_stand_ins(wang: User, li: User, security: User) -> None:
    confirmed(wang, li)

    grants.end(grant=wang.grants.get(), by=security, at=clock.now(), reason="调离")

    assert not fresh(li).holds(Role.CONDUCT_OFFICE)


def test_disabled_person_is_stood_in_for_by_nobody(wang: User, li: User) -> None:
    confirmed(wang, li)

    accounts.disable(account=wang, by=stories.user_with(Role.SYSTEM_ADMIN), at=clock.now(), reason="离职")

    assert not fresh(li).holds(Role.CONDUCT_OFFICE)


def test_sanction_ends_every_stand_in_of_the_person(wang: User, li: User, security: User) -> None:
    row = confirmed(wang, li)

    grants.give(
        account=li, role=Role.SANCTIONED_PERSON, by=security, at=clock.now(), reason="决定",
        starts_on=clock.today(),
    )  # fmt: skip

    assert StandIn.objects.get(pk=row.pk).ended_at is not None
    assert not fresh(li).holds(Role.CONDUCT_OFFICE)


def test_act_under_a_stood_in_role_names_both(wang: User, li: User) -> None:
    confirmed(wang, li)
    deputy = fresh(li)

    organise_for_test.check(deputy)

    assert deputy.display_name == "李某（代王某）"
    assert deputy.acting_for == wang.pk


def test_act_under_ones_own_role_names_oneself(wang: User, li: User) -> None:
    stories.give(wang, Role.OFFICE)
    confirmed(wang, li, grants=list(wang.grants.filter(role=Role.OFFICE)))
    stories.give(li, Role.CONDUCT_OFFICE)
    deputy = fresh(li)

    organise_for_test.check(deputy)

    assert deputy.display_name == "李某"


def test_question_whether_one_may_names_nobody(wang: User, li: User) -> None:
    confirmed(wang, li)
    deputy = fresh(li)

    assert organise_for_test.allows(deputy)
    assert deputy.holds(Role.CONDUCT_OFFICE)
    assert deputy.display_name == "李某"


def test_absent_and_deputies_are_one_hand_while_it_lasts_and_for_what_was_done_then(
    wang: User, li: User, moment: time_machine.Traveller
) -> None:
    stories.give(wang, Role.OFFICE)
    zhao, other = stories.user_with(Role.REFORM_OFFICE), UserFactory.create()
    confirmed(wang, li, grants=list(wang.grants.filter(role=Role.CONDUCT_OFFICE)))
    confirmed(wang, zhao, grants=list(wang.grants.filter(role=Role.OFFICE)))
    during = clock.today()

    now = [is_same_hand(fresh(li), each.pk) for each in (li, wang, zhao, other)]
    back = [is_same_hand(fresh(wang), each.pk) for each in (li, zhao, other)]
    moment.shift(20 * DAY)
    later = is_same_hand(fresh(wang), li.pk)
    of_then = is_same_hand(fresh(wang), li.pk, on=during)

    assert now == [True, True, True, False]
    assert back == [True, True, False]
    assert (later, of_then) == (False, True)


def test_unconfirmed_stand_in_makes_no_one_hand(wang: User, li: User) -> None:
    asked(wang, li)

    assert not is_same_hand(fresh(li), wang.pk)


@pytest.mark.parametrize(
    ("own", "wanted", "sentence"),
    [
        (Role.OFFICE, Role.DEPUTY_LEADER, "既提出又决定"),
        (Role.SECRETARY, Role.CONDUCT_OFFICE, "既提出又决定"),
        (Role.INVESTIGATION_OFFICE, Role.ADJUDICATION_OFFICE, "相互制约"),
        (Role.UNIT_LIAISON, Role.SCORING_DEPARTMENT, "评到本单位"),
        (Role.UNIT_HEAD, Role.CONDUCT_OFFICE, "评到本单位"),
        (Role.SANCTIONED_PERSON, Role.OFFICE, "受处分人员不代理"),
    ],
)
def test_roles_that_must_not_meet_in_one_hand_are_refused(own: str, wanted: str, sentence: str) -> None:
    absent, deputy = stories.user_with(wanted), stories.user_with(own)

    with pytest.raises(Refused, match=sentence):
        asked(absent, deputy)


def test_liaison_and_head_of_one_unit_stay_two_people() -> None:
    unit = UnitFactory.create()
    liaison, head = stories.user_with(Role.UNIT_LIAISON, unit), stories.user_with(Role.UNIT_HEAD, unit)

    with pytest.raises(Refused, match="既填报又审签"):
        asked(liaison, head)


def test_chain_of_stand_ins_is_refused_at_both_ends(wang: User, li: User) -> None:
    third = stories.user_with(Role.OFFICE)
    confirmed(wang, li)

    with pytest.raises(Refused, match="正代理别人"):
        asked(li, third)
    with pytest.raises(Refused, match="自己也要由人代理"):
        asked(third, wang)


def test_stood_in_role_is_not_passed_on(wang: User, li: User) -> None:
    third = stories.user_with(Role.OFFICE)
    confirmed(wang, li)
    passed = list(Grant.objects.filter(user=li, origin__isnull=False))

    with pytest.raises(Refused, match="代理来的不能再代理"):
        asked(li, third, grants=passed)


def test_role_has_one_stand_in_at_a_time(wang: User, li: User) -> None:
    confirmed(wang, li)

    with pytest.raises(Refused, match="已经有人代理"):
        asked(wang, stories.user_with(Role.OFFICE))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"starts_on": dt.date(2026, 11, 23)}, "不得早于今天"),
        ({"ends_on": dt.date(2026, 11, 23)}, "不得早于开始"),
        ({"ends_on": dt.date(2027, 11, 24)}, "一次代理不超过 180 天"),
        ({"reason": "  "}, "请写明依据"),
        ({"leave_kind": "none"}, "请选离岗原因"),
        ({"grants": []}, "请至少选一个角色"),
    ],
)
def test_faulty_request_is_refused_with_the_reason(wang: User, li: User, changed, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        asked(wang, li, **changed)


def test_administrators_neither_stand_in_nor_are_stood_in_for(wang: User, security: User) -> None:
    with pytest.raises(Refused, match="三员席位不代理"):
        asked(wang, stories.user_with(Role.AUDIT_ADMIN))


def test_others_may_not_ask_and_neither_of_the_two_confirms(wang: User, li: User) -> None:
    with pytest.raises(Denied, match="代理由离岗人本人"):
        asked(wang, li, by=stories.user_with(Role.SECRETARY))
    row = asked(wang, li)
    for person in (wang, li):
        with pytest.raises(Denied, match="不能自己确认"):
            stand_ins.confirm(stand_in=row, by=person, at=clock.now())


def test_head_confirms_for_his_units_liaison_only() -> None:
    unit, other = UnitFactory.create(), UnitFactory.create()
    liaison, colleague = stories.user_with(Role.UNIT_LIAISON, unit), UserFactory.create()
    head, stranger = stories.user_with(Role.UNIT_HEAD, unit), stories.user_with(Role.UNIT_HEAD, other)
    row = asked(liaison, colleague)

    with pytest.raises(Denied, match="由安全管理员确认"):
        stand_ins.confirm(stand_in=row, by=stranger, at=clock.now())
    stand_ins.confirm(stand_in=row, by=head, at=clock.now())

    assert fresh(colleague).units_for(Role.UNIT_LIAISON) == {unit.pk}


def test_refused_request_says_why_and_gives_nothing(wang: User, li: User, security: User) -> None:
    row = asked(wang, li)

    stand_ins.refuse(stand_in=row, by=security, at=clock.now(), reason="请换一人")

    assert not fresh(li).holds(Role.CONDUCT_OFFICE)
    with pytest.raises(Denied, match="已经结束"):
        stand_ins.confirm(stand_in=row, by=security, at=clock.now())


def test_stood_in_grant_is_ended_with_the_stand_in_only(wang: User, li: User, security: User) -> None:
    row = confirmed(wang, li)

    with pytest.raises(Denied, match="请结束那项代理"):
        grants.end(grant=Grant.objects.get(stand_in=row), by=security, at=clock.now(), reason="x")
