"""Pages on which a draft is edited, part by part: one page changes any part, one adds, one takes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST

from qingfeng.core import clock, htmx
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import scheme_parts as actions
from qingfeng.evaluation.forms import scheme_parts as forms
from qingfeng.evaluation.forms import scheme_shapes as shapes
from qingfeng.evaluation.forms.scheme_fields import Shape
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.presenters import scheme_parts as words
from qingfeng.evaluation.queries import scheme_parts as parts
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.scoring import scheme_json
from qingfeng.evaluation.views import schemes, steps

page = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Spot:
    """A place in a draft: the version, its body, the path, the shape and what stands there."""

    version: SchemeVersion
    body: dict[str, Any]
    path: tuple[str, ...]
    shape: Shape
    standing: Any

    def form(self, request: HttpRequest, *, standing: Any) -> forms.PartForm:
        return forms.PartForm(
            self.shape,
            forms.tables_of(self.body),
            request.POST if request.method == "POST" else None,
            standing=standing,
            digest=self.version.digest,
        )


def open_draft(request: HttpRequest, pk: int) -> tuple[SchemeVersion, dict[str, Any]]:
    """Return a version the person may edit, with its body. Raises `Http404` and `Denied`."""
    version = schemes.fetch(request, pk)
    rules.edit_scheme.check(steps.person(request))
    return version, scheme_json.to_plain(queries.scheme_of(version))


def spot(request: HttpRequest, pk: int) -> Spot:
    """Return the place that the address names. Raises `Http404` where there is nothing."""
    version, body = open_draft(request, pk)
    path = tuple(step for step in request.GET.get("at", "").split("/") if step)
    standing = parts.part_at(body, path)
    if standing is None:
        raise Http404
    kind = standing.get("kind", "") if isinstance(standing, dict) else ""
    try:
        shape = shapes.SHAPES[shapes.shape_key(path, kind)]
    except KeyError:
        raise Http404 from None
    return Spot(version, body, path, shape, standing)


@page
def scheme_part(request: HttpRequest, pk: int) -> HttpResponse:
    """Change one part; its parts within are listed with their own pages."""
    here = spot(request, pk)
    form = here.form(request, standing=here.standing)
    back = words.back(here.version, here.path)
    status = 200
    if request.method == "POST":
        path, wrap = (
            (here.path[:-1], here.path[-1]) if here.path[-1:] and not here.shape.fields else (here.path, "")
        )

        def act() -> None:
            changes = form.changes()
            actions.edit_part(
                version=here.version,
                path=path,
                changes={wrap: changes[""]} if wrap else changes,
                digest=form.cleaned_data["digest"],
                by=steps.person(request),
                at=clock.now(),
            )

        status = steps.fill(form, act)
        if status == 200:
            messages.success(request, f"{here.shape.label}已保存。")
            return htmx.go(request, back)
    return render(request, "evaluation/schemes/part_form.html", _context(here, form, back), status=status)


def _context(here: Spot, form: forms.PartForm, back: str) -> dict[str, Any]:
    return {
        "version": here.version,
        "title": words.title(here.shape, here.standing),
        "trail": words.trail(here.version, here.body, here.path),
        "form": form,
        "back": back,
        "inner": words.inner(here.version, here.body, here.path, here.shape, here.standing),
        "tools": words.tools(here.version, here.path),
        "is_new": False,
    }


@page
def scheme_part_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a part to a list: the same form, empty."""
    version, body = open_draft(request, pk)
    to = tuple(step for step in request.GET.get("to", "").split("/") if step)
    kind = request.GET.get("kind", "")
    if not isinstance(parts.part_at(body, to), list):
        raise Http404
    try:
        shape = shapes.SHAPES[shapes.shape_key((*to, "new"), kind)]
    except KeyError:
        raise Http404 from None
    here = Spot(version, body, to, shape, {})
    form = here.form(request, standing={})
    status = 200
    if request.method == "POST":
        code = words.next_code(body, to, shape)

        def act() -> None:
            part = {"code": code, **shape.blank, **form.changes()}
            if to[-1] == "indicators":
                part["order"] = 1 + max(
                    (i.order for _, i in queries.scheme_of(version).indicators()), default=0
                )
            actions.add_part(
                version=version,
                path=to,
                part=part,
                digest=form.cleaned_data["digest"],
                by=steps.person(request),
                at=clock.now(),
            )

        status = steps.fill(form, act)
        if status == 200:
            messages.success(request, f"已增加{shape.label}。")
            return htmx.go(request, words.page_of(version, (*to, code)))
    back = words.back(version, (*to, "new"))
    context = _context(here, form, back) | {"title": f"增加{shape.label}", "tools": {}, "is_new": True}
    return render(request, "evaluation/schemes/part_form.html", context, status=status)


@page
def scheme_part_remove(request: HttpRequest, pk: int) -> HttpResponse:
    here = spot(request, pk)
    if len(here.path) < 2 or here.path[-2] not in words.REMOVABLE:
        raise Http404
    question = steps.Question(
        title=f"删去{words.title(here.shape, here.standing)}？",
        sentence="只从这份草稿里删去，已发布的版本不受影响。",
        facts=words.contents(here.standing),
        action="删去",
        back=words.page_of(here.version, here.path),
        onward=words.back(here.version, here.path),
        done="已删去。",
    )
    return steps.ask(
        request,
        question,
        lambda _: actions.remove_part(
            version=here.version,
            path=here.path,
            digest=here.version.digest,
            by=steps.person(request),
            at=clock.now(),
        ),
    )


@require_POST
def scheme_part_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a part one place up or down its list."""
    here = spot(request, pk)
    places = -1 if request.POST.get("way") == "up" else 1
    return steps.take(
        request,
        lambda: actions.move_part(
            version=here.version,
            path=here.path,
            places=places,
            digest=request.POST.get("digest", ""),
            by=steps.person(request),
            at=clock.now(),
        ),
        done="已移动。",
        back=words.back(here.version, here.path),
    )


@require_POST
def scheme_order(request: HttpRequest, pk: int) -> HttpResponse:
    """Rank the indicators for the one-fact rule."""
    version, _ = open_draft(request, pk)
    places = {
        name.removeprefix("order-"): steps.whole_number(str(value))
        for name, value in request.POST.items()
        if name.startswith("order-") and steps.whole_number(str(value)) >= 0
    }
    address = reverse("evaluation:scheme", args=[pk])
    return steps.take(
        request,
        lambda: actions.order_facts(
            version=version,
            places=places,
            digest=request.POST.get("digest", ""),
            by=steps.person(request),
            at=clock.now(),
        ),
        done="扣分次序已保存。",
        back=f"{address}?{urlencode({'part': 'order'})}",
    )
