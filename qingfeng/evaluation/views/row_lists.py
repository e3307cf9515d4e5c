"""Lists of rows that are worked out, not stored: searched, filtered, sorted and paged in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict

from qingfeng.core.listing import PAGE_SIZE, Column, Filter, Listing


def build(
    rows: Sequence[Any],
    params: QueryDict,
    *,
    columns: Sequence[Column],
    filters: Sequence[Filter] = (),
    search: Callable[[Any], str],
    sorts: Mapping[str, Callable[[Any], Any]] | None = None,
    page_size: int = PAGE_SIZE,
) -> tuple[Listing, list[Any]]:
    """Return the listing of a page and all rows that the filters let through; unsorted they keep their order.

    A filter's lookup is a function of (rows, value). `sorts` overrides what a column is sorted by.
    """
    found = list(rows)
    query = params.get("q", "").strip()
    if query:
        found = [row for row in found if query.lower() in search(row).lower()]
    chosen = {}
    for item in filters:
        value = params.get(item.key, "")
        if value and value in {choice for choice, _ in item.choices}:
            chosen[item.key] = value
            assert callable(item.lookup)
            found = list(item.lookup(found, value))  # type: ignore[arg-type]
    sort = params.get("sort", "")
    column = next((c for c in columns if c.order and c.key == sort.lstrip("-")), None)
    if column is not None:
        key = (sorts or {}).get(column.key, column.value)
        found.sort(key=key, reverse=sort.startswith("-"))
    paginator = Paginator(found, page_size)
    page = paginator.get_page(params.get("page"))
    return Listing(page, paginator.count, columns, filters, params, query, sort, chosen), found
