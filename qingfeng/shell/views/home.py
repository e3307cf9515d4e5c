from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from qingfeng.accounts.models import User
from qingfeng.core import clock
from qingfeng.shell import workbench


def home(request: HttpRequest) -> HttpResponse:
    """Show what the person has to do."""
    bench = workbench.compose(cast("User", request.user), clock.today())
    return render(request, "shell/workbench.html", {"bench": bench})
