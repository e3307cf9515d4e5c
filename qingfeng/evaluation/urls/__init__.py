"""The pages of the evaluation, under `/evaluation/`: each part of the work has its own list."""

from __future__ import annotations

from qingfeng.evaluation.urls import arranging, results, taking_part

app_name = "evaluation"
urlpatterns = [*arranging.urlpatterns, *taking_part.urlpatterns, *results.urlpatterns]
