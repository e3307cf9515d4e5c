"""The demo city decides: an appeal is heard and granted, and the standing committee meets on the result."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from qingfeng.decisions.actions import meetings, minutes, recording
from qingfeng.decisions.enums import Capacity, Presence, Result
from qingfeng.decisions.queries import meetings as meeting_queries
from qingfeng.evaluation.actions import appeal_rulings, appeals, committee, results, reviews
from qingfeng.evaluation.queries import appeal_parties, appeal_points
from qingfeng.evaluation.queries import results as result_queries
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.shell.demo import roster, words
from qingfeng.shell.demo.quarter import Quarter

MEMBERS = ("anguan", "shencha", "shenli", "jiandu")
"""Heads of rooms who sit on the standing committee beside the secretary and his deputy."""
HOUR = dt.timedelta(hours=1)
PLACE = "机关三楼常委会会议室"


def appeal(play: Quarter, at: dt.datetime) -> None:
    """Let one unit object to a score, its department explain, and the officer grant it; the result is new."""
    found, point = _lowest_with_a_score(play)
    code = found.round_unit.code
    head = play.people[roster.username_of("unit_head", code)]
    liaison = play.people[roster.username_of("unit_liaison", code)]
    case = appeals.write(result=found, point=point, grounds=words.GROUNDS, by=liaison, at=at)
    appeals.file(appeal=case, by=head, at=at)
    appeal_rulings.accept(appeal=case, by=play.officer, at=at + HOUR)
    case.refresh_from_db()
    made = appeal_parties.behind(case).people
    scorer = next(user for user in play.people.values() if user.pk in made)
    appeal_rulings.comment(appeal=case, text=words.COMMENT_ON_APPEAL, by=scorer, at=at + 2 * HOUR)
    _, free = appeal_parties.deciders(case)
    decider, weight = free[0], _weight(play, case.indicator)

    then = at + 3 * HOUR

    def correct(row: Any) -> Any:
        return reviews.correct_on_appeal(appeal=row, points=weight, reason=words.RULING, by=decider, at=then)

    appeal_rulings.decide(
        appeal=case, outcome="granted", reasons=words.RULING, correct=correct, by=decider, at=then
    )
    results.recompute(round=play.round, by=play.officer, at=then)


def _lowest_with_a_score(play: Quarter) -> tuple[Any, str]:
    """Return the result of a unit that lost by a review, and the key of that point."""
    revision: Any = result_queries.latest_revision(play.round)
    for row in result_queries.ordered(play.officer, revision).order_by("hundredths"):
        for key, point in appeal_points.of_result(row).items():
            if point.kind == "review" and point.reason:
                return row, key
    raise RuntimeError("no unit lost a point by a review")


def _weight(play: Quarter, indicator: str) -> Decimal:
    listed = round_queries.scheme_of(play.round).indicators()
    return next(entry.weight for _, entry in listed if entry.code == indicator)


def approve(play: Quarter, at: dt.datetime) -> None:
    """Put the result before the standing committee, hold the meeting, record it, and draft its minutes."""
    matter = committee.submit_result(round=play.round, by=play.officer, at=at - 2 * HOUR)
    clerk, secretary = play.people["jilu"], play.people["shuji"]
    if not meeting_queries.visible_to(clerk).filter(year=at.year).exists():
        meetings.continue_numbers(year=at.year, next_number=at.isocalendar().week // 2, by=clerk, at=at)
    meeting = meetings.call(
        planned_for=at, place=PLACE, chair=secretary, recorder=clerk, by=clerk, at=at - HOUR
    )
    for username in MEMBERS:
        member = play.people[username]
        meetings.add_person(meeting=meeting, capacity=Capacity.MEMBER, user=member, by=clerk, at=at)
    item = meetings.put_on_agenda(meeting=meeting, matter=matter, by=clerk, at=at)
    for seat in meeting_queries.attendances(meeting):
        meetings.mark_presence(attendance=seat, presence=Presence.PRESENT, reason="", by=clerk, at=at)
    meetings.open_meeting(meeting=meeting, by=clerk, at=at)
    item.refresh_from_db()
    recording.decide(
        item=item,
        result=Result.PASSED,
        text=words.RESOLUTION,
        votes=recording.Votes(in_favour=len(MEMBERS) + 2),
        discussion=words.DISCUSSION,
        seen=item.revision,
        by=clerk,
        at=at,
    )
    minutes.make(meeting=meeting, by=clerk, at=at)
