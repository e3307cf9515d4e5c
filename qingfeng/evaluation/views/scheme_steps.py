"""What is done with a version as a whole: draft, copy, publish, retire, compare."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from qingfeng.core import clock, htmx
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import schemes as actions
from qingfeng.evaluation.forms import schemes as forms
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.presenters import comparison as words
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.views import schemes, steps

page = require_http_methods(["GET", "HEAD", "POST"])


def home(version: SchemeVersion) -> str:
    return reverse("evaluation:scheme", args=[version.pk])


def begin(request: HttpRequest, form: Any, words: dict[str, Any], act: Any) -> HttpResponse:
    """Ask on a page, make a new draft, and go on to it."""
    made: list[SchemeVersion] = []
    status = 200
    if request.method == "POST":
        status = steps.fill(form, lambda: made.append(act(form.cleaned_data)))
    if made:
        messages.success(request, "草稿已建立，可以逐项修改，也可以用 Excel 改好再导入。")
        return htmx.go(request, home(made[0]))
    return render(request, "ui/confirm.html", {**words, "form": form}, status=status)


@page
def scheme_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the next version of a scheme as a copy."""
    user = steps.person(request)
    version = schemes.fetch(request, pk)
    rules.edit_scheme.check(user)
    return begin(
        request,
        forms.DraftForm(request.POST or None),
        {
            "title": f"起草“{version.scheme.name}”的新版本",
            "sentence": f"以{version}的内容为底稿。正在使用的版本不受影响，新版本发布后从下一轮开始采用。",
            "action": "起草新版本",
            "cancel_url": home(version),
        },
        lambda given: actions.create_draft_from(version=version, note=given["note"], by=user, at=clock.now()),
    )


@page
def scheme_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin another scheme as a copy of a version."""
    user = steps.person(request)
    version = schemes.fetch(request, pk)
    rules.edit_scheme.check(user)
    return begin(
        request,
        forms.CopyForm(request.POST or None, initial={"name": f"{version.scheme.name}（另一套）"}),
        {
            "title": "另起一套方案",
            "sentence": f"以“{version.scheme.name}”{version}为底稿，另起一套独立的方案。",
            "action": "另起一套",
            "cancel_url": home(version),
        },
        lambda given: actions.create_scheme(
            slug=given["slug"], name=given["name"].strip(), based_on=version, by=user, at=clock.now()
        ),
    )


@page
def scheme_publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish a draft, after naming what it freezes."""
    user = steps.person(request)
    version = schemes.fetch(request, pk)
    rules.publish_version.check(user, version)
    scheme = queries.scheme_of(version)
    channels = sum(1 for _ in scheme.channels())
    question = steps.Question(
        title=f"发布“{scheme.name}”{version}？",
        sentence="发布后内容固定，不能再改；要改须另起新版本。",
        facts=[
            f"固定 {len(scheme.dimensions)} 个维度、{sum(1 for _ in scheme.indicators())} 项指标和它们的权重",
            f"固定 {channels} 个计分渠道的占比、评分部门、代评部门和扣分规则",
            "固定等次分数线、名额、降等情形、事实计入规则和加减分上限",
            "发布后可以用它建立新的评价轮次",
        ],
        action="发布",
        back=home(version),
        done="方案已发布，可以用它建立评价轮次。",
    )
    return steps.ask(request, question, lambda _: actions.publish(version=version, by=user, at=clock.now()))


@page
def scheme_retire(request: HttpRequest, pk: int) -> HttpResponse:
    user = steps.person(request)
    version = schemes.fetch(request, pk)
    rules.retire_version.check(user, version)
    question = steps.Question(
        title=f"停用“{version.scheme.name}”{version}？",
        sentence="停用后不能再用它建立新轮次；已经在用的轮次不受影响。",
        action="停用",
        back=home(version),
        done="这个版本已停用。",
    )
    form = forms.RetireForm(request.POST or None)
    return steps.ask(
        request,
        question,
        lambda given: actions.retire(version=version, reason=given["reason"], by=user, at=clock.now()),
        form=form,
    )


@require_safe
def scheme_compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two versions side by side, every value that differs with its place."""
    version = schemes.fetch(request, pk)
    others = list(queries.siblings(steps.person(request), version))
    picked = request.GET.get("with", "")
    chosen = version.based_on if not picked else None
    if picked.isdecimal():
        chosen = schemes.fetch(request, int(picked))
    if chosen is None and others:
        chosen = others[0]
    groups = words.compare(queries.scheme_of(chosen), queries.scheme_of(version)) if chosen else []
    context = {
        "version": version,
        "other": chosen,
        "others": others,
        "groups": groups,
        "title": words.title(groups, chosen, version) if chosen else "没有可以比较的版本",
    }
    return render(request, "evaluation/schemes/scheme_compare.html", context)
