from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.ballots.enums import UrnState
from qingfeng.core import constraints
from qingfeng.organizations.models import Unit

SEATS = (1, 2)
COMMENT_LIMIT = 200
"""Characters of a comment; every sealed vote is as long as if it were used up."""


class UrnQuerySet(models.QuerySet["Urn"]):
    def live(self) -> UrnQuerySet:
        """Leave out urns whose votes were thrown away."""
        return self.exclude(state__in=[UrnState.VOID, UrnState.LOST])


class Urn(models.Model):
    """One vote without names about a subject (kind and id), sealed to two keepers until it is mixed."""

    kind: ClassVar[str] = "urn"

    subject_kind = models.CharField("事项类别", max_length=40)
    subject_id = models.BigIntegerField("事项编号")
    title = models.CharField("名称", max_length=80)
    questions = models.JSONField("题目")
    answers = models.JSONField("选项")
    minimum = models.PositiveSmallIntegerField("最少有效票数")
    comment_limit = models.PositiveSmallIntegerField("意见字数上限", default=COMMENT_LIMIT)
    closes_on = models.DateField("投票截止日期", null=True, blank=True)
    state = models.CharField("状态", max_length=10, choices=UrnState.choices, default=UrnState.PREPARING)
    damaged = models.PositiveIntegerField("无法解封的票数", default=0)
    prepared_at = models.DateTimeField("建立时间")
    prepared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="建立人")

    objects = UrnQuerySet.as_manager()

    class Meta:
        verbose_name = "票箱"
        constraints = [
            constraints.choices_of("state", UrnState.values, "bal_urn_state"),
            models.CheckConstraint(condition=Q(minimum__gte=2), name="bal_urn_minimum"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=~Q(state__in=[UrnState.VOID, UrnState.LOST]),
                name="bal_urn_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def question_codes(self) -> list[str]:
        return [entry["code"] for entry in self.questions]

    @property
    def answer_codes(self) -> list[str]:
        return [entry["code"] for entry in self.answers]

    def questions_of(self, group: str) -> list[dict[str, Any]]:
        """Return the questions that a respondent group is asked, in the urn's order."""
        return [entry for entry in self.questions if group in entry["groups"]]

    def answers_of(self, question: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the answers that a question offers, in the urn's order."""
        return [entry for entry in self.answers if entry["code"] in question["answers"]]


class Keeper(models.Model):
    """One of the two people without whom an urn cannot be opened. His private key exists only wrapped."""

    kind: ClassVar[str] = "keeper"

    urn = models.ForeignKey(Urn, models.PROTECT, related_name="keepers", verbose_name="票箱")
    seat = models.PositiveSmallIntegerField("席位")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="保管人")
    public_key = models.BinaryField("公钥", null=True)
    wrapped_key = models.BinaryField("口令加密的私钥", null=True)
    named_at = models.DateTimeField("指定时间")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="指定人")
    accepted_at = models.DateTimeField("设置口令时间", null=True, blank=True)

    class Meta:
        verbose_name = "票箱保管人"
        constraints = [
            models.CheckConstraint(condition=Q(seat__in=SEATS), name="bal_keeper_seat_known"),
            models.UniqueConstraint(fields=["urn", "seat"], name="bal_keeper_seat"),
            models.UniqueConstraint(fields=["urn", "user"], name="bal_keeper_two_people"),
            models.CheckConstraint(
                condition=Q(public_key__isnull=True, accepted_at__isnull=True, wrapped_key__isnull=True)
                | Q(public_key__isnull=False, accepted_at__isnull=False),
                name="bal_keeper_accepted",
            ),
        ]


class Pool(models.Model):
    """Those who are asked about one unit as one group; their answers are counted together."""

    kind: ClassVar[str] = "ballot_pool"

    urn = models.ForeignKey(Urn, models.PROTECT, related_name="pools", verbose_name="票箱")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="被测评单位")
    group = models.CharField("测评群体编码", max_length=40)
    group_name = models.CharField("测评群体", max_length=60)
    size = models.PositiveIntegerField("应参加人数", default=0)
    turnout = models.PositiveIntegerField("参加人数（按 5 人一档）", null=True)
    is_withheld = models.BooleanField("票数不足，不计入", default=False)

    class Meta:
        verbose_name = "测评群体"
        constraints = [models.UniqueConstraint(fields=["urn", "unit", "group"], name="bal_pool_once")]


class CodeBatch(models.Model):
    """Codes made at one time for one pool: who made how many. The codes themselves are nowhere."""

    kind: ClassVar[str] = "code_batch"
    append_only: ClassVar[bool] = True

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="batches", verbose_name="测评群体")
    count = models.PositiveIntegerField("张数")
    issued_at = models.DateTimeField("制发时间")
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="制发人")

    class Meta:
        verbose_name = "测评码批次"
        constraints = [models.CheckConstraint(condition=Q(count__gt=0), name="bal_batch_count")]


class Code(models.Model):
    """A code by its hash. Nothing says who got it, and nothing here says whether it was used."""

    kind: ClassVar[str] = "ballot_code"

    code_hash = models.CharField("测评码摘要", max_length=64, primary_key=True)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="codes", verbose_name="测评群体")
    is_void = models.BooleanField("已作废", default=False)

    class Meta:
        verbose_name = "测评码"


class Vote(models.Model):
    """One sealed ballot under its code's hash, which is also the mark that the code was used.

    No key to another table, no time, no number: nothing that orders, and nothing that locks.
    """

    kind: ClassVar[str] = "vote"

    code_hash = models.CharField("测评码摘要", max_length=64, primary_key=True)
    sealed = models.BinaryField("密封的选票")

    class Meta:
        verbose_name = "密封选票"


class MixedAnswer(models.Model):
    """One row of a pool after the mix: each question's column was shuffled by itself, so no row is a ballot.

    A byte is the place of an answer in the urn's list, from 1; 0 where the question's answers are withheld.
    """

    kind: ClassVar[str] = "mixed_answer"
    append_only: ClassVar[bool] = True

    key = models.UUIDField("随机键", primary_key=True, default=uuid.uuid4)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="mixed_answers", verbose_name="测评群体")
    packed = models.BinaryField("各题答案")

    class Meta:
        verbose_name = "混合后的答案"


class MixedComment(models.Model):
    """A comment after the mix, shuffled by itself."""

    kind: ClassVar[str] = "mixed_comment"
    append_only: ClassVar[bool] = True

    key = models.UUIDField("随机键", primary_key=True, default=uuid.uuid4)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="mixed_comments", verbose_name="测评群体")
    text = models.TextField("意见")

    class Meta:
        verbose_name = "混合后的意见"


class Receipt(models.Model):
    """A receipt that was in the urn. `is_counted` says whether its pool had enough votes to be counted.

    Among those not counted are receipts that nobody holds, so that their number tells no pool's turnout.
    """

    kind: ClassVar[str] = "ballot_receipt"
    append_only: ClassVar[bool] = True

    key = models.UUIDField("随机键", primary_key=True, default=uuid.uuid4)
    urn = models.ForeignKey(Urn, models.PROTECT, related_name="receipts", verbose_name="票箱")
    text = models.CharField("回执", max_length=24)
    is_counted = models.BooleanField("计入统计")

    class Meta:
        verbose_name = "回执"
