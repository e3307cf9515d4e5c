"""A review sheet filled in Excel: download it with the units, take it over whole or not at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import transaction

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import reviews
from qingfeng.evaluation.gateways import sheet_book
from qingfeng.evaluation.models.reviews import ReviewScore, ReviewSheet
from qingfeng.evaluation.queries import marks
from qingfeng.evaluation.queries import reviews as queries


def template(*, sheet: ReviewSheet, by: Actor) -> bytes:
    """Return the sheet as Excel, every unit with what is scored already."""
    rules.score_sheet.check(by, sheet)
    channel = queries.channel_of(sheet)
    scores = {score.round_unit_id: score for score in sheet.scores.all()}
    points = marks.of_sheet(sheet).points
    rows = [
        {"code": unit.code, "name": unit.short_name} | _as_row(scores.get(unit.pk), points.get(unit.pk))
        for unit in queries.units_of(sheet)
    ]
    return sheet_book.write(sheet_book.sheet(queries.indicator_of(sheet), channel), rows)


def _as_row(score: ReviewScore | None, points: Decimal | None) -> dict[str, Any]:
    if score is None:
        return {}
    row: dict[str, Any] = {"reason": score.reason}
    if not score.findings:
        row["points"] = points
    for entry in score.findings:
        row[f"n_{entry['item']}"] = Decimal(entry["quantity"])
        row[f"p_{entry['item']}"] = Decimal(entry["points"]) if entry.get("points") else None
        row[f"w_{entry['item']}"] = entry.get("note", "")
    return row


@transaction.atomic
def import_sheet(*, sheet: ReviewSheet, content: bytes, lock: int, by: Actor, at: dt.datetime) -> int:
    """Take over a filled sheet as a draft, all or nothing; return how many units it scores.

    Raises `FaultyWorkbook` with every fault, `Refused` where the file is no workbook or scores nobody, and
    `Conflict` where somebody saved since the page was opened.
    """
    rules.score_sheet.check(by, sheet)
    channel = queries.channel_of(sheet)
    units = {unit.code: unit.pk for unit in queries.units_of(sheet)}
    declared = sheet_book.sheet(queries.indicator_of(sheet), channel)
    lines = sheet_book.read(content, declared, channel.items, set(units))
    if not lines:
        raise Refused("表里没有填任何评分，请填好后再上传")
    entries = [
        reviews.Entry(
            round_unit_id=units[line.unit_code],
            points=line.points,
            findings=tuple(reviews.Finding(*finding) for finding in line.findings),
            reason=line.reason,
        )
        for line in lines
    ]
    reviews.save_scores(sheet=sheet, entries=entries, lock=lock, by=by, at=at)
    audit.record(action="review_sheet.import", by=by, at=at, subject=references.reference_to(sheet))
    return len(entries)
