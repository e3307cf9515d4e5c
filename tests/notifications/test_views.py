from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from qingfeng.core import clock
from qingfeng.core.roles import Role
from tests import stories
from tests.factories.notifications import MessageFactory

pytestmark = pytest.mark.django_db
INBOX = reverse("notifications:inbox")


@pytest.fixture
def user():
    return stories.user_with(Role.UNIT_LIAISON)


@pytest.fixture
def client(user):
    return stories.signed_in(user)


def text(response) -> str:
    return str(response.content.decode())


def test_inbox_counts_what_is_unread_in_title_and_navigation(user, client) -> None:
    MessageFactory.create_batch(2, recipient=user)
    MessageFactory.create(recipient=user, read_at=clock.now())

    shown = text(client.get(INBOX))

    assert "有 2 条消息没有读" in shown
    assert '<span class="qf-count">2' in shown


def test_inbox_filters_and_searches(user, client) -> None:
    MessageFactory.create(recipient=user, title="请评分", urgency="urgent")
    MessageFactory.create(recipient=user, title="已公布", read_at=clock.now())

    assert "已公布" not in text(client.get(INBOX, {"read": "unread"}))
    assert "请评分" not in text(client.get(INBOX, {"read": "read"}))
    assert "已公布" not in text(client.get(INBOX, {"urgency": "urgent"}))
    assert "请评分" not in text(client.get(stories.searched(client, INBOX, "公布")))


def test_inbox_sorts_by_urgency_from_the_most_urgent(user, client) -> None:
    for urgency in ("ordinary", "urgent", "important"):
        MessageFactory.create(recipient=user, title=f"事项{urgency}", urgency=urgency)

    shown = text(client.get(INBOX, {"sort": "-urgency"}))

    assert shown.index("事项urgent") < shown.index("事项important") < shown.index("事项ordinary")


def test_inbox_without_messages_says_what_will_come(client) -> None:
    assert "收件箱是空的" in text(client.get(INBOX))


def test_inbox_asks_as_often_for_three_rows_as_for_one(user, client) -> None:
    counts = []
    client.get(INBOX)
    for _ in range(3):
        MessageFactory.create(recipient=user, sender=stories.user_with(Role.OFFICE))
        with CaptureQueriesContext(connection) as asked:
            client.get(INBOX)
        counts.append(len(asked))

    assert counts[0] == counts[2]


def test_open_marks_read_and_leads_to_the_link(user, client) -> None:
    message = MessageFactory.create(recipient=user, link="/evaluation/")

    opened = client.post(reverse("notifications:open", args=[message.pk]))

    message.refresh_from_db()
    assert opened.url == "/evaluation/"
    assert message.read_at is not None


def test_open_without_a_link_leads_to_the_text(user, client) -> None:
    message = MessageFactory.create(recipient=user, body="第一段\n\n第二段")

    opened = client.post(reverse("notifications:open", args=[message.pk]))

    assert "<p>第二段</p>" in text(client.get(opened.url))


def test_reading_by_get_marks_nothing(user, client) -> None:
    message = MessageFactory.create(recipient=user)

    client.get(reverse("notifications:detail", args=[message.pk]))

    message.refresh_from_db()
    assert message.read_at is None
    assert client.get(reverse("notifications:open", args=[message.pk])).status_code == 405


@pytest.mark.parametrize("name", ["detail", "open"])
def test_message_of_another_person_is_not_found(client, name: str) -> None:
    url = reverse(f"notifications:{name}", args=[MessageFactory.create().pk])

    answer = client.post(url) if name == "open" else client.get(url)

    assert answer.status_code == 404


def test_read_all_asks_first_and_then_marks_everything(user, client) -> None:
    MessageFactory.create_batch(2, recipient=user)
    url = reverse("notifications:read_all")

    asked = text(client.get(url))
    client.post(url)

    assert "把 2 条未读消息标为已读" in asked
    assert not user.messages.unread().exists()


def test_export_holds_the_rows_shown(user, client) -> None:
    MessageFactory.create(recipient=user, title="请评分")
    MessageFactory.create(title="别人的")

    got = client.post(reverse("notifications:export"))

    rows = CalamineWorkbook.from_filelike(io.BytesIO(got.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["标题", "请评分"]
