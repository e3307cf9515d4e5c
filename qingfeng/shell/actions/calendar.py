from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.accounts.models import User
from qingfeng.audit import actions as audit
from qingfeng.core import references, working_days
from qingfeng.core.errors import Conflict, Refused
from qingfeng.core.models import WorkingDayOverride
from qingfeng.shell import rules
from qingfeng.workflow import deadlines


@transaction.atomic
def declare_day(*, date: dt.date, is_working: bool, reason: str, by: User, at: dt.datetime) -> int:
    """Make a date a working day or a day off, over the statutory table; return how many limits moved.

    Raises `Denied`, and `Refused` where the date is so already or the reason is missing.
    """
    rules.change_calendar.check(by)
    if not reason.strip():
        raise Refused("请写明依据，如文件名称和文号")
    known = WorkingDayOverride.objects.select_for_update().filter(date=date).first()
    own = {} if known is None else {date: known.is_working}
    if working_days.is_working(date, own) == is_working:
        raise Refused(f"{date:%Y-%m-%d} 本来就是{'工作日' if is_working else '休息日'}，不必调整")
    row = known or WorkingDayOverride(date=date)
    row.is_working, row.reason = is_working, reason.strip()
    row.save()
    detail = {"date": date.isoformat(), "is_working": is_working}
    subject = references.reference_to(row)
    audit.record(action="calendar.declare", by=by, at=at, subject=subject, detail=detail)
    return deadlines.recompute(at=at)


@transaction.atomic
def withdraw_day(*, date: dt.date, by: User, at: dt.datetime) -> int:
    """Let the statutory table hold again for a date; return how many limits moved.

    Raises `Denied`, and `Conflict` where the date is not declared any more.
    """
    rules.change_calendar.check(by)
    row = WorkingDayOverride.objects.select_for_update().filter(date=date).first()
    if row is None:
        raise Conflict("这一天的调整已经被撤销。请刷新页面。")
    subject = references.reference_to(row)
    audit.record(action="calendar.withdraw", by=by, at=at, subject=subject, detail={"date": date.isoformat()})
    row.delete()
    return deadlines.recompute(at=at)
