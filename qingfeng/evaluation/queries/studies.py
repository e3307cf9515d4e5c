from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from qingfeng.accounts.models import AdminSeat, User
from qingfeng.core import preferences
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.evaluation.enums import ExpertState, StudyState, StudyTarget
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.models.studies import StudyExpert, WeightStudy
from qingfeng.evaluation.queries import schemes
from qingfeng.evaluation.scoring import ahp, plain, weight_plans
from qingfeng.evaluation.scoring.weight_plans import Item, Plan

LIMIT = preferences.declare(
    "evaluation.ahp_limit_percent",
    "层次分析法一致性比率上限（%）",
    10,
    group="评价",
    help="一位专家或综合各位专家的判断，一致性比率超过它就不采用，并指出最不一致的比较",
    basis="萨蒂《层次分析法》（1980）第 21 页：10% 以内可以接受",
    minimum=1,
    maximum=20,
)
PLACES = preferences.declare(
    "evaluation.ahp_places",
    "层次分析法权重保留几位小数",
    2,
    group="评价",
    help="四舍五入后按最大余额法分配，合计分毫不差",
    minimum=0,
    maximum=3,
)

DAYS = preferences.declare(
    "evaluation.ahp_days",
    "请专家几天内填完权重判断（天）",
    7,
    group="评价",
    help="到期还没提交的，在专家的工作台上显示为逾期",
    minimum=1,
    maximum=60,
)


def days_to_answer() -> int:
    return int(preferences.get(DAYS.key))


def visible_to(user: Any) -> QuerySet[WeightStudy]:
    """Return the studies the user may see whole: an expert sees his own matrix, not the others'."""
    rows = WeightStudy.objects.select_related("version__scheme", "created_by", "applied_by")
    return rows if user.holds(Role.CONDUCT_OFFICE) else rows.none()


def experts_visible_to(user: Any) -> QuerySet[StudyExpert]:
    """Return the matrices the user may open: every one for an officer, his own for an expert."""
    rows = StudyExpert.objects.select_related("study__version__scheme", "user")
    if user.holds(Role.CONDUCT_OFFICE):
        return rows
    if user.holds(*ADMIN_ROLES):
        return rows.none()
    return rows.filter(user_id=user.pk).exclude(state=ExpertState.LEFT)


def waiting_for(user: Any) -> QuerySet[StudyExpert]:
    """Return the matrices that the user was asked to fill and has not handed in."""
    rows = StudyExpert.objects.select_related("study__version__scheme").order_by("added_at")
    return rows.filter(user_id=user.pk, state=ExpertState.JUDGING, study__state=StudyState.JUDGING)


def listed(user: Any, version: SchemeVersion) -> QuerySet[WeightStudy]:
    """Return a version's studies with how many experts are asked and how many have answered."""
    taking_part = ~Q(experts__state=ExpertState.LEFT) & Q(experts__isnull=False)
    return (
        visible_to(user)
        .filter(version=version)
        .annotate(
            asked=Count("experts", filter=taking_part),
            answered=Count("experts", filter=Q(experts__state=ExpertState.SUBMITTED)),
        )
        .order_by("-created_at", "-pk")
    )


def invitable(study: WeightStudy) -> QuerySet[User]:
    """Return the active accounts that can be asked and are not yet; the three seats take no part."""
    asked = study.experts.exclude(user=None).values("user_id")
    rows = User.objects.filter(is_active=True).exclude(pk__in=asked)
    return rows.exclude(pk__in=AdminSeat.objects.values("user_id")).order_by("name", "username")


def limit() -> float:
    return float(preferences.get(LIMIT.key)) / 100


def items_of(version: SchemeVersion, target: str, part: str) -> list[Item] | None:
    """Return what can be weighed in a version as it stands now; None where there is no such part."""
    scheme = schemes.scheme_of(version)
    dimension = weight_plans.dimension_of(scheme, part) if part else None
    if part and dimension is None:
        return None
    if target == StudyTarget.DIMENSIONS:
        return None if part else weight_plans.dimension_items(scheme)
    if target == StudyTarget.INDICATORS:
        return weight_plans.indicator_items(dimension) if dimension else None
    return weight_plans.source_items(scheme, part)


def codes_of(study: WeightStudy) -> list[str]:
    return [entry["code"] for entry in study.items]


def names_of(study: WeightStudy) -> dict[str, str]:
    return {entry["code"]: entry["name"] for entry in study.items}


def judgements_of(expert: StudyExpert) -> dict[ahp.Pair, int]:
    return {(row.first, row.second): row.value for row in expert.judgements.all()}


@dataclass(frozen=True)
class Opinion:
    """One expert's matrix: what is missing, or what it says."""

    expert: StudyExpert
    judgements: dict[ahp.Pair, int]
    missing: list[ahp.Pair]
    weighing: ahp.Weighing | None


@dataclass(frozen=True)
class Outcome:
    """What a study says so far: each expert, and those who handed in combined."""

    opinions: list[Opinion]
    counted: list[Opinion]
    weighing: ahp.Weighing | None
    limit: float

    @property
    def is_usable(self) -> bool:
        return self.weighing is not None and self.weighing.is_consistent(self.limit)


def opinion_of(expert: StudyExpert, codes: Sequence[str]) -> Opinion:
    judged = judgements_of(expert)
    missing = ahp.missing(codes, judged)
    weighing = None if missing else ahp.weigh(ahp.matrix(codes, judged))
    return Opinion(expert, judged, missing, weighing)


def outcome_of(study: WeightStudy) -> Outcome:
    """Work out what the judgements say, in two queries."""
    codes = codes_of(study)
    rows = study.experts.select_related("user").prefetch_related("judgements").order_by("added_at", "pk")
    opinions = [opinion_of(row, codes) for row in rows]
    counted = [one for one in opinions if one.expert.state == ExpertState.SUBMITTED]
    weighing = None
    if counted:
        weighing = ahp.weigh(ahp.combined([ahp.matrix(codes, one.judgements) for one in counted]))
    return Outcome(opinions, counted, weighing, limit())


def judgements_digest(outcome: Outcome) -> str:
    """Return the SM3 of every judgement that counts: a later look can tell that none has changed."""
    rows = [
        [one.expert.pk, [[*pair, one.judgements[pair]] for pair in sorted(one.judgements)]]
        for one in outcome.counted
    ]
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.new("sm3", text.encode()).hexdigest()


def plan_of(study: WeightStudy, shares: Sequence[float]) -> Plan | None:
    """Return what the weights would change in the draft as it stands; None where its parts are others now."""
    standing = items_of(study.version, study.target, study.part)
    if standing is None or [item.code for item in standing] != codes_of(study):
        return None
    scheme = schemes.scheme_of(study.version)
    if study.target == StudyTarget.DIMENSIONS:
        return weight_plans.for_dimensions(scheme, shares, study.places)
    dimension = weight_plans.dimension_of(scheme, study.part)
    if study.target == StudyTarget.INDICATORS and dimension is not None:
        return weight_plans.for_indicators(dimension, shares, study.places)
    return weight_plans.for_sources(standing, shares, study.places)


@dataclass(frozen=True)
class Origin:
    """Where weights come from: an applied study, of the version or of one that it was copied from."""

    study: WeightStudy
    is_unchanged: bool
    is_inherited: bool


def origins_of(version: SchemeVersion) -> list[Origin]:
    """Return the newest applied study of each set of weights, and whether the weights are still its own."""
    line = _ancestors(version)
    rows = WeightStudy.objects.filter(version_id__in=line, state=StudyState.APPLIED)
    found: dict[tuple[str, str], WeightStudy] = {}
    for row in sorted(rows.order_by("-applied_at", "-pk"), key=lambda row: line.index(row.version_id)):
        found.setdefault((row.target, row.part), row)
    return [
        Origin(row, _stands(version, row), row.version_id != version.pk)
        for row in sorted(found.values(), key=lambda row: (StudyTarget.values.index(row.target), row.part))
    ]


def _ancestors(version: SchemeVersion) -> list[int]:
    """Return the version and those it was copied from, nearest first."""
    parents = dict(SchemeVersion.objects.values_list("pk", "based_on_id"))
    line: list[int] = []
    current: int | None = version.pk
    while current is not None and current not in line:
        line.append(current)
        current = parents.get(current)
    return line


def _stands(version: SchemeVersion, study: WeightStudy) -> bool:
    standing = items_of(version, study.target, study.part) or []
    weights = {
        item.code: None if item.weight is None else plain.number_text(item.weight) for item in standing
    }
    return bool(weights == study.result.get("weights"))
