"""How a study of judgements comes to each of its states: by the platform's own actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from qingfeng.evaluation.actions import schemes, studies, study_results
from qingfeng.evaluation.enums import StudyTarget
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.models.studies import StudyExpert, WeightStudy
from qingfeng.evaluation.queries import studies as queries
from qingfeng.evaluation.scoring import ahp
from tests.evaluation import stories

AT = stories.moment(2, 2)
SOUND = (2, 4, 8, 2, 4, 2)
"""Judgements of four things that agree with each other perfectly, in the order of the pairs."""


def big_draft(place: stories.City) -> SchemeVersion:
    """Return a draft of the shipped scheme: five dimensions, 36 indicators."""
    stories.drafted(place)
    shipped = SchemeVersion.objects.get(scheme__slug="qingfeng-5x36")
    return schemes.create_draft_from(version=shipped, by=place.officer, at=AT)


def begun(
    place: stories.City,
    version: SchemeVersion | None = None,
    target: str = StudyTarget.DIMENSIONS,
    part: str = "",
    places: int = 2,
) -> WeightStudy:
    chosen = version or stories.drafted(place)
    return studies.begin(version=chosen, target=target, part=part, places=places, by=place.officer, at=AT)


def agreeing(study: WeightStudy, favour: int = 2) -> dict[ahp.Pair, int]:
    """Return judgements in which each thing is as important as the next, or somewhat more, all the same."""
    codes = queries.codes_of(study)
    return {
        (first, second): favour if codes.index(first) == 0 else 1 for first, second in ahp.pairs_of(codes)
    }


def on_paper(
    place: stories.City, study: WeightStudy, name: str, values: Mapping[ahp.Pair, int] | None = None
) -> StudyExpert:
    """Type an expert's paper questionnaire in and hand it in."""
    expert = studies.add_paper(
        study=study, name=name, post="党校", judged_on=dt.date(2026, 2, 1), by=place.officer, at=AT
    )
    judged = agreeing(study) if values is None else values
    studies.save_judgements(expert=expert, values=judged, lock=0, by=place.officer, at=AT)
    return studies.submit_judgements(expert=expert, by=place.officer, at=AT)


def applied(place: stories.City, version: SchemeVersion | None = None, **more: object) -> WeightStudy:
    study = begun(place, version, **more)  # type: ignore[arg-type]
    on_paper(place, study, "专家甲")
    study.version.refresh_from_db()
    return study_results.apply(study=study, digest=study.version.digest, by=place.officer, at=AT)


def study_in(place: stories.City, state: str) -> WeightStudy:
    if state == "judging":
        return begun(place)
    if state == "discarded":
        return study_results.discard(study=begun(place), reason="另行征集", by=place.officer, at=AT)
    study = applied(place)
    if state == "applied":
        return study
    return study_results.undo(study=study, reason="再议", by=place.officer, at=AT)


def expert_in(place: stories.City, state: str) -> StudyExpert:
    study = begun(place)
    if state == "judging":
        return studies.add_paper(
            study=study, name="专家甲", post="", judged_on=dt.date(2026, 2, 1), by=place.officer, at=AT
        )
    expert = on_paper(place, study, "专家甲")
    if state == "submitted":
        return expert
    return studies.leave(expert=expert, reason="调离", by=place.officer, at=AT)
