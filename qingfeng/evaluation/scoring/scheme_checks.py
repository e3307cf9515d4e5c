"""Check a scheme's content and list every fault with its place and a sentence in Chinese."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from qingfeng.evaluation.scoring import channel_checks, setting_checks
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring.plain import SchemeFault, number_text

HUNDRED = Decimal(100)
CODE = re.compile(r"[\w.\-]{1,40}")
TABLES = (
    ("departments", "评分部门"),
    ("groups", "测评群体"),
    ("answers", "测评选项"),
    ("questions", "测评题目"),
    ("measures", "数据项"),
    ("fact_kinds", "事实种类"),
    ("categories", "事实类别"),
    ("levels", "层级"),
    ("adjustments", "调整项"),
)


def faults(scheme: schemes.Scheme) -> list[SchemeFault]:
    """List every fault of a scheme; an empty list means that it can be used."""
    found = [*_tables(scheme), *_codes(scheme), *_weights(scheme), *_sources(scheme)]
    for dimension, indicator in scheme.indicators():
        place = f"指标{indicator.code}"
        if not indicator.channels:
            found.append(SchemeFault(place, "至少要有一个计分渠道。"))
        found += _shares(scheme, dimension, indicator)
        for channel in indicator.channels:
            found += channel_checks.faults(scheme, indicator, channel)
    return found + setting_checks.faults(scheme)


def _codes_in(place: str, codes: Iterable[str]) -> list[SchemeFault]:
    """Check that codes are well formed and that none is used twice."""
    listed = list(codes)
    bad = [c for c in dict.fromkeys(listed) if not CODE.fullmatch(c)]
    twice = [c for c, number in Counter(listed).items() if number > 1]
    sentence = "编码只能用文字、字母、数字和 . _ -，1 至 40 个字符"
    found = [SchemeFault(place, f"{sentence}，现为“{code}”。", "code") for code in bad]
    return found + [SchemeFault(place, f"编码“{code}”重复。", "code") for code in twice]


def _tables(scheme: schemes.Scheme) -> list[SchemeFault]:
    found: list[SchemeFault] = []
    for field, title in TABLES:
        entries = getattr(scheme, field)
        found += _codes_in(title, (entry.code for entry in entries))
        found += [
            SchemeFault(f"{title}{e.code}", "名称不能为空。", "name") for e in entries if not e.name.strip()
        ]
    return found


def _codes(scheme: schemes.Scheme) -> list[SchemeFault]:
    found = _codes_in("维度", (dimension.code for dimension in scheme.dimensions))
    found += _codes_in("指标", (indicator.code for _, indicator in scheme.indicators()))
    found += _codes_in("渠道", (channel.code for _, _, channel in scheme.channels()))
    if not CODE.fullmatch(scheme.code):
        found.append(SchemeFault("方案", "方案编码只能用文字、字母、数字和 . _ -，1 至 40 个字符。", "code"))
    if not scheme.name.strip():
        found.append(SchemeFault("方案", "方案名称不能为空。", "name"))
    orders = Counter(indicator.order for _, indicator in scheme.indicators())
    for _, indicator in scheme.indicators():
        place = f"指标{indicator.code}"
        if not indicator.name.strip():
            found.append(SchemeFault(place, "名称不能为空。", "name"))
        if orders[indicator.order] > 1:
            found.append(
                SchemeFault(place, f"扣分顺序 {indicator.order} 与其他指标重复，顺序应各不相同。", "order")
            )
    found += [
        SchemeFault(f"维度{d.code}", "名称不能为空。", "name")
        for d in scheme.dimensions
        if not d.name.strip()
    ]
    return found


def _weights(scheme: schemes.Scheme) -> list[SchemeFault]:
    found: list[SchemeFault] = []
    for dimension in scheme.dimensions:
        place = f"维度{dimension.code}"
        total = sum((indicator.weight for indicator in dimension.indicators), Decimal(0))
        if not dimension.indicators:
            found.append(SchemeFault(place, "至少要有一个指标。"))
        elif total != dimension.weight:
            numbers = f"{number_text(total)}，应等于维度权重 {number_text(dimension.weight)}"
            found.append(SchemeFault(place, f"指标权重之和为 {numbers}。", "weight"))
        found += [
            SchemeFault(f"指标{i.code}", "权重应大于 0。", "weight")
            for i in dimension.indicators
            if i.weight <= 0
        ]
    total = sum((dimension.weight for dimension in scheme.dimensions), Decimal(0))
    if total != HUNDRED:
        found.append(SchemeFault("方案", f"维度权重之和为 {number_text(total)}，应为 100。", "weight"))
    return found


def _sources(scheme: schemes.Scheme) -> list[SchemeFault]:
    """Check the source shares at each of the three levels."""
    known = {channel.source for _, _, channel in scheme.channels()}
    levels = [("方案", scheme.sources)]
    levels += [(f"维度{dimension.code}", dimension.sources) for dimension in scheme.dimensions]
    levels += [(f"指标{indicator.code}", indicator.sources) for _, indicator in scheme.indicators()]
    found: list[SchemeFault] = []
    for place, shares in levels:
        total = sum((share.percent for share in shares), Decimal(0))
        if shares and total != HUNDRED:
            found.append(SchemeFault(place, f"来源权重之和为 {number_text(total)}%，应为 100%。", "sources"))
        if len({share.source for share in shares}) < len(shares):
            found.append(SchemeFault(place, "同一来源的权重写了两次。", "sources"))
        for share in shares:
            if share.percent <= 0:
                found.append(SchemeFault(place, f"来源“{share.source}”的权重应大于 0。", "sources"))
            if share.source not in known:
                found.append(SchemeFault(place, f"没有渠道属于来源“{share.source}”。", "sources"))
    return found


def _shares(
    scheme: schemes.Scheme, dimension: schemes.Dimension, indicator: schemes.Indicator
) -> list[SchemeFault]:
    """Check that an indicator's channels can be weighed against each other."""
    place = f"指标{indicator.code}"
    given = [channel.share for channel in indicator.channels if channel.share is not None]
    if given and len(given) < len(indicator.channels):
        return [
            SchemeFault(place, "各渠道的占比要么全部填写，要么全部不填（不填按来源权重或平均）。", "share")
        ]
    if given:
        total = sum(given, Decimal(0))
        found = [SchemeFault(place, "渠道占比应大于 0。", "share")] if min(given) <= 0 else []
        sentence = f"渠道占比之和为 {number_text(total)}%，应为 100%。"
        return found + ([SchemeFault(place, sentence, "share")] if total != HUNDRED else [])
    if not indicator.channels:
        return []
    shares = schemes.shares_of(scheme, dimension, indicator)
    pairs = zip(indicator.channels, shares, strict=True)
    return [
        SchemeFault(f"渠道{channel.code}", f"来源“{channel.source}”在适用的来源权重中没有份额。", "sources")
        for channel, share in pairs
        if share <= 0
    ]
