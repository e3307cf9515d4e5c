"""Put the result before the standing committee and take its decision; have the bulletin signed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.core.references import reference_to
from qingfeng.core.roles import Role
from qingfeng.decisions.actions import agenda, approvals
from qingfeng.decisions.actions.approvals import StepDraft
from qingfeng.decisions.models.approvals import Approval as LeadersApproval
from qingfeng.decisions.models.committee import Matter
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import common, results
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.results import Approval
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.queries import bulletins as bulletin_queries
from qingfeng.evaluation.queries import committee as queries
from qingfeng.evaluation.queries import results as result_queries


@transaction.atomic
def submit_result(*, round: Round, by: Actor, at: dt.datetime) -> Matter:
    """Put the settled result before the standing committee as a matter.

    Raises `WrongState` before the checking is closed, `Refused` where it waits there already.
    """
    row = common.locked(round)
    rules.submit_result.check(by, row)
    common.require_gate(row.state == RoundState.SETTLED, row, "提请常委会审定")
    revision = result_queries.require_revision(row)
    return agenda.submit(
        subject=reference_to(revision),
        title=f"审定{row.label}政治生态评价结果",
        summary=_summary(row, revision.summary, revision.number),
        by=by,
        at=at,
    )


def _summary(round: Round, summary: dict[str, object], number: int) -> str:
    names, counts = summary.get("grade_names"), summary.get("grades")
    grades = ""
    if isinstance(names, dict) and isinstance(counts, dict):
        grades = "、".join(f"{names[code]} {count} 个" for code, count in counts.items())
    appeals = round.appeals.exclude(number=None).count()
    return (
        f"{round.label}评价结果第 {number} 版，{summary.get('units')} 个单位参评：{grades}。"
        f"各单位已核对，受理申诉 {appeals} 件，均已决定。提请会议审定等次和通报。"
    )


@transaction.atomic
def take_decision(*, matter_id: int, meeting_id: int, revision_id: int, by: Actor) -> Approval | None:
    """Approve the result that the committee passed; None where it did not, or the result is another by now.

    What was rejected or deferred stays where it is, and the round's page shows why.
    """
    revision = queries.revision_by_id(revision_id)
    resolution = queries.resolution_of(matter_id, meeting_id)
    if revision is None or resolution is None or resolution.result not in queries.PASSED:
        return None
    round = common.locked(revision.round)
    latest = result_queries.latest_revision(round)
    if round.state != RoundState.SETTLED or latest is None or latest.pk != revision.pk:
        return None
    return results.approve_by_committee(round=round, resolution=resolution, by=by, at=resolution.at)


@transaction.atomic
def request_bulletin_approval(*, round: Round, by: Actor, at: dt.datetime) -> LeadersApproval:
    """Put the drafted bulletin before the leaders, who sign before the office may issue it.

    Raises `Refused` where there is no draft, or the leaders have it already.
    """
    row = common.locked(round)
    rules.draft_bulletin.check(by, row)
    document = _draft_of(row)
    return approvals.request(
        subject=reference_to(document),
        title=f"印发《{document.title}》"[:200],
        body="评价结果已经常委会审定，通报已按审定结果起草，拟同意印发各参评单位。",
        steps=(StepDraft(role=Role.DEPUTY_LEADER), StepDraft(role=Role.SECRETARY)),
        by=by,
        at=at,
    )


def _draft_of(round: Round) -> OfficialDocument:
    document = bulletin_queries.open_draft(result_queries.require_revision(round))
    if document is None:
        raise Refused("通报还没有起草，或者已经印发")
    return document
