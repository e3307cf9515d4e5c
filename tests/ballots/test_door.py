"""The door: what a voter's request still carries behind it, and what leaves with the answer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client, override_settings
from django.urls import path

from config.urls import handler403, handler404, handler500
from qingfeng.ballots import middleware
from tests.factories.accounts import UserFactory

__all__ = ["handler403", "handler404", "handler500", "urlpatterns"]


def mirror(request: HttpRequest) -> HttpResponse:
    """Answer with all that is known of the visitor, and try to mark him."""
    known = {name: value for name, value in request.META.items() if isinstance(value, str)}
    response = JsonResponse({"meta": known, "cookies": request.COOKIES, "query": request.GET.dict()})
    response.set_cookie("mark", "1")
    return response


urlpatterns = [path("b/mirror/", mirror, name="health"), path("mirror/", mirror, name="home")]
VISITOR: dict[str, Any] = {
    "HTTP_USER_AGENT": "千里眼",
    "REMOTE_ADDR": "10.1.2.3",
    "HTTP_X_FORWARDED_FOR": "10.1.2.3",
    "HTTP_REFERER": "http://testserver/me/",
    "HTTP_ACCEPT_LANGUAGE": "ug",
    "HTTP_COOKIE": "sessionid=abcdef",
    "HTTP_AUTHORIZATION": "Basic abcdef",
    "HTTP_ORIGIN": "http://testserver",
}


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_voters_request_carries_nothing_of_the_visitor_behind_the_door() -> None:
    response = Client().get("/b/mirror/?who=10.1.2.3", **VISITOR)

    known = json.loads(response.content)
    assert known["cookies"] == {}
    assert known["query"] == {}
    headers = {name for name in known["meta"] if name.startswith("HTTP_")}
    assert headers <= middleware.KEPT
    assert not {"千里眼", "10.1.2.3", "abcdef", "ug"} & set(known["meta"].values())


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_no_cookie_leaves_by_the_door_and_nothing_is_stored_or_referred() -> None:
    response = Client().get("/b/mirror/")

    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_other_pages_do_not_pass_the_door() -> None:
    client = Client()
    client.force_login(UserFactory.create())
    response = client.get("/mirror/", HTTP_USER_AGENT="千里眼")

    assert json.loads(response.content)["meta"]["HTTP_USER_AGENT"] == "千里眼"
    assert "mark" in response.cookies


@pytest.mark.parametrize(
    ("path", "is_theirs"),
    [("/b/", True), ("/b", True), ("/b/X/", True), ("/ballots/", False), ("/bx/", False)],
)
def test_door_knows_the_voters_paths(path: str, is_theirs: bool) -> None:
    assert middleware.is_voters(path) is is_theirs
