from __future__ import annotations

import io

import docx
import pytest

from qingfeng.core.errors import Denied, Refused, WrongState
from qingfeng.core.models import Setting
from qingfeng.core.roles import Role
from qingfeng.documents.actions import drafting, files, issuing, numbers
from qingfeng.documents.actions.issuing import Addressee
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation.actions import bulletins
from qingfeng.evaluation.queries import bulletins as queries
from tests import stories as people
from tests.evaluation import stories

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> stories.City:
    return stories.city()


def text_of(document: OfficialDocument) -> str:
    version = drafting.text_line(document).versions.order_by("-number")[0]
    book = docx.Document(io.BytesIO(files.content_of(version)))
    tables = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in book.paragraphs] + tables)


def test_draft_bulletin_names_scores_problems_and_requirements(place) -> None:
    Setting.objects.create(key="commission_name", value="中共云川市纪律检查委员会")
    round = stories.approved(place)

    document = bulletins.draft_bulletin(
        round=round, requirements=["立行立改。"], by=place.officer, at=stories.ANNOUNCING
    )

    text = text_of(document)
    assert document.title == "关于2026年第一季度政治生态状况评价情况的通报"
    for part in (
        "中共云川市纪律检查委员会",
        "总体情况",
        "分项情况",
        "突出问题",
        "立行立改。",
        "第1镇",
        "优秀",
    ):
        assert part in text
    assert list(queries.of_round(place.officer, round)) == [document]


def test_draft_bulletin_again_adds_a_version_to_the_draft(place) -> None:
    round = stories.approved(place)
    first = bulletins.draft_bulletin(round=round, by=place.officer, at=stories.ANNOUNCING)

    again = bulletins.draft_bulletin(
        round=round, requirements=["另行部署。"], by=place.officer, at=stories.ANNOUNCING
    )

    assert again == first
    assert drafting.text_line(again).versions.count() == 2
    assert "另行部署。" in text_of(again)


def test_draft_bulletin_before_the_approval_is_refused(place) -> None:
    with pytest.raises(WrongState, match="审定"):
        bulletins.draft_bulletin(round=stories.computed(place), by=place.officer, at=stories.MEETING)


def test_draft_bulletin_without_requirements_is_refused(place) -> None:
    with pytest.raises(Refused, match="工作要求"):
        bulletins.draft_bulletin(
            round=stories.approved(place), requirements=[" "], by=place.officer, at=stories.ANNOUNCING
        )


def test_draft_bulletin_by_the_office_is_refused(place) -> None:
    with pytest.raises(Denied, match="党风室"):
        bulletins.draft_bulletin(
            round=stories.approved(place), by=people.user_with(Role.OFFICE), at=stories.ANNOUNCING
        )


def test_issued_bulletin_is_numbered_and_reaches_the_units(place) -> None:
    round = stories.announced(place)
    office = people.user_with(Role.OFFICE)
    document = bulletins.draft_bulletin(round=round, by=place.officer, at=stories.ANNOUNCING)
    series = numbers.open_series(word="云纪通", year=2026, by=office, at=stories.ANNOUNCING)
    addressees = [Addressee(name, unit_id) for unit_id, name in queries.recipients(round)]

    stories.signed_off(place, round)
    issuing.issue(document=document, series=series, recipients=addressees, by=office, at=stories.ANNOUNCING)

    document.refresh_from_db()
    assert document.number_text == "云纪通〔2026〕1号"
    assert document.recipients.count() == 4
    assert list(queries.visible_to(place.heads[place.towns[0].pk])) == [document]
