from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.documents.enums import IN_FORCE, NUMBERED, DocumentState, Genre
from qingfeng.documents.models.files import FileVersion
from qingfeng.organizations.models import Unit


class NumberSeries(models.Model):
    """The numbers of one word in one year: 云纪通〔2026〕1号, 2号, … without gap and without double."""

    kind: ClassVar[str] = "number_series"

    word = models.CharField("发文代字", max_length=20)
    year = models.PositiveIntegerField("年份")
    first_number = models.PositiveIntegerField("起始号", default=1)
    next_number = models.PositiveIntegerField("下一号", default=1)

    class Meta:
        verbose_name = "发文字号序列"
        constraints = [
            models.UniqueConstraint(fields=["word", "year"], name="doc_series_word_year"),
            models.CheckConstraint(
                condition=Q(first_number__gte=1, next_number__gte=models.F("first_number")),
                name="doc_series_upwards",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.word}〔{self.year}〕"

    def written(self, number: int) -> str:
        """Write one of its numbers as a document carries it."""
        return f"{self.word}〔{self.year}〕{number}号"


class OfficialDocumentQuerySet(models.QuerySet["OfficialDocument"]):
    def issued(self) -> OfficialDocumentQuerySet:
        """Keep what has ever been issued."""
        return self.filter(state__in=NUMBERED)

    def in_force(self) -> OfficialDocumentQuerySet:
        """Keep what is issued and neither withdrawn nor replaced."""
        return self.filter(state__in=IN_FORCE)

    def from_origin(self, kind: str, pk: int) -> OfficialDocumentQuerySet:
        """Keep the documents that were composed out of one thing."""
        return self.filter(origin_kind=kind, origin_id=pk)


class OfficialDocument(models.Model):
    """An official document from its draft to its stamped copy; what was issued never changes."""

    kind: ClassVar[str] = "official_document"

    genre = models.CharField("文种", max_length=12, choices=Genre.choices)
    title = models.CharField("标题", max_length=200)
    state = models.CharField(
        "状态", max_length=12, choices=DocumentState.choices, default=DocumentState.DRAFT
    )
    origin_kind = models.CharField("来源类别", max_length=40, blank=True)
    origin_id = models.BigIntegerField("来源编号", null=True, blank=True)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="drafted_documents", verbose_name="拟稿人"
    )
    drafted_on = models.DateTimeField("拟稿时间")
    series = models.ForeignKey(
        NumberSeries, models.PROTECT, null=True, related_name="documents", verbose_name="发文字号序列"
    )
    number = models.PositiveIntegerField("序号", null=True)
    number_text = models.CharField("发文字号", max_length=50, blank=True)
    issued_at = models.DateTimeField("印发时间", null=True)
    issued_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="issued_documents", verbose_name="印发人"
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="替代文件"
    )

    objects = OfficialDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "公文"
        constraints = [
            constraints.choices_of("genre", Genre.values, "doc_official_genre"),
            constraints.choices_of("state", DocumentState.values, "doc_official_state"),
            constraints.pair_of("issued_at", "issued_by", "doc_official_issued"),
            constraints.pair_of("series", "number", "doc_official_numbered"),
            models.UniqueConstraint(fields=["series", "number"], name="doc_official_number"),
            models.CheckConstraint(
                condition=~Q(state__in=NUMBERED)
                | (Q(number__isnull=False, issued_at__isnull=False) & ~Q(number_text="")),
                name="doc_official_number_state",
            ),
        ]
        indexes = [models.Index(fields=["origin_kind", "origin_id"], name="doc_official_origin")]

    def __str__(self) -> str:
        return self.title

    @property
    def number_and_title(self) -> str:
        return f"{self.number_text} {self.title}".strip()


class IssuedCopy(models.Model):
    """The copy as it was issued, and each correction of it after. Append-only."""

    kind: ClassVar[str] = "issued_copy"
    append_only: ClassVar[bool] = True

    document = models.ForeignKey(OfficialDocument, models.PROTECT, related_name="copies", verbose_name="公文")
    sequence = models.PositiveIntegerField("版次")
    version = models.OneToOneField(
        FileVersion, models.PROTECT, related_name="issued_copy", verbose_name="文件"
    )
    reason = models.CharField("更正原因", max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="印发人")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "印发件"
        constraints = [
            models.UniqueConstraint(fields=["document", "sequence"], name="doc_copy_sequence"),
            models.CheckConstraint(condition=Q(sequence=1) | ~Q(reason=""), name="doc_copy_reason"),
        ]


class Recipient(models.Model):
    """To whom a document was issued. Append-only: a reissued document has a list of its own."""

    kind: ClassVar[str] = "recipient"
    append_only: ClassVar[bool] = True

    document = models.ForeignKey(
        OfficialDocument, models.PROTECT, related_name="recipients", verbose_name="公文"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="received_documents", verbose_name="单位"
    )
    name = models.CharField("名称", max_length=80)
    is_copy = models.BooleanField("抄送", default=False)

    class Meta:
        verbose_name = "发送对象"
        constraints = [models.UniqueConstraint(fields=["document", "name"], name="doc_recipient_once")]

    def __str__(self) -> str:
        return self.name
