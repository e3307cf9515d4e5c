"""What is done with a study as a whole: apply, take back, give up, give out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from qingfeng.core import clock
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import study_results as actions
from qingfeng.evaluation.forms import studies as forms
from qingfeng.evaluation.forms.common import ReasonForm
from qingfeng.evaluation.presenters import studies as words
from qingfeng.evaluation.queries import schemes as scheme_queries
from qingfeng.evaluation.queries import studies as queries
from qingfeng.evaluation.views import steps, studies, workbooks
from qingfeng.evaluation.workbook import studies as book

page = require_http_methods(["GET", "HEAD", "POST"])


@page
def weight_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask with every weight before and after, then bring them in as one change."""
    user, study = steps.person(request), studies.fetch(request, pk)
    rules.apply_study.check(user, study)
    outcome = queries.outcome_of(study)
    plan = queries.plan_of(study, outcome.weighing.weights) if outcome.weighing else None
    unit = words.unit_of(study)
    question = steps.Question(
        title=f"采用算出的权重，改到草稿{study.version}？",
        sentence="采用后判断和结果固定不变；草稿别处没再改动之前，可以整体撤回。"
        "数据计分的规则沿用原来的分值尺度，扣掉的比例不变；部门评审按条扣的分值不变，请随后核对。",
        facts=words.changes((*plan.lines, *plan.followers), unit) if plan else (),
        action="采用",
        back=studies.address(study),
        onward=reverse("evaluation:scheme", args=[study.version_id]),
        done="权重已改到草稿，来源已记明。",
    )
    form = forms.ApplyForm(steps.posted(request), initial={"digest": study.version.digest})
    return steps.ask(
        request,
        question,
        lambda given: actions.apply(study=study, digest=given["digest"], by=user, at=clock.now()),
        form=form,
    )


@page
def weight_undo(request: HttpRequest, pk: int) -> HttpResponse:
    study = studies.fetch(request, pk)
    question = steps.Question(
        title="撤回采用的权重？",
        sentence="草稿里的权重恢复成采用以前的样子；判断和结果仍然保留，可以再次采用。",
        action="撤回",
        back=studies.address(study),
        done="已撤回，草稿恢复了原来的权重。",
    )
    form = ReasonForm(steps.posted(request), label="撤回理由")
    return steps.ask(
        request,
        question,
        lambda given: actions.undo(
            study=study, reason=given["reason"], by=steps.person(request), at=clock.now()
        ),
        form=form,
    )


@page
def weight_discard(request: HttpRequest, pk: int) -> HttpResponse:
    study = studies.fetch(request, pk)
    question = steps.Question(
        title="作废这次判断？",
        sentence="作废后不能再填、不能再采用；已经填的判断保留备查。",
        action="作废",
        back=studies.address(study),
        done="已作废。",
    )
    form = ReasonForm(steps.posted(request), label="作废理由")
    return steps.ask(
        request,
        question,
        lambda given: actions.discard(
            study=study, reason=given["reason"], by=steps.person(request), at=clock.now()
        ),
        form=form,
    )


@require_POST
def weight_study_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Give out every judgement with the weights and how consistent they are."""
    study = studies.fetch(request, pk)
    names = words.dimension_names(scheme_queries.scheme_of(study.version))
    subject = words.subject_of(study, names)
    content = book.write(subject, study.items, queries.outcome_of(study))
    return workbooks.send(request, content, title="权重判断", what="weight_study", subject=study)
