from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from qingfeng.core.actors import SYSTEM
from qingfeng.core.errors import Denied
from qingfeng.core.references import Reference
from qingfeng.core.roles import Role
from qingfeng.notifications import actions, queries
from qingfeng.notifications.actions import Letter
from qingfeng.notifications.enums import Urgency
from qingfeng.notifications.models import Message
from tests import stories
from tests.factories.accounts import UserFactory
from tests.factories.notifications import MessageFactory
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)


def test_send_reaches_each_active_person_once_with_its_subject() -> None:
    sender = UserFactory.create()
    person, gone = UserFactory.create(), UserFactory.create(is_active=False)

    number = actions.send(
        recipients=[person, person, gone], title="请评分", body="第四季度", link="/evaluation/", by=sender,
        at=AT, subject=Reference("round", 7), urgency=Urgency.URGENT,
    )  # fmt: skip

    message = Message.objects.get()
    assert number == 1
    assert (message.recipient, message.sender, message.link) == (person, sender, "/evaluation/")
    assert (message.subject_kind, message.subject_id, message.urgency) == ("round", 7, "urgent")


def test_send_by_the_system_has_no_sender() -> None:
    actions.send(recipients=[UserFactory.create()], title="提醒", by=SYSTEM, at=AT)

    assert Message.objects.get().sender is None


@pytest.mark.parametrize(
    "link", ["https://evil.example/", "//evil.example/", "evaluation/", "/\\evil.example"]
)
def test_send_with_a_link_out_of_the_platform_is_an_error(link: str) -> None:
    with pytest.raises(ValueError, match="inside the platform"):
        actions.send(recipients=[UserFactory.create()], title="x", link=link, by=SYSTEM, at=AT)

    assert not Message.objects.exists()


def test_message_with_an_outside_link_is_refused_by_the_database() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MessageFactory.create(link="//evil.example/")


def test_send_to_role_reaches_holders_of_the_unit_on_the_day() -> None:
    unit, other = UnitFactory.create_batch(2)
    head = stories.user_with(Role.UNIT_HEAD, unit)
    stories.user_with(Role.UNIT_HEAD, other)
    stories.user_with(Role.UNIT_HEAD, unit, ends_on=dt.date(2026, 11, 23))
    stories.user_with(Role.UNIT_LIAISON, unit)

    number = actions.send_to_role(role=Role.UNIT_HEAD, unit=unit.pk, title="请签发", by=SYSTEM, at=AT)

    assert number == 1
    assert Message.objects.get().recipient == head


def test_send_to_role_of_an_administrator_reaches_who_sits_there() -> None:
    admin = stories.user_with(Role.AUDIT_ADMIN)

    actions.send_to_role(role=Role.AUDIT_ADMIN, title="请核验审计链", by=SYSTEM, at=AT)

    assert Message.objects.get().recipient == admin


def test_send_letters_of_many_takes_few_statements(django_assert_max_num_queries) -> None:
    people = UserFactory.create_batch(30)
    letters = [Letter(person, f"给{person.name}") for person in people]

    with django_assert_max_num_queries(3):
        actions.send_letters(letters=letters, by=SYSTEM, at=AT)

    assert Message.objects.count() == 30


def test_holders_by_unit_asks_once(django_assert_num_queries) -> None:
    first, second = UnitFactory.create_batch(2)
    one = stories.user_with(Role.UNIT_LIAISON, first)
    two = stories.user_with(Role.UNIT_LIAISON, second)

    with django_assert_num_queries(1):
        found = queries.holders_by_unit(Role.UNIT_LIAISON, AT.date(), [first.pk, second.pk])

    assert found == {first.pk: [one], second.pk: [two]}


def test_mark_read_keeps_the_first_reading_and_refuses_others() -> None:
    message = MessageFactory.create(sent_at=AT)

    actions.mark_read(message=message, by=message.recipient, at=AT + dt.timedelta(hours=1))
    actions.mark_read(message=message, by=message.recipient, at=AT + dt.timedelta(hours=2))

    message.refresh_from_db()
    assert message.read_at == AT + dt.timedelta(hours=1)
    with pytest.raises(Denied, match="发给本人"):
        actions.mark_read(message=message, by=UserFactory.create(), at=AT)


def test_mark_all_read_leaves_what_came_later_and_others_mail() -> None:
    user = UserFactory.create()
    MessageFactory.create_batch(2, recipient=user, sent_at=AT)
    later = MessageFactory.create(recipient=user, sent_at=AT + dt.timedelta(minutes=1))
    other = MessageFactory.create(sent_at=AT)

    assert actions.mark_all_read(by=user, at=AT) == 2

    assert set(Message.objects.unread()) == {later, other}


def test_unread_count_asks_once_for_each_user_object(django_assert_num_queries) -> None:
    message = MessageFactory.create()

    with django_assert_num_queries(1):
        assert [queries.unread_count(message.recipient) for _ in range(3)] == [1, 1, 1]
