"""Numbers of documents: taken under a lock, by the transaction that issues, without gap, without double."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.documents import rules
from qingfeng.documents.models.official import NumberSeries

YEARS = range(2000, 2100)


@transaction.atomic
def open_series(*, word: str, year: int, by: Actor, at: dt.datetime, first_number: int = 1) -> NumberSeries:
    """Open the numbers of a word in a year; `first_number` continues what was numbered on paper.

    Raises `Denied`, and `Refused` where the word is empty, the year is none, or the series exists.
    """
    rules.open_series.check(by)
    word = word.strip()
    if not word or len(word) > 20 or any(letter in "〔〕0123456789 号" for letter in word):
        raise Refused("发文代字用 1 至 20 个字，不含数字、括号和空格，如“云纪通”")
    if year not in YEARS or first_number < 1:
        raise Refused("年份用四位数字，起始号从 1 开始")
    if NumberSeries.objects.filter(word=word, year=year).exists():
        raise Refused(f"{word}〔{year}〕已经启用")
    series = NumberSeries.objects.create(
        word=word, year=year, first_number=first_number, next_number=first_number
    )
    detail = {"word": word, "year": year, "first": first_number}
    audit.record(
        action="number_series.open", by=by, at=at, subject=references.reference_to(series), detail=detail
    )
    return series


def take(*, series: NumberSeries, at: dt.datetime) -> int:
    """Take the next number; only inside the transaction that issues, so that a rollback gives it back.

    Raises `Refused` where the series is of another year than the date of issue.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is taken inside the transaction that issues")
    year = timezone.localtime(at).year
    if series.year != year:
        raise Refused(f"{series}不是印发当年（{year} 年）的发文字号，请先启用当年的字号")
    locked = NumberSeries.objects.select_for_update().get(pk=series.pk)
    NumberSeries.objects.filter(pk=locked.pk).update(next_number=locked.next_number + 1)
    return locked.next_number
