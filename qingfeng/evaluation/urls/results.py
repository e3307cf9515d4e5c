"""Those who read: portraits, heat map, rankings, bulletins."""

from __future__ import annotations

from django.urls import path

from qingfeng.evaluation.views import portraits, ranking

ROUND = "results/<int:round_pk>"
UNIT = f"{ROUND}/<int:unit_pk>"

PORTRAITS = [
    path("results/of/<int:pk>/", portraits.result, name="result"),
    path(f"{UNIT}/", portraits.portrait, name="portrait"),
    path(f"{UNIT}/export/", portraits.portrait_export, name="portrait_export"),
]

ROUNDS = [
    path("results/", ranking.result_list, name="result_list"),
    path(f"{ROUND}/", ranking.ranking, name="ranking"),
    path(f"{ROUND}/ranking/export/", ranking.ranking_export, name="ranking_export"),
    path(f"{ROUND}/export/", ranking.results_export, name="results_export"),
]

urlpatterns = [*PORTRAITS, *ROUNDS]
