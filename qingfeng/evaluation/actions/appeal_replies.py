"""The written reply to an appeal (复核答复): composed from the decision, then an official document."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.core import preferences
from qingfeng.core.actors import Actor
from qingfeng.core.errors import WrongState
from qingfeng.core.references import reference_to
from qingfeng.documents.actions import drafting
from qingfeng.documents.enums import Genre
from qingfeng.documents.layout import official
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.queries import appeal_replies as queries


@transaction.atomic
def draft_reply(*, appeal: Appeal, by: Actor, at: dt.datetime) -> OfficialDocument:
    """Compose the reply to the unit; asked again, the draft that is open is returned.

    Raises `WrongState` before the decision.
    """
    row = common.locked(appeal)
    rules.reply_to_appeal.check(by, row)
    if not row.is_decided:
        raise WrongState("申诉还没有决定，不能生成答复")
    known = queries.open_reply(row)
    if known is not None:
        return known
    title = f"关于{row.round_unit.short_name}第{row.number}号申诉的复核答复"
    text = compose(row, title, common.date_of(at))
    return drafting.draft(kind=Genre.REPLY, title=title, text=text, by=by, at=at, origin=reference_to(row))


def compose(appeal: Appeal, title: str, dated: dt.date) -> official.OfficialText:
    """Return what the reply says: what was appealed, what was found, what became of the point."""
    body = str(preferences.get(preferences.COMMISSION_NAME.key))
    filed = common.date_of(appeal.filed_at) if appeal.filed_at else dated
    day = f"{filed.year}年{filed.month}月{filed.day}日"
    blocks: list[official.Block] = [
        official.Paragraph(
            f"你单位{day}对{appeal.round.label}政治生态评价试算结果提出的第{appeal.number}号申诉收悉。"
            "经复核，现答复如下："
        ),
        official.Heading(1, "申诉的分值"),
        official.Paragraph(f"{appeal.title}。"),
        official.Heading(1, "复核意见"),
        *(official.Paragraph(line) for line in appeal.decision.splitlines() if line.strip()),
        official.Heading(1, "复核结论"),
        official.Paragraph(f"{appeal.get_state_display()}。{_changed(appeal)}"),
    ]
    return official.OfficialText(
        mark=official.Mark((body,)),
        title=title,
        blocks=tuple(blocks),
        signed_by=(body,),
        dated=dated,
        recipients=(appeal.round_unit.name,),
    )


def _changed(appeal: Appeal) -> str:
    changes = "；".join(row.summary for row in appeal.corrections.order_by("pk"))
    return f"{changes}。结果已按更正重新计算。" if changes else ""
