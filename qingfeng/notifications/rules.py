from __future__ import annotations

from qingfeng.core.actors import Actor
from qingfeng.core.rules import require, rule
from qingfeng.notifications.models import Message


@rule
def read_message(user: Actor, message: Message) -> None:
    require(message.recipient_id == user.pk, "只能阅读发给本人的消息")
