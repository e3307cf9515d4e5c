from __future__ import annotations

import pytest

from qingfeng.core.roles import Role
from qingfeng.documents.actions import issuing
from qingfeng.documents.actions.issuing import Addressee
from qingfeng.notifications import queries
from tests import stories
from tests.documents import stories as documents
from tests.factories.organizations import UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def town():
    return UnitFactory.create(short_name="云溪镇")


def inbox_of(user) -> list[str]:
    return [message.title for message in queries.visible_to(user).order_by("pk")]


def test_issue_tells_the_units_people_and_nobody_else(town) -> None:
    head, liaison = stories.user_with(Role.UNIT_HEAD, town), stories.user_with(Role.UNIT_LIAISON, town)
    other = stories.user_with(Role.UNIT_HEAD, UnitFactory.create())

    documents.issued(recipients=(Addressee("云溪镇", unit_id=town.pk), Addressee("市委办")))

    assert inbox_of(head) == inbox_of(liaison) == ["收到公文云纪通〔2026〕1号"]
    assert inbox_of(other) == []


def test_withdraw_tells_those_who_had_it(town) -> None:
    head = stories.user_with(Role.UNIT_HEAD, town)
    document = documents.issued(recipients=(Addressee("云溪镇", unit_id=town.pk),))

    issuing.withdraw(document=document, reason="内容有误", by=documents.office(), at=documents.AT)

    assert inbox_of(head)[-1] == "公文云纪通〔2026〕1号已撤回，不再执行"
