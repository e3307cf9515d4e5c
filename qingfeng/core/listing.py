"""Lists: search, filter, sort, paging and Excel export of one declaration of columns.

A view declares `Column`s and `Filter`s once; the page and the export show the same rows.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter
from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.utils.http import content_disposition_header

from qingfeng.core.searches import Sought

PAGE_SIZE = 30
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Column:
    """A column: its heading, the value to show and export, and the ORM field(s) to sort by, if any."""

    key: str
    label: str
    value: Callable[[Any], Any]
    order: tuple[str, ...] = ()
    numeric: bool = False


@dataclass(frozen=True)
class Filter:
    """A drop-down: query parameter, label, choices, and the ORM lookup (or a function) it applies."""

    key: str
    label: str
    choices: Sequence[tuple[str, str]]
    lookup: str | Callable[[QuerySet[Any], str], QuerySet[Any]]


@dataclass
class Listing:
    """What a list page needs, worked out from the query string."""

    page: Page[Any]
    total: int
    columns: Sequence[Column]
    filters: Sequence[Filter]
    params: QueryDict
    query: str
    sort: str
    chosen: dict[str, str] = field(default_factory=dict)
    rows: QuerySet[Any] | None = None
    is_private: bool = False
    is_lost: bool = False

    @property
    def is_filtered(self) -> bool:
        return bool(self.query or self.chosen or self.is_lost)

    def link(self, **changes: str) -> str:
        """Return the query string with some parameters changed (an empty value drops one)."""
        params = self.params.copy()
        for key, value in changes.items():
            params.pop(key, None)
            if value:
                params[key] = value
        if "page" not in changes:
            params.pop("page", None)
        return "?" + params.urlencode()


def build(
    rows: QuerySet[Any],
    params: QueryDict | Sought,
    *,
    columns: Sequence[Column],
    filters: Sequence[Filter] = (),
    search: Sequence[str] = (),
    default_sort: str,
    page_size: int = PAGE_SIZE,
) -> Listing:
    """Apply search (`q`), filters, sort (`sort=key` or `-key`) and page to the rows in scope.

    A list whose search reaches names of people or free text is private: it is given
    `searches.sought(request)` in place of `request.GET`. Words that the session no longer knows find nothing,
    rather than everything.
    """
    asked = params if isinstance(params, Sought) else Sought(params, params.get("q", ""), is_private=False)
    params, query = asked.params, asked.words.strip()
    rows = rows.none() if asked.is_lost else _found(rows, query, search)
    rows, chosen = _filtered(rows, params, filters)
    sort = params.get("sort", "") or default_sort
    rows = _sorted(rows, sort if _order(sort, columns) else default_sort, columns)
    paginator = Paginator(rows, page_size)
    page = paginator.get_page(params.get("page"))
    return Listing(
        page,
        paginator.count,
        columns,
        filters,
        params,
        query,
        sort,
        chosen,
        rows,
        asked.is_private,
        asked.is_lost,
    )


def _found(rows: QuerySet[Any], query: str, search: Sequence[str]) -> QuerySet[Any]:
    if not query or not search:
        return rows
    condition = Q()
    for path in search:
        condition |= Q(**{f"{path}__icontains": query})
    return rows.filter(condition)


def _filtered(
    rows: QuerySet[Any], params: QueryDict, filters: Sequence[Filter]
) -> tuple[QuerySet[Any], dict[str, str]]:
    chosen = {}
    for item in filters:
        value = params.get(item.key, "")
        if value not in {choice for choice, _ in item.choices} or not value:
            continue
        chosen[item.key] = value
        rows = (
            rows.filter(**{item.lookup: value}) if isinstance(item.lookup, str) else item.lookup(rows, value)
        )
    return rows, chosen


def _order(sort: str, columns: Iterable[Column]) -> tuple[str, ...]:
    return next((column.order for column in columns if column.key == sort.lstrip("-")), ())


def _sorted(rows: QuerySet[Any], sort: str, columns: Sequence[Column]) -> QuerySet[Any]:
    order = _order(sort, columns)
    if sort.startswith("-"):
        order = tuple(name[1:] if name.startswith("-") else f"-{name}" for name in order)
    return rows.order_by(*order, "pk")


def export(
    rows: Iterable[Any], columns: Sequence[Column], *, title: str, max_rows: int = 50_000
) -> HttpResponse:
    """Return the rows as an Excel sheet with the page's columns; the caller audits the export.

    Where there are more rows than fit, the last line says so.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "remove_timezone": True})
    sheet = book.add_worksheet(title[:31])
    head = book.add_format({"bold": True, "bottom": 1})
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    for index, column in enumerate(columns):
        sheet.write(0, index, column.label, head)
        sheet.set_column(index, index, 14 if column.numeric else 22)
    for number, row in enumerate(rows, start=1):
        if number > max_rows:
            sheet.write_string(number, 0, f"只导出了前 {max_rows} 行，其余没有导出，请缩小范围后分次导出。")
            break
        for index, column in enumerate(columns):
            write_cell(sheet, number, index, column.value(row), date)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, 0, max(len(columns) - 1, 0))
    book.close()
    return xlsx_response(buffer.getvalue(), title)


def write_cell(sheet: Any, row: int, column: int, value: Any, date_format: Any) -> None:
    """Write a value as what it is; text never becomes a formula."""
    if value is None:
        sheet.write_blank(row, column, None)
    elif isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否")
    elif isinstance(value, (int, float)) or type(value).__name__ == "Decimal":
        sheet.write_number(row, column, float(value))
    elif hasattr(value, "strftime"):
        sheet.write_datetime(row, column, value, date_format)
    else:
        sheet.write_string(row, column, str(value))


def xlsx_response(content: bytes, title: str) -> HttpResponse:
    """Return bytes as an .xlsx download named `title.xlsx`, never cached."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{title}.xlsx") or ""
    response["Cache-Control"] = "no-store"
    return response
