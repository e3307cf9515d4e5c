"""Weights by pairwise judgement, for the officer: begin, ask experts, read the result, bring it in."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, htmx, listing, preferences
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import studies as actions
from qingfeng.evaluation.enums import StudyState, StudyTarget
from qingfeng.evaluation.forms import studies as forms
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.models.studies import WeightStudy
from qingfeng.evaluation.presenters import studies as words
from qingfeng.evaluation.presenters import weight_origins as origin_words
from qingfeng.evaluation.queries import desk
from qingfeng.evaluation.queries import schemes as scheme_queries
from qingfeng.evaluation.queries import studies as queries
from qingfeng.evaluation.views import schemes, steps
from qingfeng.workflow import engine

page = require_http_methods(["GET", "HEAD", "POST"])


def fetch(request: HttpRequest, pk: int) -> WeightStudy:
    found: WeightStudy = get_object_or_404(queries.visible_to(steps.person(request)), pk=pk)
    return found


def open_version(request: HttpRequest, pk: int) -> SchemeVersion:
    """Return a version whose weights the person may set. Raises `Http404` and `Denied`."""
    version = schemes.fetch(request, pk)
    rules.edit_scheme.check(steps.person(request))
    return version


def address(study: WeightStudy) -> str:
    return reverse("evaluation:weight_study", args=[study.pk])


def build(request: HttpRequest, version: SchemeVersion) -> listing.Listing:
    names = words.dimension_names(scheme_queries.scheme_of(version))
    return listing.build(
        queries.listed(steps.person(request), version),
        request.GET,
        columns=words.columns(names),
        filters=[
            listing.Filter("state", "状态", StudyState.choices, "state"),
            listing.Filter("target", "给什么", StudyTarget.choices, "target"),
        ],
        search=["part"],
        default_sort="begun",
    )


@require_safe
def weight_list(request: HttpRequest, pk: int) -> HttpResponse:
    version = open_version(request, pk)
    scheme = scheme_queries.scheme_of(version)
    built = build(request, version)
    origins = origin_words.origin_lines(version, scheme, queries.origins_of(version))
    context = {
        **schemes.frame(request, version, scheme),
        "listing": built,
        "origins": origins,
        "title": f"{built.total} 次权重判断" if built.total else "还没有用层次分析法定过权重",
    }
    return render(request, "evaluation/weights/weight_list.html", context)


@require_POST
def weight_list_export(request: HttpRequest, pk: int) -> HttpResponse:
    version = open_version(request, pk)
    built = build(request, version)
    rows: list[Any] = list(built.rows or [])
    audit.record_export(
        what="weight_studies",
        rows=len(rows),
        by=steps.person(request),
        at=clock.now(),
        address=request.META.get("REMOTE_ADDR", ""),
        detail={"version": version.pk},
    )
    return listing.export(rows, built.columns, title="权重判断")


@page
def weight_begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose what is weighed, and begin."""
    version = open_version(request, pk)
    form = forms.StudyForm(
        steps.posted(request),
        choices=words.choices(scheme_queries.scheme_of(version)),
        initial={"what": request.GET.get("what", ""), "places": preferences.get(queries.PLACES.key)},
    )
    made: list[WeightStudy] = []
    status = 200
    if request.method == "POST":

        def act() -> None:
            target, part = form.target
            made.append(
                actions.begin(
                    version=version,
                    target=target,
                    part=part,
                    places=form.cleaned_data["places"],
                    by=steps.person(request),
                    at=clock.now(),
                )
            )

        status = steps.fill(form, act)
    if made:
        messages.success(request, "已经发起，接着请专家：请人在平台上填，或录入纸质问卷。")
        return htmx.go(request, address(made[0]))
    context = {
        "title": "用层次分析法定权重",
        "sentence": "请专家把各项两两比较，平台由比较算出权重并检验前后是否一致。"
        "算出来先给您看，您确认后才改草稿。",
        "form": form,
        "action": "发起",
        "cancel_url": reverse("evaluation:weight_list", args=[pk]),
    }
    return render(request, "ui/confirm.html", context, status=status)


@require_safe
def weight_study(request: HttpRequest, pk: int) -> HttpResponse:
    """Show who judged what, each expert's weights, the combined ones, and what they would change."""
    user, study = steps.person(request), fetch(request, pk)
    scheme = scheme_queries.scheme_of(study.version)
    outcome = queries.outcome_of(study)
    can_change = study.state in states.APPLY_STUDY.from_
    plan = queries.plan_of(study, outcome.weighing.weights) if outcome.weighing and can_change else None
    names = list(queries.names_of(study).values())
    context = {
        "study": study,
        "version": study.version,
        "over": words.subject_of(study, words.dimension_names(scheme)),
        "title": words.title(study, outcome),
        "tone": words.TONES.get(StudyState(study.state), ""),
        "is_open": study.state == StudyState.JUDGING,
        "lines": words.opinion_lines(study, outcome),
        "counted": [one.expert.name for one in outcome.counted],
        "rows": words.weight_rows(study, outcome, plan),
        "unit": words.unit_of(study).strip(),
        "figures": words.figures(outcome.weighing),
        "misfits": words.misfits(outcome.weighing, names, outcome.limit),
        "limit": outcome.limit,
        "followers": words.changes(plan.followers if plan else (), words.unit_of(study)),
        "why_apply": engine.why_not(study, states.APPLY_STUDY, rules.apply_study, user),
        "can_undo": study.state == StudyState.APPLIED,
        "is_intact": queries.judgements_digest(outcome) == study.result.get("judgements"),
        "happened": words.happened(study, desk.history(study)),
    }
    return render(request, "evaluation/weights/weight_study.html", context)


@page
def weight_invite(request: HttpRequest, pk: int) -> HttpResponse:
    study = fetch(request, pk)
    question = steps.Question(
        title="请一位有账号的专家",
        sentence="他会收到一条消息，在自己的页面上填写；他看不到别人的判断，您也不能代他填。",
        action="邀请",
        back=address(study),
        done="已邀请。",
    )
    form = forms.InviteForm(steps.posted(request), people=queries.invitable(study))
    return steps.ask(
        request,
        question,
        lambda given: actions.invite(
            study=study, user=given["person"], post=given["post"], by=steps.person(request), at=clock.now()
        ),
        form=form,
    )


@page
def weight_paper(request: HttpRequest, pk: int) -> HttpResponse:
    study = fetch(request, pk)
    question = steps.Question(
        title="录入一份纸质问卷",
        sentence="写明是哪位专家、哪天填的。接着逐对录入，也可以下载 Excel 填好再传。",
        action="开始录入",
        back=address(study),
        done="已加入专家名单，请点姓名录入判断。",
    )
    form = forms.PaperForm(steps.posted(request), today=clock.today())
    return steps.ask(
        request,
        question,
        lambda given: actions.add_paper(study=study, **given, by=steps.person(request), at=clock.now()),
        form=form,
    )
