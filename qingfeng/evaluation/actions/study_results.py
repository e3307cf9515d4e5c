"""Bring judged weights into the draft as one change, take them out again, or give the study up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common, scheme_parts
from qingfeng.evaluation.enums import StudyTarget
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.models.studies import WeightStudy
from qingfeng.evaluation.queries import schemes as scheme_queries
from qingfeng.evaluation.queries import studies as queries
from qingfeng.evaluation.scoring import ahp, ahp_words, plain, scheme_json, weight_plans
from qingfeng.workflow import engine


@transaction.atomic
def apply(*, study: WeightStudy, digest: str, by: Actor, at: dt.datetime) -> WeightStudy:
    """Put the weights into the draft, whole; judgements and result are frozen from now on.

    Raises `Refused` where nobody has handed in, the judgements contradict each other, or the draft has other
    parts than were judged; `Conflict` where the draft changed since `digest` was read; `WrongState`.
    """
    row = common.begin(study, states.APPLY_STUDY, rule=rules.apply_study, by=by)
    outcome = queries.outcome_of(row)
    weighing = _require_usable(row, outcome)
    plan = queries.plan_of(row, weighing.weights)
    if plan is None:
        raise Refused("草稿里要比较的各项已经改变，这次判断对不上了，请就现在的各项另行征集")
    if plan.zeros:
        raise Refused(f"{'、'.join(plan.zeros)}的权重舍入后为 0，请多留小数位数，或先调整判断")
    before = _standing(row, plan)
    version = _write(row, _changes(row, plan), digest, by=by, at=at)
    engine.advance(study, states.APPLY_STUDY, rule=rules.apply_study, by=by, at=at)
    study.result = _result(outcome, weighing, plan, before)
    study.draft_digest = version.digest
    study.applied_at = at
    study.applied_by_id = common.actor_id(by)
    study.save(update_fields=["result", "draft_digest", "applied_at", "applied_by"])
    return study


def _require_usable(study: WeightStudy, outcome: queries.Outcome) -> ahp.Weighing:
    if outcome.weighing is None:
        raise Refused("还没有专家提交判断")
    waiting = [one.expert.name for one in outcome.opinions if one.expert.state == "judging"]
    if waiting:
        raise Refused(f"{'、'.join(waiting)}还没有提交，请等他们提交，或登记不再参加")
    if not outcome.is_usable:
        names = list(queries.names_of(study).values())
        raise Refused(*ahp_words.refusal(outcome.weighing, names, outcome.limit))
    return outcome.weighing


@dataclass(frozen=True)
class Changes:
    """What is written into the draft: weights of indicators, fields of their channels, or source shares."""

    indicators: Mapping[str, Decimal]
    channels: weight_plans.ChannelChanges
    sources: list[dict[str, str]]


def _changes(study: WeightStudy, plan: weight_plans.Plan) -> Changes:
    scheme = scheme_queries.scheme_of(study.version)
    shares = [{"source": code, "percent": plain.number_text(part)} for code, part in plan.sources.items()]
    return Changes(plan.indicators, weight_plans.followed(scheme, plan.indicators), shares)


def _write(study: WeightStudy, changes: Changes, digest: str, *, by: Actor, at: dt.datetime) -> SchemeVersion:
    if study.target == StudyTarget.SOURCES:
        path = ("dimensions", study.part) if study.part else ()
        return scheme_parts.edit_part(
            version=study.version,
            path=path,
            changes={"sources": changes.sources},
            digest=digest,
            by=by,
            at=at,
        )
    return scheme_parts.edit_weights(
        version=study.version,
        weights=changes.indicators,
        channels=changes.channels,
        digest=digest,
        by=by,
        at=at,
    )


def _standing(study: WeightStudy, plan: weight_plans.Plan) -> dict[str, Any]:
    """Return what the draft has now in the places that will change, so that undoing can write it back."""
    scheme = scheme_queries.scheme_of(study.version)
    if study.target == StudyTarget.SOURCES:
        body = scheme_json.to_plain(scheme)
        part = next((one for one in body["dimensions"] if one["code"] == study.part), body)
        return {"sources": part["sources"]}
    now = weight_plans.standing(scheme, weight_plans.followed(scheme, plan.indicators))
    return {
        "indicators": {one.code: plain.number_text(one.weight) for _, one in scheme.indicators()},
        "channels": now,
    }


def _before(study: WeightStudy) -> Changes:
    """Read what `_standing` kept."""
    kept = study.result["before"]
    return Changes(
        {code: Decimal(text) for code, text in kept.get("indicators", {}).items()},
        kept.get("channels", {}),
        kept.get("sources", []),
    )


def _result(
    outcome: queries.Outcome, weighing: ahp.Weighing, plan: weight_plans.Plan, before: dict[str, Any]
) -> dict[str, Any]:
    """Return what was applied and from what, as plain values that stay."""
    return {
        "weights": {line.code: plain.number_text(line.after) for line in plan.lines},
        "shares": list(weighing.weights),
        "lambda_max": weighing.lambda_max,
        "index": weighing.index,
        "random_index": weighing.random_index,
        "ratio": weighing.ratio,
        "limit": outcome.limit,
        "experts": [
            {
                "name": one.expert.name,
                "post": one.expert.post,
                "ratio": one.weighing.ratio if one.weighing else 0.0,
                "shares": list(one.weighing.weights) if one.weighing else [],
            }
            for one in outcome.counted
        ],
        "judgements": queries.judgements_digest(outcome),
        "before": before,
    }


@transaction.atomic
def undo(*, study: WeightStudy, reason: str, by: Actor, at: dt.datetime) -> WeightStudy:
    """Put the weights back that stood before, while nothing else of the draft has changed.

    Raises `Refused` where it has: then the weights are edited, or another study is applied.
    """
    row = common.begin(study, states.UNDO_STUDY, rule=rules.apply_study, by=by)
    text = common.require_reason(reason, "撤回理由")
    version = common.locked(row.version)
    if version.digest != row.draft_digest:
        raise Refused("采用之后草稿又改过别的地方，不能整体撤回；请直接修改权重")
    _write(row, _before(row), version.digest, by=by, at=at)
    engine.advance(study, states.UNDO_STUDY, rule=rules.apply_study, by=by, at=at, note=text)
    return study


@transaction.atomic
def discard(*, study: WeightStudy, reason: str, by: Actor, at: dt.datetime) -> WeightStudy:
    """Give a study up, with the reason; what was judged stays on record."""
    common.begin(study, states.DISCARD_STUDY, rule=rules.arrange_study, by=by)
    text = common.require_reason(reason, "作废理由")
    engine.advance(study, states.DISCARD_STUDY, rule=rules.arrange_study, by=by, at=at, note=text)
    return study
