from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import RequestFactory

from qingfeng.core import htmx


def test_go_under_htmx_answers_with_a_header() -> None:
    request = RequestFactory().get("/", HTTP_HX_REQUEST="true")

    response = htmx.go(request, "/there/")

    assert response.status_code == 204
    assert response["HX-Redirect"] == "/there/"


def test_go_without_htmx_redirects() -> None:
    response = htmx.go(RequestFactory().get("/"), "/there/")

    assert (response.status_code, response["Location"]) == (302, "/there/")


def test_history_restore_wants_the_whole_page() -> None:
    headers: Any = {"HTTP_HX_REQUEST": "true", "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}

    assert not htmx.is_fragment(RequestFactory().get("/", **headers))


def test_middleware_varies_by_the_header() -> None:
    response = htmx.HtmxMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))

    assert "HX-Request" in response["Vary"]
