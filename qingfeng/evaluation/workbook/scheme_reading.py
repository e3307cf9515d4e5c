"""Read a scheme from the rows of its sheets, and find the cell of every fault."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from qingfeng.core.errors import Fault
from qingfeng.core.spreadsheets.reading import Reading, Row
from qingfeng.evaluation.scoring import plain, scheme_checks, scheme_json
from qingfeng.evaluation.scoring import scheme as schemes
from qingfeng.evaluation.workbook import scheme_lines as lines
from qingfeng.evaluation.workbook import scheme_places
from qingfeng.evaluation.workbook import scheme_sheets as sheets

Values = dict[str, Any]
CONDITION = re.compile(r"([\w.\-]+?)\s*(>=|<=|>|<|=|≥|≤)\s*(-?\d+(?:\.\d+)?)")
SIGNS = {"≥": ">=", "≤": "<="}
NUMBERS = ("missing_share", "bonus_cap", "deduction_cap")
WHOLE = ("minimum_ballots", "quota_exempt_below")


def scheme_from(found: Reading) -> tuple[schemes.Scheme | None, list[Fault]]:
    """Return the scheme and no fault, or no scheme and every fault of the scheme's sheets."""
    read = lines.Read(found)
    values = _values(read)
    lines.check_owners(read)
    if read.faults or any(row.faulty for sheet in sheets.SHEETS for row in read.rows(sheet)):
        return None, read.faults
    decoder = plain.Decoder()
    scheme = decoder.decode(schemes.Scheme, values, "")
    faults = decoder.faults or scheme_checks.faults(scheme)
    if faults:
        return None, [scheme_places.place(found, fault) for fault in faults]
    return scheme_json.from_plain(values), []


def _values(read: lines.Read) -> Values:
    """Return the scheme as JSON values."""
    basics = _basics(read)
    settings = {name: basics[name] for name in (*sheets.SETTING_WORDS, *NUMBERS, *WHOLE) if name in basics}
    settings["grades"] = [_plain(row, "code", "name", "at_least") for row in read.rows(sheets.GRADES)]
    settings["quotas"] = [
        _plain(row, "grade", "percent") | {"classes": _codes(row["classes"])}
        for row in read.rows(sheets.QUOTAS)
    ]
    settings["downgrades"] = [_downgrade(read, row) for row in read.rows(sheets.DOWNGRADES)]
    tables: dict[str, Any] = {name: [] for name in sheets.TABLES}
    for row in read.rows(sheets.TABLE):
        if row["table"]:
            keys = ("code", "name", "unit") if row["table"] == "measures" else ("code", "name")
            tables[row["table"]].append(_plain(row, *keys))
    return tables | {
        "code": basics.get("code", ""),
        "name": basics.get("name", ""),
        "note": basics.get("note", ""),
        "sources": basics.get("sources", []),
        "dimensions": [_dimension(read, row) for row in read.rows(sheets.DIMENSIONS)],
        "answers": [_answer(row) for row in read.rows(sheets.ANSWERS) if not row["channel"]],
        "adjustments": [
            _plain(row, "code", "name", "kind", "low", "high", "cap")
            | {"basis": _basis(read, "adjustment", row)}
            for row in read.rows(sheets.ADJUSTMENTS)
        ],
        "settings": settings,
    }


def _plain(row: Row, *keys: str) -> Values:
    """Return the filled cells of a row; numbers as texts, for the decoder."""
    found = {key: row[key] for key in keys if row[key] is not None}
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in found.items()}


def _codes(text: str | None) -> list[str]:
    return [code for code in re.split(r"[、,，;；\s]+", text or "") if code]


def _basics(read: lines.Read) -> Values:
    found: Values = {}
    for row in read.rows(sheets.BASICS):
        item, text = row["item"], row["value"]
        if item is None or text is None:
            continue
        if item in found:
            read.faults.append(row.fault("item", "这一项写了两次，请只留一行"))
        elif item == "sources":
            found[item] = _sources(read, row, "value")
        else:
            found[item] = _setting(read, row, item, text)
    for item in ("code", "name"):
        if item not in found:
            title = sheets.SETTINGS[item]
            read.faults.append(Fault(sheets.BASICS.name, 1, "项目", "", f"缺少“{title}”这一行"))
    return {item: value for item, value in found.items() if value is not None}


def _setting(read: lines.Read, row: Row, item: str, text: str) -> Any:
    """Return one setting's value; note a fault where it is not what it should be."""
    if item in sheets.SETTING_WORDS:
        words = sheets.SETTING_WORDS[item]
        chosen = next((slug for slug, word in words.items() if text in (slug, word)), None)
        if chosen is None:
            read.faults.append(row.fault("value", f"应为其中之一：{'、'.join(words.values())}"))
        return chosen
    if item in NUMBERS or item in WHOLE:
        number = _number(text)
        if number is None or (item in WHOLE and number != int(number)):
            read.faults.append(row.fault("value", "应为整数" if item in WHOLE else "应为数字"))
            return None
        return int(number) if item in WHOLE else str(number)
    return text


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < 10**9 else None


def _sources(read: lines.Read, row: Row, key: str) -> list[Values]:
    found = []
    for part in _codes(row[key]):
        source, _, percent = part.partition("=")
        if _number(percent) is None:
            read.faults.append(row.fault(key, "应写成 来源=百分数，用分号隔开，如 ballot=45；data=55"))
        else:
            found.append({"source": source, "percent": percent})
    return found


def _dimension(read: lines.Read, row: Row) -> Values:
    indicators = [_indicator(read, each) for each in read.of(sheets.INDICATORS, "dimension", row["code"])]
    return _plain(row, "code", "name", "weight") | {
        "sources": _sources(read, row, "sources"),
        "indicators": indicators,
    }


def _indicator(read: lines.Read, row: Row) -> Values:
    keys = ("code", "name", "weight", "order", "period", "mark", "method_text", "rule_text", "evidence")
    return _plain(row, *keys) | {
        "sources": _sources(read, row, "sources"),
        "basis": _basis(read, "indicator", row),
        "channels": [_channel(read, each) for each in read.of(sheets.CHANNELS, "indicator", row["code"])],
    }


def _basis(read: lines.Read, about: str, row: Row) -> list[Values]:
    found = [each for each in read.of(sheets.BASES, "code", row["code"]) if each["about"] == about]
    return [_plain(each, "text", "mark") for each in found]


def _channel(read: lines.Read, row: Row) -> Values:
    code, kind = row["code"], row["kind"]
    found = _plain(row, "code", "kind", "share", "source")
    found.setdefault("source", kind)
    if kind == "review":
        reviewers = read.of(sheets.REVIEWERS, "channel", code)
        keys = ("code", "label", "points", "points_high", "effect", "per", "cap", "is_part", "period")
        return (
            found
            | _plain(row, "base")
            | {
                "reviewers": [_plain(each, "department", "weight", "substitute") for each in reviewers],
                "items": [_plain(each, *keys) for each in read.of(sheets.ITEMS, "channel", code)],
            }
        )
    if kind == "ballot":
        return found | _ballot(read, row)
    listed = read.of(sheets.TERMS, "channel", code)
    return (
        found
        | _plain(row, "supplier", "scale")
        | {
            "supplier": row["supplier"] or "",
            "terms": [_term(read, each, listed) for each in listed if not each["otherwise_for"]],
        }
    )


def _ballot(read: lines.Read, row: Row) -> Values:
    groups = read.of(sheets.GROUPS, "channel", row["code"])
    found: Values = {
        "question": row["question"] or "",
        "groups": [_plain(each, "group", "weight") for each in groups],
        "answers": [_answer(each) for each in read.of(sheets.ANSWERS, "channel", row["code"])],
    }
    if row["alert_answers"]:
        below = "0" if row["alert_below"] is None else str(row["alert_below"])
        alert = {"answers": _codes(row["alert_answers"]), "below": below, "text": row["alert_text"] or ""}
        found["alert"] = alert
    return found


def _answer(row: Row) -> Values:
    return {"score": None} | _plain(row, "code", "name", "score")


def _term(read: lines.Read, row: Row, listed: Iterable[Row]) -> Values:
    """Return a term with its rules or its substitute."""
    kind = row["kind"]
    found = _plain(row, "code", "kind", "label", "points")
    if kind == "ladder":
        rules = [r for r in read.of(sheets.RULES, "channel", row["channel"]) if r["term"] == row["code"]]
        multipliers = _plain(row, "leader", "self_reported", "concealed")
        return (
            found
            | _plain(row, "cap")
            | {
                "multipliers": multipliers,
                "rules": [_rule(read, rule) for rule in rules],
            }
        )
    other = next((each for each in listed if each["otherwise_for"] == row["code"]), None)
    if other is not None and kind in {"ratio", "linear"} and not row["otherwise_for"]:
        found["otherwise"] = _term(read, other, ())
    if kind == "ratio":
        return found | {"numerator": row["measure"] or "", "denominator": row["denominator"] or ""}
    found["measure"] = row["measure"] or ""
    return found | (_plain(row, "zero_at", "full_at") if kind == "linear" else _plain(row, "high_is_best"))


def _match(row: Row) -> Values:
    return {
        "kinds": _codes(row["kinds"]),
        "categories": _codes(row["categories"]),
        "levels": _codes(row["levels"]),
        "leader": bool(row["only_leader"]),
        "concealed": bool(row["only_concealed"]),
    }


def _rule(read: lines.Read, row: Row) -> Values:
    found = _plain(row, "code", "label", "points", "points_high", "effect", "count", "cap", "period")
    if row["kinds"]:
        found["match"] = _match(row)
    multipliers = _plain(row, "leader", "self_reported", "concealed")
    if multipliers:
        found["multipliers"] = multipliers
    found["conditions"] = []
    for part in re.split(r"[;；]", row["conditions"] or ""):
        match = CONDITION.fullmatch(part.strip())
        if match is not None:
            measure, op, value = match.groups()
            found["conditions"].append({"measure": measure, "op": SIGNS.get(op, op), "value": value})
        elif part.strip():
            expected = "应写成 数据项编码、比较符、数字，如 cases_filed>0；用分号隔开"
            read.faults.append(row.fault("conditions", expected))
    return found


def _downgrade(read: lines.Read, row: Row) -> Values:
    return _plain(row, "code", "name", "ceiling", "at_least", "enabled") | {
        "match": _match(row),
        "basis": _basis(read, "downgrade", row),
    }
