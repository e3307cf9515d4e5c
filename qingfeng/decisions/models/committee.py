from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.core.roles import Role
from qingfeng.decisions.enums import Capacity, MatterState, MeetingState, Presence
from qingfeng.documents.models.official import OfficialDocument


class Matter(models.Model):
    """Something that an office puts before the standing committee; a deferred one waits again."""

    kind: ClassVar[str] = "matter"

    subject_kind = models.CharField("对象类别", max_length=40)
    subject_id = models.BigIntegerField("对象编号")
    title = models.CharField("议题", max_length=200)
    summary = models.TextField("汇报提纲")
    state = models.CharField("状态", max_length=12, choices=MatterState.choices, default=MatterState.WAITING)
    submitted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="submitted_matters", verbose_name="提交人"
    )
    submitted_on = models.DateTimeField("提交时间")
    office = models.CharField("提交部门", max_length=24, choices=Role.choices, blank=True)

    class Meta:
        verbose_name = "议题"
        constraints = [
            constraints.choices_of("state", MatterState.values, "dec_matter_state"),
            constraints.choices_of("office", ["", *Role.values], "dec_matter_office"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "title"],
                condition=Q(state__in=[MatterState.WAITING, MatterState.SCHEDULED]),
                name="dec_matter_open_once",
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="dec_matter_subject")]

    def __str__(self) -> str:
        return self.title


class MeetingYear(models.Model):
    """The numbers of a year's meetings: 第1次, 第2次, … taken when a meeting is opened."""

    kind: ClassVar[str] = "meeting_year"

    year = models.PositiveIntegerField("年份", unique=True)
    next_number = models.PositiveIntegerField("下一次", default=1)

    class Meta:
        verbose_name = "会议次数"
        constraints = [
            models.CheckConstraint(condition=Q(next_number__gte=1), name="dec_year_from_one"),
        ]


class Meeting(models.Model):
    """One meeting of the standing committee, from its planning to its minutes."""

    kind: ClassVar[str] = "committee_meeting"

    planned_for = models.DateTimeField("开会时间")
    place = models.CharField("地点", max_length=80)
    state = models.CharField(
        "状态", max_length=12, choices=MeetingState.choices, default=MeetingState.PLANNED
    )
    year = models.PositiveIntegerField("年份", null=True)
    number = models.PositiveIntegerField("次数", null=True)
    chair = models.ForeignKey(User, models.PROTECT, related_name="chaired_meetings", verbose_name="主持人")
    chair_note = models.CharField("主持说明", max_length=200, blank=True)
    recorder = models.ForeignKey(
        User, models.PROTECT, related_name="recorded_meetings", verbose_name="记录人"
    )
    called_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="筹备人")
    called_on = models.DateTimeField("筹备时间")
    minutes = models.OneToOneField(
        OfficialDocument, models.PROTECT, null=True, related_name="meeting", verbose_name="会议纪要"
    )
    revision = models.PositiveIntegerField("版次", default=1)

    class Meta:
        verbose_name = "常委会会议"
        constraints = [
            constraints.choices_of("state", MeetingState.values, "dec_meeting_state"),
            constraints.pair_of("year", "number", "dec_meeting_numbered"),
            models.UniqueConstraint(fields=["year", "number"], name="dec_meeting_number"),
            models.CheckConstraint(
                condition=(Q(number__isnull=True) | ~Q(state=MeetingState.CANCELLED))
                & (Q(number__isnull=False) | ~Q(state__in=[MeetingState.HELD, MeetingState.MINUTED])),
                name="dec_meeting_number_state",
            ),
        ]

    def __str__(self) -> str:
        if self.number is None:
            return "常委会会议"
        return f"{self.year} 年第 {self.number} 次常委会会议"


class AgendaItem(models.Model):
    """One matter on one meeting's agenda, with what is noted while it is discussed."""

    kind: ClassVar[str] = "agenda_item"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name="会议")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="items", verbose_name="议题")
    position = models.PositiveSmallIntegerField("次序")
    presider = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="本议题主持人"
    )
    discussion = models.TextField("讨论摘要", blank=True)
    revision = models.PositiveIntegerField("版次", default=1)
    noted_at = models.DateTimeField("记录时间", null=True)
    noted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="记录人")

    class Meta:
        verbose_name = "议程"
        constraints = [
            constraints.pair_of("noted_at", "noted_by", "dec_item_noted"),
            models.UniqueConstraint(fields=["meeting", "matter"], name="dec_item_once"),
        ]

    def __str__(self) -> str:
        return f"议题{self.position}"


class Attendance(models.Model):
    """One person at a meeting: a member, the recorder, or an observer of one item or of the whole."""

    kind: ClassVar[str] = "attendance"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances", verbose_name="会议")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="attendances", verbose_name="账号")
    name = models.CharField("姓名", max_length=40)
    capacity = models.CharField("身份", max_length=10, choices=Capacity.choices)
    item = models.ForeignKey(
        AgendaItem, models.PROTECT, null=True, related_name="observers", verbose_name="列席议题"
    )
    presence = models.CharField(
        "到会情况", max_length=10, choices=Presence.choices, default=Presence.EXPECTED
    )
    reason = models.CharField("请假事由", max_length=200, blank=True)

    class Meta:
        verbose_name = "到会人员"
        constraints = [
            constraints.choices_of("capacity", Capacity.values, "dec_attendance_capacity"),
            constraints.choices_of("presence", Presence.values, "dec_attendance_presence"),
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(user__isnull=False, item__isnull=True),
                name="dec_attendance_once",
            ),
            models.CheckConstraint(
                condition=~Q(presence=Presence.LEAVE) | ~Q(reason=""), name="dec_attendance_reason"
            ),
            models.CheckConstraint(
                condition=Q(capacity=Capacity.OBSERVER) | Q(user__isnull=False, item__isnull=True),
                name="dec_attendance_account",
            ),
        ]

    def __str__(self) -> str:
        return self.name
