from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.core import clock
from qingfeng.shell import workbench


def home(request: HttpRequest) -> HttpResponse:
    """Show what the person has to do."""
    return render(request, "shell/workbench.html", {"bench": workbench.compose(request.user, clock.today())})
