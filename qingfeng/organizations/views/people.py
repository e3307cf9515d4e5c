from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qingfeng.audit import actions as audit
from qingfeng.core import clock, htmx, listing, requests, searches
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict
from qingfeng.core.listing import Column, Filter, Listing
from qingfeng.organizations import forms, presenters, queries, rules
from qingfeng.organizations.actions import people as actions
from qingfeng.organizations.models import Person

both = require_http_methods(["GET", "HEAD", "POST"])
COLUMNS = (
    Column("name", "姓名", lambda person: person.name, ("name",)),
    Column("code", "人员编号", lambda person: person.code, ("code",)),
    Column("posts", "现任职务", presenters.current_words),
    Column(
        "party", "中共党员", lambda person: "是" if person.is_party_member else "否", ("is_party_member",)
    ),
)


def _filters(user: Actor, today: dt.date) -> list[Filter]:
    units = queries.in_order(queries.visible_to(user).active_on(today))
    names = [(str(unit.pk), unit.short_name) for unit in units]
    return [
        Filter("unit", "单位", names, lambda rows, pk: queries.people_in_unit(rows, pk, today)),
        Filter(
            "state", "任职", queries.PERSON_STATES, lambda rows, to: queries.people_in_state(rows, to, today)
        ),
        Filter("party", "中共党员", [("True", "是"), ("False", "否")], "is_party_member"),
    ]


def _listing(request: HttpRequest) -> Listing:
    user, today = requests.actor_of(request), clock.today()
    rows = queries.people_with_posts(queries.people_visible_to(user), queries.posts_visible_to(user), today)
    return listing.build(
        rows,
        searches.sought(request),
        columns=COLUMNS,
        filters=_filters(user, today),
        search=("name", "code"),
        default_sort="code",
    )


@require_safe
def people_list(request: HttpRequest) -> HttpResponse:
    rules.read_people.check(requests.actor_of(request))
    everyone = queries.people_visible_to(requests.actor_of(request))
    total = everyone.count()
    in_post = queries.people_in_state(everyone, "now", clock.today()).count()
    context = {
        "listing": _listing(request),
        "title": f"{total} 名人员，{in_post} 人在任",
        "can_edit": rules.edit_people.allows(requests.actor_of(request)),
    }
    return htmx.respond(request, "organizations/people_list.html", context)


@require_POST
def people_export(request: HttpRequest) -> HttpResponse:
    rules.read_people.check(requests.actor_of(request))
    rows = _listing(request).rows
    audit.record_export(
        what="person",
        rows=rows.count() if rows else 0,
        by=requests.actor_of(request),
        at=clock.now(),
        address=requests.address_of(request),
    )
    return listing.export(rows or (), COLUMNS, title="人员")


def in_scope(request: HttpRequest, pk: int) -> Person:
    """Fetch a person the user may open. Raises Http404."""
    return get_object_or_404(queries.people_visible_to(requests.actor_of(request)), pk=pk)


@require_safe
def person_detail(request: HttpRequest, pk: int) -> HttpResponse:
    person, today = in_scope(request, pk), clock.today()
    posts = list(queries.posts_of(person, queries.posts_visible_to(requests.actor_of(request))))
    context = {
        "person": person,
        "title": presenters.person_title(person, posts, today),
        "facts": presenters.person_facts(person),
        "rows": [(post, presenters.post_state(post, today)) for post in posts],
        "openable": set(queries.visible_to(requests.actor_of(request)).values_list("pk", flat=True)),
        "why_edit": rules.edit_people.why_not(requests.actor_of(request)),
        "can_edit": rules.edit_people.allows(requests.actor_of(request)),
    }
    return render(request, "organizations/person_detail.html", context)


@both
def person_add(request: HttpRequest) -> HttpResponse:
    rules.edit_people.check(requests.actor_of(request))
    form = forms.PersonForm(requests.posted(request))
    person = forms.carried_out(
        form, lambda: actions.add_person(**form.cleaned_data, by=requests.actor_of(request), at=clock.now())
    )
    if person is not None:
        messages.success(request, f"已新增人员“{person.name}”，接下来可以登记任职。")
        return redirect("organizations:person", person.pk)
    context = {"form": form, "title": "新增一名人员", "back": reverse("organizations:people")}
    return render(request, "organizations/record_form.html", context)


@both
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    person = in_scope(request, pk)
    rules.edit_people.check(requests.actor_of(request))
    initial = {**forms.PersonForm.values_of(person), "revision": person.revision}
    form = forms.PersonEditForm(requests.posted(request), initial=initial)
    try:
        if forms.carried_out(form, lambda: _save(person, form.cleaned_data, request)):
            messages.success(request, "已保存。")
            return redirect("organizations:person", pk)
    except Conflict as conflict:
        forms.note_conflict(form, conflict, in_scope(request, pk), forms.PersonForm.base_fields)
    back = reverse("organizations:person", args=[pk])
    context = {"form": form, "title": f"修改“{person.name}”", "back": back}
    return render(request, "organizations/record_form.html", context)


def _save(person: Person, values: dict[str, Any], request: HttpRequest) -> Person:
    return actions.edit_person(person=person, **values, by=requests.actor_of(request), at=clock.now())
