"""Background jobs: running, failed, done and scheduled, and the panel that any page can show."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from qingfeng.accounts.models import User
from qingfeng.accounts.views.requests import user_of
from qingfeng.audit import actions as audit
from qingfeng.core import clock, htmx, listing, requests, searches
from qingfeng.core.errors import Conflict
from qingfeng.core.jobs import queries as core_queries
from qingfeng.core.roles import Role
from qingfeng.shell import rules
from qingfeng.shell.actions import jobs as actions
from qingfeng.shell.queries import jobs as queries

COLUMNS = (
    listing.Column("title", "任务", lambda job: job.title, order=("title",)),
    listing.Column("status", "状态", lambda job: job.get_status_display()),
    listing.Column("words", "进展或结果", queries.outcome),
    listing.Column("attempts", "次数", lambda job: job.attempts, order=("attempts",), numeric=True),
    listing.Column("created", "发起", lambda job: clock.spoken(job.created_at), order=("created_at",)),
    listing.Column("ended", "结束", lambda job: clock.spoken(job.finished_at), order=("finished_at",)),
)


def _tab(request: HttpRequest) -> str:
    wanted = request.GET.get("tab", "open")
    return wanted if wanted in queries.TABS else "open"


def _listing(request: HttpRequest, user: User) -> listing.Listing:
    rows = queries.of_tab(user, _tab(request))
    return listing.build(
        rows, searches.sought(request), columns=COLUMNS, search=("title",), default_sort="-created"
    )


def _tabs(tab: str, counts: dict[str, int], *, with_schedule: bool) -> list[dict[str, Any]]:
    made = [
        {"label": label, "url": f"?tab={name}", "active": name == tab, "count": counts[name]}
        for name, (label, _) in queries.TABS.items()
    ]
    if with_schedule:
        made.append({"label": "定时", "url": reverse("jobs:schedule"), "active": tab == "schedule"})
    return made


def _title(counts: dict[str, int]) -> str:
    failed = f"，{counts['failed']} 项失败" if counts["failed"] else ""
    if counts["open"]:
        return f"{counts['open']} 项后台任务正在办理{failed}"
    return f"没有正在办理的后台任务{failed}"


def job_list(request: HttpRequest) -> HttpResponse:
    user, tab = user_of(request), _tab(request)
    counts = queries.counts(user)
    found = _listing(request, user)
    context = {
        "title": _title(counts),
        "tabs": _tabs(tab, counts, with_schedule=user.holds(Role.SYSTEM_ADMIN)),
        "tab": tab,
        "listing": found,
        "rows": queries.rows(user, found.page.object_list),
        "here": request.get_full_path(),
    }
    return htmx.respond(request, "shell/job_list.html", context, fragment="rows")


@require_POST
def job_export(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rows = _listing(request, user).rows
    count = rows.count() if rows is not None else 0
    audit.record_export(what="job", rows=count, by=user, at=clock.now(), address=requests.address_of(request))
    return listing.export(rows or (), COLUMNS, title="后台任务")


def schedule(request: HttpRequest) -> HttpResponse:
    user = user_of(request)
    rules.read_schedule.check(user)
    counts = queries.counts(user)
    due = core_queries.schedule()
    context = {
        "title": f"{len(due)} 项任务按时自动执行",
        "tabs": [
            {**tab, "url": reverse("jobs:list") + tab["url"]} if tab["url"].startswith("?") else tab
            for tab in _tabs("schedule", counts, with_schedule=True)
        ],
        "lines": due,
    }
    return render(request, "shell/job_schedule.html", context)


def panel(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    job = get_object_or_404(queries.visible_to(user), pk=pk)
    context = {"row": queries.rows(user, [job])[0], "panel_url": reverse("jobs:panel", args=[pk])}
    return htmx.respond(request, "shell/job_panel.html", context, fragment="panel")


def retry(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    job = get_object_or_404(queries.visible_to(user), pk=pk)
    rules.retry_job.check(user, job)
    if request.method == "POST":
        try:
            actions.retry_job(job=job, by=user, at=clock.now())
            messages.success(request, f"{job.title}：已重新排队。")
        except Conflict as conflict:
            messages.warning(request, conflict.sentence)
        return redirect("jobs:list")
    context = {
        "title": f"重试：{job.title}",
        "sentence": "任务从上次中断的地方继续；已经写入的内容不会重复。",
        "facts": [f"上次失败：{clock.spoken(job.finished_at)}", f"原因：{job.error}"],
        "form": None,
        "action": "重试",
        "cancel_url": reverse("jobs:list") + "?tab=failed",
    }
    return render(request, "ui/confirm.html", context)
