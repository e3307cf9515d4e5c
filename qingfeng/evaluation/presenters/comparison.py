"""Two schemes side by side: every value that differs, at its place in Chinese, in its words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.scoring import scheme as core

STEP = re.compile(r"([a-z_]+)(?:\[([^\]]*)\])?")
FIELDS: Mapping[str, str] = {
    "name": "名称",
    "weight": "权重",
    "share": "占比",
    "order": "扣分顺序",
    "period": "评定周期",
    "basis": "依据",
    "text": "内容",
    "mark": "标注",
    "evidence": "佐证材料",
    "rule_text": "计分规则说明",
    "method_text": "评分方式说明",
    "sources": "来源权重",
    "source": "来源",
    "percent": "百分比",
    "channels": "渠道",
    "reviewers": "评分部门",
    "department": "部门",
    "substitute": "代评部门",
    "items": "评分细则",
    "label": "名称",
    "points": "分值",
    "points_high": "分值上限",
    "effect": "加或扣",
    "per": "计量",
    "cap": "封顶",
    "is_part": "计入满分",
    "base": "起评分",
    "kind": "类型",
    "question": "测评题目",
    "groups": "测评群体",
    "group": "群体",
    "answers": "测评选项",
    "alert": "提醒",
    "below": "低于",
    "supplier": "报送部门",
    "terms": "计分项",
    "scale": "计分满分",
    "rules": "扣分规则",
    "match": "适用事实",
    "kinds": "事实种类",
    "categories": "事实领域",
    "levels": "层级",
    "leader": "班子成员",
    "concealed": "瞒报",
    "self_reported": "主动报告",
    "count": "按数据项计",
    "conditions": "条件",
    "measure": "数据项",
    "op": "比较",
    "value": "数值",
    "multipliers": "倍数",
    "numerator": "分子",
    "denominator": "分母",
    "otherwise": "没有数据时",
    "zero_at": "得 0 分处",
    "full_at": "得满分处",
    "high_is_best": "高的好",
    "settings": "计分设置",
    "grades": "等次",
    "at_least": "起点",
    "quotas": "名额",
    "grade": "等次",
    "classes": "单位类别",
    "quota_exempt_below": "名额豁免单位数",
    "downgrades": "降等情形",
    "ceiling": "最高等次",
    "enabled": "启用",
    "fact_quarter": "事实计入季度",
    "fact_unit": "事实承担单位",
    "missing_submission": "未按要求报送",
    "missing_share": "固定比例",
    "minimum_ballots": "有效票下限",
    "bonus_cap": "加分上限",
    "deduction_cap": "扣分上限",
    "adjustments": "专项加减分",
    "low": "最低分值",
    "high": "最高分值",
    "departments": "部门",
    "questions": "测评题目",
    "measures": "数据项",
    "fact_kinds": "事实种类",
    "unit": "计量单位",
    "score": "得分",
    "note": "说明",
    "code": "编码",
    "dimensions": "维度",
    "indicators": "指标",
}
VALUES: Mapping[str, str] = {
    "True": "是",
    "False": "否",
    "quarter": "每季度",
    "half": "每半年",
    "year": "每年",
    "review": "部门评审",
    "ballot": "民主测评",
    "data": "数据计分",
    "ladder": "逐项扣分",
    "ratio": "比率计分",
    "linear": "线性计分",
    "rank": "同类排名",
    "minmax": "同类极差",
    "deduct": "扣分",
    "award": "加分",
    "occurrence": "每件",
    "read": "已核实",
    "secondary": "转引",
    "unconfirmed": "待核实",
    "proposal": "建议",
    "none": "不标",
    "article": "文章原名",
    "added": "补充",
    "effective": "决定生效",
    "act": "行为发生",
    "decision": "作出决定",
    "zero": "计 0 分",
    "not_applicable": "不计",
    "": "（空）",
}
CODED = {"department", "substitute", "supplier", "group", "question", "measure", "numerator", "denominator"}
CODED |= {"count", "kinds", "categories", "levels", "grade", "ceiling"}


@dataclass(frozen=True)
class Row:
    place: str
    before: str
    after: str


@dataclass
class Group:
    """The differences of one indicator, or of one part of the scheme."""

    title: str
    rows: list[Row] = field(default_factory=list)


def compare(before: core.Scheme, after: core.Scheme) -> list[Group]:
    """Return the differences, indicator by indicator; what only one side has is one line."""
    names = _names(before) | _names(after)
    only = {
        "before": {entry.code for _, entry in before.indicators()},
        "after": {entry.code for _, entry in after.indicators()},
    }
    groups: dict[str, Group] = {}
    for code in sorted(only["before"] ^ only["after"]):
        here = code in only["after"]
        title = f"{code} {names.get(code, '')}".strip()
        groups[code] = Group(title, [Row("整项指标", "没有" if here else "有", "有" if here else "没有")])
    lone = only["before"] ^ only["after"]
    for found in queries.compared(before, after):
        steps = STEP.findall(found.place)
        key = next((code for name, code in steps if name == "indicators"), "")
        if key in lone:
            continue
        key = key or next((code for name, code in steps if name == "dimensions"), "") or steps[0][0]
        title = f"{key} {names[key]}" if key in names else FIELDS.get(key, key)
        group = groups.setdefault(key, Group(title))
        group.rows.append(_row(found, steps, names))
    return list(groups.values())


def _names(scheme: core.Scheme) -> dict[str, str]:
    """Return the name behind every code of a scheme."""
    found = {entry.code: entry.name for entry in scheme.dimensions}
    found |= {entry.code: entry.name for _, entry in scheme.indicators()}
    tables: list[Sequence[Any]] = [scheme.departments, scheme.groups, scheme.answers, scheme.questions]
    tables += [scheme.measures, scheme.fact_kinds, scheme.categories, scheme.levels, scheme.settings.grades]
    for rows in tables:
        found |= {row.code: row.name for row in rows}
    for _, _, channel in scheme.channels():
        found[channel.code] = channel.kind.label
    return found


def _row(found: queries.Difference, steps: Sequence[tuple[str, str]], names: Mapping[str, str]) -> Row:
    inner = [entry for entry in steps if entry[0] not in {"dimensions", "indicators"}] or steps
    place = " › ".join(_step(name, code, names) for name, code in inner)
    field_name = inner[-1][0]
    return Row(place, _value(found.before, field_name, names), _value(found.after, field_name, names))


def _step(name: str, code: str, names: Mapping[str, str]) -> str:
    label = FIELDS.get(name, name)
    if not code:
        return label
    if code.isdecimal():
        return f"{label} {int(code) + 1}"
    return f"{label}“{names.get(code, code)}”"


def _value(text: str, field_name: str, names: Mapping[str, str]) -> str:
    if field_name in CODED and text in names:
        return names[text]
    return VALUES.get(text, text)


def title(groups: Sequence[Group], before: SchemeVersion, after: SchemeVersion) -> str:
    """Say how many places differ."""
    places = sum(len(group.rows) for group in groups)
    other = str(before) if before.scheme_id == after.scheme_id else f"“{before.scheme.name}”{before}"
    return f"{after}与{other}有 {places} 处不同" if places else f"{after}与{other}内容相同"
