"""Weights set by pairwise judgement: the study, its experts, and what each of them judged."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.evaluation.enums import ExpertState, StudyState, StudyTarget
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.scoring import ahp


class WeightStudy(models.Model):
    """One question put to experts: how the parts of a draft weigh against each other.

    What they are asked about is kept as it stood; once applied, neither judgements nor result change.
    """

    kind: ClassVar[str] = "weight_study"

    version = models.ForeignKey(
        SchemeVersion, models.PROTECT, related_name="studies", verbose_name="方案版本"
    )
    target = models.CharField("判断什么", max_length=12, choices=StudyTarget.choices)
    part = models.CharField("所属维度", max_length=40, blank=True)
    items = models.JSONField("比较的各项")
    places = models.PositiveSmallIntegerField("小数位数")
    state = models.CharField("状态", max_length=10, choices=StudyState.choices, default=StudyState.JUDGING)
    created_at = models.DateTimeField("发起时间")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="发起人")
    result = models.JSONField("采用时的结果", default=dict, blank=True)
    draft_digest = models.CharField("采用后草稿的摘要", max_length=64, blank=True)
    applied_at = models.DateTimeField("采用时间", null=True, blank=True)
    applied_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="采用人"
    )

    class Meta:
        verbose_name = "权重判断"
        constraints = [
            constraints.choices_of("target", StudyTarget.values, "ev_study_target"),
            constraints.choices_of("state", StudyState.values, "ev_study_state"),
            constraints.pair_of("applied_at", "applied_by", "ev_study_applied"),
            models.CheckConstraint(condition=Q(places__lte=3), name="ev_study_places"),
            # One question at a time about the same weights of a draft.
            models.UniqueConstraint(
                fields=["version", "target", "part"],
                condition=Q(state=StudyState.JUDGING),
                name="ev_study_open",
            ),
        ]


class StudyExpert(models.Model):
    """A person whose judgement is asked: with an account, or by a paper questionnaire of a date."""

    kind: ClassVar[str] = "study_expert"

    study = models.ForeignKey(WeightStudy, models.PROTECT, related_name="experts", verbose_name="权重判断")
    name = models.CharField("姓名", max_length=40)
    post = models.CharField("单位和职务", max_length=80, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="study_parts", verbose_name="账号"
    )
    judged_on = models.DateField("填写日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=ExpertState.choices, default=ExpertState.JUDGING)
    lock = models.PositiveIntegerField("修改次数", default=0)
    added_at = models.DateTimeField("加入时间")
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="邀请人或录入人")

    class Meta:
        verbose_name = "判断专家"
        constraints = [
            constraints.choices_of("state", ExpertState.values, "ev_expert_state"),
            models.UniqueConstraint(fields=["study", "name"], name="ev_expert_name"),
            models.UniqueConstraint(
                fields=["study", "user"], condition=Q(user__isnull=False), name="ev_expert_user"
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(judged_on__isnull=False), name="ev_expert_paper_date"
            ),
        ]


class Judgement(models.Model):
    """What an expert judged of one pair, on Saaty's scale (`scoring.ahp`)."""

    kind: ClassVar[str] = "judgement"

    expert = models.ForeignKey(StudyExpert, models.PROTECT, related_name="judgements", verbose_name="专家")
    first = models.CharField("前者", max_length=40)
    second = models.CharField("后者", max_length=40)
    value = models.SmallIntegerField("判断")

    class Meta:
        verbose_name = "两两判断"
        constraints = [
            models.UniqueConstraint(fields=["expert", "first", "second"], name="ev_judgement_pair"),
            models.CheckConstraint(condition=Q(value__in=ahp.SCALE), name="ev_judgement_scale"),
        ]
