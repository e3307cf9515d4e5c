from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from qingfeng.core import clock, requests
from qingfeng.organizations import forms, queries, rules
from qingfeng.organizations.actions import people as actions
from qingfeng.organizations.models import Post
from qingfeng.organizations.views import people

both = require_http_methods(["GET", "HEAD", "POST"])


def _in_scope(request: HttpRequest, pk: int) -> Post:
    return get_object_or_404(
        queries.posts_visible_to(requests.actor_of(request)).select_related("person", "unit"), pk=pk
    )


@both
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    person = people.in_scope(request, pk)
    rules.edit_people.check(requests.actor_of(request))
    initial = {"unit": request.GET.get("unit"), "held_from": clock.today()}
    form = forms.AppointForm(requests.posted(request), today=clock.today(), initial=initial)
    if forms.carried_out(
        form,
        lambda: actions.appoint(
            person=person, **form.cleaned_data, by=requests.actor_of(request), at=clock.now()
        ),
    ):
        messages.success(request, f"已登记“{person.name}”的任职。")
        return redirect("organizations:person", pk)
    back = reverse("organizations:person", args=[pk])
    context = {"form": form, "title": f"登记“{person.name}”的任职", "back": back}
    return render(request, "organizations/record_form.html", context)


@both
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    post = _in_scope(request, pk)
    rules.edit_people.check(requests.actor_of(request))
    form = forms.LeaveForm(requests.posted(request), initial={"last_day": clock.today()})
    if forms.carried_out(
        form,
        lambda: actions.leave(post=post, **form.cleaned_data, by=requests.actor_of(request), at=clock.now()),
    ):
        messages.success(request, f"已登记“{post.person.name}”免去“{post.title}”。")
        return redirect("organizations:person", post.person_id)
    context = {
        "title": f"免去“{post.person.name}”的“{post.title}”",
        "sentence": f"{post.unit.short_name}，{post.held_from:%Y-%m-%d} 起任职。任职记录保留。",
        "form": form,
        "action": "免职",
        "cancel_url": reverse("organizations:person", args=[post.person_id]),
    }
    return render(request, "ui/confirm.html", context)


@both
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    post = _in_scope(request, pk)
    rules.edit_people.check(requests.actor_of(request))
    form = forms.CorrectPostForm(requests.posted(request), initial=forms.CorrectPostForm.values_of(post))
    if forms.carried_out(
        form,
        lambda: actions.correct_post(
            post=post, **form.cleaned_data, by=requests.actor_of(request), at=clock.now()
        ),
    ):
        messages.success(request, "已更正。")
        return redirect("organizations:person", post.person_id)
    context = {
        "form": form,
        "title": f"更正“{post.person.name}”在{post.unit.short_name}的任职",
        "back": reverse("organizations:person", args=[post.person_id]),
    }
    return render(request, "organizations/record_form.html", context)
