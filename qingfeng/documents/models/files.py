from __future__ import annotations

from typing import ClassVar

from django.db import models

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.documents.enums import FileKind


class StoredFile(models.Model):
    """Content on disk, once, under the SM3 of its bytes. Append-only."""

    kind: ClassVar[str] = "stored_file"
    append_only: ClassVar[bool] = True

    digest = models.CharField("内容校验值（SM3）", max_length=64, unique=True)
    size = models.BigIntegerField("字节数")
    file_kind = models.CharField("类型", max_length=8, choices=FileKind.choices)
    at = models.DateTimeField("存入时间")

    class Meta:
        verbose_name = "存储文件"
        constraints = [
            constraints.choices_of("file_kind", FileKind.values, "doc_stored_kind"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="doc_stored_size"),
        ]


class Attachment(models.Model):
    """A line of versions that belongs to one thing: owner by kind and id, and what it is to the owner."""

    kind: ClassVar[str] = "attachment"

    owner_kind = models.CharField("所属类别", max_length=40)
    owner_id = models.BigIntegerField("所属编号")
    slot = models.CharField("用途", max_length=40)
    title = models.CharField("名称", max_length=120)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")
    at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "附件"
        indexes = [models.Index(fields=["owner_kind", "owner_id", "slot"], name="doc_attachment_owner")]


class FileVersion(models.Model):
    """One version of an attachment: content, name, who and when. Append-only."""

    kind: ClassVar[str] = "file_version"
    append_only: ClassVar[bool] = True

    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="versions", verbose_name="附件")
    number = models.PositiveIntegerField("版次")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="versions", verbose_name="存储文件")
    name = models.CharField("文件名", max_length=160)
    note = models.CharField("说明", max_length=200, blank=True)
    unread = models.CharField("未能检查之处", max_length=100, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="上传人")
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = "文件版次"
        constraints = [
            models.UniqueConstraint(fields=["attachment", "number"], name="doc_version_number"),
        ]

    def __str__(self) -> str:
        return self.name
