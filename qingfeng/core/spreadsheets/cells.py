"""What one cell says: a typed value, or the sentence that tells what is expected of it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from qingfeng.core.spreadsheets.columns import Column, Kind

_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_BLANKS = re.compile(r"\s+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff·])\s+(?=[\u3400-\u9fff·])")
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YES = frozenset({"是", "√", "✓", "y", "yes", "true", "1"})
_NO = frozenset({"否", "×", "✗", "n", "no", "false", "0"})
DATE_WORDS = "应为日期，如 2026-01-05、2026.1.5 或 2026年1月5日"
YEARS = (1900, 2100)


class Misfit(Exception):
    """A cell is not what its column wants; `expected` says what it wants."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


def text_of(raw: Any) -> str:
    """Return a cell as a person would type it, without stray blanks (full-width ones too)."""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() else f"{raw:.15g}"
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        raw = raw.date()
    return _BLANKS.sub(" ", str(raw).translate(_INVISIBLE)).strip()


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits and signs made half-width."""
    return unicodedata.normalize("NFKC", text)


def value_of(raw: Any, column: Column) -> Any:
    """Return the typed value of a cell, None for a blank one. Raises `Misfit`."""
    if text_of(raw) == "":
        if column.required:
            raise Misfit("必填，不能为空")
        return None
    return _PARSERS[column.kind](raw, column)


def _text(raw: Any, column: Column) -> str:
    return _fitting(text_of(raw), column)


def _name(raw: Any, column: Column) -> str:
    return _fitting(_BETWEEN_HAN.sub("", text_of(raw)), column)


def _code(raw: Any, column: Column) -> str:
    return _fitting(_BLANKS.sub("", narrow(text_of(raw))), column)


def _fitting(text: str, column: Column) -> str:
    if len(text) > column.max_length:
        raise Misfit(f"不超过 {column.max_length} 个字，现有 {len(text)} 个字")
    return text


def _date(raw: Any, column: Column) -> dt.date:
    if isinstance(raw, dt.datetime):
        if raw.time() != dt.time():
            raise Misfit(f"{DATE_WORDS}，不带钟点")
        return _in_range(raw.date())
    if isinstance(raw, dt.date):
        return _in_range(raw)
    text = narrow(text_of(raw))
    match = _DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        raise Misfit(DATE_WORDS)
    try:
        return _in_range(dt.date(*(int(part) for part in match.groups())))
    except ValueError:
        raise Misfit("没有这一天，请核对年、月、日") from None


def _in_range(date: dt.date) -> dt.date:
    if not YEARS[0] <= date.year <= YEARS[1]:
        raise Misfit(f"年份应在 {YEARS[0]} 到 {YEARS[1]} 之间")
    return date


def _decimal(raw: Any, column: Column) -> Decimal:
    expected = f"应为数字{_bounds(column)}"
    if isinstance(raw, (bool, dt.date, dt.time, dt.timedelta)):
        raise Misfit(expected)
    try:
        number = Decimal(narrow(text_of(raw)).replace(",", "").replace(" ", ""))
    except InvalidOperation:
        raise Misfit(expected) from None
    too_low = number.is_finite() and column.low is not None and number < column.low
    too_high = number.is_finite() and column.high is not None and number > column.high
    if not number.is_finite() or too_low or too_high:
        raise Misfit(expected)
    return number


def _integer(raw: Any, column: Column) -> int:
    expected = f"应为整数{_bounds(column)}"
    try:
        number = _decimal(raw, column)
    except Misfit:
        raise Misfit(expected) from None
    if number != number.to_integral_value() or abs(number) >= 10**15:
        raise Misfit(expected)
    return int(number)


def _bounds(column: Column) -> str:
    if column.low is not None and column.high is not None:
        return f"，在 {column.low} 到 {column.high} 之间"
    if column.low is not None:
        return f"，不小于 {column.low}"
    return f"，不大于 {column.high}" if column.high is not None else ""


def _yes_no(raw: Any, column: Column) -> bool:
    word = narrow(text_of(raw)).lower()
    if word in _YES or word in _NO:
        return word in _YES
    raise Misfit("应填“是”或“否”")


def _choice(raw: Any, column: Column) -> str:
    word = _BLANKS.sub("", narrow(text_of(raw)))
    for value, label in column.choices:
        if word in (value, _BLANKS.sub("", narrow(label))):
            return value
    raise Misfit(f"应为其中之一：{'、'.join(label for _, label in column.choices)}")


_PARSERS: dict[Kind, Callable[[Any, Column], Any]] = {
    Kind.TEXT: _text,
    Kind.NAME: _name,
    Kind.CODE: _code,
    Kind.DATE: _date,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.YES_NO: _yes_no,
    Kind.CHOICE: _choice,
}
