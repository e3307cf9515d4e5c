"""Hand a year's results to the office of annual assessment: an official document like any other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from qingfeng.core import preferences
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import Reference
from qingfeng.documents.actions import drafting
from qingfeng.documents.enums import DocumentState, Genre
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.queries import annual, annual_lists
from qingfeng.evaluation.workbook import annual_document
from qingfeng.organizations.enums import UnitClass

KIND = "annual_results"
DRAFTS = (DocumentState.DRAFT, DocumentState.EDITED)


@transaction.atomic
def draft_reference(*, year: int, by: Actor, at: dt.datetime) -> OfficialDocument:
    """Compose the year's reference table; composed again, the draft gets a new version.

    Raises `Denied`, and `Refused` where nothing of the year was announced.
    """
    rules.draft_reference.check(by)
    found = annual.year_of(year)
    if not found.rows:
        raise Refused(f"{year}年还没有公布过任何季度的结果")
    upload = (f"{annual_document.title_of(year)}.docx", rendered(found, at))
    rows = OfficialDocument.objects.filter(origin_kind=KIND, origin_id=year, state__in=DRAFTS)
    document = rows.order_by("-pk").first()
    if document is not None:
        drafting.upload_edited(document=document, upload=upload, by=by, at=at, note="重新生成")
        return document
    return drafting.draft_from_file(
        kind=Genre.LETTER,
        title=annual_document.title_of(year),
        upload=upload,
        by=by,
        at=at,
        origin=Reference(KIND, year),
    )


def rendered(year: annual.Year, at: dt.datetime) -> bytes:
    """Return the letter with its table as .docx."""
    given = preferences.get_all("commission_name", annual.RECIPIENT.key)
    quarters = "、".join(f"第{'一二三四'[number - 1]}季度" for number in sorted(year.revisions))
    weights = set(year.weights.values())
    how = "各季度得分的平均数" if len(weights) == 1 else "各季度得分按设定份量的加权平均数"
    return annual_document.render(
        year=year.year,
        body=str(given["commission_name"]),
        recipient=str(given[annual.RECIPIENT.key]),
        explanation=f"年度平均是已公布的{quarters}{how}，保留两位小数；没有结果的季度写明原因，不按零分计算。",
        rows=_lines(year),
        notes=_notes(year),
        dated=common.date_of(at),
    )


def _lines(year: annual.Year) -> list[tuple[str, ...]]:
    interviews, appeals = annual_lists.interviews_of(year), annual_lists.appeals_of(year)
    order = list(UnitClass.values)
    rows = sorted(
        year.rows.values(), key=lambda row: (order.index(row.unit_class), row.rank or 9_999, row.unit.code)
    )
    return [
        (
            row.unit.short_name,
            row.class_name,
            *(one.why if one.score is None else f"{one.score:.2f}" for one in row.quarters),
            "—" if row.mean is None else f"{row.mean:.2f}",
            year.grade_names.get(row.grade, "—"),
            "—" if row.rank is None else f"{row.rank}/{row.ranked}",
            "—" if interviews is None else str(interviews.get(row.unit.pk, 0)),
            str(appeals.get(row.unit.pk, 0)),
        )
        for row in rows
    ]


def _notes(year: annual.Year) -> Sequence[str]:
    """Say which bulletins announced the quarters, and which units were merged."""
    found = [
        f"第{'一二三四'[number - 1]}季度结果见{'、'.join(numbers)}。"
        for number, numbers in sorted(annual_lists.bulletins_of(year).items())
    ]
    found += [
        f"{row.unit.short_name}已并入{row.merged_into.short_name}，两行分别列出，不合并计算。"
        for row in year.rows.values()
        if row.merged_into is not None
    ]
    return found
