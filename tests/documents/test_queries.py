from __future__ import annotations

import pytest
from django.urls import reverse

from qingfeng.core import clock
from qingfeng.core.roles import Role
from qingfeng.documents.enums import DocumentState
from qingfeng.documents.queries import duties
from tests import stories as house
from tests.documents import stories

pytestmark = pytest.mark.django_db


def test_duties_of_the_office_are_what_waits_for_it(django_assert_num_queries):
    stories.draft(title="待印发的通知")
    stories.issued(title="待盖章的通知")
    stories.stamped()
    office = stories.office()
    office.holds(Role.OFFICE)

    with django_assert_num_queries(1):
        found = duties.duties_of(office, clock.today())

    assert [(duty.title, duty.meta) for duty in found] == [
        ("印发拟好的公文", "通知 待印发的通知"),
        ("归入盖章扫描件", "云纪通〔2026〕1号 待盖章的通知"),
    ]
    assert found[1].list_url == f"{reverse('documents:register')}?state={DocumentState.ISSUED}"


def test_duties_of_a_drafter_are_his_own_drafts():
    document = stories.draft()
    stories.draft()

    found = duties.duties_of(stories.drafter_of(document), clock.today())

    assert [duty.url for duty in found] == [reverse("documents:detail", args=[document.pk])]


@pytest.mark.parametrize("role", [Role.UNIT_HEAD, Role.SYSTEM_ADMIN])
def test_duties_of_others_are_none(role):
    stories.draft()

    assert duties.duties_of(house.user_with(role), clock.today()) == []
