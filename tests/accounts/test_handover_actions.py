from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import IntegrityError, transaction

from qingfeng.accounts.actions import grants as grant_actions
from qingfeng.accounts.actions import handovers, liaisons
from qingfeng.accounts.models import Grant, Handover, HandoverItem, User
from qingfeng.accounts.queries import handovers as queries
from qingfeng.accounts.queries import loose
from qingfeng.audit.models import Entry
from qingfeng.core import clock
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.roles import Role
from qingfeng.notifications.models import Message
from tests import stories
from tests.accounts.absences import confirmed, fresh
from tests.documents import stories as papers
from tests.factories.accounts import UserFactory
from tests.factories.organizations import PersonFactory, PostFactory, UnitFactory

pytestmark = pytest.mark.django_db
CHINA = ZoneInfo("Asia/Shanghai")
START = dt.datetime(2026, 11, 24, 10, 0, tzinfo=CHINA)
LAST = dt.date(2026, 11, 30)


@pytest.fixture(autouse=True)
def moment() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def wang() -> User:
    return stories.user_with(Role.CONDUCT_OFFICE, name="王某")


@pytest.fixture
def li() -> User:
    return UserFactory.create(name="李某")


@pytest.fixture
def security() -> User:
    return stories.user_with(Role.SECURITY_ADMIN)


def handed_over(giver: User, taker: User, **changed) -> Handover:
    given = {
        "grants": list(giver.grants.own()),
        "last_day": LAST,
        "reason": "调动文件",
        "by": stories.user_with(Role.SECURITY_ADMIN),
        "at": clock.now(),
        **changed,
    }
    return handovers.hand_over(giver=giver, taker=taker, **given)


def test_roles_pass_from_one_day_to_the_next(wang: User, li: User, moment) -> None:
    handed_over(wang, li)

    seen = []
    for text in ("2026-11-30T23:59:59+08:00", "2026-12-01T00:00:00+08:00"):
        moment.move_to(dt.datetime.fromisoformat(text))
        seen.append((fresh(wang).holds(Role.CONDUCT_OFFICE), fresh(li).holds(Role.CONDUCT_OFFICE)))

    assert seen == [(True, False), (False, True)]


def test_role_that_the_taker_has_already_is_ended_and_not_doubled(wang: User, li: User) -> None:
    stories.give(li, Role.CONDUCT_OFFICE)

    handed_over(wang, li)

    assert wang.grants.get().ends_on == LAST
    assert li.grants.count() == 1


def test_list_holds_what_is_open_and_unissued_drafts(wang: User, li: User) -> None:
    document = papers.draft(by=wang)

    row = handed_over(wang, li)

    assert [item.meta for item in queries.items_of(row) if document.title in item.meta]


def test_both_confirm_the_same_list_in_their_order(wang: User, li: User) -> None:
    papers.draft(by=wang)
    row = handed_over(wang, li)
    with pytest.raises(Denied, match="移交人还没有确认"):
        handovers.take(handover=row, by=li, at=clock.now(), digest="")

    handovers.give(handover=row, by=wang, at=clock.now())
    handovers.take(handover=row, by=li, at=clock.now(), digest=row.digest)

    assert (row.given_by_id, row.taken_by_id) == (wang.pk, li.pk)
    assert row.digest == queries.digest_of(row)
    assert Entry.objects.get(action="handover.take").detail["digest"] == row.digest


def test_list_changed_behind_the_confirmation_is_not_taken(wang: User, li: User) -> None:
    papers.draft(by=wang)
    row = handovers.give(handover=handed_over(wang, li), by=wang, at=clock.now())
    HandoverItem.objects.filter(handover=row).delete()

    with pytest.raises(Refused, match="不一致"):
        handovers.take(handover=row, by=li, at=clock.now(), digest=row.digest)


def test_list_is_drawn_up_anew_when_the_giver_confirms(wang: User, li: User) -> None:
    row = handed_over(wang, li)
    before = row.items.count()
    papers.draft(by=wang)

    handovers.give(handover=row, by=wang, at=clock.now())

    assert row.items.count() == before + 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"last_day": dt.date(2026, 11, 23)}, "不得早于今天"),
        ({"grants": []}, "请至少选一个角色"),
        ({"reason": " "}, "请写明依据"),
    ],
)
def test_faulty_handover_is_refused_and_changes_nothing(wang: User, li: User, changed, sentence) -> None:
    with pytest.raises(Refused, match=sentence):
        handed_over(wang, li, **changed)

    assert wang.grants.get().ends_on is None


def test_stood_in_role_is_not_handed_over(wang: User, li: User) -> None:
    stories.give(li, Role.REFORM_OFFICE)
    confirmed(wang, li)
    third = UserFactory.create()

    with pytest.raises(Refused, match="代理来的不能移交"):
        handed_over(li, third, grants=list(Grant.objects.filter(user=li, origin__isnull=False)))


def test_handover_by_another_is_denied_and_to_an_administrator_refused(wang: User, security: User) -> None:
    with pytest.raises(Denied, match="由安全管理员办理"):
        handed_over(wang, UserFactory.create(), by=wang)
    with pytest.raises(Refused, match="三员不得兼任"):
        handed_over(wang, stories.user_with(Role.AUDIT_ADMIN))


def test_one_person_on_both_sides_is_refused_by_the_database(wang: User, security: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            giver=wang, taker=wang, last_day=LAST, reason="x", by=security, at=clock.now()
        )


def named(unit, to: User, by: User, **changed) -> Grant:
    given = {"starts_on": clock.today(), "reason": "分工通知", "at": clock.now(), **changed}
    return liaisons.name(unit=unit, to=to, by=by, **given)


def test_head_names_the_liaison_who_replaces_the_former(security: User) -> None:
    unit = UnitFactory.create()
    former, head = stories.user_with(Role.UNIT_LIAISON, unit), stories.user_with(Role.UNIT_HEAD, unit)
    new = UserFactory.create(person=PersonFactory.create())
    PostFactory.create(person=new.person, unit=unit)

    grant = named(unit, new, head, replaces=former.grants.get())

    assert fresh(new).units_for(Role.UNIT_LIAISON) == {unit.pk}
    assert not fresh(former).holds(Role.UNIT_LIAISON)
    assert grant.is_named
    assert Message.objects.filter(recipient=security, title__contains="联络员").count() == 1


def test_head_names_a_later_liaison_and_the_former_stays_until_then(moment) -> None:
    unit = UnitFactory.create()
    former, head = stories.user_with(Role.UNIT_LIAISON, unit), stories.user_with(Role.UNIT_HEAD, unit)
    new = UserFactory.create(person=PersonFactory.create())
    PostFactory.create(person=new.person, unit=unit)

    named(unit, new, head, starts_on=dt.date(2026, 12, 1), replaces=former.grants.get())

    assert fresh(former).holds(Role.UNIT_LIAISON)
    moment.move_to(dt.datetime.fromisoformat("2026-12-01T00:00:00+08:00"))
    assert not fresh(former).holds(Role.UNIT_LIAISON)
    assert fresh(new).holds(Role.UNIT_LIAISON)


def test_head_names_nobody_for_another_unit_nor_a_stranger_nor_himself() -> None:
    unit, other = UnitFactory.create(), UnitFactory.create()
    head, colleague = stories.user_with(Role.UNIT_HEAD, unit), UserFactory.create()

    with pytest.raises(Denied, match="由本单位负责人指定"):
        named(other, colleague, head)
    for person in (colleague, head):
        with pytest.raises(Refused, match="联络员须是本单位的人"):
            named(unit, person, head)


def test_security_administrator_objects_and_the_head_is_told(security: User) -> None:
    unit = UnitFactory.create()
    head, new = stories.user_with(Role.UNIT_HEAD, unit), UserFactory.create(person=PersonFactory.create())
    PostFactory.create(person=new.person, unit=unit)
    grant = named(unit, new, head)

    grant_actions.end(grant=grant, by=security, at=clock.now(), reason="此人借调在外")

    assert not fresh(new).holds(Role.UNIT_LIAISON)
    assert "此人借调在外" in Message.objects.get(recipient=head, title__contains="收回").body


def test_grants_on_ended_units_and_of_people_without_posts_are_shown(security: User) -> None:
    merged = UnitFactory.create(active_to=dt.date(2026, 11, 23), successor=UnitFactory.create())
    stays, left = UnitFactory.create(), PersonFactory.create()
    PostFactory.create(person=left, unit=stays, title="站长", held_to=dt.date(2026, 11, 20))
    stories.user_with(Role.UNIT_LIAISON, merged, name="甲")
    stories.user_with(Role.UNIT_HEAD, stays, name="乙", person=left)
    stories.user_with(Role.UNIT_HEAD, stays, name="丙")

    found = {each.grant.user.name: each.why for each in loose.loose_grants(security, clock.today())}

    assert set(found) == {"甲", "乙"}
    assert "并入" in found["甲"]
    assert "“站长”已于 2026-11-20 免去" in found["乙"]


def test_loose_grants_are_nobody_elses_to_see() -> None:
    stories.user_with(Role.UNIT_LIAISON, UnitFactory.create(active_to=dt.date(2026, 11, 23)))

    assert loose.loose_grants(stories.user_with(Role.SYSTEM_ADMIN), clock.today()) == []


def test_loose_grants_are_ended_in_one_act(security: User) -> None:
    ended = UnitFactory.create(active_to=dt.date(2026, 11, 23))
    people = [stories.user_with(Role.UNIT_LIAISON, ended) for _ in range(3)]
    chosen = [each.grant for each in loose.loose_grants(security, clock.today())]

    count = grant_actions.end_together(grants=chosen, by=security, at=clock.now(), reason="单位撤并")

    assert count == 3
    assert not any(fresh(person).held_grants for person in people)
    assert loose.loose_grants(security, clock.today()) == []
