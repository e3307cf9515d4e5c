"""Weights by pairwise judgement: ask experts, take their judgements, hand them in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from qingfeng.accounts.models import User
from qingfeng.audit import actions as audit
from qingfeng.core import events, references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused, WrongState
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import ExpertState, StudyState, StudyTarget, VersionState
from qingfeng.evaluation.events import ExpertInvited
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.models.studies import Judgement, StudyExpert, WeightStudy
from qingfeng.evaluation.queries import studies as queries
from qingfeng.evaluation.scoring import ahp, ahp_words, plain
from qingfeng.workflow import engine


@transaction.atomic
def begin(
    *, version: SchemeVersion, target: str, part: str, places: int, by: Actor, at: dt.datetime
) -> WeightStudy:
    """Begin to ask how the parts of a draft weigh against each other.

    Raises `Refused` where there is nothing to compare, more than 15 things, or the same is being asked.
    """
    rules.edit_scheme.check(by)
    row = common.locked(version)
    if row.state != VersionState.DRAFT:
        raise WrongState("方案一经发布不再修改，请在它的基础上起草新版本")
    items = queries.items_of(row, target, part)
    if items is None or target not in StudyTarget.values:
        raise Refused("方案里没有这一部分，可能已被删去，请刷新页面")
    if not 2 <= len(items) <= ahp.MOST:
        raise Refused(f"要比较的有 {len(items)} 项；两两比较须有 2 至 {ahp.MOST} 项")
    if row.studies.filter(target=target, part=part, state=StudyState.JUDGING).exists():
        raise Refused("这些权重正在征集判断，请先办完那一次，或把它作废")
    study = WeightStudy.objects.create(
        version=row,
        target=target,
        part=part,
        places=places,
        items=[
            {
                "code": item.code,
                "name": item.name,
                "weight": None if item.weight is None else plain.number_text(item.weight),
            }
            for item in items
        ],
        created_at=at,
        created_by_id=common.actor_id(by),
    )
    audit.record(action="weight_study.begin", by=by, at=at, subject=references.reference_to(study))
    return study


@transaction.atomic
def invite(*, study: WeightStudy, user: User, by: Actor, at: dt.datetime, post: str = "") -> StudyExpert:
    """Ask a person with an account to fill a matrix on a page of his own."""
    return _add(study, name=user.name, post=post, user=user, judged_on=None, by=by, at=at)


@transaction.atomic
def add_paper(
    *, study: WeightStudy, name: str, post: str, judged_on: dt.date, by: Actor, at: dt.datetime
) -> StudyExpert:
    """Begin to type in an expert's paper questionnaire.

    Raises `Refused` without a name, or with a date still to come.
    """
    text = name.strip()
    if not text:
        raise Refused("请填写专家姓名")
    if judged_on > common.date_of(at):
        raise Refused("填写日期不能晚于今天")
    return _add(study, name=text, post=post, user=None, judged_on=judged_on, by=by, at=at)


def _add(
    study: WeightStudy,
    *,
    name: str,
    post: str,
    user: User | None,
    judged_on: dt.date | None,
    by: Actor,
    at: dt.datetime,
) -> StudyExpert:
    row = _open(study)
    rules.arrange_study.check(by, row)
    if row.experts.filter(name=name).exists():
        raise Refused(f"“{name}”已在专家名单里；同名的两位请在姓名后加单位区分")
    expert = StudyExpert.objects.create(
        study=row,
        name=name,
        post=post.strip(),
        user=user,
        judged_on=judged_on,
        added_at=at,
        added_by_id=common.actor_id(by),
    )
    audit.record(action="study_expert.add", by=by, at=at, subject=references.reference_to(expert))
    if user is not None:
        events.publish(ExpertInvited(expert_id=expert.pk))
    return expert


def _open(study: WeightStudy) -> WeightStudy:
    """Return the study, locked, if judgements may still change. Raises `WrongState` otherwise."""
    row = common.locked(study)
    if row.state != StudyState.JUDGING:
        raise WrongState(f"这次判断{row.get_state_display()}，专家名单和判断不再改动")
    return row


@transaction.atomic
def save_judgements(
    *, expert: StudyExpert, values: Mapping[ahp.Pair, int], lock: int, by: Actor, at: dt.datetime
) -> StudyExpert:
    """Replace an expert's judgements by those given; pairs left out are not judged yet.

    Raises `Refused` for a pair or a number that there is not, `Conflict`, `WrongState`, `Denied`.
    """
    study = _open(expert.study)
    row = common.locked(expert)
    rules.judge.check(by, row)
    if row.state != ExpertState.JUDGING:
        raise WrongState(f"这份判断{row.get_state_display()}，不能再改")
    common.check_lock(row, lock)
    allowed = set(ahp.pairs_of(queries.codes_of(study)))
    if not set(values) <= allowed or not set(values.values()) <= set(ahp.SCALE):
        raise Refused("有一处比较不在这份问卷里，请刷新页面后重填")
    _keep(row, values)
    row.lock += 1
    row.save(update_fields=["lock"])
    audit.record(action="study_expert.judge", by=by, at=at, subject=references.reference_to(row))
    return row


def _keep(row: StudyExpert, values: Mapping[ahp.Pair, int]) -> None:
    standing = {(one.first, one.second): one for one in row.judgements.all()}
    gone = [one.pk for pair, one in standing.items() if pair not in values]
    row.judgements.filter(pk__in=gone).delete()
    changed = [one for pair, one in standing.items() if pair in values and one.value != values[pair]]
    for one in changed:
        one.value = values[one.first, one.second]
    Judgement.objects.bulk_update(changed, ["value"])
    Judgement.objects.bulk_create(
        Judgement(expert=row, first=pair[0], second=pair[1], value=value)
        for pair, value in values.items()
        if pair not in standing
    )


@transaction.atomic
def submit_judgements(*, expert: StudyExpert, by: Actor, at: dt.datetime) -> StudyExpert:
    """Hand a matrix in. Raises `Refused` naming what is missing, or the pairs that contradict the others."""
    study = _open(expert.study)
    row = common.begin(expert, states.SUBMIT_JUDGEMENTS, rule=rules.judge, by=by)
    opinion = queries.opinion_of(row, queries.codes_of(study))
    names = queries.names_of(study)
    if opinion.missing:
        named = [f"{names[first]}与{names[second]}" for first, second in opinion.missing]
        raise Refused(f"还有 {len(named)} 处没有比较：{'、'.join(named[:6])}")
    weighing = opinion.weighing
    if weighing is not None and not weighing.is_consistent(queries.limit()):
        raise Refused(*ahp_words.refusal(weighing, list(names.values()), queries.limit()))
    engine.advance(expert, states.SUBMIT_JUDGEMENTS, rule=rules.judge, by=by, at=at)
    return expert


@transaction.atomic
def return_judgements(*, expert: StudyExpert, reason: str, by: Actor, at: dt.datetime) -> StudyExpert:
    """Give a matrix back to be thought over again, with the reason."""
    _open(expert.study)
    common.begin(expert, states.RETURN_JUDGEMENTS, rule=rules.return_judgements, by=by)
    text = common.require_reason(reason, "退回理由")
    engine.advance(expert, states.RETURN_JUDGEMENTS, rule=rules.return_judgements, by=by, at=at, note=text)
    if expert.user_id is not None:
        events.publish(ExpertInvited(expert_id=expert.pk))
    return expert


@transaction.atomic
def leave(*, expert: StudyExpert, reason: str, by: Actor, at: dt.datetime) -> StudyExpert:
    """Count an expert's judgement no longer; what he judged stays on record with the reason."""
    _open(expert.study)
    common.begin(expert, states.LEAVE_STUDY, rule=rules.leave_study, by=by)
    text = common.require_reason(reason, "不再参加的理由")
    engine.advance(expert, states.LEAVE_STUDY, rule=rules.leave_study, by=by, at=at, note=text)
    return expert
