"""The demo city's history as a job: three announced rounds and one in mid-course, part by part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from qingfeng.core import clock, jobs, preferences
from qingfeng.core.actors import SYSTEM
from qingfeng.core.jobs import progress
from qingfeng.core.jobs.running import Run
from qingfeng.decisions.actions import approvals
from qingfeng.documents.actions import issuing, numbers
from qingfeng.documents.actions.issuing import Addressee
from qingfeng.documents.queries import official
from qingfeng.evaluation.actions import (
    bulletins,
    checking,
    committee,
    data,
    ledger,
    results,
    schemes,
    tallies,
)
from qingfeng.evaluation.queries import checking as checking_queries
from qingfeng.evaluation.queries import data as data_queries
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.evaluation.queries import schedule
from qingfeng.evaluation.scoring.periods import Quarter as Period
from qingfeng.shell.demo import deciding, roster, voting, words
from qingfeng.shell.demo.quarter import NOON, Calendar, Quarter

SLUG = "demo_history"
MID_COURSE = {
    "opens_on": -26,
    "submit_by": -4,
    "review_by": 5,
    "cutoff_on": 8,
    "trial_on": 12,
    "announce_by": 24,
}
"""The open round's dates, in days from today: the units' date has passed, the departments' has not."""


Rows = Callable[[Quarter], list[Any]]
Act = Callable[[Quarter, list[Any]], None]


@dataclass(frozen=True)
class Scene:
    """One part of the history: a sentence for the progress, and what is done in one transaction."""

    sentence: str
    act: Callable[[], None]


@jobs.handler(SLUG, stepwise=True)
def tell(run: Run) -> str:
    """Play every scene that has not been played yet; a killed worker's successor goes on from there."""
    scenes = list(script(clock.today()))
    for number in range(int(run.position or 0), len(scenes)):
        progress.advance(number, len(scenes), scenes[number].sentence)
        with run.step(number + 1):
            scenes[number].act()
    return "演示城市的历史数据已生成：三轮已通报，一轮进行中"


def calendars(today: dt.date) -> list[Calendar]:
    """Return the three quarters before today's, and today's with dates that put today in mid-course."""
    now = schedule.quarter_of(today)
    index = now.year * 4 + now.number - 1
    past = [Period((index - back) // 4, (index - back) % 4 + 1) for back in (3, 2, 1)]
    rounds = [
        Calendar(each.year, each.number, schedule.dates_of(each), is_corrected=each is past[1])
        for each in past
    ]
    dates = {name: today + dt.timedelta(days=days) for name, days in MID_COURSE.items()}
    return [*rounds, Calendar(now.year, now.number, dates, lateness=0.1, abstention=0.45)]


def script(today: dt.date) -> Iterator[Scene]:
    """Yield every scene in its order; the number of scenes does not depend on what has been played."""
    yield Scene("安装评价方案", _install)
    *past, present = calendars(today)
    for calendar in past:
        yield from _collecting(calendar)
        yield from _closing(calendar)
    yield from _collecting(present)


def _install() -> None:
    schemes.install_shipped_schemes(by=SYSTEM, at=clock.now())


def _collecting(calendar: Calendar) -> Iterator[Scene]:
    def playing(act: Callable[[Quarter], None]) -> Callable[[], None]:
        return lambda: act(Quarter(calendar))

    def part(name: str, rows: Rows, act: Act, parts: int) -> Iterator[Scene]:
        for number in range(parts):
            yield Scene(
                f"{calendar.name} {name}（{number + 1}/{parts}）",
                playing(lambda play, n=number: act(play, rows(play)[n::parts])),  # type: ignore[misc]
            )

    yield Scene(f"{calendar.name} 制定计划、开放填报", playing(Quarter.plan_and_open))
    yield Scene(f"{calendar.name} 准备票箱、保管人设置口令", playing(voting.set_up))
    yield from part("各单位填报", Quarter.submissions, Quarter.submit, 24)
    yield Scene(f"{calendar.name} 转入部门评分", playing(Quarter.start_review))
    yield from part("部门评分", Quarter.sheets, Quarter.score, 10)
    yield from part("数据报送", Quarter.tasks, Quarter.supply, 4)
    yield from part("无记名测评", voting.pools, voting.vote, 8)


def _closing(calendar: Calendar) -> Iterator[Scene]:
    yield Scene(f"{calendar.name} 两位保管人开箱", lambda: voting.count(Quarter(calendar)))
    yield Scene(f"{calendar.name} 选定幅度、核准加减分", lambda: _decide(Quarter(calendar)))
    yield Scene(f"{calendar.name} 冻结、试算", lambda: _compute(Quarter(calendar)))
    if calendar.is_corrected:
        yield Scene(f"{calendar.name} 更正一件事实，重新试算", lambda: _correct(Quarter(calendar)))
    yield Scene(f"{calendar.name} 各单位核对", lambda: _check(Quarter(calendar)))
    yield Scene(f"{calendar.name} 审定、公布", lambda: _announce(Quarter(calendar)))
    yield Scene(f"{calendar.name} 印发通报", lambda: _issue(Quarter(calendar)))


def _decide(play: Quarter) -> None:
    """Choose points where a rule has a range, and have two adjustments proposed and approved."""
    at = play.calendar.at("cutoff_on")
    for row in data_queries.choices_of(play.round):
        if row.chosen is None:
            ledger.choose_points(
                round=play.round,
                fact=row.fact,
                points=row.range.low,
                reason="情节较轻",
                by=play.chooser_of(row.fact),
                at=at,
            )
    units = list(round_queries.taking_part(play.round).order_by("pk"))
    for number, (code, points, reason, reference) in enumerate(words.ADJUSTMENTS):
        unit = units[(7 * play.calendar.quarter + 23 * number) % len(units)]
        proposed = tallies.propose_adjustment(
            round_unit=unit,
            code=code,
            points=Decimal(points),
            reason=reason,
            reference=reference,
            by=play.officer,
            at=at,
        )
        tallies.approve_adjustment(adjustment=proposed, by=play.people["fenguan"], at=at)


def _compute(play: Quarter) -> None:
    at = play.calendar.at("trial_on")
    cutoff = play.calendar.at("cutoff_on")
    snapshot = results.freeze(round=play.round, by=play.officer, at=cutoff, with_gaps=True)
    results.compute(snapshot=snapshot, by=play.officer, at=at)


def _check(play: Quarter) -> None:
    """Send the trial result to the units, hear an appeal, and close the checking when its days are over."""
    opened = play.calendar.at("trial_on", 1)
    checking.open_appeals(round=play.round, by=play.officer, at=opened)
    if not play.calendar.is_corrected:
        deciding.appeal(play, opened + dt.timedelta(hours=3))
    window = checking_queries.window_of(play.round)
    assert window is not None
    closed = dt.datetime.combine(window.due + dt.timedelta(days=1), NOON)
    checking.settle(round=play.round, by=play.officer, at=closed.astimezone(clock.now().tzinfo))


def _announce(play: Quarter) -> None:
    at = _after_checking(play)
    deciding.approve(play, at)
    play.round.refresh_from_db()
    results.announce(round=play.round, by=play.officer, at=max(at, play.calendar.at("announce_by")))


def _after_checking(play: Quarter) -> dt.datetime:
    """Return the committee's day: before the announcement, and after the checking, which holidays delay."""
    window = checking_queries.window_of(play.round)
    planned = play.calendar.at("announce_by", -2)
    closed = window.limit.met_at if window is not None else None
    return planned if closed is None else max(planned, closed + dt.timedelta(hours=4))


def _correct(play: Quarter) -> None:
    """Take the trial back: a fact was entered twice. The second computation says what changed."""
    at = play.calendar.at("trial_on", 1)
    results.reopen(round=play.round, reason="一件事实重复登记，撤销后重算", by=play.officer, at=at)
    fact: Any = data_queries.facts_of_quarter(play.round).filter(source="anguan").order_by("pk")[0]
    supplier = play.supplier_of(fact)
    data.recall(task=fact.task, by=supplier, at=at)
    ledger.withdraw_fact(fact=fact, reason="与另一条记录重复", by=supplier, at=at)
    data.report_delivered(task=fact.task, by=supplier, at=at)
    snapshot = results.freeze(round=play.round, by=play.officer, at=at, with_gaps=True)
    results.compute(snapshot=snapshot, by=play.officer, at=at)


def _sign(play: Quarter, at: dt.datetime) -> None:
    """Have the bulletin signed by the deputy leader and the secretary, in turn."""
    approval = committee.request_bulletin_approval(round=play.round, by=play.officer, at=at)
    for step, leader in zip(approval.steps.order_by("position"), ("fenguan", "shuji"), strict=True):
        approvals.give_opinion(step=step, agree=True, text="同意。", by=play.people[leader], at=at)


def _issue(play: Quarter) -> None:
    """Draft the bulletin, and let the office number and issue it to the units of the round."""
    at = max(_after_checking(play), play.calendar.at("announce_by"))
    office = play.people[roster.OFFICE.username]
    document = bulletins.draft_bulletin(round=play.round, by=play.officer, at=at)
    word = str(preferences.get("bulletin_word"))
    series = official.open_series(at.year).filter(word=word).first()
    if series is None:
        series = numbers.open_series(word=word, year=at.year, by=office, at=at)
    _sign(play, at)
    units = round_queries.taking_part(play.round).order_by("pk")
    receivers = [Addressee(unit.short_name, unit_id=unit.unit_id) for unit in units]
    issuing.issue(document=document, series=series, recipients=receivers, by=office, at=at)
