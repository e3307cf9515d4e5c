from __future__ import annotations

from django.urls import path, re_path

from qingfeng.ballots.views import voting

app_name = "ballots"

VOTERS = [
    path("b/", voting.enter, name="vote"),
    path("b/open/", voting.open_ballot, name="vote_open"),
    path("b/cast/", voting.cast, name="vote_cast"),
    path("b/style.css", voting.style, name="vote_style"),
    path("b/<str:code>/", voting.ballot, name="vote_ballot"),
    path("b/<str:code>", voting.ballot, name="vote_ballot_bare"),
    re_path(r"^b/(?P<rest>.+)$", voting.nowhere, name="vote_nowhere"),
]
"""Open to everybody who comes, behind `middleware.Door`."""

urlpatterns = [*VOTERS]
