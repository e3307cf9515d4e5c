"""An expert's judgements filled in Excel: download with every pair, take over whole or not at all."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import studies
from qingfeng.evaluation.gateways import judgement_book
from qingfeng.evaluation.models.studies import StudyExpert
from qingfeng.evaluation.queries import studies as queries


def template(*, expert: StudyExpert, by: Actor) -> bytes:
    """Return every pair as Excel, with what is judged already."""
    rules.judge.check(by, expert)
    names = queries.names_of(expert.study)
    return judgement_book.write(names, queries.judgements_of(expert), about(expert), expert.lock)


def about(expert: StudyExpert) -> str:
    return f"{expert.kind}-{expert.pk}"


@transaction.atomic
def import_judgements(*, expert: StudyExpert, content: bytes, by: Actor, at: dt.datetime) -> int:
    """Take over a filled template, all or nothing; return how many pairs it judges.

    Raises `FaultyWorkbook` with every fault, `Refused` where nothing is judged in it, and `Conflict` where
    judgements were saved since it was downloaded.
    """
    rules.judge.check(by, expert)
    codes = queries.codes_of(expert.study)
    values, lock = judgement_book.read(content, codes, about(expert))
    if not values:
        raise Refused("表里没有填任何比较，请填好后再上传")
    if lock is None:
        raise Refused("表里的《版本》页不见了，请重新下载模板，把填好的内容抄过去")
    if lock != expert.lock:
        raise Conflict("这份表格下载以后，页面上又保存过判断。请重新下载，核对后再传。")
    studies.save_judgements(expert=expert, values=values, lock=lock, by=by, at=at)
    return len(values)
