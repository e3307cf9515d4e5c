"""Turn a scheme into the rows of its sheets."""

from __future__ import annotations

from typing import Any

from qingfeng.evaluation.scoring import plain, terms
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.scoring import settings as scheme_settings
from qingfeng.evaluation.workbook import scheme_sheets as sheets

Row = dict[str, Any]


def rows_of(scheme: schemes.Scheme) -> dict[str, list[Row]]:
    """Return the rows of every scheme sheet, by sheet name; reading them back gives an equal scheme."""
    listed = list(scheme.channels())
    channels = [channel for _, _, channel in listed]
    data = [channel for channel in channels if isinstance(channel, schemes.DataChannel)]
    parts: dict[str, list[Row]] = {
        sheets.BASICS.name: _basics(scheme),
        sheets.DIMENSIONS.name: [_dimension(dimension) for dimension in scheme.dimensions],
        sheets.INDICATORS.name: [_indicator(d, i) for d, i in scheme.indicators()],
        sheets.BASES.name: _bases(scheme),
        sheets.CHANNELS.name: [_channel(indicator, channel) for _, indicator, channel in listed],
        sheets.REVIEWERS.name: [
            {"channel": c.code, "department": r.department, "weight": r.weight, "substitute": r.substitute}
            for c in channels
            if isinstance(c, schemes.ReviewChannel)
            for r in c.reviewers
        ],
        sheets.ITEMS.name: [
            _fields(item) | {"channel": c.code}
            for c in channels
            if isinstance(c, schemes.ReviewChannel)
            for item in c.items
        ],
        sheets.GROUPS.name: [
            {"channel": c.code, "group": g.group, "weight": g.weight}
            for c in channels
            if isinstance(c, schemes.BallotChannel)
            for g in c.groups
        ],
        sheets.ANSWERS.name: _answers(scheme, channels),
        sheets.TERMS.name: [row for c in data for term in c.terms for row in _terms(c.code, term)],
        sheets.RULES.name: [
            _rule(rule) | {"channel": c.code, "term": term.code}
            for c in data
            for term in c.terms
            if isinstance(term, terms.LadderTerm)
            for rule in term.rules
        ],
        sheets.TABLE.name: [
            _fields(entry) | {"table": table} for table in sheets.TABLES for entry in getattr(scheme, table)
        ],
        sheets.GRADES.name: [_fields(line) for line in scheme.settings.grades],
        sheets.QUOTAS.name: [
            {"grade": q.grade, "percent": q.percent, "classes": _joined(q.classes)}
            for q in scheme.settings.quotas
        ],
        sheets.DOWNGRADES.name: [_downgrade(rule) for rule in scheme.settings.downgrades],
        sheets.ADJUSTMENTS.name: [_fields(entry) for entry in scheme.adjustments],
    }
    return parts


def _fields(entry: Any) -> Row:
    return {name: getattr(entry, name) for name in entry.__dataclass_fields__}


def _joined(codes: tuple[str, ...]) -> str:
    return "、".join(codes)


def _sources(shares: tuple[schemes.SourceShare, ...]) -> str:
    return "；".join(f"{share.source}={plain.number_text(share.percent)}" for share in shares)


def _basics(scheme: schemes.Scheme) -> list[Row]:
    chosen = scheme.settings
    values: dict[str, Any] = {"code": scheme.code, "name": scheme.name, "note": scheme.note}
    values["sources"] = _sources(scheme.sources)
    for name, words in sheets.SETTING_WORDS.items():
        values[name] = words[str(getattr(chosen, name))]
    for name in ("missing_share", "bonus_cap", "deduction_cap"):
        number = getattr(chosen, name)
        values[name] = None if number is None else plain.number_text(number)
    values["minimum_ballots"] = str(chosen.minimum_ballots)
    values["quota_exempt_below"] = str(chosen.quota_exempt_below)
    return [{"item": item, "value": values[item]} for item in sheets.SETTINGS]


def _dimension(dimension: schemes.Dimension) -> Row:
    return _fields(dimension) | {"sources": _sources(dimension.sources)}


def _indicator(dimension: schemes.Dimension, indicator: schemes.Indicator) -> Row:
    return _fields(indicator) | {"dimension": dimension.code, "sources": _sources(indicator.sources)}


def _bases(scheme: schemes.Scheme) -> list[Row]:
    about = [("indicator", indicator.code, indicator.basis) for _, indicator in scheme.indicators()]
    about += [("downgrade", rule.code, rule.basis) for rule in scheme.settings.downgrades]
    about += [("adjustment", entry.code, entry.basis) for entry in scheme.adjustments]
    none = scheme_settings.BasisMark.NONE
    return [
        {"about": kind, "code": code, "text": basis.text, "mark": None if basis.mark == none else basis.mark}
        for kind, code, bases in about
        for basis in bases
    ]


def _channel(indicator: schemes.Indicator, channel: schemes.Channel) -> Row:
    found = _fields(channel) | {"indicator": indicator.code}
    found["source"] = None if channel.source == str(channel.kind) else channel.source
    if isinstance(channel, schemes.BallotChannel) and channel.alert is not None:
        alert = channel.alert
        found |= {
            "alert_answers": _joined(alert.answers),
            "alert_below": alert.below,
            "alert_text": alert.text,
        }
    return found


def _answers(scheme: schemes.Scheme, channels: list[schemes.Channel]) -> list[Row]:
    found = [_fields(answer) for answer in scheme.answers]
    own = [c for c in channels if isinstance(c, schemes.BallotChannel)]
    return found + [_fields(answer) | {"channel": c.code} for c in own for answer in c.answers]


def _terms(channel: str, term: terms.Term) -> list[Row]:
    """Return a term's row, and that of its substitute."""
    found = _fields(term) | {"channel": channel}
    if isinstance(term, terms.RatioTerm):
        found["measure"] = term.numerator
    if isinstance(term, terms.LadderTerm):
        found |= _factors(term.multipliers)
    rows = [found]
    other = term.otherwise if isinstance(term, (terms.RatioTerm, terms.LinearTerm)) else None
    if other is not None:
        rows += [row | {"otherwise_for": term.code} for row in _terms(channel, other)]
    return rows


def _factors(multipliers: terms.Multipliers | None) -> Row:
    return {} if multipliers is None else _fields(multipliers)


def _match(match: terms.Match | None) -> Row:
    if match is None:
        return {}
    return {
        "kinds": _joined(match.kinds),
        "categories": _joined(match.categories),
        "levels": _joined(match.levels),
        "only_leader": match.leader or None,
        "only_concealed": match.concealed or None,
    }


def _rule(rule: terms.Rule) -> Row:
    conditions = "；".join(f"{c.measure}{c.op}{plain.number_text(c.value)}" for c in rule.conditions)
    return _fields(rule) | _match(rule.match) | _factors(rule.multipliers) | {"conditions": conditions}


def _downgrade(rule: scheme_settings.Downgrade) -> Row:
    return _fields(rule) | _match(rule.match)
