"""Template tags of lists: heads that sort, filters, pages, and the export of `core.listing`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.core.paginator import Page
from django.template.context import Context

from qingfeng.core.listing import Listing
from qingfeng.core.templatetags import words

register = template.Library()


@register.inclusion_tag("ui/list_head.html")
def list_head(listing: Listing, actions: bool = False) -> dict[str, Any]:
    """Head a table with its columns; those that sort are links, and say which way they sort now."""
    now = listing.sort.lstrip("-")
    downwards = listing.sort.startswith("-")
    heads = [
        {
            "label": column.label,
            "numeric": column.numeric,
            "url": listing.link(sort=_next_sort(column.key, now, downwards)) if column.order else "",
            "sorted": ("descending" if downwards else "ascending") if column.key == now else "",
        }
        for column in listing.columns
    ]
    return {"heads": heads, "actions": actions}


def _next_sort(key: str, now: str, downwards: bool) -> str:
    return f"-{key}" if key == now and not downwards else key


def _shown(value: Any) -> Any:
    """Show a date as everywhere else; the export keeps it a date."""
    return words.day(value) if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else value


@register.inclusion_tag("ui/list_table.html")
def list_table(listing: Listing, detail: str = "", caption: str = "") -> dict[str, Any]:
    """Show a listing's rows by its columns; `detail` is the URL name that the first column leads to by pk."""
    rows = [
        {
            "pk": row.pk,
            "cells": [{"column": column, "value": _shown(column.value(row))} for column in listing.columns],
        }
        for row in listing.page.object_list
    ]
    return {"listing": listing, "rows": rows, "detail": detail, "caption": caption}


@register.inclusion_tag("ui/filter_bar.html", takes_context=True)
def filter_bar(context: Context, listing: Listing, search: str = "", export: str = "") -> dict[str, Any]:
    """Search and filter a listing; `search` says what is searched, `export` is the URL that is posted to."""
    fields = [
        {
            "key": item.key,
            "label": item.label,
            "choices": item.choices,
            "chosen": listing.chosen.get(item.key, ""),
        }
        for item in listing.filters
    ]
    return {
        "listing": listing,
        "fields": fields,
        "search": search,
        "export": export,
        "keep_sort": listing.params.get("sort", ""),
        "csrf_token": context.get("csrf_token", ""),
        "query_string": listing.params.urlencode(),
    }


@register.inclusion_tag("ui/pager.html")
def pager(listing: Listing, unit: str = "条", label: str = "翻页") -> dict[str, Any]:
    """Page through a listing, and say how many rows there are."""
    page: Page[Any] = listing.page
    numbers = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "total": listing.total,
        "unit": unit,
        "label": label,
        "links": [
            {"label": number, "url": listing.link(page=str(number)) if isinstance(number, int) else ""}
            for number in numbers
        ],
        "previous": listing.link(page=str(page.number - 1)) if page.has_previous() else "",
        "next": listing.link(page=str(page.number + 1)) if page.has_next() else "",
    }
