"""The pages of the evaluation, under `/evaluation/`: each part of the work has its own list."""

from __future__ import annotations

from qingfeng.evaluation.urls import arranging, results, taking_part, weighing

app_name = "evaluation"
urlpatterns = [*arranging.urlpatterns, *weighing.urlpatterns, *taking_part.urlpatterns, *results.urlpatterns]
