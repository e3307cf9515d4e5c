"""How an appeal comes to each of its states: by the platform's own actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from qingfeng.evaluation.actions import appeal_rulings, appeals, checking, reviews
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.results import UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import appeal_points
from qingfeng.evaluation.queries import results as result_queries
from qingfeng.organizations.models import Unit
from tests.evaluation import stories

FILING = stories.moment(4, 13)
ACCEPTING = stories.moment(4, 13, 14)
COMMENTING = stories.moment(4, 14)
DECIDING = stories.moment(4, 14, 15)
GROUNDS = "会议记录已于3月28日补交，评分时没有看到。"
REASONS = "经核对，会议记录在评分前已经报送，应予计分。"


def result_of(place: stories.City, round: Round, unit: Unit) -> UnitResult:
    return result_queries.newest_of_unit(place.heads[unit.pk], round, unit.pk)  # type: ignore[return-value]


def point_of(place: stories.City, round: Round, unit: Unit, kind: str = "review") -> str:
    """Return the key of the unit's first point of a kind."""
    points = appeal_points.of_result(result_of(place, round, unit))
    return next(key for key in points if key == kind or key.startswith(f"{kind}:"))


def drafted(place: stories.City, round: Round, unit: Unit, kind: str = "review", **given: Any) -> Appeal:
    return appeals.write(
        result=result_of(place, round, unit),
        point=given.pop("point", None) or point_of(place, round, unit, kind),
        grounds=GROUNDS,
        by=place.liaisons[unit.pk],
        at=given.pop("at", FILING),
        **given,
    )


def filed(place: stories.City, round: Round, unit: Unit, kind: str = "review", **given: Any) -> Appeal:
    appeal = drafted(place, round, unit, kind, **given)
    return appeals.file(appeal=appeal, by=place.heads[unit.pk], at=FILING)


def accepted(place: stories.City, round: Round, unit: Unit, kind: str = "review") -> Appeal:
    appeal = filed(place, round, unit, kind)
    return appeal_rulings.accept(appeal=appeal, by=place.officer, at=ACCEPTING)


def scorer_of(place: stories.City, appeal: Appeal) -> Any:
    if appeal.comment_unit_id is None:
        return place.officer
    people = [*place.scorers.values(), *place.suppliers.values()]
    roles = ("scoring_department", "data_supplier")
    return next(user for user in people if user.holds(*roles, unit=appeal.comment_unit_id))


def heard(place: stories.City, round: Round, unit: Unit, kind: str = "review") -> Appeal:
    appeal = accepted(place, round, unit, kind)
    by = scorer_of(place, appeal)
    return appeal_rulings.comment(appeal=appeal, text="评分时材料中没有会议记录。", by=by, at=COMMENTING)


def granted(
    place: stories.City, round: Round, unit: Unit, points: str = "30", outcome: str = "granted"
) -> Appeal:
    """Grant an appeal against the unit's first review: its score becomes the points."""
    appeal = heard(place, round, unit)

    def correct(case: Appeal) -> Any:
        by, at = place.officer, DECIDING
        return reviews.correct_on_appeal(appeal=case, points=Decimal(points), reason=REASONS, by=by, at=at)

    return appeal_rulings.decide(
        appeal=appeal, outcome=outcome, reasons=REASONS, correct=correct, by=place.officer, at=DECIDING
    )


def rejected(place: stories.City, round: Round, unit: Unit) -> Appeal:
    return appeal_rulings.decide(
        appeal=heard(place, round, unit),
        outcome="rejected",
        reasons="材料在评分之后才补交。",
        by=place.officer,
        at=DECIDING,
    )


def withdrawn(place: stories.City, round: Round, unit: Unit) -> Appeal:
    return appeals.withdraw(appeal=filed(place, round, unit), by=place.heads[unit.pk], at=FILING)


def expired(place: stories.City, round: Round, unit: Unit) -> Appeal:
    appeal = drafted(place, round, unit)
    checking.settle(round=round, by=place.officer, at=stories.SETTLING)
    appeal.refresh_from_db()
    return appeal


def partly(place: stories.City, round: Round, unit: Unit) -> Appeal:
    return granted(place, round, unit, "29.5", "partly")


STATES: dict[str, Callable[[stories.City, Round, Unit], Appeal]] = {
    "draft": drafted,
    "filed": filed,
    "reviewing": accepted,
    "granted": granted,
    "partly": partly,
    "rejected": rejected,
    "withdrawn": withdrawn,
    "expired": expired,
}
LATE = dt.datetime(2026, 4, 16, 9, tzinfo=stories.CHINA)
