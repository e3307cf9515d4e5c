"""What an appealed point is now: what a decision may change, and within which bounds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from qingfeng.evaluation.enums import AppealSubject
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.data import BallotTally, Fact
from qingfeng.evaluation.models.reviews import ReviewScore
from qingfeng.evaluation.queries import appeal_parties, data, reviews, rounds, supplied
from qingfeng.evaluation.scoring import scheme as core


def bounds(appeal: Appeal) -> dict[str, Any]:
    """Return, by the kind of the point, what the decision's form is made of."""
    if appeal.subject_kind == AppealSubject.REVIEW:
        score = ReviewScore.objects.select_related("sheet__round").get(pk=appeal.subject_id or 0)
        given = None if score.thousandths is None else Decimal(score.thousandths) / 1000
        return {"weight": reviews.indicator_of(score.sheet).weight, "given": given}
    if appeal.subject_kind == AppealSubject.FACT:
        fact = Fact.objects.get(pk=appeal.subject_id or 0)
        span = supplied.range_of(supplied.ranges(rounds.scheme_of(appeal.round)), data.fact_like(fact))
        return {"fact": fact, "low": span.low if span else None, "high": span.high if span else None}
    if appeal.subject_kind == AppealSubject.VALUE:
        names = {entry.code: entry.name for entry in rounds.scheme_of(appeal.round).measures}
        values = {row.measure: row.value for row in appeal_parties.values_of(appeal)}
        return {"values": values, "names": names}
    return _votes(appeal) if appeal.subject_kind == AppealSubject.TALLY else {}


def _votes(appeal: Appeal) -> dict[str, Any]:
    channel = appeal_parties.channel_of(appeal)
    assert isinstance(channel, core.BallotChannel)
    answers = core.answers_of(rounds.scheme_of(appeal.round), channel)
    row = BallotTally.objects.filter(round_unit=appeal.round_unit, group=appeal.line).first()
    counts = {} if row is None else row.counts.get(channel.question, {})
    return {"answers": [(answer.code, answer.name) for answer in answers], "counts": counts}
