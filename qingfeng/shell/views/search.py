from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.accounts.models import User
from qingfeng.shell.queries import search as queries

LONGEST = 60


def search(request: HttpRequest) -> HttpResponse:
    """Search what the person may see. The words are posted: a name must not stand in an address."""
    words = request.POST.get("q", "").strip()[:LONGEST]
    sections = queries.search(cast("User", request.user), words)
    count = sum(len(section.hits) for section in sections)
    context = {"words": words, "sections": sections, "count": count}
    return render(request, "shell/search.html", context)
