from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.evaluation.enums import VersionState


class Scheme(models.Model):
    """An evaluation scheme, known by its slug through all its versions."""

    kind: ClassVar[str] = "scheme"

    slug = models.SlugField("标识", max_length=40, unique=True)
    name = models.CharField("名称", max_length=80)

    class Meta:
        verbose_name = "评价方案"

    def __str__(self) -> str:
        return self.name


class SchemeVersionQuerySet(models.QuerySet["SchemeVersion"]):
    def published(self) -> SchemeVersionQuerySet:
        return self.filter(state=VersionState.PUBLISHED)


class SchemeVersionManager(models.Manager["SchemeVersion"]):
    """Leave the body where it is until it is asked for: it is large, and read through a cache by digest."""

    def get_queryset(self) -> SchemeVersionQuerySet:
        return SchemeVersionQuerySet(self.model, using=self._db).defer("body")

    def published(self) -> SchemeVersionQuerySet:
        return self.get_queryset().published()


class SchemeVersion(models.Model):
    """One version of a scheme: the canonical JSON of `scoring.scheme_json`. Only a draft changes."""

    kind: ClassVar[str] = "scheme_version"

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="versions", verbose_name="方案")
    number = models.PositiveIntegerField("版本号")
    state = models.CharField("状态", max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    body = models.JSONField("内容")
    digest = models.CharField("内容摘要", max_length=64)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="依据版本"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    created_at = models.DateTimeField("起草时间")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="起草人")
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="发布人"
    )

    objects = SchemeVersionManager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = "方案版本"
        constraints = [
            constraints.choices_of("state", VersionState.values, "ev_version_state"),
            models.UniqueConstraint(fields=["scheme", "number"], name="ev_version_number"),
            # A shipped version is published by the platform itself: a time without a person.
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(published_at__isnull=False),
                name="ev_version_published_by",
            ),
        ]

    def __str__(self) -> str:
        return f"第 {self.number} 版"
