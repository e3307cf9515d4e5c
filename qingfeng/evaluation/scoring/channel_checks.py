"""Check the channels of an indicator: who scores, what is asked, and what is summed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import terms
from qingfeng.evaluation.scoring.plain import SchemeFault, number_text

Named = schemes.Named | schemes.Measure | schemes.Answer


def faults(
    scheme: schemes.Scheme, indicator: schemes.Indicator, channel: schemes.Channel
) -> list[SchemeFault]:
    """List every fault of one channel."""
    place = f"渠道{channel.code}"
    if isinstance(channel, schemes.ReviewChannel):
        return _review(scheme, indicator, channel, place)
    if isinstance(channel, schemes.BallotChannel):
        return _ballot(scheme, channel, place)
    return _data(scheme, indicator, channel, place)


def match_faults(scheme: schemes.Scheme, match: terms.Match, place: str) -> list[SchemeFault]:
    """List every fault of a fact match."""
    found = [] if match.kinds else [SchemeFault(place, "要写明适用的事实种类。", "kinds")]
    found += _unknown(place, "事实种类", match.kinds, scheme.fact_kinds)
    found += _unknown(place, "事实类别", match.categories, scheme.categories)
    return found + _unknown(place, "层级", match.levels, scheme.levels)


FIELDS = {
    "评分部门": "department",
    "代评部门": "substitute",
    "报送部门": "supplier",
    "测评题目": "question",
    "测评群体": "group",
    "测评选项": "alert_answers",
    "数据项": "measure",
    "事实种类": "kinds",
    "事实类别": "categories",
    "层级": "levels",
}


def _unknown(place: str, title: str, codes: Iterable[str], known: Iterable[Named]) -> list[SchemeFault]:
    listed = {entry.code for entry in known}
    return [
        SchemeFault(place, f"{title}“{code}”未在方案中定义。", FIELDS[title])
        for code in codes
        if code not in listed
    ]


def _twice(place: str, title: str, codes: Iterable[str]) -> list[SchemeFault]:
    return [
        SchemeFault(place, f"{title}“{c}”重复。", FIELDS.get(title, "code"))
        for c, number in Counter(codes).items()
        if number > 1
    ]


def _review(
    scheme: schemes.Scheme, indicator: schemes.Indicator, channel: schemes.ReviewChannel, place: str
) -> list[SchemeFault]:
    found = [] if channel.reviewers else [SchemeFault(place, "至少要有一个评分部门。")]
    for reviewer in channel.reviewers:
        found += _unknown(place, "评分部门", (reviewer.department,), scheme.departments)
        if not reviewer.substitute:
            sentence = f"评分部门“{reviewer.department}”没有指定本单位回避时的代评部门。"
            found.append(SchemeFault(place, sentence, "substitute"))
        else:
            found += _unknown(place, "代评部门", (reviewer.substitute,), scheme.departments)
        if reviewer.substitute == reviewer.department:
            found.append(SchemeFault(place, "代评部门不能是评分部门自己。", "substitute"))
        if reviewer.weight <= 0:
            found.append(SchemeFault(place, "评分部门的权重应大于 0。", "weight"))
    found += _twice(place, "评分部门", (reviewer.department for reviewer in channel.reviewers))
    found += _twice(place, "评分细则", (item.code for item in channel.items))
    for item in channel.items:
        found += _points(f"{place}·{item.code}", item.label, item.points, item.points_high, item.cap)
    parts = sum((item.points for item in channel.items if item.is_part), Decimal(0))
    base = indicator.weight - parts if channel.base is None else channel.base
    if base < 0 or base + parts != indicator.weight:
        sentence = f"起评分与得分项之和为 {number_text(base + parts)}，应等于指标权重"
        found.append(SchemeFault(place, f"{sentence} {number_text(indicator.weight)}。", "base"))
    if any(item.is_part and item.effect != terms.Effect.AWARD for item in channel.items):
        found.append(SchemeFault(place, "只有得分项可以计入满分。", "is_part"))
    return found


def _points(
    place: str, label: str, points: Decimal, high: Decimal | None, cap: Decimal | None
) -> list[SchemeFault]:
    found = [] if label.strip() else [SchemeFault(place, "名称不能为空。", "name")]
    if points < 0 or (high is not None and high <= points):
        found.append(SchemeFault(place, "分值不能小于 0；分值范围应从小到大。", "points"))
    if cap is not None and cap <= 0:
        found.append(SchemeFault(place, "上限应大于 0。", "cap"))
    return found


def _ballot(scheme: schemes.Scheme, channel: schemes.BallotChannel, place: str) -> list[SchemeFault]:
    found = _unknown(place, "测评题目", (channel.question,), scheme.questions)
    found += [] if channel.groups else [SchemeFault(place, "至少要有一个测评群体。")]
    found += _unknown(place, "测评群体", (share.group for share in channel.groups), scheme.groups)
    found += _twice(place, "测评群体", (share.group for share in channel.groups))
    if any(share.weight <= 0 for share in channel.groups):
        found.append(SchemeFault(place, "测评群体的权重应大于 0。", "weight"))
    answers = schemes.answers_of(scheme, channel)
    scored = [answer.score for answer in answers if answer.score is not None]
    found += _twice(place, "测评选项", (answer.code for answer in answers))
    if not scored:
        found.append(SchemeFault(place, "至少要有一个计分的测评选项。", "score"))
    if any(not 0 <= score <= 100 for score in scored):
        found.append(SchemeFault(place, "测评选项的分值应在 0 至 100 之间。", "score"))
    if channel.alert is not None:
        found += _unknown(place, "测评选项", channel.alert.answers, answers)
        if not 0 <= channel.alert.below <= 100:
            found.append(SchemeFault(place, "提醒线应在 0 至 100 之间。", "alert_below"))
    return found


def _data(
    scheme: schemes.Scheme, indicator: schemes.Indicator, channel: schemes.DataChannel, place: str
) -> list[SchemeFault]:
    found = _unknown(place, "报送部门", (channel.supplier,), scheme.departments)
    found += [] if channel.terms else [SchemeFault(place, "至少要有一个计分项。")]
    found += _twice(place, "计分项", (term.code for term in channel.terms))
    total = sum((term.points for term in channel.terms), Decimal(0))
    scale = schemes.scale_of(indicator, channel)
    if channel.terms and (total != scale or scale <= 0):
        numbers = f"{number_text(total)}，应等于计分尺度 {number_text(scale)}"
        found.append(SchemeFault(place, f"各计分项满分之和为 {numbers}。", "points"))
    for term in channel.terms:
        found += _term(scheme, term, f"{place}·{term.code}")
    return found


def _term(scheme: schemes.Scheme, term: terms.Term, place: str) -> list[SchemeFault]:
    found = [] if term.points >= 0 else [SchemeFault(place, "满分不能小于 0。", "points")]
    if isinstance(term, terms.LadderTerm):
        return found + _ladder(scheme, term, place)
    if term.points == 0:
        found.append(SchemeFault(place, "满分应大于 0。", "points"))
    if isinstance(term, terms.RatioTerm):
        measures = [term.numerator, *([term.denominator] if term.denominator else [])]
        found += _unknown(place, "数据项", measures, scheme.measures)
    else:
        found += _unknown(place, "数据项", (term.measure,), scheme.measures)
    if isinstance(term, terms.LinearTerm) and term.zero_at == term.full_at:
        found.append(SchemeFault(place, "零分点与满分点不能相同。", "zero_at"))
    other = term.otherwise if isinstance(term, (terms.RatioTerm, terms.LinearTerm)) else None
    if other is not None:
        if other.points != term.points or other.otherwise is not None:
            found.append(SchemeFault(place, "替代计分项的满分应与本项相同，且不再另有替代。", "points"))
        found += _term(scheme, other, f"{place}·替代")
    return found


def _ladder(scheme: schemes.Scheme, term: terms.LadderTerm, place: str) -> list[SchemeFault]:
    found = [] if term.rules else [SchemeFault(place, "至少要有一条扣分规则。")]
    found += _twice(place, "规则", (rule.code for rule in term.rules))
    factors = [term.multipliers, *(rule.multipliers for rule in term.rules if rule.multipliers)]
    if any(min(f.leader, f.self_reported, f.concealed) < 0 for f in factors):
        found.append(SchemeFault(place, "倍数不能小于 0。", "leader"))
    if term.cap is not None and term.cap <= 0:
        found.append(SchemeFault(place, "扣分上限应大于 0。", "cap"))
    for rule in term.rules:
        found += _rule(scheme, rule, f"{place}·{rule.code}")
    return found


def _rule(scheme: schemes.Scheme, rule: terms.Rule, place: str) -> list[SchemeFault]:
    found = _points(place, rule.label, rule.points, rule.points_high, rule.cap)
    measures = [condition.measure for condition in rule.conditions] + ([rule.count] if rule.count else [])
    found += _unknown(place, "数据项", measures, scheme.measures)
    if rule.match is not None:
        found += match_faults(scheme, rule.match, place)
        if rule.count:
            found.append(SchemeFault(place, "一条规则只能按事实或按数据项计，不能两者都用。", "count"))
    elif not measures:
        found.append(SchemeFault(place, "规则要写明适用的事实种类、数据项或条件。", "kinds"))
    elif rule.points_high is not None:
        found.append(SchemeFault(place, "只有按事实计的规则可以由评审人在范围内选定分值。", "points_high"))
    return found
