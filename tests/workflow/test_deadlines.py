"""Limits that are stored: set, met, suspended, resumed, extended; their words and their record."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qingfeng.audit.models import Entry
from qingfeng.core import references
from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Refused
from qingfeng.core.models import Setting, WorkingDayOverride
from qingfeng.workflow import deadlines
from qingfeng.workflow.enums import BasisMark, LimitUnit
from qingfeng.workflow.models import Deadline
from tests.factories.organizations import UnitFactory

AT = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)
MONDAY = dt.date(2026, 3, 2)
FRIDAY = dt.date(2026, 3, 6)


def make(unit: str = LimitUnit.WORKING_DAYS, amount: int | None = 4, **changes) -> Deadline:
    given = {
        "subject": UnitFactory(), "name": "reply", "label": "答复", "started": MONDAY, "unit": unit,
        "amount": amount, "basis": "建议书载明的答复时限", "mark": BasisMark.PROPOSED, "by": SYSTEM, "at": AT,
    }  # fmt: skip
    return deadlines.set_deadline(**{**given, **changes})


@pytest.mark.django_db
def test_set_deadline_works_out_the_due_date_and_is_audited() -> None:
    made = make()

    assert made.due_date == FRIDAY
    assert Entry.objects.get().action == "deadline.set"
    assert list(deadlines.of(references.Reference("unit", made.subject_id))) == [made]


@pytest.mark.django_db
def test_set_deadline_again_replaces_it_until_it_is_met() -> None:
    unit = UnitFactory()
    first = make(subject=unit)
    again = make(subject=unit, amount=5)
    deadlines.meet(deadline=again, by=SYSTEM, at=AT)

    assert again.pk == first.pk
    assert again.due_date == dt.date(2026, 3, 9)
    with pytest.raises(Refused, match="已经办结"):
        make(subject=unit)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [{"amount": None}, {"date": FRIDAY}, {"unit": LimitUnit.DATE}, {"unit": LimitUnit.DATE, "amount": None}],
)
def test_set_deadline_with_two_lengths_or_none_is_refused(wrong: dict) -> None:
    with pytest.raises(Refused, match="二者只取其一"):
        make(**wrong)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "words", "colour"),
    [
        (dt.date(2026, 2, 10), "还剩 14 个工作日", "blue"),
        (MONDAY, "还剩 4 个工作日", "amber"),
        (FRIDAY, "今天到期", "amber"),
        (dt.date(2026, 3, 7), "逾期 1 个工作日", "red"),
        (dt.date(2026, 3, 11), "逾期 3 个工作日", "red"),
    ],
)
def test_status_says_working_days_in_words_and_colour(today: dt.date, words: str, colour: str) -> None:
    found = deadlines.status(make(), today)

    assert (found.words, found.colour) == (words, colour)
    assert found.is_overdue is (colour == "red")


@pytest.mark.django_db
def test_status_of_calendar_days_counts_days() -> None:
    made = make(LimitUnit.CALENDAR_DAYS, 30)

    assert deadlines.status(made, dt.date(2026, 3, 26)).words == "还剩 6 天"
    assert deadlines.status(made, dt.date(2026, 4, 4)).words == "逾期 3 天"


@pytest.mark.django_db
def test_met_deadline_is_done_for_good_and_once() -> None:
    made = make()

    deadlines.meet(deadline=made, by=SYSTEM, at=AT)
    deadlines.meet(deadline=made, by=SYSTEM, at=AT + dt.timedelta(days=1))

    assert made.met_at == AT
    assert deadlines.status(made, dt.date(2026, 5, 1)).words == "已办结"
    assert Entry.objects.filter(action="deadline.meet").count() == 1
    with pytest.raises(Refused, match="已经办结"):
        deadlines.extend(deadline=made, amount=1, reason="补", approval="批", by=SYSTEM, at=AT)


@pytest.mark.django_db
def test_suspended_deadline_stands_still_and_resumes_with_its_days() -> None:
    made = make()

    deadlines.suspend(deadline=made, from_date=dt.date(2026, 3, 4), reason="等待鉴定", by=SYSTEM, at=AT)
    while_suspended = (made.due_date, deadlines.status(made, FRIDAY).words)
    deadlines.resume(deadline=made, on_date=dt.date(2026, 3, 10), by=SYSTEM, at=AT)

    assert while_suspended == (None, "期限已中止")
    assert made.due_date == dt.date(2026, 3, 12)


@pytest.mark.django_db
def test_suspend_twice_or_backwards_is_refused() -> None:
    made = make()

    with pytest.raises(Refused, match="不能早于 2026-03-02"):
        deadlines.suspend(deadline=made, from_date=dt.date(2026, 3, 1), reason="因", by=SYSTEM, at=AT)
    deadlines.suspend(deadline=made, from_date=FRIDAY, reason="因", by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="已经中止"):
        deadlines.suspend(deadline=made, from_date=FRIDAY, reason="因", by=SYSTEM, at=AT)
    with pytest.raises(Refused, match="不能早于中止日"):
        deadlines.resume(deadline=made, on_date=MONDAY, by=SYSTEM, at=AT)


@pytest.mark.django_db
def test_resume_what_is_not_suspended_is_refused() -> None:
    with pytest.raises(Refused, match="没有中止"):
        deadlines.resume(deadline=make(), on_date=FRIDAY, by=SYSTEM, at=AT)


@pytest.mark.django_db
def test_extend_needs_an_approval_and_adds_in_the_limits_own_unit() -> None:
    made = make(LimitUnit.MONTHS, 3)

    with pytest.raises(Refused, match="批准"):
        deadlines.extend(deadline=made, amount=3, reason="案情复杂", approval=" ", by=SYSTEM, at=AT)
    deadlines.extend(deadline=made, amount=3, reason="案情复杂", approval="主要负责人批准", by=SYSTEM, at=AT)

    assert made.due_date == dt.date(2026, 9, 2)


@pytest.mark.django_db
def test_extend_a_fixed_date_goes_to_a_later_date_only() -> None:
    made = make(LimitUnit.DATE, None, date=FRIDAY)
    later = dt.date(2026, 3, 15)

    with pytest.raises(Refused, match="须晚于"):
        deadlines.extend(deadline=made, to_date=FRIDAY, reason="因", approval="批", by=SYSTEM, at=AT)
    deadlines.extend(deadline=made, to_date=later, reason="因", approval="批", by=SYSTEM, at=AT)

    assert made.due_date == later


@pytest.mark.django_db
def test_extension_once_written_cannot_be_changed() -> None:
    made = make()
    deadlines.extend(deadline=made, amount=1, reason="因", approval="批", by=SYSTEM, at=AT)

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        made.extensions.update(amount=9)


@pytest.mark.django_db
def test_recompute_follows_the_calendar_and_the_setting() -> None:
    by_working_days = make()
    by_days = make(LimitUnit.CALENDAR_DAYS, 6, name="report")
    WorkingDayOverride.objects.create(date=FRIDAY, is_working=False, reason="本市放假")
    Setting.objects.create(key="deadline_moves_on", value=False)

    moved = deadlines.recompute(at=AT)
    again = deadlines.recompute(at=AT)

    by_working_days.refresh_from_db()
    by_days.refresh_from_db()
    assert (moved, again) == (2, 0)
    assert by_working_days.due_date == dt.date(2026, 3, 9)
    assert by_days.due_date == dt.date(2026, 3, 8)
    assert Entry.objects.filter(action="deadline.recompute").count() == 2
