from __future__ import annotations

from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from qingfeng.core import clock
from qingfeng.notifications.models import Message
from tests.factories.accounts import UserFactory


class MessageFactory(DjangoModelFactory[Message]):
    class Meta:
        model = Message

    recipient = SubFactory(UserFactory)
    title = Sequence(lambda n: f"第 {n} 条提醒")
    sent_at = LazyFunction(clock.now)
