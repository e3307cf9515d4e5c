from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.notifications import queries as inbox
from qingfeng.shell import workbench

NEWS = 5


def home(request: HttpRequest) -> HttpResponse:
    """Show what the person has to do."""
    person = cast("User", request.user)
    bench = workbench.compose(person, clock.today())
    news = list(inbox.inbox(person).order_by("-sent_at", "-pk")[:NEWS])
    return render(request, "shell/workbench.html", {"bench": bench, "news": news})
