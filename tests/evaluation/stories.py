"""How a round comes to each of its states: by the platform's own actions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from qingfeng.accounts.models import User
from qingfeng.core.actors import SYSTEM
from qingfeng.core.roles import Role
from qingfeng.core.spreadsheets import writing
from qingfeng.decisions.actions import approvals
from qingfeng.evaluation.actions import (
    checking,
    committee,
    data,
    ledger,
    results,
    reviews,
    rounds,
    schemes,
    submissions,
    tallies,
)
from qingfeng.evaluation.gateways import tally_book
from qingfeng.evaluation.models.data import Adjustment, DataTask, Fact
from qingfeng.evaluation.models.results import Revision, Snapshot
from qingfeng.evaluation.models.reviews import ReviewSheet
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.models.submissions import EvidenceItem, Submission
from qingfeng.evaluation.queries import data as data_queries
from qingfeng.evaluation.queries import reviews as review_queries
from qingfeng.evaluation.queries import rounds as round_queries
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring import scheme_json
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Unit
from tests import stories
from tests.evaluation import small_scheme
from tests.factories.organizations import UnitFactory

CHINA = ZoneInfo("Asia/Shanghai")
D = Decimal


def moment(month: int, day: int, hour: int = 9, year: int = 2026) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=CHINA)


OPENING = moment(3, 21)
COLLECTING = moment(3, 25)
SIGNING = moment(3, 30)
REVIEWING = moment(4, 2)
CUTOFF = moment(4, 8)
TRIAL = moment(4, 10)
CHECKING = moment(4, 10, 15)
SETTLING = moment(4, 16)
MEETING = moment(4, 17)
ANNOUNCING = moment(4, 18)


@dataclass
class City:
    """The people and units of a small city. 宣传部 is evaluated itself, so that its substitute has work."""

    officer: User
    secretary: User
    deputy: User
    clerk: User
    towns: list[Unit]
    bureaus: dict[str, Unit]
    scorers: dict[str, User]
    suppliers: dict[str, User]
    liaisons: dict[int, User]
    heads: dict[int, User]

    @property
    def units(self) -> list[Unit]:
        return [*self.towns, self.bureaus["xuanchuan"]]


def city(towns: int = 3) -> City:
    bureaus = {
        "xuanchuan": UnitFactory.create(short_name="宣传部", code="D01", unit_class=UnitClass.PARTY),
        "zuzhi": UnitFactory.create(
            short_name="组织部", code="D02", unit_class=UnitClass.PARTY, is_evaluated=False
        ),
        "dangfeng": UnitFactory.create(
            short_name="党风室", code="J01", unit_class=UnitClass.PARTY, is_evaluated=False
        ),
        "anguan": UnitFactory.create(
            short_name="案管室", code="J02", unit_class=UnitClass.PARTY, is_evaluated=False
        ),
        "rexian": UnitFactory.create(
            short_name="12345热线", code="G01", unit_class=UnitClass.GOVERNMENT, is_evaluated=False
        ),
    }
    listed = [UnitFactory.create(short_name=f"第{n + 1}镇", code=f"Z{n + 1:03d}") for n in range(towns)]
    evaluated = [*listed, bureaus["xuanchuan"]]
    return City(
        officer=stories.user_with(Role.CONDUCT_OFFICE, name="党风室经办"),
        secretary=stories.user_with(Role.SECRETARY, name="书记"),
        deputy=stories.user_with(Role.DEPUTY_LEADER, name="分管领导"),
        clerk=stories.user_with(Role.COMMITTEE_CLERK, name="常委会记录"),
        towns=listed,
        bureaus=bureaus,
        scorers={
            code: stories.user_with(Role.SCORING_DEPARTMENT, bureaus[code], name=f"评分人{code}")
            for code in ("xuanchuan", "zuzhi", "dangfeng")
        },
        suppliers={
            code: stories.user_with(Role.DATA_SUPPLIER, bureaus[code], name=f"报送人{code}")
            for code in ("anguan", "rexian")
        },
        liaisons={unit.pk: stories.user_with(Role.UNIT_LIAISON, unit) for unit in evaluated},
        heads={unit.pk: stories.user_with(Role.UNIT_HEAD, unit) for unit in evaluated},
    )


def drafted(place: City, scheme: core.Scheme | None = None) -> SchemeVersion:
    """Return a draft with the small scheme in it."""
    shipped = SchemeVersion.objects.filter(scheme__slug="qingfeng-5x36").first()
    base = shipped or schemes.install_shipped_schemes(by=SYSTEM, at=moment(1, 5))[0]
    wanted = scheme or small_scheme.make()
    version = schemes.create_scheme(
        slug=wanted.code, name=wanted.name, based_on=base, by=place.officer, at=moment(1, 6)
    )
    return schemes.replace_body(
        version=version,
        body=scheme_json.to_plain(wanted),
        digest=version.digest,
        by=place.officer,
        at=moment(1, 7),
    )


def published(place: City, scheme: core.Scheme | None = None) -> SchemeVersion:
    return schemes.publish(version=drafted(place, scheme), by=place.officer, at=moment(1, 8))


def planned(place: City, scheme: core.Scheme | None = None) -> Round:
    version = published(place, scheme)
    return rounds.plan(year=2026, quarter=1, scheme_version=version, by=place.officer, at=moment(3, 10))


def opened(place: City, scheme: core.Scheme | None = None) -> Round:
    return rounds.open_round(round=planned(place, scheme), by=place.officer, at=OPENING)


def submission_of(round: Round, unit: Unit) -> Submission:
    return Submission.objects.get(round_unit__round=round, round_unit__unit=unit)


def filled_in(place: City, round: Round, unit: Unit, *, gaps: int = 0) -> Submission:
    """Write the self-report and the evidence of all indicators but the last `gaps`."""
    liaison = place.liaisons[unit.pk]
    row = submission_of(round, unit)
    submissions.save_report(
        submission=row, self_report="本季度情况", lock=row.lock, by=liaison, at=COLLECTING
    )
    wanted = round_queries.evidence_indicators(round)
    for entry in wanted[: len(wanted) - gaps]:
        submissions.offer_evidence(
            submission=row, indicator=entry.code, text="开展学习四次", by=liaison, at=COLLECTING
        )
    row.refresh_from_db()
    return row


def handed_in(place: City, round: Round, unit: Unit, *, gaps: int = 0) -> Submission:
    row = filled_in(place, round, unit, gaps=gaps)
    return submissions.hand_in(
        submission=row, with_gaps=bool(gaps), by=place.liaisons[unit.pk], at=COLLECTING
    )


def signed(place: City, round: Round, unit: Unit, *, gaps: int = 0) -> Submission:
    row = handed_in(place, round, unit, gaps=gaps)
    return submissions.sign(submission=row, by=place.heads[unit.pk], at=SIGNING)


def evidence_of(row: Submission) -> EvidenceItem:
    return row.evidence.order_by("pk").first()  # type: ignore[return-value]


def in_review(place: City, scheme: core.Scheme | None = None, *, gaps: int = 0) -> Round:
    """Return a round in which every unit has signed, gone on to department review."""
    round = opened(place, scheme)
    for unit in place.units:
        signed(place, round, unit, gaps=gaps)
    return rounds.start_review(round=round, by=place.officer, at=moment(4, 1))


def sheet_of(round: Round, channel: str, department: str) -> ReviewSheet:
    return ReviewSheet.objects.get(round=round, channel=channel, department__code=department)


def entries_for(sheet: ReviewSheet, points: Decimal) -> list[reviews.Entry]:
    return [
        reviews.Entry(unit.pk, points=points, reason="材料不全") for unit in review_queries.units_of(sheet)
    ]


def scored(place: City, sheet: ReviewSheet, points: Decimal | None = None) -> ReviewSheet:
    """Give every unit of the sheet the points, or one point less than full marks."""
    weight = review_queries.indicator_of(sheet).weight
    return reviews.save_scores(
        sheet=sheet,
        entries=entries_for(sheet, weight - 1 if points is None else points),
        lock=sheet.lock,
        by=place.scorers[sheet.department.code],
        at=REVIEWING,
    )


def submitted(place: City, sheet: ReviewSheet) -> ReviewSheet:
    row = scored(place, sheet)
    return reviews.submit_sheet(sheet=row, by=place.scorers[sheet.department.code], at=REVIEWING)


def task_of(round: Round, department: str) -> DataTask:
    return DataTask.objects.get(round=round, department__code=department)


def fact_draft(unit: Unit, **changes: Any) -> ledger.Draft:
    values: dict[str, Any] = {
        "fact_kind": "light",
        "unit": unit,
        "act_date": dt.date(2025, 11, 3),
        "effective_date": dt.date(2026, 2, 10),
        "title": "公款吃喝受警告处分",
        "reference_text": "云纪〔2026〕3号",
    }
    return ledger.Draft(**(values | changes))


def recorded(place: City, round: Round, unit: Unit, **changes: Any) -> Fact:
    return ledger.record_fact(
        task=task_of(round, "anguan"),
        draft=fact_draft(unit, **changes),
        by=place.suppliers["anguan"],
        at=REVIEWING,
    )


def hotline(place: City, round: Round, percent: str = "95.5") -> DataTask:
    """Type the hotline's value for every unit and report it."""
    task = task_of(round, "rexian")
    values = [data.Value(row.round_unit.pk, "on_time", D(percent)) for row in data_queries.value_rows(task)]
    data.save_values(task=task, values=values, by=place.suppliers["rexian"], at=REVIEWING)
    return data.report_delivered(task=task, by=place.suppliers["rexian"], at=REVIEWING)


def cases(place: City, round: Round) -> DataTask:
    """Record one light sanction of the first town and report it."""
    recorded(place, round, place.towns[0])
    return data.report_delivered(task=task_of(round, "anguan"), by=place.suppliers["anguan"], at=REVIEWING)


def tally_file(round: Round, counts: tuple[int, int, int, int] = (20, 5, 2, 3)) -> bytes:
    scheme, questions = round_queries.scheme_of(round), data_queries.due_questions(round)
    rows = [
        {"code": unit.code, "name": unit.short_name, "group": group.code, "question": question.code}
        | {f"a_{answer.code}": count for answer, count in zip(scheme.answers, counts, strict=True)}
        for unit in round_queries.taking_part(round)
        for group in scheme.groups
        for question in questions
    ]
    sheet = tally_book.sheet(scheme, questions)
    return writing.filled([sheet], {sheet.name: rows})


def counted(place: City, round: Round) -> None:
    tallies.import_tallies(round=round, content=tally_file(round), by=place.officer, at=REVIEWING)


def proposed(place: City, round: Round, unit: Unit, code: str = "X", points: str = "2") -> Adjustment:
    return tallies.propose_adjustment(
        round_unit=round.units.get(unit=unit),
        code=code,
        points=D(points),
        reason="整改弄虚作假",
        reference="云纪〔2026〕5号",
        by=place.officer,
        at=REVIEWING,
    )


def added(place: City, round: Round, unit: Unit, **changes: Any) -> Fact:
    """Take the cases' report back, record one more fact, and report again."""
    by = place.suppliers["anguan"]
    data.recall(task=task_of(round, "anguan"), by=by, at=REVIEWING)
    fact = recorded(place, round, unit, **changes)
    data.report_delivered(task=task_of(round, "anguan"), by=by, at=REVIEWING)
    return fact


def fact_of(round: Round) -> Fact:
    return Fact.objects.filter(task__round=round).order_by("pk").first()  # type: ignore[return-value]


def complete(place: City, scheme: core.Scheme | None = None) -> Round:
    """Return a round in which every part has come."""
    return finish(place, in_review(place, scheme))


def finish(place: City, round: Round) -> Round:
    """Bring every part of a round in review but the units' own."""
    for sheet in round.sheets.all():
        submitted(place, sheet)
    hotline(place, round)
    cases(place, round)
    counted(place, round)
    return round


def frozen(place: City, scheme: core.Scheme | None = None) -> Round:
    round = complete(place, scheme)
    results.freeze(round=round, by=place.officer, at=CUTOFF)
    return round


def snapshot_of(round: Round) -> Snapshot:
    return round.snapshots.order_by("-number").first()  # type: ignore[return-value]


def computed(place: City, scheme: core.Scheme | None = None) -> Round:
    round = frozen(place, scheme)
    results.compute(snapshot=snapshot_of(round), by=SYSTEM, at=TRIAL)
    round.refresh_from_db()
    return round


def revision_of(round: Round) -> Revision:
    return round.revisions.order_by("-number").first()  # type: ignore[return-value]


def appealing(place: City, scheme: core.Scheme | None = None) -> Round:
    """Return a round whose trial result the units are checking, until 2026-04-15."""
    return checking.open_appeals(round=computed(place, scheme), by=place.officer, at=CHECKING)


def settled(place: City, scheme: core.Scheme | None = None) -> Round:
    return checking.settle(round=appealing(place, scheme), by=place.officer, at=SETTLING)


def checked(place: City, round: Round, *, sent: dt.datetime, closed: dt.datetime) -> Round:
    """Send a computed round out for checking, and close the checking."""
    checking.open_appeals(round=round, by=place.officer, at=sent)
    return checking.settle(round=round, by=place.officer, at=closed)


def approved(place: City, scheme: core.Scheme | None = None) -> Round:
    round = settled(place, scheme)
    results.approve(
        round=round,
        outside="会议在平台启用前召开",
        meeting="2026年第7次常委会会议",
        decided_on=dt.date(2026, 4, 17),
        by=place.clerk,
        at=MEETING,
    )
    return round


def announced(place: City, scheme: core.Scheme | None = None) -> Round:
    round = approved(place, scheme)
    results.announce(round=round, by=place.officer, at=ANNOUNCING)
    return round


def signed_off(place: City, round: Round) -> None:
    """Have the leaders agree that the drafted bulletin is issued."""
    approval = committee.request_bulletin_approval(round=round, by=place.officer, at=ANNOUNCING)
    leaders = (place.deputy, place.secretary)
    for step, leader in zip(approval.steps.order_by("position"), leaders, strict=True):
        approvals.give_opinion(step=step, agree=True, text="同意。", by=leader, at=ANNOUNCING)


def corrected(place: City, round: Round, reason: str = "复核更正") -> Round:
    """Take a computed round back, freeze it again and compute the next revision."""
    results.reopen(round=round, reason=reason, by=place.officer, at=MEETING)
    return round


ROUND_STATES = {
    "planned": planned,
    "collecting": opened,
    "reviewing": in_review,
    "frozen": frozen,
    "computed": computed,
    "appealing": appealing,
    "settled": settled,
    "approved": approved,
    "announced": announced,
}
