"""What a unit hands in: one page that says what to do, and one page for each indicator."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.core import clock, htmx
from qingfeng.core.errors import Conflict, Refused
from qingfeng.core.roles import Role
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import evidence as evidence_actions
from qingfeng.evaluation.actions import submissions as actions
from qingfeng.evaluation.forms.common import ReasonForm, ReturnForm
from qingfeng.evaluation.forms.submissions import EvidenceForm, HandInForm, ReportForm
from qingfeng.evaluation.models.submissions import Submission
from qingfeng.evaluation.presenters.submissions import EvidencePage, SubmissionPage
from qingfeng.evaluation.queries import evidence as evidence_queries
from qingfeng.evaluation.queries import rounds, scope
from qingfeng.evaluation.queries import submissions as queries
from qingfeng.evaluation.views import steps
from qingfeng.workflow import engine


def fetch(user: Any, pk: int) -> Submission:
    found: Submission = get_object_or_404(queries.visible_to(user), pk=pk)
    return found


def address(submission: Submission) -> str:
    return reverse("evaluation:submission", args=[submission.pk])


def compose(user: Any, submission: Submission) -> SubmissionPage:
    """Bring together what the page of a submission shows to a person."""
    unit_id = submission.round_unit.unit_id
    items = queries.evidence_by_indicator(submission)
    is_own = unit_id in scope.own_units(user)
    return SubmissionPage(
        submission=submission,
        wanted=rounds.evidence_indicators(submission.round_unit.round),
        items=items,
        file_counts=evidence_queries.file_counts(items.values()),
        today=clock.today(),
        is_own=is_own,
        is_head=is_own and user.holds(Role.UNIT_HEAD, unit=unit_id),
        is_liaison=is_own and user.holds(Role.UNIT_LIAISON, unit=unit_id),
        is_open=submission.round_unit.round.is_open_for_units and submission.round_unit.left_at is None,
        earlier=queries.earlier_texts(submission) if is_own else {},
    )


@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    form = ReportForm(initial={"self_report": row.self_report, "lock": row.lock})
    return _show(request, row, form)


def _show(request: HttpRequest, row: Submission, form: ReportForm, *, status: int = 200) -> HttpResponse:
    user = steps.person(request)
    context = {
        "page": compose(user, row),
        "submission": row,
        "form": form,
        "why_hand_in": engine.why_not(row, states.HAND_IN, rules.hand_in, user),
        "why_sign": engine.why_not(row, states.SIGN, rules.sign, user),
        "why_return": engine.why_not(row, states.RETURN_SUBMISSION, rules.return_submission, user),
        "may_return": rules.return_submission.allows(user, row),
    }
    return htmx.respond(request, "evaluation/submission_detail.html", context, status=status)


@require_POST
def save_report(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _show(request, row, form, status=steps.UNFIT)
    try:
        actions.save_report(submission=row, by=steps.person(request), at=clock.now(), **form.cleaned_data)
    except Conflict as clash:
        form.add_error("self_report", clash.sentence)
        form.add_error("self_report", f"别人保存的内容是：{row.self_report or '（空）'}")
        return _show(request, row, form.with_lock(row.lock), status=steps.CLASH)
    messages.success(request, "自评报告已保存。")
    return htmx.go(request, address(row))


@require_POST
def carry_over(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    code = request.POST.get("indicator", "")
    act = partial(
        evidence_actions.carry_over,
        submission=row,
        indicator=code,
        by=steps.person(request),
        at=clock.now(),
    )
    done = "已沿用上季内容。" if code else "没写的项目已沿用上季内容，请逐项看一遍，有变化的改过来。"
    return steps.take(request, act, done=done, back=f"{address(row)}#evidence")


@require_http_methods(["GET", "HEAD", "POST"])
def evidence(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show and save the evidence for one indicator."""
    row = fetch(request.user, pk)
    page = compose(steps.person(request), row)
    line = steps.found_or_404(page.lines, code)
    item = line.item
    start = {"text": item.text if item else "", "seen": item.changed_at.isoformat() if item else ""}
    form = EvidenceForm(steps.posted(request), request.FILES or None, initial=start)
    status = 200
    if request.method == "POST" and form.is_valid():
        status = _save_evidence(request, row, code, form)
        if status == 200:
            return htmx.go(request, _onward(request, row, EvidencePage(page, line)))
    elif request.method == "POST":
        status = steps.UNFIT
    context = {"page": EvidencePage(page, line), "submission": row, "form": form, "files": _files(page, code)}
    return htmx.respond(request, "evaluation/evidence_form.html", context, status=status)


def _files(page: SubmissionPage, code: str) -> list[Any]:
    item = page.items.get(code)
    return evidence_queries.files_of(item) if item else []


def _save_evidence(request: HttpRequest, row: Submission, code: str, form: EvidenceForm) -> int:
    values = form.cleaned_data
    try:
        evidence_actions.write(
            submission=row,
            indicator=code,
            text=values["text"],
            uploads=[(upload.name or "文件", upload.read()) for upload in values["uploads"]],
            seen=values["seen"],
            by=steps.person(request),
            at=clock.now(),
        )
    except (Refused, Conflict) as refusal:
        for sentence in steps.sentences_of(refusal):
            form.add_error("uploads" if isinstance(refusal, Refused) else "text", sentence)
        return steps.status_of(refusal)
    messages.success(request, "已保存。")
    return 200


def _onward(request: HttpRequest, row: Submission, page: EvidencePage) -> str:
    """Go to the next indicator where the button said so, else stay on this one's page."""
    following = page.next if "next" in request.POST else None
    if "done" in request.POST or ("next" in request.POST and following is None):
        return address(row)
    code = following.indicator.code if following else page.line.indicator.code
    return reverse("evaluation:evidence", args=[row.pk, code])


@require_POST
def remove_file(request: HttpRequest, pk: int, code: str, file_pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    item = get_object_or_404(row.evidence, indicator=code)
    act = partial(
        evidence_actions.remove_file, item=item, file_id=file_pk, by=steps.person(request), at=clock.now()
    )
    back = reverse("evaluation:evidence", args=[row.pk, code])
    return steps.take(request, act, done="文件已移除。", back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    rules.hand_in.check(request.user, row)
    gaps = [line.indicator.name for line in compose(steps.person(request), row).gaps]
    question = steps.Question(
        title=f"还有 {len(gaps)} 项没有材料，要这样提交吗？" if gaps else "提交负责人审签？",
        action="提交负责人审签",
        back=address(row),
        done="已提交，请负责人登录平台审签。",
        sentence="没有材料的项目，将按评价方案处理，可能不得分："
        if gaps
        else "提交后在负责人审签或退回之前不能再改。",
        facts=gaps,
    )
    form = HandInForm(steps.posted(request)) if gaps else None
    act = partial(actions.hand_in, submission=row, by=steps.person(request), at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    rules.sign.check(request.user, row)
    page = compose(steps.person(request), row)
    question = steps.Question(
        title=f"审签报送自评报告和 {page.written} 项材料？",
        action="审签报送",
        back=address(row),
        done="已审签报送。",
        sentence="审签后材料送评分部门审核，由您和本单位对真实性负责。",
        facts=[f"没有材料：{line.indicator.name}" for line in page.gaps],
    )
    act = partial(actions.sign, submission=row, by=steps.person(request), at=clock.now())
    return steps.ask(request, question, lambda _: act())


@require_http_methods(["GET", "HEAD", "POST"])
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    rules.send_back.check(request.user, row)
    question = steps.Question("退回联络员修改？", "退回修改", address(row), "已退回联络员。")
    form = ReasonForm(steps.posted(request), label="要改什么")
    act = partial(actions.send_back, submission=row, by=steps.person(request), at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def return_submission(request: HttpRequest, pk: int) -> HttpResponse:
    row = fetch(request.user, pk)
    rules.return_submission.check(request.user, row)
    unit = row.round_unit.short_name
    question = steps.Question(
        title=f"把整份报送退回{unit}修改？",
        action="退回单位",
        back=address(row),
        done=f"已退回{unit}。",
        sentence="退回后该单位要改好、再由负责人审签一次。只有个别材料不行的，请评分部门退回那一项。",
    )
    start = {"due_on": clock.today() + dt.timedelta(days=3)}
    form = ReturnForm(steps.posted(request), label="退回理由", initial=start, today=clock.today())
    act = partial(actions.return_submission, submission=row, by=steps.person(request), at=clock.now())
    return steps.ask(request, question, lambda values: act(**values), form=form)
