from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from qingfeng.accounts.models import User
from qingfeng.core import constraints
from qingfeng.notifications.enums import Urgency


class MessageQuerySet(models.QuerySet["Message"]):
    def unread(self) -> MessageQuerySet:
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """A message in one person's inbox. Its words carry no case fact: the page behind the link does."""

    kind: ClassVar[str] = "message"

    recipient = models.ForeignKey(User, models.PROTECT, related_name="messages", verbose_name="收件人")
    sender = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="发件人")
    title = models.CharField("标题", max_length=120)
    body = models.TextField("正文", blank=True)
    link = models.CharField("链接", max_length=300, blank=True)
    urgency = models.CharField("缓急", max_length=10, choices=Urgency.choices, default=Urgency.ORDINARY)
    subject_kind = models.CharField("事项类别", max_length=40, blank=True)
    subject_id = models.BigIntegerField("事项编号", null=True)
    sent_at = models.DateTimeField("发出时间")
    read_at = models.DateTimeField("阅读时间", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "站内消息"
        constraints = [
            constraints.choices_of("urgency", Urgency.values, "ntf_message_urgency"),
            models.CheckConstraint(
                condition=Q(link="") | (Q(link__startswith="/") & ~Q(link__startswith="//")),
                name="ntf_message_link_relative",
            ),
        ]
        indexes = [
            models.Index(fields=["recipient", "read_at"], name="ntf_message_unread"),
            models.Index(fields=["recipient", "-sent_at"], name="ntf_message_inbox"),
            models.Index(fields=["subject_kind", "subject_id"], name="ntf_message_subject"),
        ]

    def __str__(self) -> str:
        return self.title
