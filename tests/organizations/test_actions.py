from __future__ import annotations

import datetime as dt

import pytest

from qingfeng.audit.models import Entry
from qingfeng.core.errors import Conflict, Denied, Refused
from qingfeng.core.roles import Role
from qingfeng.organizations.actions import people, units
from qingfeng.organizations.models import Person, Post, Unit
from tests import stories
from tests.factories.organizations import LONG_AGO, PersonFactory, PostFactory, UnitFactory
from tests.organizations.workbooks import AT

pytestmark = pytest.mark.django_db
LAST = dt.date(2026, 6, 30)


@pytest.fixture
def office():
    return stories.user_with(Role.OFFICE)


def add(office, **fields) -> Unit:
    given = {
        "code": "X1", "name": "云川市新设局", "short_name": "新设局", "unit_class": "government",
        "active_from": LONG_AGO, **fields,
    }  # fmt: skip
    return units.add_unit(**given, by=office, at=AT)


def test_add_unit_by_the_office_stands_below_its_parent_and_in_the_book(office) -> None:
    parent = UnitFactory.create()

    unit = add(office, parent=parent)

    assert unit.parent == parent
    assert Entry.objects.filter(action="unit.add", subject_id=unit.pk, actor_id=office.pk).exists()


@pytest.mark.parametrize("role", [Role.CONDUCT_OFFICE, Role.SYSTEM_ADMIN, Role.UNIT_HEAD])
def test_add_unit_by_others_is_denied(role: str) -> None:
    with pytest.raises(Denied, match="由办公室维护"):
        add(stories.user_with(role))

    assert not Unit.objects.filter(code="X1").exists()


def test_add_unit_with_a_taken_code_or_name_is_refused(office) -> None:
    UnitFactory.create(code="X1", name="云川市旧局")

    with pytest.raises(Refused, match="编码“X1”已被使用"):
        add(office)
    with pytest.raises(Refused, match="已有全称为“云川市旧局”"):
        add(office, code="X2", name="云川市旧局")


def test_add_unit_below_a_closed_parent_is_refused(office) -> None:
    parent = UnitFactory.create(active_to=LAST)

    with pytest.raises(Refused, match="已于 2026-06-30 停用"):
        add(office, parent=parent)


def test_edit_unit_changes_fields_and_counts_the_revision(office) -> None:
    unit = UnitFactory.create()

    units.edit_unit(unit=unit, revision=0, short_name="新简称", sort_order=7, by=office, at=AT)

    unit.refresh_from_db()
    assert (unit.short_name, unit.sort_order, unit.revision) == ("新简称", 7, 1)


def test_edit_unit_by_the_slower_of_two_editors_conflicts_and_changes_nothing(office) -> None:
    unit = UnitFactory.create()
    units.edit_unit(unit=unit, revision=0, short_name="先改", by=office, at=AT)

    with pytest.raises(Conflict):
        units.edit_unit(unit=unit, revision=0, short_name="后改", by=office, at=AT)

    unit.refresh_from_db()
    assert unit.short_name == "先改"


def test_edit_unit_to_stand_below_itself_is_refused(office) -> None:
    top = UnitFactory.create()
    child = UnitFactory.create(parent=top)
    grandchild = UnitFactory.create(parent=child)

    for parent in (top, child, grandchild):
        with pytest.raises(Refused, match="不能是本单位或本单位的下级"):
            units.edit_unit(unit=top, revision=0, parent=parent, by=office, at=AT)


def test_close_unit_ends_it_and_the_posts_held_in_it(office) -> None:
    unit = UnitFactory.create()
    held = PostFactory.create(unit=unit)
    left = PostFactory.create(unit=unit, held_to=dt.date(2021, 1, 1))

    units.close_unit(unit=unit, last_day=LAST, by=office, at=AT)

    held.refresh_from_db()
    left.refresh_from_db()
    assert held.held_to == LAST
    assert left.held_to == dt.date(2021, 1, 1)
    assert list(Unit.objects.active_on(LAST)) == [unit]
    assert not Unit.objects.active_on(LAST + dt.timedelta(days=1)).exists()


def test_close_unit_with_units_below_or_twice_or_before_it_began_is_refused(office) -> None:
    unit = UnitFactory.create()
    child = UnitFactory.create(parent=unit)

    with pytest.raises(Refused, match="未停用的下级单位"):
        units.close_unit(unit=unit, last_day=LAST, by=office, at=AT)
    with pytest.raises(Refused, match="不能早于启用日期"):
        units.close_unit(unit=child, last_day=dt.date(2019, 1, 1), by=office, at=AT)
    units.close_unit(unit=child, last_day=LAST, by=office, at=AT)
    with pytest.raises(Denied, match="已经停用"):
        units.close_unit(unit=child, last_day=LAST, by=office, at=AT)


def test_merge_unit_names_its_successor_and_passes_on_the_units_below(office) -> None:
    unit, into = UnitFactory.create_batch(2)
    child = UnitFactory.create(parent=unit)

    units.merge_unit(unit=unit, into=into, last_day=LAST, by=office, at=AT)

    unit.refresh_from_db()
    child.refresh_from_db()
    assert (unit.successor, unit.active_to, child.parent) == (into, LAST, into)


def test_merge_unit_into_one_below_itself_lifts_that_branch_first(office) -> None:
    top = UnitFactory.create()
    unit = UnitFactory.create(parent=top)
    into, sibling = UnitFactory.create_batch(2, parent=unit)

    units.merge_unit(unit=unit, into=into, last_day=LAST, by=office, at=AT)

    into.refresh_from_db()
    sibling.refresh_from_db()
    assert (into.parent, sibling.parent) == (top, into)


def test_merge_unit_into_itself_or_in_a_circle_or_into_the_past_is_refused(office) -> None:
    first, second, late = UnitFactory.create_batch(3)
    units.merge_unit(unit=first, into=second, last_day=LAST, by=office, at=AT)
    ended = UnitFactory.create(active_to=LAST)

    with pytest.raises(Refused, match="不能并入自己"):
        units.merge_unit(unit=late, into=late, last_day=LAST, by=office, at=AT)
    with pytest.raises(Refused, match="已经并入本单位"):
        units.merge_unit(unit=second, into=first, last_day=dt.date(2026, 1, 1), by=office, at=AT)
    with pytest.raises(Refused, match="在 2026-07-01 没有启用"):
        units.merge_unit(unit=late, into=ended, last_day=LAST, by=office, at=AT)


def test_reopen_unit_undoes_a_merger(office) -> None:
    unit, into = UnitFactory.create_batch(2)
    units.merge_unit(unit=unit, into=into, last_day=LAST, by=office, at=AT)

    units.reopen_unit(unit=unit, by=office, at=AT)

    unit.refresh_from_db()
    assert (unit.active_to, unit.successor) == (None, None)


def test_add_person_twice_is_refused(office) -> None:
    people.add_person(code="P1", name="示例甲", by=office, at=AT)

    with pytest.raises(Refused, match="人员编号“P1”已被使用"):
        people.add_person(code="P1", name="示例乙", by=office, at=AT)

    assert Person.objects.get(code="P1").name == "示例甲"


def test_edit_person_by_the_slower_of_two_editors_conflicts(office) -> None:
    person = PersonFactory.create()
    people.edit_person(person=person, revision=0, name="先改", by=office, at=AT)

    with pytest.raises(Conflict):
        people.edit_person(person=person, revision=0, name="后改", by=office, at=AT)


def test_appoint_head_makes_a_leader(office) -> None:
    post = people.appoint(
        person=PersonFactory.create(), unit=UnitFactory.create(), title="局长", is_head=True,
        held_from=LONG_AGO, by=office, at=AT,
    )  # fmt: skip

    assert post.is_leader


def test_appoint_second_head_at_the_same_time_is_refused_until_the_first_has_left(office) -> None:
    first = PostFactory.create(title="局长", is_head=True, is_leader=True)
    person = PersonFactory.create()
    day = dt.date(2026, 7, 1)

    with pytest.raises(Refused, match="已有主要负责人"):
        people.appoint(
            person=person, unit=first.unit, title="局长", is_head=True, held_from=day, by=office, at=AT
        )
    people.leave(post=first, last_day=LAST, by=office, at=AT)
    people.appoint(
        person=person, unit=first.unit, title="局长", is_head=True, held_from=day, by=office, at=AT
    )

    assert Post.objects.filter(unit=first.unit, is_head=True).count() == 2


def test_appoint_beyond_the_end_of_the_unit_or_twice_is_refused(office) -> None:
    ended = UnitFactory.create(active_to=LAST)
    post = PostFactory.create()

    with pytest.raises(Refused, match="任职不能晚于这一天"):
        people.appoint(person=post.person, unit=ended, title="科员", held_from=LONG_AGO, by=office, at=AT)
    with pytest.raises(Refused, match="任期重叠"):
        people.appoint(person=post.person, unit=post.unit, title="科员", held_from=LAST, by=office, at=AT)


def test_leave_before_it_began_or_after_it_ended_is_refused(office) -> None:
    post = PostFactory.create()

    with pytest.raises(Refused, match="不能早于任职日期"):
        people.leave(post=post, last_day=dt.date(2019, 1, 1), by=office, at=AT)
    people.leave(post=post, last_day=LAST, by=office, at=AT)
    with pytest.raises(Refused, match="已经结束"):
        people.leave(post=post, last_day=LAST, by=office, at=AT)


def test_correct_post_changes_title_and_dates(office) -> None:
    post = PostFactory.create()

    people.correct_post(post=post, title="副科长", held_to=LAST, by=office, at=AT)

    post.refresh_from_db()
    assert (post.title, post.held_to) == ("副科长", LAST)


@pytest.mark.parametrize("role", [Role.CASE_OFFICE, Role.SECURITY_ADMIN])
def test_people_are_edited_by_the_office_alone(role: str) -> None:
    user = stories.user_with(role)
    post = PostFactory.create()
    verbs = [
        lambda: people.add_person(code="P9", name="甲", by=user, at=AT),
        lambda: people.edit_person(person=post.person, revision=0, by=user, at=AT),
        lambda: people.leave(post=post, last_day=LAST, by=user, at=AT),
        lambda: people.correct_post(post=post, title="x", by=user, at=AT),
        lambda: people.appoint(person=post.person, unit=post.unit, title="x", held_from=LAST, by=user, at=AT),
    ]

    for verb in verbs:
        with pytest.raises(Denied, match="由办公室维护"):
            verb()
