from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, listing, requests, searches
from qingfeng.core.listing import Column, Filter, Listing
from qingfeng.notifications import actions, queries
from qingfeng.notifications.enums import Urgency
from qingfeng.notifications.models import Message


def _local(value: dt.datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else ""


COLUMNS = (
    Column("title", "标题", lambda message: message.title, ("title",)),
    Column("body", "正文", lambda message: message.body),
    Column("urgency", "缓急", lambda message: message.get_urgency_display(), ("urgency_place", "-sent_at")),
    Column("sender", "发件人", lambda message: message.sender.name if message.sender else "系统"),
    Column("sent", "发出时间", lambda message: _local(message.sent_at), ("sent_at",)),
    Column("read", "阅读时间", lambda message: _local(message.read_at), ("read_at",)),
)
FILTERS = (
    Filter("read", "阅读", queries.READ_STATES, queries.in_state),
    Filter("urgency", "缓急", Urgency.choices, "urgency"),
)


def _listing(request: HttpRequest) -> Listing:
    return listing.build(
        queries.inbox(requests.actor_of(request)), searches.sought(request), columns=COLUMNS, filters=FILTERS,
        search=("title", "body"), default_sort="-sent",
    )  # fmt: skip


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    unread = queries.unread_count(requests.actor_of(request))
    context: dict[str, Any] = {
        "listing": _listing(request),
        "unread": unread,
        "title": f"有 {unread} 条消息没有读" if unread else "消息都读过了",
    }
    return render(request, "notifications/message_list.html", context)


@require_POST
def export(request: HttpRequest) -> HttpResponse:
    rows = _listing(request).rows
    audit.record_export(
        what="message",
        rows=rows.count() if rows else 0,
        by=requests.actor_of(request),
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="收件箱")


def _message(request: HttpRequest, pk: int) -> Message:
    return get_object_or_404(queries.inbox(requests.actor_of(request)), pk=pk)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "notifications/message_detail.html", {"message": _message(request, pk)})


@require_POST
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a message read and lead to what it is about, or to its text."""
    message = _message(request, pk)
    actions.mark_read(message=message, by=requests.actor_of(request), at=clock.now())
    return redirect(message.link or reverse("notifications:detail", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
def read_all(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        number = actions.mark_all_read(by=requests.actor_of(request), at=clock.now())
        messages.success(request, f"{number} 条消息标为已读。")
        return redirect("notifications:inbox")
    unread = queries.unread_count(requests.actor_of(request))
    context = {
        "title": f"把 {unread} 条未读消息标为已读",
        "sentence": "消息不会删除，之后仍可查找。标题里要您办的事不会因此办结，仍在工作台。",
        "action": "全部标为已读",
        "cancel_url": reverse("notifications:inbox"),
    }
    return render(request, "ui/confirm.html", context)
