from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.core.roles import Role
from qingfeng.decisions.enums import ApprovalState, Opinion


class ApprovalChain(models.Model):
    """Which roles sign in which order for a kind of subject: the commission's own, instead of the default."""

    kind: ClassVar[str] = "approval_chain"

    subject_kind = models.CharField("对象类别", max_length=40, unique=True)
    roles = models.JSONField("签批顺序", default=list)
    basis = models.CharField("依据", max_length=200)
    revision = models.PositiveIntegerField("版次", default=1)
    changed_at = models.DateTimeField("修改时间")
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="修改人")

    class Meta:
        verbose_name = "签批顺序"


class Approval(models.Model):
    """One thing put before the leaders in writing; it never changes, asking again is a new one."""

    kind: ClassVar[str] = "leaders_approval"

    subject_kind = models.CharField("对象类别", max_length=40)
    subject_id = models.BigIntegerField("对象编号")
    title = models.CharField("事项", max_length=200)
    body = models.TextField("拟办意见")
    state = models.CharField(
        "状态", max_length=12, choices=ApprovalState.choices, default=ApprovalState.PENDING
    )
    asked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="asked_approvals", verbose_name="呈批人"
    )
    asked_on = models.DateTimeField("呈批时间")
    office = models.CharField("承办部门", max_length=24, choices=Role.choices, blank=True)
    follows = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="followed_by", verbose_name="前次呈批"
    )

    class Meta:
        verbose_name = "呈批"
        constraints = [
            constraints.choices_of("state", ApprovalState.values, "dec_approval_state"),
            constraints.choices_of("office", ["", *Role.values], "dec_approval_office"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "title"],
                condition=Q(state=ApprovalState.PENDING),
                name="dec_approval_pending_once",
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="dec_approval_subject")]

    def __str__(self) -> str:
        return self.title


class ApprovalStep(models.Model):
    """One place in the chain: for whoever holds a role, or for a named person. Append-only."""

    kind: ClassVar[str] = "approval_step"
    append_only: ClassVar[bool] = True

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="steps", verbose_name="呈批")
    position = models.PositiveSmallIntegerField("次序")
    role = models.CharField("角色", max_length=24, choices=Role.choices, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="approval_steps", verbose_name="签批人"
    )

    class Meta:
        verbose_name = "签批步骤"
        constraints = [
            constraints.choices_of("role", ["", *Role.values], "dec_step_role"),
            models.UniqueConstraint(fields=["approval", "position"], name="dec_step_position"),
            models.CheckConstraint(
                condition=(~Q(role="") & Q(user__isnull=True)) | Q(role="", user__isnull=False),
                name="dec_step_role_or_person",
            ),
        ]

    def __str__(self) -> str:
        return self.user.name if self.user else self.get_role_display()


class WrittenOpinion(models.Model):
    """What a leader wrote at his step, and for whom he stood in. Append-only."""

    kind: ClassVar[str] = "written_opinion"
    append_only: ClassVar[bool] = True

    step = models.OneToOneField(ApprovalStep, models.PROTECT, related_name="written", verbose_name="步骤")
    opinion = models.CharField("意见", max_length=10, choices=Opinion.choices)
    text = models.TextField("批示", blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="written_opinions", verbose_name="签批人")
    stands_in_for = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name="代谁签批"
    )
    at = models.DateTimeField("签批时间")

    class Meta:
        verbose_name = "签批意见"
        constraints = [
            constraints.choices_of("opinion", Opinion.values, "dec_written_opinion"),
            models.CheckConstraint(
                condition=~Q(opinion__in=[Opinion.REFUSED, Opinion.RETURNED]) | ~Q(text=""),
                name="dec_written_reason",
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True) | ~Q(stands_in_for=models.F("by")),
                name="dec_written_two_people",
            ),
        ]
