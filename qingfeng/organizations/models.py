from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from tree_queries.fields import TreeNodeForeignKey
from tree_queries.models import TreeNode
from tree_queries.query import TreeQuerySet

from qingfeng.core import constraints
from qingfeng.organizations.enums import UnitClass


class UnitQuerySet(TreeQuerySet):
    def active_on(self, date: dt.date) -> Self:
        return self.filter(active_from__lte=date).filter(Q(active_to__isnull=True) | Q(active_to__gte=date))  # type: ignore[no-any-return]

    def evaluated(self) -> Self:
        return self.filter(is_evaluated=True)  # type: ignore[no-any-return]


class Unit(TreeNode):
    """A unit under supervision, in a tree (parent: the body it belongs to)."""

    kind: ClassVar[str] = "unit"

    parent = TreeNodeForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级单位"
    )
    code = models.CharField("编码", max_length=20, unique=True)
    name = models.CharField("全称", max_length=80)
    short_name = models.CharField("简称", max_length=30)
    unit_class = models.CharField("类别", max_length=12, choices=UnitClass.choices)
    active_from = models.DateField("启用日期")
    active_to = models.DateField("停用日期", null=True, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="并入单位"
    )
    is_evaluated = models.BooleanField("参加评价", default=True)
    sort_order = models.PositiveIntegerField("排序", default=0)
    revision = models.PositiveIntegerField("修订次数", default=0)

    objects = UnitQuerySet.as_manager(with_tree_fields=False)

    class Meta:
        verbose_name = "单位"
        constraints = [
            constraints.choices_of("unit_class", UnitClass.values, "org_unit_class"),
            constraints.period_of("active_from", "active_to", "org_unit_active"),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(active_to__isnull=False),
                name="org_unit_successor_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class Person(models.Model):
    """A person who holds or held a post."""

    kind: ClassVar[str] = "person"

    code = models.CharField("人员编号", max_length=20, unique=True)
    name = models.CharField("姓名", max_length=40)
    is_party_member = models.BooleanField("中共党员", default=True)
    revision = models.PositiveIntegerField("修订次数", default=0)

    class Meta:
        verbose_name = "人员"

    def __str__(self) -> str:
        return self.name


class PostQuerySet(models.QuerySet["Post"]):
    def held_on(self, date: dt.date) -> PostQuerySet:
        return self.filter(held_from__lte=date).filter(Q(held_to__isnull=True) | Q(held_to__gte=date))


class Post(models.Model):
    """A post a person holds in a unit, with dates (both inclusive).

    A concurrent post (兼任) does not decide to which unit the person belongs.
    """

    kind: ClassVar[str] = "post"

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    title = models.CharField("职务", max_length=60)
    is_leader = models.BooleanField("班子成员", default=False)
    is_head = models.BooleanField("主要负责人", default=False)
    is_concurrent = models.BooleanField("兼任", default=False)
    held_from = models.DateField("任职日期")
    held_to = models.DateField("免职日期", null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = "任职"
        constraints = [
            constraints.period_of("held_from", "held_to", "org_post_held"),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(is_leader=True), name="org_post_head_leads"
            ),
            models.UniqueConstraint(fields=["person", "unit", "title", "held_from"], name="org_post_once"),
        ]

    def __str__(self) -> str:
        return self.title


class ImportDraft(models.Model):
    """An uploaded workbook between its preview and its confirmation; it expires, and goes when used."""

    kind: ClassVar[str] = "import_draft"

    token = models.UUIDField("凭据", unique=True, default=uuid.uuid4)
    uploader_id = models.BigIntegerField("上传人编号")
    file_name = models.CharField("文件名", max_length=200)
    content = models.BinaryField("内容")
    uploaded_at = models.DateTimeField("上传时间")
    expires_at = models.DateTimeField("失效时间", db_index=True)

    class Meta:
        verbose_name = "待确认的导入"
