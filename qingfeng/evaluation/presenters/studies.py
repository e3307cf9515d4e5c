"""What the pages of weights by pairwise judgement say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from qingfeng.core import clock
from qingfeng.core.listing import Column
from qingfeng.evaluation import states
from qingfeng.evaluation.enums import ExpertState, StudyState, StudyTarget
from qingfeng.evaluation.models.studies import StudyExpert, WeightStudy
from qingfeng.evaluation.queries.studies import Opinion, Outcome
from qingfeng.evaluation.scoring import ahp, ahp_words, weight_plans
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.plain import number_text
from qingfeng.workflow.models import StateChange

MOST_MISFITS = 3
TONES = {StudyState.JUDGING: "warn", StudyState.APPLIED: "good"}
EXPERT_TONES = {ExpertState.JUDGING: "warn", ExpertState.SUBMITTED: "good"}


def subject_of(study: WeightStudy, dimensions: Mapping[str, str]) -> str:
    """Name what a study weighs."""
    part = dimensions.get(study.part, study.part)
    if study.target == StudyTarget.DIMENSIONS:
        return "各维度的权重"
    if study.target == StudyTarget.INDICATORS:
        return f"“{part}”内各指标的权重"
    return f"“{part}”的来源权重" if part else "全方案的来源权重"


def dimension_names(scheme: core.Scheme) -> dict[str, str]:
    return {one.code: one.name for one in scheme.dimensions}


def choices(scheme: core.Scheme) -> list[tuple[str, str]]:
    """Return what of a scheme can be weighed: sets of 2 to 15."""
    found = []
    if _fits(len(scheme.dimensions)):
        found.append((f"{StudyTarget.DIMENSIONS}:", f"{len(scheme.dimensions)} 个维度，共 100 分"))
    for one in scheme.dimensions:
        if _fits(len(one.indicators)):
            words = f"“{one.name}”的 {len(one.indicators)} 项指标，共 {number_text(one.weight)} 分"
            found.append((f"{StudyTarget.INDICATORS}:{one.code}", words))
    for code, words in (("", "全方案"), *((one.code, f"“{one.name}”") for one in scheme.dimensions)):
        sources = weight_plans.source_items(scheme, code)
        if _fits(len(sources)):
            named = "、".join(item.name for item in sources)
            found.append((f"{StudyTarget.SOURCES}:{code}", f"{words}的来源权重（{named}），共 100%"))
    return found


def _fits(count: int) -> bool:
    return 2 <= count <= ahp.MOST


def columns(dimensions: Mapping[str, str]) -> list[Column]:
    return [
        Column("what", "给什么定权重", lambda row: subject_of(row, dimensions), ("target", "part")),
        Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
        Column("asked", "专家", lambda row: f"{row.answered}/{row.asked} 位已提交", ("answered", "asked")),
        Column("ratio", "一致性比率", lambda row: ratio_words(row.result.get("ratio"))),
        Column("begun", "发起", lambda row: clock.spoken(row.created_at), ("-created_at",)),
        Column("by", "发起人", lambda row: row.created_by.name),
    ]


def ratio_words(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.3f}"


def title(study: WeightStudy, outcome: Outcome) -> str:
    """Say how the study stands, in a sentence."""
    if study.state == StudyState.APPLIED:
        return f"已采用，{len(outcome.counted)} 位专家，一致性比率 {ratio_words(study.result.get('ratio'))}"
    if study.state != StudyState.JUDGING:
        return f"这次判断{study.get_state_display()}"
    waiting = sum(one.expert.state == ExpertState.JUDGING for one in outcome.opinions)
    if outcome.weighing is None:
        return f"{waiting} 位专家还没提交" if waiting else "还没有请专家判断"
    done = f"{len(outcome.counted)} 位专家已提交"
    if waiting:
        return f"{done}，还等 {waiting} 位"
    word = "可以采用" if outcome.is_usable else "不能采用"
    return f"{done}，综合的一致性比率 {ratio_words(outcome.weighing.ratio)}，{word}"


@dataclass(frozen=True)
class WeightRow:
    """One thing with its share by each expert, combined, and the weight before and after."""

    code: str
    name: str
    shares: list[str]
    combined: str
    before: str
    after: str


def weight_rows(study: WeightStudy, outcome: Outcome, plan: weight_plans.Plan | None) -> list[WeightRow]:
    applied = study.result.get("weights", {}) if study.state != StudyState.JUDGING else {}
    after = {line.code: number_text(line.after) for line in plan.lines} if plan else applied
    found = []
    for place, entry in enumerate(study.items):
        shares = [percent(one.weighing.weights[place]) for one in outcome.counted if one.weighing]
        combined = percent(outcome.weighing.weights[place]) if outcome.weighing else ""
        found.append(
            WeightRow(
                entry["code"],
                entry["name"],
                shares,
                combined,
                entry["weight"] or "",
                applied.get(entry["code"]) or after.get(entry["code"], ""),
            )
        )
    return found


def percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def figures(weighing: ahp.Weighing | None) -> list[tuple[str, str]]:
    """Return the figures of a weighing with what each of them is."""
    if weighing is None:
        return []
    return [
        ("最大特征根 λmax", f"{weighing.lambda_max:.4f}"),
        ("一致性指标 CI", f"{weighing.index:.4f}"),
        ("平均随机一致性指标 RI", f"{weighing.random_index:.2f}"),
        ("一致性比率 CR", f"{weighing.ratio:.4f}"),
    ]


@dataclass(frozen=True)
class OpinionLine:
    """One expert on the study's page."""

    expert: StudyExpert
    url: str
    tone: str
    how: str
    progress: str
    ratio: str
    misfits: list[str]


def opinion_lines(study: WeightStudy, outcome: Outcome) -> list[OpinionLine]:
    return [_line(one, study, outcome.limit) for one in outcome.opinions]


def _line(one: Opinion, study: WeightStudy, limit: float) -> OpinionLine:
    expert, total = one.expert, len(ahp.pairs_of(study.items))
    how = "本人在平台填写" if expert.user_id else f"纸质问卷，{expert.judged_on:%Y-%m-%d} 填写"
    names = [entry["name"] for entry in study.items]
    return OpinionLine(
        expert,
        reverse("evaluation:judging", args=[expert.pk]),
        EXPERT_TONES.get(ExpertState(expert.state), ""),
        "，".join(part for part in (expert.post, how) if part),
        f"{total - len(one.missing)}/{total}",
        ratio_words(one.weighing.ratio if one.weighing else None),
        misfits(one.weighing, names, limit),
    )


def misfits(weighing: ahp.Weighing | None, names: Sequence[str], limit: float) -> list[str]:
    """Name the pairs that contradict the others most, where the judgements are not consistent."""
    if weighing is None or weighing.is_consistent(limit):
        return []
    return [ahp_words.misfit(one, names) for one in weighing.deviations[:MOST_MISFITS]]


def changes(lines: Sequence[weight_plans.Line], unit: str) -> list[str]:
    """Say each weight before and after, as a confirmation names it."""
    return [f"{line.name}：{_weight(line.before, unit)} → {_weight(line.after, unit)}" for line in lines]


def _weight(value: Decimal | None, unit: str) -> str:
    return "未设" if value is None else f"{number_text(value)}{unit}"


def unit_of(study: WeightStudy) -> str:
    return "%" if study.target == StudyTarget.SOURCES else " 分"


def happened(study: WeightStudy, history: Sequence[StateChange]) -> list[dict[str, Any]]:
    """Return the study's story, newest first."""
    labels = {step.name: step.label for step in states.STUDIES.transitions}
    found = [
        {
            "at": clock.spoken(change.at),
            "what": labels.get(change.name, change.name),
            "who": change.who,
            "note": change.note,
        }
        for change in history
    ]
    return [*found, {"at": clock.spoken(study.created_at), "what": "发起", "who": study.created_by.name}]
