"""A scheme exported to Excel and imported after a preview."""

from __future__ import annotations

import dataclasses

import pytest
from django.urls import reverse

from qingfeng.audit.models import Entry
from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import writing
from qingfeng.evaluation.actions import schemes as actions
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.workbook import scheme_rows, scheme_sheets
from tests import stories as people
from tests.evaluation import small_scheme, stories
from tests.evaluation.pages import browser, said, title_of, workbook
from tests.evaluation.typed import form_of

pytestmark = pytest.mark.django_db
AT = stories.moment(1, 5)


@pytest.fixture
def officer():
    return people.user_with(Role.CONDUCT_OFFICE, name="党风室经办")


@pytest.fixture
def shipped() -> list[SchemeVersion]:
    return actions.install_shipped_schemes(by=SYSTEM, at=AT)


@pytest.fixture
def draft(officer, shipped) -> SchemeVersion:
    return actions.create_draft_from(version=shipped[0], by=officer, at=AT)


def page(version: SchemeVersion, name: str = "scheme", *args: object) -> str:
    return reverse(f"evaluation:{name}", args=[version.pk, *args])


def part(version: SchemeVersion, at: str, name: str = "scheme_part", key: str = "at") -> str:
    return f"{page(version, name)}?{key}={at}"


def name_of(version: SchemeVersion, code: str) -> str:
    return next(entry.name for _, entry in queries.scheme_of(version).indicators() if entry.code == code)


def test_exported_workbook_read_back_changes_nothing(officer, draft) -> None:
    client = browser(officer)

    exported = client.post(page(draft, "scheme_export"))
    back = client.post(page(draft, "scheme_import"), {"workbook": workbook(exported.content)})

    assert said(back) == ["表格与草稿完全一样，没有要改的。"]
    assert Entry.objects.filter(action="export.scheme").count() == 1


def test_import_shows_the_differences_and_replaces_only_when_confirmed(officer, shipped, draft) -> None:
    client = browser(officer)
    content = client.post(page(shipped[1], "scheme_export")).content

    preview = client.post(page(draft, "scheme_import"), {"workbook": workbook(content)})
    draft.refresh_from_db()
    before = draft.digest
    client.post(page(draft, "scheme_replace"), form_of(preview))

    draft.refresh_from_db()
    assert "处不同，确认后替换" in title_of(preview)
    assert before == draft.based_on.digest
    assert len(queries.scheme_of(draft).dimensions) == len(queries.scheme_of(shipped[1]).dimensions)
    assert queries.scheme_of(draft).code == draft.scheme.slug


def test_import_of_a_faulty_workbook_lists_sheet_row_and_column_and_changes_nothing(officer, draft) -> None:
    scheme = dataclasses.replace(small_scheme.make(), groups=())
    content = writing.filled(scheme_sheets.SHEETS, scheme_rows.rows_of(scheme))
    before = draft.digest

    response = browser(officer).post(page(draft, "scheme_import"), {"workbook": workbook(content)})

    draft.refresh_from_db()
    assert response.status_code == 422
    assert "表里有错，一行也没有导入" in title_of(response)
    assert draft.digest == before


def test_replace_after_the_draft_changed_overwrites_nothing(officer, shipped, draft) -> None:
    client = browser(officer)
    content = client.post(page(shipped[1], "scheme_export")).content
    preview = client.post(page(draft, "scheme_import"), {"workbook": workbook(content)})
    at = part(draft, "dimensions/A/indicators/A1")
    client.post(at, form_of(client.get(at), name="先保存的"))

    response = client.post(page(draft, "scheme_replace"), form_of(preview))

    draft.refresh_from_db()
    assert "别人已经修改过" in said(response)[-1]
    assert name_of(draft, "A1") == "先保存的"
