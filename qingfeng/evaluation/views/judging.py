"""One expert's matrix: pair by pair in words, as a half matrix, or by Excel."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qingfeng.core import clock, htmx
from qingfeng.core.errors import Conflict, Refused
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import judgement_books as books
from qingfeng.evaluation.actions import studies as actions
from qingfeng.evaluation.forms import studies as forms
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.models.studies import StudyExpert
from qingfeng.evaluation.presenters import judging as judging_words
from qingfeng.evaluation.presenters import studies as words
from qingfeng.evaluation.queries import studies as queries
from qingfeng.evaluation.scoring import ahp
from qingfeng.evaluation.views import steps, workbooks

page = require_http_methods(["GET", "HEAD", "POST"])


def fetch(request: HttpRequest, pk: int) -> StudyExpert:
    found: StudyExpert = get_object_or_404(queries.experts_visible_to(steps.person(request)), pk=pk)
    return found


@page
def judging(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the matrix, or keep what was judged and say how consistent it is; hand it in where asked."""
    expert = fetch(request, pk)
    view = "table" if request.GET.get("as") == "table" else "pairs"
    if request.method != "POST":
        return _show(request, expert, view, queries.judgements_of(expert), [])
    values, is_sound = forms.judgements_from(request.POST, ahp.pairs_of(queries.codes_of(expert.study)))
    try:
        if not is_sound:
            raise Refused("有一处比较不在可选的范围里，请重新选择")
        lock = steps.whole_number(request.POST.get("lock"))
        actions.save_judgements(
            expert=expert, values=values, lock=lock, by=steps.person(request), at=clock.now()
        )
    except (Refused, Conflict) as refusal:
        sentences = steps.sentences_of(refusal)
        return _show(request, expert, view, values, sentences, status=steps.status_of(refusal))
    if request.POST.get("then") == "submit":
        return _submit(request, expert, view)
    messages.success(request, "已保存。")
    return htmx.go(request, judging_words.address(expert, view))


def _submit(request: HttpRequest, expert: StudyExpert, view: str) -> HttpResponse:
    """Hand in what has just been saved; where it cannot be, the page says why and keeps it."""
    expert.refresh_from_db()
    try:
        actions.submit_judgements(expert=expert, by=steps.person(request), at=clock.now())
    except Refused as refusal:
        judged = queries.judgements_of(expert)
        return _show(request, expert, view, judged, list(refusal.sentences), status=steps.UNFIT)
    messages.success(request, "判断已提交，谢谢。")
    return htmx.go(request, judging_words.address(expert))


def _show(
    request: HttpRequest,
    expert: StudyExpert,
    view: str,
    judged: dict[ahp.Pair, int],
    errors: list[str],
    *,
    status: int = 200,
) -> HttpResponse:
    limit, names = queries.limit(), queries.names_of(expert.study)
    opinion = queries.opinion_of(expert, list(names))
    context = {
        "expert": expert,
        "study": expert.study,
        "title": judging_words.judging_title(opinion, expert.study, limit),
        "errors": errors,
        "ratio": words.ratio_words(opinion.weighing.ratio if opinion.weighing else None),
        "limit": limit,
        "misfits": words.misfits(opinion.weighing, list(names.values()), limit),
        "shares": judging_words.shares(names, opinion),
        **judging_words.standing(expert, steps.person(request)),
        **judging_words.filling(names, judged, expert, view),
    }
    return render(request, "evaluation/weights/judging.html", context, status=status)


@require_POST
def judging_workbook(request: HttpRequest, pk: int) -> HttpResponse:
    expert = fetch(request, pk)
    content = books.template(expert=expert, by=steps.person(request))
    return workbooks.send(request, content, title="两两比较", what="judgements", subject=expert)


@page
def judging_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a filled workbook in, whole or not at all."""
    expert = fetch(request, pk)
    user = steps.person(request)
    rules.judge.check(user, expert)
    where = workbooks.Desk(
        title="用 Excel 填判断",
        back=judging_words.address(expert),
        download=reverse("evaluation:judging_workbook", args=[pk]),
        sentence="下载后在“比较”一列里选，再整份传回来。传回来先存为草稿，提交前还可以改。",
    )

    def take_in(content: bytes) -> str:
        count = books.import_judgements(expert=expert, content=content, by=user, at=clock.now())
        return f"已读入 {count} 处比较，请核对后提交。"

    return workbooks.receive(request, where, take_in)


@page
def judging_return(request: HttpRequest, pk: int) -> HttpResponse:
    expert = fetch(request, pk)
    question = steps.Question(
        title=f"把判断退回{expert.name}重填？",
        sentence="已填的内容保留，可以在原来的基础上改。",
        action="退回",
        back=reverse("evaluation:weight_study", args=[expert.study_id]),
        done="已退回。",
    )
    form = ReasonForm(steps.posted(request), label="退回理由")
    return steps.ask(
        request,
        question,
        lambda given: actions.return_judgements(
            expert=expert, reason=given["reason"], by=steps.person(request), at=clock.now()
        ),
        form=form,
    )


@page
def judging_leave(request: HttpRequest, pk: int) -> HttpResponse:
    expert = fetch(request, pk)
    question = steps.Question(
        title=f"{expert.name}不再参加？",
        sentence="不再计入综合，已填的判断保留备查。不能恢复。",
        action="登记不再参加",
        back=reverse("evaluation:weight_study", args=[expert.study_id]),
        done="已登记。",
    )
    form = ReasonForm(steps.posted(request), label="不再参加的理由")
    return steps.ask(
        request,
        question,
        lambda given: actions.leave(
            expert=expert, reason=given["reason"], by=steps.person(request), at=clock.now()
        ),
        form=form,
    )
