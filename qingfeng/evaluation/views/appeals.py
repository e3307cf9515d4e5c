"""Appeals as units write and sign them, and the list of a round."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.accounts.models import User
from qingfeng.core import clock, htmx, listing, searches
from qingfeng.core.roles import Role
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import appeals as actions
from qingfeng.evaluation.enums import AppealState, AppealSubject
from qingfeng.evaluation.forms.appeals import AppealForm
from qingfeng.evaluation.models.appeals import Appeal
from qingfeng.evaluation.models.rounds import Round
from qingfeng.evaluation.presenters import appeals as words
from qingfeng.evaluation.queries import appeal_parties, appeal_points, changes, checking, results, scope
from qingfeng.evaluation.queries import appeals as queries
from qingfeng.evaluation.views import lists, rounds_of, steps
from qingfeng.workflow import engine

LARGEST = 50 * 1024 * 1024


def fetch(user: User, pk: int) -> Appeal:
    found: Appeal = get_object_or_404(queries.visible_to(user), pk=pk)
    return found


def address(appeal: Appeal) -> str:
    return reverse("evaluation:appeal", args=[appeal.pk])


def concerns(user: User) -> bool:
    return scope.sees_whole(user) or user.holds(*scope.OF_UNIT, *queries.COMMENTERS)


@require_safe
def appeals(request: HttpRequest) -> HttpResponse:
    rounds_of.require_part(concerns(steps.person(request)))
    return rounds_of.enter(request, "evaluation:round_appeals", part="申诉")


def build(request: HttpRequest, round: Round) -> listing.Listing:
    return listing.build(
        queries.visible_to(steps.person(request)).filter(round=round),
        searches.sought(request),
        columns=words.COLUMNS,
        filters=[
            listing.Filter("state", "状态", AppealState.choices, "state"),
            listing.Filter("kind", "对象", AppealSubject.choices, "subject_kind"),
        ],
        search=["round_unit__short_name", "round_unit__name", "title"],
        default_sort="number",
    )


def fetch_round(request: HttpRequest, round_pk: int) -> Round:
    user = steps.person(request)
    rounds_of.require_part(concerns(user))
    return rounds_of.fetch(user, round_pk)


@require_safe
def appeal_list(request: HttpRequest, round_pk: int) -> HttpResponse:
    user, round = steps.person(request), fetch_round(request, round_pk)
    built = build(request, round)
    window = checking.window_of(round)
    until = f"核对申诉期限到 {window.due:%Y-%m-%d}。" if window else "试算结果还没有发各单位核对。"
    page = lists.page(
        request,
        round,
        built,
        "appeal",
        title=words.list_title(lists.states(queries.visible_to(user).filter(round=round))),
        meta=f"{until}由评分人及其部门以外的人复核决定，写明理由。",
        search="单位、指标",
        unit="件",
        empty_title="这一轮还没有申诉",
        empty_text="试算结果发各单位核对后，单位在本单位的结果页上，对有异议的那一分提出。",
    )
    return render(request, "evaluation/appeal_list.html", {"page": page, "listing": built, "round": round})


@require_POST
def appeal_list_export(request: HttpRequest, round_pk: int) -> HttpResponse:
    round = fetch_round(request, round_pk)
    return lists.export(request, build(request, round), title="申诉", round=round, what="appeals")


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an appeal against the point that the portrait's line named."""
    user = steps.person(request)
    result = get_object_or_404(results.visible_to(user), pk=pk)
    rules.write_appeal.check(user, result.round_unit)
    key = request.GET.get("point", "")
    point = steps.present(appeal_points.of_result(result).get(key))
    form = AppealForm(steps.posted(request), request.FILES or None, max_bytes=LARGEST)
    made: list[Appeal] = []

    def act() -> None:
        given = {"grounds": form.cleaned_data["grounds"], "uploads": _uploads(form)}
        made.append(actions.write(result=result, point=key, by=user, at=clock.now(), **given))

    status = steps.fill(form, act) if request.method == "POST" else 200
    if made:
        messages.success(request, "已保存。申诉要由本单位负责人签字提出才算数。")
        return htmx.go(request, address(made[0]))
    context = {"form": form, "result": result, "point": point, "sealed": words.SEALED}
    return render(request, "evaluation/appeal_form.html", context, status=status)


def _uploads(form: AppealForm) -> list[tuple[str, bytes]]:
    return [(upload.name or "文件", upload.read()) for upload in form.cleaned_data["uploads"]]


def compose(user: User, row: Appeal) -> dict[str, Any]:
    """Return what the page of an appeal shows to a person, with why he cannot take each step."""
    is_open = row.state in {AppealState.FILED, AppealState.REVIEWING}
    role, people = appeal_parties.deciders(row) if is_open else ("", [])
    names = "、".join(person.name for person in people)
    page = words.AppealPage(
        appeal=row,
        corrections=list(row.corrections.order_by("pk")),
        history=changes.of(row),
        today=clock.today(),
        deciders=f"{Role(role).label}：{names}" if role else "",
    )
    unit_id = row.round_unit.unit_id
    return {
        "page": page,
        "appeal": row,
        "round": row.round,
        "files": queries.files_of(row),
        "is_own": unit_id in scope.own_units(user),
        "sees_whole": scope.sees_whole(user),
        "why_file": engine.why_not(row, states.FILE_APPEAL, rules.file_appeal, user),
        "why_withdraw": engine.why_not(row, states.WITHDRAW_APPEAL, rules.withdraw_appeal, user),
        "why_accept": engine.why_not(row, states.ACCEPT_APPEAL, rules.accept_appeal, user),
        "why_decide": engine.why_not(row, states.REJECT_APPEAL, rules.decide_appeal, user),
        "may_edit": row.state == AppealState.DRAFT and rules.edit_appeal.allows(user, row),
        "may_comment": (
            row.state == AppealState.REVIEWING
            and row.commented_at is None
            and rules.comment_appeal.allows(user, row)
        ),
        "may_reply": row.is_decided and rules.reply_to_appeal.allows(user, row),
    }


@require_safe
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one appeal: the point's explanation and the unit's grounds side by side, and the decision."""
    user = steps.person(request)
    return render(request, "evaluation/appeal_detail.html", compose(user, fetch(user, pk)))


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.edit_appeal.check(user, row)
    start = {"grounds": row.grounds, "lock": row.lock}
    form = AppealForm(steps.posted(request), request.FILES or None, initial=start, max_bytes=LARGEST)
    status = 200
    if request.method == "POST":
        lock = steps.whole_number(request.POST.get("lock"))
        status = steps.fill(form, lambda: _rewrite(form, row, lock, user))
        if status == 200:
            messages.success(request, "已保存。")
            return htmx.go(request, address(row))
    context = {"form": form, "appeal": row, "point": row, "files": queries.files_of(row)}
    return render(request, "evaluation/appeal_edit.html", context, status=status)


def _rewrite(form: AppealForm, row: Appeal, lock: int, user: User) -> None:
    grounds = form.cleaned_data["grounds"]
    actions.rewrite(appeal=row, grounds=grounds, lock=lock, uploads=_uploads(form), by=user, at=clock.now())


@require_POST
def appeal_file_remove(request: HttpRequest, pk: int, file_pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    act = partial(actions.remove_file, appeal=row, file_id=file_pk, by=user, at=clock.now())
    return steps.take(request, act, done="文件已移除。", back=address(row))


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_file(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.file_appeal.check(user, row)
    question = steps.Question(
        title="签字提出这件申诉？",
        sentence="由您代表本单位提出，对所写事实和材料的真实性负责。提出后不能再改，决定以前可以撤回。",
        facts=[row.title],
        action="签字提出",
        back=address(row),
        done="申诉已提出，党风室会受理并告知结果。",
    )
    act = partial(actions.file, appeal=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda _: act())


@require_http_methods(["GET", "HEAD", "POST"])
def appeal_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    row = fetch(user, pk)
    rules.withdraw_appeal.check(user, row)
    question = steps.Question(
        title="撤回这件申诉？",
        sentence="撤回后这一分按原来的计。期限以内可以重新提出。",
        facts=[row.title],
        action="撤回申诉",
        back=address(row),
        done="申诉已撤回。",
    )
    act = partial(actions.withdraw, appeal=row, by=user, at=clock.now())
    return steps.ask(request, question, lambda _: act())
