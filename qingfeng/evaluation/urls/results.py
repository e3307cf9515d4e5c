"""Those who read: portraits, heat map, rankings, bulletins."""

from __future__ import annotations

from django.urls import path

from qingfeng.evaluation.views import annual, changes, checking, comparing, heat, portraits, problems, ranking

ROUND = "results/<int:round_pk>"
UNIT = f"{ROUND}/<int:unit_pk>"

PORTRAITS = [
    path("results/of/<int:pk>/", portraits.result, name="result"),
    path(f"{UNIT}/", portraits.portrait, name="portrait"),
    path(f"{UNIT}/confirm/", checking.confirm, name="result_confirm"),
    path(f"{UNIT}/changes/", changes.unit_changes, name="unit_changes"),
    path(f"{UNIT}/export/", portraits.portrait_export, name="portrait_export"),
]

ROUNDS = [
    path("results/", ranking.result_list, name="result_list"),
    path(f"{ROUND}/", ranking.ranking, name="ranking"),
    path(f"{ROUND}/ranking/export/", ranking.ranking_export, name="ranking_export"),
    path(f"{ROUND}/export/", ranking.results_export, name="results_export"),
    path(f"{ROUND}/changes/", changes.changes, name="changes"),
    path(f"{ROUND}/changes/export/", changes.changes_export, name="changes_export"),
    path(f"{ROUND}/heat-map/", heat.heat_map, name="heat_map"),
    path(f"{ROUND}/compare/", comparing.compare, name="compare"),
    path(f"{ROUND}/indicators/", problems.problems, name="problems"),
    path(f"{ROUND}/indicators/export/", problems.problems_export, name="problems_export"),
    path(f"{ROUND}/scorers/", problems.scorers, name="scorers"),
    path(f"{ROUND}/scorers/export/", problems.scorers_export, name="scorers_export"),
    path(f"{ROUND}/revisions/", problems.revisions, name="revisions"),
]

ANNUAL = [
    path("annual/", annual.annual_list, name="annual_list"),
    path("annual/<int:year>/", annual.annual_year, name="annual_year"),
    path("annual/<int:year>/export/", annual.annual_export, name="annual_export"),
    path("annual/<int:year>/reference/", annual.annual_reference, name="annual_reference"),
    path("annual/<int:year>/<int:unit_pk>/", annual.annual_unit, name="annual_unit"),
]

urlpatterns = [*PORTRAITS, *ROUNDS, *ANNUAL]
