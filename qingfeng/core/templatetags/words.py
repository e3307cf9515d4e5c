"""Filters that turn values into the words and figures that pages show."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils import timezone

from qingfeng.core import figures

register = template.Library()

DASH = "—"
MINUS = "−"


def _fixed(value: Any, digits: int) -> str:
    exact = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{exact:f}"


@register.filter
def score(value: Any, digits: int = 2) -> str:
    """Show points with two decimals, half up; nothing is “不适用”."""
    return "不适用" if value is None or value == "" else _fixed(value, digits).replace("-", MINUS)


@register.filter
def signed(value: Any, digits: int = 2) -> str:
    """Show a difference with its sign: +1.84, −0.30, or 持平."""
    if value is None or value == "":
        return DASH
    text = _fixed(value, digits)
    if not text.strip("-0."):
        return "持平"
    return text.replace("-", MINUS) if text.startswith("-") else f"+{text}"


@register.filter
def percent(value: Any, digits: int = 0) -> str:
    """Show a share of one as a percentage."""
    return DASH if value is None or value == "" else f"{_fixed(Decimal(str(value)) * 100, digits)}%"


@register.filter
def plain(value: Decimal | None) -> str:
    """Show a number without needless zeros."""
    return figures.plain(value)


@register.filter
def dash(value: Any) -> Any:
    """Show a dash for nothing; a zero is something."""
    return DASH if value is None or value == "" else value


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Show a date as 2026-11-23, in local time."""
    return DASH if not value else _local(value).strftime("%Y-%m-%d")


@register.filter
def minute(value: dt.datetime | None) -> str:
    """Show a moment as 2026-11-23 10:42, in local time."""
    return DASH if not value else _local(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def spoken_day(value: dt.date | dt.datetime | None) -> str:
    """Show a date as 2026 年 11 月 23 日."""
    if not value:
        return DASH
    date = _local(value)
    return f"{date.year} 年 {date.month} 月 {date.day} 日"


def _local(value: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
