from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.core.references import Reference
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.organizations.models import Unit
from qingfeng.rectification.enums import UNFINISHED, WITH_UNIT, ItemState, ReminderLevel
from qingfeng.workflow.models import Deadline

VERIFIER_CHOICES = [(role.value, role.label) for role in Role if role not in ADMIN_ROLES]


class ItemQuerySet(models.QuerySet["Item"]):
    def from_origin(self, where: Reference) -> ItemQuerySet:
        """Keep the items that came out of one thing."""
        return self.filter(origin_kind=where.kind, origin_id=where.id)

    def unfinished(self) -> ItemQuerySet:
        return self.filter(state__in=UNFINISHED)

    def with_unit(self) -> ItemQuerySet:
        """Keep the items on which the unit has to act."""
        return self.filter(state__in=WITH_UNIT)

    def with_due(self) -> ItemQuerySet:
        """Add `due_date`: the last day of the unit's newest limit on the item, met or not."""
        limits = Deadline.objects.filter(
            subject_kind=Item.kind, subject_id=OuterRef("pk"), name__startswith=Item.REPORT_LIMIT
        )
        return self.annotate(due_date=Subquery(limits.order_by("-pk").values("due_date")[:1]))

    def overdue(self, today: dt.date) -> ItemQuerySet:
        """Keep what the unit still has to report though the last day is over."""
        return self.with_due().filter(state__in=WITH_UNIT).filter(Q(due_date__lt=today))


class Item(models.Model):
    """One thing that a unit must put right: what, until when, by whom, and who verifies it."""

    kind: ClassVar[str] = "rectification_item"
    REPORT_LIMIT: ClassVar[str] = "report"
    VERIFY_LIMIT: ClassVar[str] = "verify"

    origin_kind = models.CharField("来源类别", max_length=40)
    origin_id = models.BigIntegerField("来源编号")
    origin_label = models.CharField("来源", max_length=120)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="rectification_items", verbose_name="责任单位"
    )
    title = models.CharField("整改事项", max_length=120)
    requirement = models.TextField("整改要求")
    owner_name = models.CharField("责任人", max_length=40)
    owner_post = models.CharField("责任人职务", max_length=60, blank=True)
    state = models.CharField("状态", max_length=10, choices=ItemState.choices, default=ItemState.OPEN)
    verifier_role = models.CharField("核查部门", max_length=24, choices=VERIFIER_CHOICES, blank=True)
    verifier = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="核查人"
    )
    opened_at = models.DateTimeField("开列时间")
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="开列人")
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="销号人"
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = "整改事项"
        constraints = [
            constraints.choices_of("state", ItemState.values, "rec_item_state"),
            constraints.choices_of("verifier_role", ["", *dict(VERIFIER_CHOICES)], "rec_item_verifier_role"),
            models.CheckConstraint(
                condition=Q(verifier_role="", verifier__isnull=False)
                | (~Q(verifier_role="") & Q(verifier__isnull=True)),
                name="rec_item_one_verifier",
            ),
            constraints.pair_of("closed_at", "closed_by", "rec_item_closed"),
            models.CheckConstraint(
                condition=Q(state=ItemState.CLOSED, closed_at__isnull=False) | (~Q(state=ItemState.CLOSED)),
                name="rec_item_closed_when",
            ),
        ]
        indexes = [
            models.Index(fields=["origin_kind", "origin_id"], name="rec_item_origin"),
            models.Index(fields=["unit", "state"], name="rec_item_unit_state"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def origin(self) -> Reference:
        return Reference(self.origin_kind, self.origin_id)

    @property
    def is_with_unit(self) -> bool:
        return self.state in WITH_UNIT

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED


class ItemReport(models.Model):
    """What the unit reported on an item, once for each time. Append-only; its files hang on it."""

    kind: ClassVar[str] = "rectification_report"
    append_only: ClassVar[bool] = True

    item = models.ForeignKey(Item, models.PROTECT, related_name="reports", verbose_name="整改事项")
    sequence = models.PositiveIntegerField("次数")
    text = models.TextField("整改情况")
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="报送人")
    at = models.DateTimeField("报送时间")

    class Meta:
        verbose_name = "整改报送"
        constraints = [models.UniqueConstraint(fields=["item", "sequence"], name="rec_report_sequence")]


class ItemTransfer(models.Model):
    """An item that went to another unit or another owner, with the reason. Append-only."""

    kind: ClassVar[str] = "rectification_transfer"
    append_only: ClassVar[bool] = True

    item = models.ForeignKey(Item, models.PROTECT, related_name="transfers", verbose_name="整改事项")
    from_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="原责任单位")
    to_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="现责任单位")
    from_owner = models.CharField("原责任人", max_length=40)
    to_owner = models.CharField("现责任人", max_length=40)
    reason = models.CharField("原因", max_length=500)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "整改移交"


class ItemReminder(models.Model):
    """One reminder of an item on a day, so that a job that runs twice reminds once. Append-only."""

    kind: ClassVar[str] = "rectification_reminder"
    append_only: ClassVar[bool] = True

    item = models.ForeignKey(Item, models.PROTECT, related_name="reminders", verbose_name="整改事项")
    level = models.CharField("级别", max_length=10, choices=ReminderLevel.choices)
    on_date = models.DateField("日期")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "整改提醒"
        constraints = [
            constraints.choices_of("level", ReminderLevel.values, "rec_reminder_level"),
            models.UniqueConstraint(fields=["item", "level", "on_date"], name="rec_reminder_once"),
        ]
