"""Schemes in plain Chinese: what a channel, a term, a rule and a setting say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring import settings, terms
from qingfeng.evaluation.scoring.plain import number_text as plain

ONE = Decimal(1)
MARK_TONES = {
    settings.BasisMark.READ: ("已核实", ""),
    settings.BasisMark.SECONDARY: ("转引", ""),
    settings.BasisMark.UNCONFIRMED: ("待核实", "warn"),
    settings.BasisMark.PROPOSAL: ("建议", ""),
    settings.BasisMark.NONE: ("", ""),
}
FACT_QUARTER = {"effective": "决定生效所在的季度", "act": "行为发生所在的季度"}
FACT_UNIT = {"act": "行为发生时所在单位", "decision": "作出决定时所在单位"}
MISSING = {
    "zero": "部门评审渠道计 0 分",
    "not_applicable": "不计，权重分给其他部分",
    "share": "按固定比例计分",
}


@dataclass(frozen=True)
class Names:
    """The names behind the codes of a scheme."""

    departments: dict[str, str]
    groups: dict[str, str]
    questions: dict[str, str]
    measures: dict[str, core.Measure]
    facts: dict[str, str]
    categories: dict[str, str]
    levels: dict[str, str]
    grades: dict[str, str]
    answers: dict[str, str]


def names_of(scheme: core.Scheme) -> Names:
    def table(rows: Iterable[core.Named | core.Answer]) -> dict[str, str]:
        return {row.code: row.name for row in rows}

    return Names(
        departments=table(scheme.departments),
        groups=table(scheme.groups),
        questions=table(scheme.questions),
        measures={row.code: row for row in scheme.measures},
        facts=table(scheme.fact_kinds),
        categories=table(scheme.categories),
        levels=table(scheme.levels),
        grades={row.code: row.name for row in scheme.settings.grades},
        answers=table(scheme.answers),
    )


def basis(entries: Iterable[settings.Basis]) -> list[tuple[str, str, str]]:
    """Return each basis with the words and the tone of its mark."""
    return [(entry.text, *MARK_TONES[entry.mark]) for entry in entries]


def spread(low: Decimal, high: Decimal | None) -> str:
    """Write points, or the range within which they are chosen."""
    return plain(low) if high is None else f"{plain(low)}～{plain(high)}"


def match(found: terms.Match, names: Names) -> str:
    """Say which facts are meant."""
    parts = ["、".join(names.facts.get(code, code) for code in found.kinds)]
    if found.categories:
        parts.append("限" + "、".join(names.categories.get(code, code) for code in found.categories))
    if found.levels:
        parts.append("限" + "、".join(names.levels.get(code, code) for code in found.levels))
    parts += ["限班子成员"] if found.leader else []
    parts += ["限瞒报"] if found.concealed else []
    return "，".join(part for part in parts if part)


def multipliers(given: terms.Multipliers) -> str:
    """Say what multiplies the points; nothing where nothing does."""
    pairs = (("班子成员", given.leader), ("主动报告", given.self_reported), ("瞒报", given.concealed))
    return "、".join(f"{name} ×{plain(value)}" for name, value in pairs if value != ONE)


def rule(entry: terms.Rule, names: Names) -> str:
    """Say one rung of a ladder."""
    verb = "扣" if entry.effect == terms.Effect.DEDUCT else "加"
    times = "" if entry.match is None and not entry.count else "每件" if entry.match else "每单位"
    text = f"{entry.label}：{times}{verb} {spread(entry.points, entry.points_high)} 分"
    notes = []
    if entry.count:
        measure = names.measures.get(entry.count)
        notes.append(f"按“{measure.name if measure else entry.count}”计")
    for condition in entry.conditions:
        measure = names.measures.get(condition.measure)
        label = measure.name if measure else condition.measure
        notes.append(f"{label} {condition.op} {plain(condition.value)}{measure.unit if measure else ''}时")
    notes += [multipliers(entry.multipliers)] if entry.multipliers else []
    notes += [f"最多 {plain(entry.cap)} 分"] if entry.cap is not None else []
    notes += [f"{entry.period.label}判定"] if entry.period else []
    notes = [note for note in notes if note]
    return text + (f"（{'；'.join(notes)}）" if notes else "")


def term(entry: terms.Term, names: Names) -> list[str]:
    """Say what a term of a data channel gives, rule by rule."""
    if isinstance(entry, terms.LadderTerm):
        start = f"{plain(entry.points)} 分起，逐项扣减" if entry.points else "只扣减，不另给分"
        extra = multipliers(entry.multipliers)
        cap = f"，累计最多扣 {plain(entry.cap)} 分" if entry.cap is not None else ""
        head = f"{entry.label}：{start}{f'（{extra}）' if extra else ''}{cap}"
        return [head, *(f"· {rule(row, names)}" for row in entry.rules)]
    return [f"{entry.label}：{measured(entry, names)}"]


def measured(entry: terms.Term, names: Names) -> str:
    """Say how a measured term turns a value into points."""

    def called(code: str) -> str:
        return names.measures[code].name if code in names.measures else code

    points = plain(entry.points)
    if isinstance(entry, terms.RatioTerm):
        over = f"“{called(entry.numerator)}”÷“{called(entry.denominator)}”"
        text = f"{over if entry.denominator else f'“{called(entry.numerator)}”'} × {points} 分"
    elif isinstance(entry, terms.LinearTerm):
        ends = f"{plain(entry.zero_at)} 得 0 分，{plain(entry.full_at)} 得 {points} 分"
        text = f"“{called(entry.measure)}”{ends}，之间按比例"
    elif isinstance(entry, (terms.RankTerm, terms.MinMaxTerm)):
        way = "高的好" if entry.high_is_best else "低的好"
        how = "同类排名" if isinstance(entry, terms.RankTerm) else "同类最好与最差之间按比例"
        text = f"“{called(entry.measure)}”按{how}折算，满 {points} 分，{way}"
    else:
        text = ""
    otherwise = getattr(entry, "otherwise", None)
    return text + (f"；没有数据时改用{otherwise.label}（{measured(otherwise, names)}）" if otherwise else "")


def item(entry: terms.Item) -> str:
    """Say one line of a reviewer's checklist."""
    verb = "扣" if entry.effect == terms.Effect.DEDUCT else "加"
    text = f"{entry.label}：{verb} {spread(entry.points, entry.points_high)} 分"
    notes = ["按完成率折算"] if entry.per == terms.Per.RATIO else []
    notes += [f"最多 {plain(entry.cap)} 分"] if entry.cap is not None else []
    notes += ["计入满分"] if entry.is_part else []
    notes += [f"{entry.period.label}判定"] if entry.period else []
    return text + (f"（{'；'.join(notes)}）" if notes else "")


@dataclass(frozen=True)
class ChannelWords:
    """A channel of an indicator as its page shows it."""

    code: str
    kind: str
    share: str
    share_how: str
    who: list[str]
    brief: str
    lines: list[str]
    channel: core.Channel


def channels(scheme: core.Scheme, dimension: core.Dimension, entry: core.Indicator) -> list[ChannelWords]:
    """Return the channels of an indicator in words, with their shares in percent."""
    names = names_of(scheme)
    shares = core.shares_of(scheme, dimension, entry) if entry.channels else ()
    whole = sum(shares, Decimal(0))
    how = _share_how(scheme, dimension, entry)
    return [
        ChannelWords(
            code=channel.code,
            kind=channel.kind.label,
            share=f"{plain((share / whole * 100).quantize(Decimal('0.01')))}%" if whole else "",
            share_how=how,
            who=who(channel, names),
            brief=brief(channel, names),
            lines=lines(channel, names),
            channel=channel,
        )
        for channel, share in zip(entry.channels, shares, strict=True)
    ]


def _share_how(scheme: core.Scheme, dimension: core.Dimension, entry: core.Indicator) -> str:
    """Say where the shares come from: written, by source, or equal."""
    if all(channel.share is not None for channel in entry.channels):
        return "方案规定"
    if entry.sources or dimension.sources or scheme.sources:
        return "按来源权重"
    return "平均" if len(entry.channels) > 1 else ""


def who(channel: core.Channel, names: Names) -> list[str]:
    """Say who scores, answers or delivers, and who stands in for his own unit."""
    if isinstance(channel, core.ReviewChannel):
        is_uneven = len({row.weight for row in channel.reviewers}) > 1
        found = []
        for row in channel.reviewers:
            name = names.departments.get(row.department, row.department)
            weight = f"（权重 {plain(row.weight)}）" if is_uneven else ""
            stand_in = names.departments.get(row.substitute, row.substitute)
            found.append(f"{name}{weight}" + (f"，评本单位时由{stand_in}代评" if stand_in else ""))
        return found
    if isinstance(channel, core.BallotChannel):
        return [f"{names.groups.get(g.group, g.group)} {plain(g.weight)}" for g in channel.groups]
    return [f"{names.departments.get(channel.supplier, channel.supplier)}报送"]


def brief(channel: core.Channel, names: Names) -> str:
    """Name who scores, answers or delivers, without more."""
    if isinstance(channel, core.ReviewChannel):
        return "、".join(names.departments.get(r.department, r.department) for r in channel.reviewers)
    if isinstance(channel, core.BallotChannel):
        return "、".join(names.groups.get(g.group, g.group) for g in channel.groups)
    return names.departments.get(channel.supplier, channel.supplier)


def lines(channel: core.Channel, names: Names) -> list[str]:
    """Say how points come about."""
    if isinstance(channel, core.ReviewChannel):
        if not channel.items:
            return ["按整体情况评分，从 0 分到指标满分；不给满分要写理由"]
        start = "满分起" if channel.base is None else f"{plain(channel.base)} 分起"
        return [f"{start}，按下列各项增减：", *(f"· {item(row)}" for row in channel.items)]
    if isinstance(channel, core.BallotChannel):
        found = [f"题目：{names.questions.get(channel.question, channel.question)}"]
        if channel.alert:
            answers = "＋".join(names.answers.get(code, code) for code in channel.alert.answers)
            found.append(f"{answers}低于 {plain(channel.alert.below)}% 时提醒：{channel.alert.text}")
        return found
    return [line for entry in channel.terms for line in term(entry, names)]
