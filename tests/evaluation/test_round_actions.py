from __future__ import annotations

import datetime as dt

import pytest

from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Denied, Refused, WrongState
from qingfeng.core.models import Setting
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import gathering, rounds, scheduling, schemes
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import progress, reviews, schedule
from qingfeng.evaluation.queries import rounds as queries
from qingfeng.evaluation.scoring.periods import Quarter
from qingfeng.notifications.models import Message
from qingfeng.organizations.actions import units as unit_actions
from tests import stories as people
from tests.evaluation import stories
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> stories.City:
    return stories.city()


def test_plan_takes_its_dates_from_the_settings_and_the_calendar(place) -> None:
    Setting.objects.create(key=schedule.OFFSETS["review_by"].key, value=4)

    round = stories.planned(place)

    assert round.opens_on == dt.date(2026, 3, 21)
    assert round.submit_by == dt.date(2026, 3, 31)
    assert round.review_by == dt.date(2026, 4, 7)  # 4 April to 6 April is the Qingming holiday
    assert round.label == "2026年第一季度"


def test_plan_of_a_quarter_twice_is_refused(place) -> None:
    round = stories.planned(place)

    with pytest.raises(Refused, match="已有评价轮次"):
        rounds.plan(
            year=2026,
            quarter=1,
            scheme_version=round.scheme_version,
            by=place.officer,
            at=stories.OPENING,
        )


def test_plan_on_a_draft_is_refused(place) -> None:
    with pytest.raises(Refused, match="已发布"):
        rounds.plan(
            year=2026,
            quarter=1,
            scheme_version=stories.drafted(place),
            by=place.officer,
            at=stories.OPENING,
        )


def test_plan_with_dates_out_of_order_is_refused(place) -> None:
    version = stories.published(place)

    with pytest.raises(Refused, match="早于前一个节点"):
        rounds.plan(
            year=2026,
            quarter=1,
            scheme_version=version,
            dates={"review_by": dt.date(2026, 3, 1)},
            by=place.officer,
            at=stories.OPENING,
        )

    assert not Round.objects.exists()


def test_open_freezes_units_and_classes_active_at_the_end_of_the_quarter(place) -> None:
    UnitFactory.create(short_name="撤销镇", active_to=dt.date(2026, 3, 30))
    UnitFactory.create(short_name="未参评局", is_evaluated=False)

    round = stories.opened(place)

    assert set(round.units.values_list("unit_id", flat=True)) == {unit.pk for unit in place.units}
    assert set(round.units.values_list("unit_class", flat=True)) == {"town", "party"}
    assert round.sheets.count() == 4
    assert round.sheets.filter(is_substitute=True).count() == 1
    assert round.data_tasks.count() == 2


def test_open_gives_a_department_every_unit_but_its_own(place) -> None:
    round = stories.opened(place)
    own = stories.sheet_of(round, "A1.review", "xuanchuan")
    substitute = stories.sheet_of(round, "A1.review", "dangfeng")

    assert place.bureaus["xuanchuan"].pk not in reviews.units_of(own).values_list("unit_id", flat=True)
    assert list(reviews.units_of(substitute).values_list("unit_id", flat=True)) == [
        place.bureaus["xuanchuan"].pk
    ]
    assert sorted(reviews.expected_counts(round).values()) == [1, 3, 4, 4]


def test_open_with_an_unbound_department_names_it(place) -> None:
    round = stories.planned(place)
    round.departments.filter(code="rexian").update(unit=None)

    with pytest.raises(Refused, match="12345热线"):
        rounds.open_round(round=round, by=place.officer, at=stories.OPENING)

    round.refresh_from_db()
    assert round.state == "planned"
    assert not RoundUnit.objects.exists()


def test_bind_department_before_the_opening_sets_its_unit(place) -> None:
    round = stories.planned(place)
    other = UnitFactory.create(is_evaluated=False)

    row = rounds.bind_department(round=round, code="rexian", unit=other, by=place.officer, at=stories.OPENING)

    assert row.unit == other


def test_bind_department_after_the_opening_is_refused(place) -> None:
    round = stories.opened(place)

    with pytest.raises(WrongState, match="不再改变"):
        rounds.bind_department(
            round=round, code="rexian", unit=place.towns[0], by=place.officer, at=stories.OPENING
        )


def test_reschedule_keeps_what_was_moved_and_why(place) -> None:
    round = stories.opened(place)

    after = rounds.reschedule(
        round=round,
        dates={"submit_by": dt.date(2026, 4, 2)},
        reason="清明假期",
        by=place.officer,
        at=stories.COLLECTING,
    )

    change = round.schedule_changes.get()
    assert after.submit_by == dt.date(2026, 4, 2)
    assert (change.before, change.after, change.reason) == (
        dt.date(2026, 3, 31),
        dt.date(2026, 4, 2),
        "清明假期",
    )


def test_reschedule_without_a_reason_is_refused(place) -> None:
    with pytest.raises(Refused, match="调整理由"):
        rounds.reschedule(
            round=stories.opened(place), dates={}, reason=" ", by=place.officer, at=stories.COLLECTING
        )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CONDUCT_OFFICE])
def test_open_by_any_other_role_is_refused(place, role: str) -> None:
    round = stories.planned(place)

    with pytest.raises(Denied, match="党风室"):
        rounds.open_round(round=round, by=people.user_with(role), at=stories.OPENING)


def test_withdraw_unit_passes_its_facts_to_the_successor(place) -> None:
    round = stories.in_review(place)
    merged, successor = place.towns[0], place.towns[1]
    stories.recorded(place, round, merged)
    office = people.user_with(Role.OFFICE)
    unit_actions.merge_unit(
        unit=merged, into=successor, last_day=dt.date(2026, 4, 1), by=office, at=stories.REVIEWING
    )

    row = rounds.withdraw_unit(
        round_unit=round.units.get(unit=merged), reason="并入第2镇", by=place.officer, at=stories.REVIEWING
    )

    inputs = gathering.gather(round)
    assert row.merged_into is not None
    assert row.merged_into.unit == successor
    assert inputs.units.codes == ("D01", "Z002", "Z003")
    assert [inputs.units.codes[unit] for unit in inputs.facts.unit_at_act] == ["Z002"]


def test_progress_counts_what_each_unit_and_department_has_done(place) -> None:
    round = stories.in_review(place)
    stories.submitted(place, stories.sheet_of(round, "A1.review", "zuzhi"))
    stories.scored(place, stories.sheet_of(round, "B1.review", "zuzhi"))

    units = progress.progress_by_unit(round, dt.date(2026, 4, 2))
    departments = {
        row.department.code: row for row in progress.progress_by_department(round, dt.date(2026, 5, 1))
    }

    assert {(row.evidence_offered, row.evidence_wanted) for row in units} == {(2, 2)}
    assert {(row.scores_given, row.scores_wanted) for row in units} == {(2, 3)}
    assert not any(row.is_late for row in units)
    zuzhi = departments["zuzhi"]
    assert (zuzhi.submitted, len(zuzhi.sheets), zuzhi.scored, zuzhi.wanted) == (1, 2, 8, 8)
    assert zuzhi.is_late
    assert departments["rexian"].is_late


def test_keep_plans_opens_and_moves_on_by_the_calendar(place) -> None:
    version = stories.published(place)

    early = scheduling.keep(at=stories.moment(3, 1))
    planned = scheduling.keep(at=stories.moment(3, 8))
    opened = scheduling.keep(at=stories.moment(3, 21))
    quiet = scheduling.keep(at=stories.moment(3, 31))
    review = scheduling.keep(at=stories.moment(4, 1))

    round = Round.objects.get()
    assert (early, quiet) == ([], [])
    assert planned == ["已建立2026年第一季度评价轮次"]
    assert opened == ["2026年第一季度评价已开放填报"]
    assert review == ["2026年第一季度评价已转入部门评分"]
    assert round.scheme_version == version
    assert round.created_by is None


def test_keep_says_why_a_round_could_not_open(place) -> None:
    round = stories.planned(place)
    round.departments.update(unit=None)

    done = scheduling.keep(at=stories.OPENING)

    round.refresh_from_db()
    assert round.state == "planned"
    assert "未能开启" in done[0]


def test_keep_leaves_the_opening_to_the_officer_where_the_setting_says_so(place) -> None:
    stories.planned(place)
    Setting.objects.create(key=schedule.AUTO_OPEN.key, value=False)

    assert scheduling.keep(at=stories.OPENING) == []


def test_open_tells_units_and_departments(place) -> None:
    stories.opened(place)

    recipients = set(Message.objects.values_list("recipient_id", flat=True))

    expected = [*place.liaisons.values(), *place.heads.values(), *place.scorers.values()]
    assert recipients == {user.pk for user in [*expected, *place.suppliers.values()]}


def test_remind_all_points_late_parts_out_once_a_day(place) -> None:
    stories.opened(place)
    Message.objects.all().delete()

    first = scheduling.remind_all(at=stories.moment(4, 1))
    again = scheduling.remind_all(at=stories.moment(4, 1, 15))
    next_day = scheduling.remind_all(at=stories.moment(4, 2))

    assert first == 4
    assert again == 0
    assert next_day == 4
    titles = set(Message.objects.values_list("title", flat=True))
    assert titles == {"请填报2026年第一季度评价材料"}
    assert set(Message.objects.values_list("recipient_id", flat=True)) == {
        user.pk for user in place.liaisons.values()
    }


def test_visible_to_shows_planned_rounds_to_the_officers_alone(place) -> None:
    round = stories.planned(place)

    assert list(queries.visible_to(place.officer)) == [round]
    assert list(queries.visible_to(place.liaisons[place.towns[0].pk])) == []
    assert list(queries.visible_to(people.user_with(Role.CASE_OFFICE))) == []


def test_next_version_takes_the_newest_of_the_last_rounds_scheme(place) -> None:
    round = stories.planned(place)
    draft = schemes.create_draft_from(version=round.scheme_version, by=place.officer, at=stories.OPENING)
    newer = schemes.publish(version=draft, by=place.officer, at=stories.CUTOFF)

    assert queries.next_version("") == newer
    assert queries.next_version("qingfeng-5x36") != newer


def test_dates_of_a_quarter_end_on_working_days() -> None:
    found = schedule.dates_of(Quarter(2026, 3))

    assert list(found.values()) == sorted(found.values())
    assert found["submit_by"] == dt.date(2026, 9, 30)
    assert found["review_by"] == dt.date(2026, 10, 8)
    assert SYSTEM.is_system
