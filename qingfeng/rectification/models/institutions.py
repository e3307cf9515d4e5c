from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.core.references import Reference
from qingfeng.organizations.models import Unit
from qingfeng.rectification.enums import InstitutionAct
from qingfeng.rectification.models.items import Item


class InstitutionQuerySet(models.QuerySet["Institution"]):
    def standing(self) -> InstitutionQuerySet:
        """Leave out the records that were withdrawn as mistaken."""
        return self.filter(withdrawn_at__isnull=True)

    def from_origin(self, where: Reference) -> InstitutionQuerySet:
        return self.filter(origin_kind=where.kind, origin_id=where.id)


class Institution(models.Model):
    """One act on an institution (制度): made, revised or repealed, with its number and its text."""

    kind: ClassVar[str] = "institution"

    act = models.CharField("办理", max_length=10, choices=InstitutionAct.choices)
    title = models.CharField("制度名称", max_length=120)
    number_text = models.CharField("文号", max_length=50, blank=True)
    effective_date = models.DateField("施行日期")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="institutions", verbose_name="制定单位")
    former = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name="原制度"
    )
    former_title = models.CharField("原制度名称", max_length=120, blank=True)
    origin_kind = models.CharField("来源类别", max_length=40)
    origin_id = models.BigIntegerField("来源编号")
    origin_label = models.CharField("来源", max_length=120)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="登记人")
    withdrawn_at = models.DateTimeField("撤销登记时间", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="撤销登记人"
    )
    withdrawal_reason = models.CharField("撤销登记原因", max_length=500, blank=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        verbose_name = "制度"
        constraints = [
            constraints.choices_of("act", InstitutionAct.values, "rec_institution_act"),
            constraints.pair_of("withdrawn_at", "withdrawn_by", "rec_institution_withdrawn"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_reason=""),
                name="rec_institution_why_gone",
            ),
            models.CheckConstraint(
                condition=Q(act=InstitutionAct.MADE, former__isnull=True, former_title="")
                | (~Q(act=InstitutionAct.MADE) & (Q(former__isnull=False) | ~Q(former_title=""))),
                name="rec_institution_former",
            ),
        ]
        indexes = [models.Index(fields=["origin_kind", "origin_id"], name="rec_institution_origin")]

    def __str__(self) -> str:
        return self.title

    @property
    def origin(self) -> Reference:
        return Reference(self.origin_kind, self.origin_id)


class InstitutionItem(models.Model):
    """That an institution answers an item."""

    kind: ClassVar[str] = "institution_item"

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="answers", verbose_name="制度")
    item = models.ForeignKey(Item, models.PROTECT, related_name="answers", verbose_name="整改事项")

    class Meta:
        verbose_name = "制度与整改事项"
        constraints = [
            models.UniqueConstraint(fields=["institution", "item"], name="rec_institution_item_once")
        ]
