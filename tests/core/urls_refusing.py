"""One page that a rule refuses on reading it."""

from __future__ import annotations

from typing import NoReturn

from django.http import HttpRequest
from django.urls import path

from config.urls import handler403, handler404, handler500
from config.urls import urlpatterns as pages
from qingfeng.core.errors import Denied

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


def refused(request: HttpRequest) -> NoReturn:
    raise Denied("仅限演示", "core.demo")


urlpatterns = [*pages, path("refused/", refused)]
