from __future__ import annotations

from django.urls import path, re_path

from qingfeng.ballots.views import keeping, printing, published, urns, voting

app_name = "ballots"

VOTERS = [
    path("b/", voting.enter, name="vote"),
    path("b/open/", voting.open_ballot, name="vote_open"),
    path("b/cast/", voting.cast, name="vote_cast"),
    path("b/receipt/", voting.receipt, name="vote_receipt"),
    path("b/style.css", voting.style, name="vote_style"),
    path("b/<str:code>/", voting.ballot, name="vote_ballot"),
    path("b/<str:code>", voting.ballot, name="vote_ballot_bare"),
    re_path(r"^b/(?P<rest>.+)$", voting.nowhere, name="vote_nowhere"),
]
"""Open to everybody who comes, behind `middleware.Door`."""

URN = "ballots/<int:pk>"
UNIT = f"{URN}/units/<int:unit_pk>"

OFFICERS = [
    path("ballots/", urns.urn_list, name="urn_list"),
    path("ballots/export/", urns.urn_list_export, name="urn_list_export"),
    path("ballots/of/<slug:kind>/<int:subject>/", urns.urn_of, name="urn_of"),
    path(f"{URN}/", urns.urn, name="urn"),
    path(f"{URN}/pools/", urns.pools, name="pools"),
    path(f"{URN}/pools/export/", urns.pools_export, name="pools_export"),
    path(f"{UNIT}/sizes/", urns.sizes, name="sizes"),
    path(f"{URN}/open/", urns.open_urn, name="open"),
    path(f"{URN}/close/", urns.close, name="close"),
    path(f"{URN}/void/", urns.void, name="void"),
    path(f"{URN}/lost/", urns.lost, name="lost"),
    path(f"{URN}/keepers/", keeping.keepers, name="keepers"),
    path(f"{URN}/passphrase/", keeping.passphrase, name="passphrase"),
    path(f"{URN}/passphrase/try/", keeping.try_passphrase, name="try"),
    path(f"{URN}/mix/", keeping.mix, name="mix"),
    path(f"{UNIT}/codes/", printing.codes, name="codes"),
    path(f"{UNIT}/codes/void/", printing.void_codes, name="void_codes"),
    path(f"{URN}/published/", published.published, name="published"),
    path(f"{UNIT}/answers/", published.unit_answers, name="unit_answers"),
    path(f"{URN}/comments/", published.comments, name="comments"),
    path(f"{URN}/publication/", published.publication, name="publication"),
]

urlpatterns = [*VOTERS, *OFFICERS]
