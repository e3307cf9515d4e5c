"""The pages of schemes: lists, the table of both levels, settings, faults with their places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from qingfeng.core import clock
from qingfeng.core.listing import Column
from qingfeng.evaluation import states
from qingfeng.evaluation.enums import VersionState
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.presenters import scheme_words as words
from qingfeng.evaluation.queries.schemes import IndicatorRow
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring.plain import number_text as plain
from qingfeng.organizations.enums import UnitClass
from qingfeng.workflow.models import StateChange


def publisher(row: SchemeVersion) -> str:
    if row.published_at is None:
        return ""
    return row.published_by.name if row.published_by else "随平台提供"


VERSION_COLUMNS = (
    Column("scheme", "方案", lambda row: row.scheme.name, ("scheme__name", "-number")),
    Column("number", "版本", str, ("number",)),
    Column("state", "状态", lambda row: row.get_state_display(), ("state",)),
    Column("rounds", "使用的轮次", lambda row: row.round_count, ("round_count",), numeric=True),
    Column("published", "发布时间", lambda row: clock.spoken(row.published_at), ("published_at",)),
    Column("by", "发布人", publisher),
    Column("note", "说明", lambda row: row.note),
)
STATE_TONES = {VersionState.DRAFT: "warn", VersionState.PUBLISHED: "", VersionState.RETIRED: ""}
PARTS = (
    ("indicators", "指标"),
    ("settings", "计分设置"),
    ("order", "一事一扣顺序"),
    ("tables", "部门、题目和数据项"),
    ("history", "版本和使用"),
)
TABLES = (
    ("departments", "部门"),
    ("groups", "测评群体"),
    ("answers", "测评选项"),
    ("questions", "测评题目"),
    ("measures", "数据项"),
    ("fact_kinds", "事实种类"),
    ("categories", "事实领域"),
    ("levels", "层级"),
)


def title(version: SchemeVersion, scheme: core.Scheme, faults: Sequence[Any]) -> str:
    """Say what the version holds and how it stands."""
    size = f"{len(scheme.dimensions)} 个维度、{sum(1 for _ in scheme.indicators())} 项指标"
    if version.state == VersionState.DRAFT:
        return f"{size}，" + (f"草稿还有 {len(faults)} 处要改" if faults else "草稿已齐全，可以发布")
    return f"{size}，{version.get_state_display()}"


def tabs(version: SchemeVersion, part: str) -> list[dict[str, Any]]:
    address = reverse("evaluation:scheme", args=[version.pk])
    return [
        {
            "label": label,
            "url": address if name == "indicators" else f"{address}?part={name}",
            "active": name == part,
        }
        for name, label in PARTS
    ]


def happened(version: SchemeVersion, history: Sequence[StateChange]) -> list[dict[str, Any]]:
    """Return the version's story, newest first."""
    labels = {step.name: step.label for step in states.VERSIONS.transitions}
    found = [
        {
            "at": clock.spoken(change.at),
            "what": labels.get(change.name, change.name),
            "who": change.who,
            "note": change.note,
        }
        for change in history
    ]
    base = f"以{version.based_on}为底稿" if version.based_on else ""
    who = version.created_by.name if version.created_by else "系统"
    return [*found, {"at": clock.spoken(version.created_at), "what": "起草", "who": who, "note": base}]


@dataclass(frozen=True)
class Line:
    """One indicator in the table."""

    row: IndicatorRow
    weight: str
    channels: list[words.ChannelWords]
    marks: list[tuple[str, str]]
    url: str


@dataclass(frozen=True)
class Group:
    """A dimension with its indicators."""

    dimension: core.Dimension
    weight: str
    lines: list[Line]
    sources: str


def groups(version: SchemeVersion, scheme: core.Scheme, rows: Sequence[IndicatorRow]) -> list[Group]:
    """Return the table of both levels."""
    by_code = {row.indicator.code: row for row in rows}
    found = []
    for dimension in scheme.dimensions:
        lines = []
        for entry in dimension.indicators:
            marks = [words.MARK_TONES[basis.mark] for basis in entry.basis]
            lines.append(
                Line(
                    row=by_code[entry.code],
                    weight=plain(entry.weight),
                    channels=words.channels(scheme, dimension, entry),
                    marks=[mark for mark in dict.fromkeys(marks) if mark[0]],
                    url=reverse("evaluation:scheme_indicator", args=[version.pk, entry.code]),
                )
            )
        found.append(Group(dimension, plain(dimension.weight), lines, source_words(dimension.sources)))
    return found


def source_words(shares: Sequence[core.SourceShare]) -> str:
    return "、".join(f"{share.source} {plain(share.percent)}%" for share in shares)


@dataclass(frozen=True)
class Fault:
    """What is still wrong with a draft, and the page where it is mended."""

    text: str
    url: str


PLACES = re.compile(r"^(指标|渠道)([\w.\-]+)")
AREAS = {"等次": "settings", "名额": "settings", "降等": "settings", "参数": "settings", "调整项": "settings"}


def faults(version: SchemeVersion, scheme: core.Scheme, found: Sequence[str]) -> list[Fault]:
    """Return the faults of a draft, each with the page to mend it on."""
    owners = {channel.code: entry.code for _, entry, channel in scheme.channels()}
    address = reverse("evaluation:scheme", args=[version.pk])
    made = []
    for text in found:
        place = PLACES.match(text)
        url = address
        if place:
            code = owners.get(place.group(2), place.group(2))
            url = reverse("evaluation:scheme_indicator", args=[version.pk, code])
        elif any(text.startswith(area) for area in AREAS):
            url = f"{address}?part=settings"
        elif any(text.startswith(label) for _, label in TABLES) or text.startswith("评分部门"):
            url = f"{address}?part=tables"
        made.append(Fault(text, url))
    return made


def faults_within(indicator: core.Indicator, texts: Sequence[str]) -> list[str]:
    """Return the faults of one indicator and its channels."""
    places = {f"指标{indicator.code}", *(f"渠道{channel.code}" for channel in indicator.channels)}
    return [text for text in texts if text.split("：", 1)[0].split("的", 1)[0] in places]


def settings_facts(scheme: core.Scheme) -> list[tuple[str, str]]:
    """Return the settings as terms and words."""
    given = scheme.settings
    classes, grades = dict(UnitClass.choices), words.names_of(scheme).grades
    quotas = [
        f"{grades.get(quota.grade, quota.grade)}不超过{_classes(quota.classes, classes)}"
        f"的 {plain(quota.percent)}%（向下取整，同分在线上的都不占名额）"
        for quota in given.quotas
    ]
    missing = words.MISSING[given.missing_submission]
    if given.missing_submission == "share":
        missing += f"（{plain(given.missing_share)}%）"
    return [
        ("等次分数线", "；".join(f"{line.name} {plain(line.at_least)} 分起" for line in given.grades)),
        ("名额", "；".join(quotas) or "不限"),
        ("名额豁免", f"同类不足 {given.quota_exempt_below} 个单位的不限名额"),
        ("事实计入哪个季度", words.FACT_QUARTER[given.fact_quarter]),
        ("事实由哪个单位承担", words.FACT_UNIT[given.fact_unit]),
        ("单位没有按要求报送", missing),
        ("民主测评有效票下限", f"{given.minimum_ballots} 张，不足的不计分也不显示"),
        ("加分上限", f"{plain(given.bonus_cap)} 分"),
        ("扣分上限", "不限" if given.deduction_cap is None else f"{plain(given.deduction_cap)} 分"),
        ("来源权重", source_words(scheme.sources) or "不设"),
    ]


def _classes(codes: Sequence[str], names: dict[str, Any]) -> str:
    return "、".join(str(names.get(code, code)) for code in codes) + "类" if codes else "每类"


def downgrade_lines(scheme: core.Scheme) -> list[dict[str, Any]]:
    names = words.names_of(scheme)
    return [
        {
            "name": row.name,
            "words": f"{words.match(row.match, names)}满 {row.at_least} 件，"
            f"最高评“{names.grades.get(row.ceiling, '')}”",
            "basis": words.basis(row.basis),
            "enabled": row.enabled,
        }
        for row in scheme.settings.downgrades
    ]


def adjustment_lines(scheme: core.Scheme) -> list[dict[str, Any]]:
    kinds = {"deduction": "扣分", "bonus": "加分"}
    return [
        {
            "name": row.name,
            "words": f"{kinds[row.kind]} {words.spread(row.low, row.high)} 分"
            + (f"，累计最多 {plain(row.cap)} 分" if row.cap is not None else ""),
            "basis": words.basis(row.basis),
        }
        for row in scheme.adjustments
    ]


def table_lines(scheme: core.Scheme) -> list[dict[str, Any]]:
    """Return the tables of names, each as text lines."""
    found = []
    for name, label in TABLES:
        rows = getattr(scheme, name)
        found.append({"name": name, "label": label, "rows": [_named(row) for row in rows]})
    return found


def _named(row: Any) -> str:
    if isinstance(row, core.Answer):
        return f"{row.name}（{'不计' if row.score is None else f'{plain(row.score)} 分'}）"
    unit = getattr(row, "unit", "")
    return f"{row.name}（{unit}）" if unit else str(row.name)
